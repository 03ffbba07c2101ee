//! Reading the registry: entries, calendar cells, versions.

use super::entries::{COLUMNS, TABLES, department, entry_of_own, own_unique_id, status_number};
use super::rows::{count, day_number, day_of, id};
use super::{Tx, damaged, fresh_id};
use crate::engine::Next;
use std::fmt::Write;
use tasuki_core::ports::{
    CalendarCell, Content, EntryFilter, OpenContent, Registry, Service, Tombstone,
};
use tasuki_core::{Fault, Labelled};
use tasuki_model::{
    AvailabilityStatus, DocumentEntry, EntryUuid, FacilityId, Instant, JstDay, Labels, PatientKey,
    UniqueId,
};

/// The most entries a query gives, whatever it asks for.
const ENTRIES_MAX: usize = 50_000;
/// The last day there is.
const DAY_MAX: i64 = 99_991_231;

impl Tx<'_> {
    /// Entries of one registration whose day column lies between two numbers.
    fn entries_between(
        &self,
        patient: &PatientKey,
        filter: &EntryFilter,
        days: (i64, i64),
        limit: usize,
    ) -> Result<Vec<Labelled<DocumentEntry>>, Fault> {
        let mut sql = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE d.community_id = $1 AND d.patient_key = $2 \
             AND d.day >= $3 AND d.day <= $4 AND d.status = $5"
        );
        let status = filter.status.unwrap_or(AvailabilityStatus::Approved);
        let mut params = vec![
            self.community(),
            patient.as_str().into(),
            days.0.into(),
            days.1.into(),
            status_number(status).into(),
        ];
        if !filter.categories.is_empty() {
            sql.push_str(
                " AND d.codes_id IN (SELECT codes_id FROM entry_codes WHERE category IN (",
            );
            for (place, category) in filter.categories.iter().enumerate() {
                params.push(category.code().into());
                let comma = if place == 0 { "" } else { ", " };
                let _ = write!(sql, "{comma}${}", params.len());
            }
            sql.push_str("))");
        }
        sql.push_str(" ORDER BY d.day DESC, d.entry_uuid DESC");
        self.entries(&sql, &params, limit)
    }
}

/// Entries that count as one in the calendar.
struct Group {
    day: JstDay,
    kind: Box<str>,
    codes_id: Box<str>,
    author: Option<Box<str>>,
    documents: i64,
    items: i64,
}

impl Tx<'_> {
    /// The groups of one registration by day. Counted here and not by the database: rows come by
    /// day from the index as they are, and a day has few groups, so nothing is sorted.
    fn groups(&self, patient: &PatientKey, from: JstDay, to: JstDay) -> Result<Vec<Group>, Fault> {
        let mut groups: Vec<Group> = Vec::new();
        let mut first_of_day = 0;
        self.query(
            "SELECT day, kind, codes_id, author, items FROM document
             WHERE community_id = $1 AND patient_key = $2
             AND day >= $3 AND day <= $4 AND status = 1 ORDER BY day, kind",
            &[
                self.community(),
                patient.as_str().into(),
                day_number(Some(from)).into(),
                day_number(Some(to)).into(),
            ],
            &mut |row| {
                let day = day_of(row.int(0)?)?.ok_or_else(|| damaged("day"))?;
                let (kind, codes, author) = (row.text(1)?, row.text(2)?, row.opt_text(3)?);
                if groups.last().is_some_and(|g| g.day != day) {
                    first_of_day = groups.len();
                }
                let known = groups.iter_mut().skip(first_of_day).find(|g| {
                    *g.kind == *kind && *g.codes_id == *codes && g.author.as_deref() == author
                });
                match known {
                    Some(group) => {
                        group.documents += 1;
                        group.items += row.int(4)?;
                    }
                    None => groups.push(Group {
                        day,
                        kind: kind.into(),
                        codes_id: codes.into(),
                        author: author.map(Into::into),
                        documents: 1,
                        items: row.int(4)?,
                    }),
                }
                Ok(Next::More)
            },
        )?;
        Ok(groups)
    }
}

