//! What institutions are to the network.

use super::{Tx, from_json, to_json};
use tasuki_core::Fault;
use tasuki_core::ports::{Institutions, InstitutionsWrite, Participant};
use tasuki_model::FacilityId;

impl Institutions for Tx<'_> {
    fn institution(&self, facility: &FacilityId) -> Result<Participant, Fault> {
        let found = self.first(
            "SELECT body FROM institution WHERE community_id = $1 AND facility_id = $2",
            &[self.community(), facility.as_str().into()],
            |row| from_json("institution", row.text(0)?),
        )?;
        Ok(found.unwrap_or_default())
    }
}

impl InstitutionsWrite for Tx<'_> {
    fn put_institution(
        &self,
        facility: &FacilityId,
        institution: &Participant,
    ) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO institution (community_id, facility_id, body) VALUES ($1, $2, $3)
             ON CONFLICT (community_id, facility_id) DO UPDATE SET body = excluded.body",
            &[
                self.community(),
                facility.as_str().into(),
                to_json(institution)?.as_str().into(),
            ],
        )
        .map(drop)
    }
}
