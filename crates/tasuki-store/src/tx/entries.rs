//! Rows of `document` read as XDS entries with their labels.

use super::rows::{count, day_of, id, size, time_of};
use super::{Tx, damaged};
use crate::engine::{Next, Param, Row};
use tasuki_core::ports::Registry;
use tasuki_core::release::hex;
use tasuki_core::{Fault, Labelled};
use tasuki_model::document::SourceKey;
use tasuki_model::{
    AvailabilityStatus, DocumentEntry, EntryUuid, FacilityId, Instant, JstTime, Labels, PatientKey,
    UniqueId,
};

/// The columns that [`RawEntry::read`] expects, with their tables: `d` document, `r` registration.
pub(super) const COLUMNS: &str = "d.patient_key, d.entry_uuid, d.day, d.kind, d.order_no, \
     d.status, d.codes_id, d.author, d.items, d.problems, d.logical_id, d.unique_id, d.title, \
     d.created, d.service, d.received, d.size, d.hash, r.facility_id";

/// The tables of those columns.
pub(super) const TABLES: &str = "document d JOIN registration r \
     ON r.community_id = d.community_id AND r.patient_key = d.patient_key";

/// A row before its codes are known: they are looked up when the query has ended.
pub(super) struct RawEntry {
    pub(super) entry: DocumentEntry,
    pub(super) codes_id: String,
}

pub(super) fn status_of(number: i64) -> Result<AvailabilityStatus, Fault> {
    match number {
        1 => Ok(AvailabilityStatus::Approved),
        2 => Ok(AvailabilityStatus::Deprecated),
        _ => Err(damaged("status")),
    }
}

pub(super) fn status_number(status: AvailabilityStatus) -> i64 {
    match status {
        AvailabilityStatus::Approved => 1,
        AvailabilityStatus::Deprecated => 2,
    }
}

/// The `uniqueId` of an entry of ours: its UUID as an OID below 2.25 (ITU-T X.667).
pub(super) fn own_unique_id(entry_uuid: &str) -> Result<UniqueId, Fault> {
    let number = u128::from_str_radix(entry_uuid, 16).map_err(|_| damaged("entryUUID"))?;
    id(&format!("2.25.{number}"), UniqueId::new)
}

/// The entry that an OID below 2.25 would name if it were ours.
pub(super) fn entry_of_own(unique_id: &UniqueId) -> Option<String> {
    let number: u128 = unique_id.as_str().strip_prefix("2.25.")?.parse().ok()?;
    Some(format!("{number:032x}"))
}

/// The service time column: nothing where the time is the day itself, which nearly all are.
pub(super) fn service_column(entry: &DocumentEntry) -> Option<&str> {
    let service = entry.service_start.as_ref();
    match (service, entry.source_key.day) {
        (None, None) => None,
        (None, Some(_)) => Some(""),
        (Some(time), Some(day)) if time.text() == day.basic() => None,
        (Some(time), _) => Some(time.text()),
    }
}