impl Registry for Tx<'_> {
    fn find_entries(
        &self,
        patients: &[PatientKey],
        filter: &EntryFilter,
    ) -> Result<Vec<Labelled<DocumentEntry>>, Fault> {
        let limit = filter
            .limit
            .map_or(ENTRIES_MAX, |n| (n as usize).min(ENTRIES_MAX));
        let from = filter.from.map_or(1, |d| day_number(Some(d)));
        let to = filter.to.map_or(DAY_MAX, |d| day_number(Some(d)));
        let mut found = Vec::new();
        if filter.service != Service::Undated {
            for patient in patients {
                found.extend(self.entries_between(patient, filter, (from, to), limit)?);
            }
        }
        // Each registration came sorted; together they are sorted by day, newest first.
        found.sort_by_key(|e| std::cmp::Reverse(e.labels().day));
        if filter.service != Service::Dated {
            for patient in patients {
                found.extend(self.entries_between(patient, filter, (0, 0), limit)?);
            }
        }
        found.truncate(limit);
        Ok(found)
    }

    fn find_cells(
        &self,
        patients: &[PatientKey],
        from: JstDay,
        to: JstDay,
    ) -> Result<Vec<Labelled<CalendarCell>>, Fault> {
        let mut cells = Vec::new();
        for patient in patients {
            let Some(facility) = self.facility_of(patient)? else {
                continue;
            };
            for Group {
                day,
                kind,
                codes_id,
                author,
                documents,
                items,
            } in self.groups(patient, from, to)?
            {
                let codes = self.codes(&codes_id)?;
                let labels = Labels {
                    patient_key: patient.clone(),
                    facility: facility.clone(),
                    category: codes.category,
                    department: department(codes.practice_setting.as_ref()),
                    day: Some(day),
                    author,
                    confidentiality: codes.confidentiality,
                    document: None,
                };
                let cell = CalendarCell {
                    day,
                    category: codes.category,
                    kind,
                    documents: count(documents),
                    items: count(items),
                };
                cells.push(Labelled::new(labels, cell));
            }
        }
        Ok(cells)
    }

    fn locate(&self, entry: &EntryUuid) -> Result<Option<PatientKey>, Fault> {
        self.first(
            "SELECT patient_key FROM locator WHERE entry_uuid = $1 AND community_id = $2",
            &[entry.as_str().into(), self.community()],
            |row| id(row.text(0)?, PatientKey::new),
        )
    }

    fn find_entry(&self, entry: &EntryUuid) -> Result<Option<Labelled<DocumentEntry>>, Fault> {
        let raw = self.raw_entry(entry)?;
        raw.map(|raw| self.complete(raw)).transpose()
    }

    fn find_unique(&self, unique: &UniqueId) -> Result<Option<Labelled<DocumentEntry>>, Fault> {
        let alias = self.first(
            "SELECT entry_uuid FROM unique_alias WHERE community_id = $1 AND unique_id = $2",
            &[self.community(), unique.as_str().into()],
            |row| row.text(0).map(str::to_owned),
        )?;
        let Some(entry) = alias.or_else(|| entry_of_own(unique)) else {
            return Ok(None);
        };
        let raw = self.raw_entry(&id(&entry, EntryUuid::new)?)?;
        // An entry with a foreign uniqueId does not answer to its own number as well.
        let raw = raw.filter(|raw| raw.entry.unique_id == *unique);
        raw.map(|raw| self.complete(raw)).transpose()
    }

    fn get_contents(&self, entries: &[EntryUuid]) -> Result<Vec<Content>, Fault> {
        entries.iter().map(|entry| self.content(entry)).collect()
    }

    fn open_contents(&self, entries: &[EntryUuid]) -> Result<Vec<OpenContent>, Fault> {
        let contents = entries.iter().map(|entry| self.open_content(entry));
        contents.collect()
    }

    fn find_versions(&self, entry: &EntryUuid) -> Result<Vec<Labelled<DocumentEntry>>, Fault> {
        let Some(patient) = self.locate(entry)? else {
            return Ok(Vec::new());
        };
        let me = [
            self.community(),
            patient.as_str().into(),
            entry.as_str().into(),
        ];
        let key = self.first(
            "SELECT day, kind, order_no FROM document
             WHERE community_id = $1 AND patient_key = $2 AND entry_uuid = $3",
            &me,
            |row| {
                Ok((
                    row.int(0)?,
                    row.text(1)?.to_owned(),
                    row.text(2)?.to_owned(),
                ))
            },
        )?;
        let Some((day, kind, order)) = key else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE d.community_id = $1 AND d.patient_key = $2 \
             AND d.entry_uuid <> $3 AND d.entry_uuid IN (SELECT entry_uuid FROM document \
             WHERE community_id = $1 AND patient_key = $2 AND day = $4 AND kind = $5 \
             AND order_no = $6) ORDER BY d.version DESC"
        );
        let [community, patient, entry] = me;
        let params = [
            community,
            patient,
            entry,
            day.into(),
            kind.as_str().into(),
            order.as_str().into(),
        ];
        self.entries(&sql, &params, ENTRIES_MAX)
    }

    fn last_heard(&self, facility: &FacilityId) -> Result<Option<Instant>, Fault> {
        let heard = self.first(
            "SELECT last_heard FROM facility WHERE community_id = $1 AND facility_id = $2",
            &[self.community(), facility.as_str().into()],
            |row| row.opt_int(0),
        )?;
        Ok(heard.flatten().map(Instant::from_micros))
    }

    fn tombstones(&self, patient: &PatientKey) -> Result<Vec<Tombstone>, Fault> {
        self.all(
            "SELECT entry_uuid, deleted FROM tombstone WHERE community_id = $1
             AND patient_key = $2 ORDER BY deleted DESC, entry_uuid DESC LIMIT 10000",
            &[self.community(), patient.as_str().into()],
            |row| {
                Ok(Tombstone {
                    entry_uuid: id(row.text(0)?, EntryUuid::new)?,
                    patient_key: patient.clone(),
                    deleted: Instant::from_micros(row.int(1)?),
                })
            },
        )
    }

    fn new_entry_uuid(&self) -> Result<(EntryUuid, UniqueId), Fault> {
        let fresh = fresh_id();
        Ok((id(&fresh, EntryUuid::new)?, own_unique_id(&fresh)?))
    }
}
