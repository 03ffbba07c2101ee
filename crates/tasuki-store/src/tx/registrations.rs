//! Rows of `registration`: how they are read, and the small writes that other parts need.

use super::rows::{id, time_of};
use super::{Tx, from_json};
use crate::engine::Row;
use tasuki_core::Fault;
use tasuki_core::policy::Terms;
use tasuki_core::ports::{PatientHit, PatientRecord};
use tasuki_model::{Demographics, FacilityId, Instant, LocalPatientId, PatientKey, PersonId};

/// The columns that [`read_record`] expects.
pub(super) const RECORD: &str = "patient_key, person_id, facility_id, local_id, disclosed, \
     demographics, stated, latest, survivor, terms";

/// Reads a row of [`RECORD`].
pub(super) fn read_record(row: &dyn Row) -> Result<PatientRecord, Fault> {
    let body = row.text(5)?;
    let demographics: Demographics = if body.is_empty() {
        Demographics::default()
    } else {
        from_json("demographics", body)?
    };
    Ok(PatientRecord {
        patient_key: id(row.text(0)?, PatientKey::new)?,
        person: id(row.text(1)?, PersonId::new)?,
        facility: id(row.text(2)?, FacilityId::new)?,
        local_id: id(row.text(3)?, LocalPatientId::new)?,
        demographics,
        stated: row.opt_text(6)?.map(time_of).transpose()?,
        disclosed: row.int(4)? != 0,
        terms: read_terms(row.opt_text(9)?)?,
        survivor: row
            .opt_text(8)?
            .map(|k| id(k, PatientKey::new))
            .transpose()?,
    })
}

/// The terms of a registration; most have none.
pub(super) fn read_terms(stored: Option<&str>) -> Result<Terms, Fault> {
    stored.map_or_else(|| Ok(Terms::default()), |text| from_json("terms", text))
}

/// Reads a row of [`RECORD`] with the time of the newest document.
pub(super) fn read_hit(row: &dyn Row) -> Result<PatientHit, Fault> {
    let latest = row.int(7)?;
    Ok(PatientHit {
        record: read_record(row)?,
        latest: (latest > 0).then(|| Instant::from_micros(latest)),
    })
}

/// A local ID without its leading zeros; one that is all zeros keeps one.
pub(super) fn trimmed(local_id: &str) -> &str {
    match local_id.trim_start_matches('0') {
        "" => "0",
        rest => rest,
    }
}

impl Tx<'_> {
    /// The facility of a registration.
    pub(super) fn facility_of(&self, patient: &PatientKey) -> Result<Option<FacilityId>, Fault> {
        self.first(
            "SELECT facility_id FROM registration WHERE community_id = $1 AND patient_key = $2",
            &[self.community(), patient.as_str().into()],
            |row| id(row.text(0)?, FacilityId::new),
        )
    }

    /// The key of a local ID.
    pub(super) fn key_of(
        &self,
        facility: &FacilityId,
        local_id: &LocalPatientId,
    ) -> Result<Option<PatientKey>, Fault> {
        self.first(
            "SELECT patient_key FROM registration
             WHERE community_id = $1 AND facility_id = $2 AND local_id = $3",
            &[
                self.community(),
                facility.as_str().into(),
                local_id.as_str().into(),
            ],
            |row| id(row.text(0)?, PatientKey::new),
        )
    }

    /// Notes when a registration last received a document; once a batch, not once a document.
    pub(super) fn put_latest(&self, patient: &PatientKey, at: Instant) -> Result<(), Fault> {
        let known = self
            .memo
            .borrow()
            .latest
            .as_ref()
            .is_some_and(|(key, when)| key == patient.as_str() && *when >= at.micros());
        if known {
            return Ok(());
        }
        self.memo.borrow_mut().latest = Some((patient.as_str().to_owned(), at.micros()));
        self.execute(
            "UPDATE registration SET latest = $1
             WHERE community_id = $2 AND patient_key = $3 AND latest < $1",
            &[
                at.micros().into(),
                self.community(),
                patient.as_str().into(),
            ],
        )
        .map(drop)
    }
}