impl RawEntry {
    /// Reads a row of [`COLUMNS`].
    pub(super) fn read(row: &dyn Row) -> Result<Self, Fault> {
        let day = day_of(row.int(2)?)?;
        let entry_uuid = id(row.text(1)?, EntryUuid::new)?;
        let service_start = match row.opt_text(14)? {
            None => day.map(JstTime::from_day),
            Some("") => None,
            Some(text) => Some(time_of(text)?),
        };
        let unique_id = match row.opt_text(11)? {
            Some(foreign) => id(foreign, UniqueId::new)?,
            None => own_unique_id(entry_uuid.as_str())?,
        };
        let logical_id = match row.opt_text(10)? {
            Some(logical) => id(logical, EntryUuid::new)?,
            None => entry_uuid.clone(),
        };
        let codes_id = row.text(6)?.to_owned();
        let unknown = tasuki_model::Coding::default();
        Ok(Self {
            codes_id,
            entry: DocumentEntry {
                entry_uuid,
                unique_id,
                logical_id,
                patient_key: id(row.text(0)?, PatientKey::new)?,
                facility: id(row.text(18)?, FacilityId::new)?,
                repository_id: id("0", tasuki_model::RepositoryId::new)?,
                status: status_of(row.int(5)?)?,
                class_code: unknown.clone(),
                type_code: unknown.clone(),
                format_code: unknown,
                practice_setting: None,
                confidentiality: tasuki_model::label::Confidentiality::VeryRestricted,
                category: tasuki_model::Category::File,
                mime_type: "".into(),
                title: row.opt_text(12)?.map(str::to_owned),
                author: row.opt_text(7)?.map(str::to_owned),
                creation_time: row.opt_text(13)?.map(time_of).transpose()?,
                service_start,
                received: Instant::from_micros(row.int(15)?),
                size_bytes: size(row.int(16)?),
                hash: hex(row.bytes(17)?).into(),
                items: count(row.int(8)?),
                problems: count(row.int(9)?),
                source_key: SourceKey {
                    day,
                    kind: row.text(3)?.into(),
                    order: row.text(4)?.into(),
                },
            },
        })
    }
}

impl Tx<'_> {
    /// Fills in the codes and labels an entry.
    pub(super) fn complete(&self, raw: RawEntry) -> Result<Labelled<DocumentEntry>, Fault> {
        let entry = self.coded(raw)?;
        let labels = Labels {
            patient_key: entry.patient_key.clone(),
            facility: entry.facility.clone(),
            category: entry.category,
            department: department(entry.practice_setting.as_ref()),
            day: entry.source_key.day,
            author: entry.author.as_deref().map(Into::into),
            confidentiality: entry.confidentiality,
            document: Some(entry.entry_uuid.clone()),
        };
        Ok(Labelled::new(labels, entry))
    }

    /// Fills in the codes.
    pub(super) fn coded(&self, raw: RawEntry) -> Result<DocumentEntry, Fault> {
        let codes = self.codes(&raw.codes_id)?;
        let mut entry = raw.entry;
        entry.repository_id = codes.repository_id.clone();
        entry.class_code = codes.class_code.clone();
        entry.type_code = codes.type_code.clone();
        entry.format_code = codes.format_code.clone();
        entry.practice_setting = codes.practice_setting.clone();
        entry.confidentiality = codes.confidentiality;
        entry.category = codes.category;
        entry.mime_type = codes.mime_type.clone();
        Ok(entry)
    }

    /// One row by its `entryUUID`, approved or deprecated.
    pub(super) fn raw_entry(&self, entry: &EntryUuid) -> Result<Option<RawEntry>, Fault> {
        let Some(patient) = self.locate(entry)? else {
            return Ok(None);
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE d.community_id = $1 AND d.patient_key = $2 \
             AND d.entry_uuid = $3"
        );
        let params = [
            self.community(),
            patient.as_str().into(),
            entry.as_str().into(),
        ];
        self.first(&sql, &params, RawEntry::read)
    }

    /// Entries of a query over [`COLUMNS`], at most `limit`.
    pub(super) fn entries(
        &self,
        sql: &str,
        params: &[Param<'_>],
        limit: usize,
    ) -> Result<Vec<Labelled<DocumentEntry>>, Fault> {
        let mut raw = Vec::new();
        self.query(sql, params, &mut |row| {
            if raw.len() >= limit {
                return Ok(Next::Stop);
            }
            raw.push(RawEntry::read(row)?);
            Ok(Next::More)
        })?;
        raw.into_iter().map(|r| self.complete(r)).collect()
    }
}

/// The label of a department: its code, or its text where no code was sent.
pub(super) fn department(setting: Option<&tasuki_model::Coding>) -> Option<Box<str>> {
    let setting = setting?;
    let name = if setting.code.is_empty() {
        &setting.text
    } else {
        &setting.code
    };
    (!name.is_empty()).then(|| name.as_str().into())
}
