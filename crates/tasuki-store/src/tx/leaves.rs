//! Document entries as a query of a patient reads them: the rows of `xds_leaf`, which follow those of
//! `xds_object`. They lie together by patient and hold no more than decides and is told.

use super::entries::{status_number, status_of};
use super::rows::{day_number, day_of, id};
use super::{Tx, damaged};
use crate::engine::{Param, Row};
use tasuki_core::ports::{Leaf, NewObject};
use tasuki_core::{Fault, Labelled};
use tasuki_model::label::Confidentiality;
use tasuki_model::{AvailabilityStatus, Category, EntryUuid, FacilityId, Labels, PatientKey};

/// When it was put, and the entry.
pub(super) type Dated = (i64, Labelled<Leaf>);

fn read(patient: &PatientKey, facility: &FacilityId, row: &dyn Row) -> Result<Dated, Fault> {
    let entry: EntryUuid = id(row.text(0)?, EntryUuid::new)?;
    let labels = Labels {
        patient_key: patient.clone(),
        facility: facility.clone(),
        category: Category::from_code(row.text(4)?).ok_or_else(|| damaged("category"))?,
        department: None,
        day: day_of(row.int(6)?)?,
        author: None,
        confidentiality: Confidentiality::from_code(row.text(5)?),
        document: Some(entry.clone()),
    };
    let logical = row.opt_text(2)?;
    let leaf = Leaf {
        entry,
        logical_id: logical.map(|text| id(text, EntryUuid::new)).transpose()?,
        status: status_of(row.int(1)?)?,
        written: row.opt_bytes(7)?.map(<[u8]>::to_vec),
    };
    Ok((row.int(3)?, Labelled::new(labels, leaf)))
}

impl Tx<'_> {
    /// Entries of one registration, in any order.
    pub(super) fn leaves(&self, patient: &PatientKey, most: usize) -> Result<Vec<Dated>, Fault> {
        let Some(facility) = self.facility_of(patient)? else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "SELECT entry_uuid, status, logical_id, put, category, confidentiality, day, written
             FROM xds_leaf WHERE community_id = $1 AND patient_key = $2 LIMIT {most}"
        );
        let params = [self.community(), patient.as_str().into()];
        self.all(&sql, &params, |row| read(patient, &facility, row))
    }

    /// A new entry's row.
    pub(super) fn put_leaf(
        &self,
        new: &NewObject,
        (entry, logical): (&EntryUuid, Option<&str>),
        status: AvailabilityStatus,
        (put, written): (i64, Option<&[u8]>),
    ) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO xds_leaf (community_id, patient_key, entry_uuid, status, logical_id, put,
             category, confidentiality, day, written)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            &[
                self.community(),
                new.patient_key.as_str().into(),
                entry.as_str().into(),
                status_number(status).into(),
                logical.into(),
                put.into(),
                new.category.code().into(),
                new.confidentiality.code().into(),
                day_number(new.day).into(),
                written.into(),
            ],
        )
        .map(drop)
    }

    /// An entry has another status.
    pub(super) fn set_leaf_status(
        &self,
        entry: &EntryUuid,
        status: AvailabilityStatus,
    ) -> Result<(), Fault> {
        self.change_leaf(
            "UPDATE xds_leaf SET status = $1",
            &[status_number(status).into()],
            entry,
        )
    }

    /// An entry says something else: its written form no longer holds.
    pub(super) fn unwrite_leaf(&self, entry: &EntryUuid) -> Result<(), Fault> {
        self.change_leaf("UPDATE xds_leaf SET written = $1", &[Param::Null], entry)
    }

    /// An entry goes.
    pub(super) fn remove_leaf(&self, entry: &EntryUuid) -> Result<(), Fault> {
        self.change_leaf("DELETE FROM xds_leaf", &[], entry)
    }

    fn change_leaf(
        &self,
        what: &str,
        values: &[Param<'_>],
        entry: &EntryUuid,
    ) -> Result<(), Fault> {
        let patient = self.first(
            "SELECT patient_key FROM xds_object WHERE community_id = $1 AND entry_uuid = $2",
            &[self.community(), entry.as_str().into()],
            |row| row.text(0).map(str::to_owned),
        )?;
        let Some(patient) = patient else {
            return Ok(());
        };
        let [a, b, c] = [1, 2, 3].map(|n| n + values.len());
        let sql = format!(
            "{what} WHERE community_id = ${a} AND patient_key = ${b} AND entry_uuid = ${c}"
        );
        let key = [
            self.community(),
            patient.as_str().into(),
            entry.as_str().into(),
        ];
        self.execute(&sql, &[values, &key].concat()).map(drop)
    }
}
