//! Links by which patients read their own.

use super::Tx;
use super::rows::{count, id};
use tasuki_core::Fault;
use tasuki_core::ports::{RightsLink, RightsLinks, RightsLinksWrite};
use tasuki_model::{Instant, PatientKey, UserId};

impl RightsLinks for Tx<'_> {
    fn rights_link(&self, code_sha256: &str) -> Result<Option<RightsLink>, Fault> {
        self.first(
            "SELECT patient_key, made_by, expires, uses FROM rights_link
             WHERE community_id = $1 AND code_sha256 = $2",
            &[self.community(), code_sha256.into()],
            |row| {
                Ok(RightsLink {
                    code_sha256: code_sha256.to_owned(),
                    patient: id(row.text(0)?, PatientKey::new)?,
                    by: id(row.text(1)?, UserId::new)?,
                    expires: Instant::from_micros(row.int(2)?),
                    uses: count(row.int(3)?),
                })
            },
        )
    }
}

impl RightsLinksWrite for Tx<'_> {
    fn put_rights_link(&self, link: &RightsLink, now: Instant) -> Result<(), Fault> {
        let patient = link.patient.as_str();
        self.execute(
            "DELETE FROM rights_link WHERE community_id = $1 AND patient_key = $2",
            &[self.community(), patient.into()],
        )?;
        self.execute(
            "DELETE FROM rights_link WHERE community_id = $1 AND expires <= $2",
            &[self.community(), now.micros().into()],
        )?;
        self.execute(
            "INSERT INTO rights_link (community_id, code_sha256, patient_key, made_by, expires, uses)
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                self.community(),
                link.code_sha256.as_str().into(),
                patient.into(),
                link.by.as_str().into(),
                link.expires.micros().into(),
                i64::from(link.uses).into(),
            ],
        )
        .map(drop)
    }

    fn use_rights_link(&self, code_sha256: &str, now: Instant) -> Result<bool, Fault> {
        let used = self.execute(
            "UPDATE rights_link SET uses = uses - 1
             WHERE community_id = $1 AND code_sha256 = $2 AND uses > 0 AND expires > $3",
            &[self.community(), code_sha256.into(), now.micros().into()],
        )?;
        Ok(used > 0)
    }
}
