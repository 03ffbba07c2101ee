//! Gatherings: one row a chart visit, one a community that it asks.

use super::rows::{count, id};
use super::{Tx, damaged, from_json, to_json};
use crate::engine::Row;
use tasuki_core::Fault;
use tasuki_core::elsewhere::{Asked, Gathering, Shelf};
use tasuki_model::{CommunityId, FacilityId, GatherId, Instant, PatientKey, PersonId, Role};

const GATHER: &str = "SELECT gather_id, session, person_id, patient_key, facility_id, role, begun, \
     deadline FROM gather";
/// The most communities of one gathering that are read: as many as a directory may have.
const ASKED_MAX: u32 = 1_000;

fn gathering(row: &dyn Row) -> Result<Gathering, Fault> {
    Ok(Gathering {
        id: id(row.text(0)?, GatherId::new)?,
        session: row.text(1)?.to_owned(),
        person: id(row.text(2)?, PersonId::new)?,
        shelf: Shelf {
            patient: id(row.text(3)?, PatientKey::new)?,
            facility: id(row.text(4)?, FacilityId::new)?,
            role: Role::from_code(row.text(5)?).ok_or_else(|| damaged("role"))?,
        },
        begun: Instant::from_micros(row.int(6)?),
        deadline: Instant::from_micros(row.int(7)?),
    })
}

fn asked(row: &dyn Row) -> Result<Asked, Fault> {
    Ok(Asked {
        community: id(row.text(0)?, CommunityId::new)?,
        state: from_json("state of a source", row.text(1)?)?,
        items: count(row.int(2)?),
        unconfirmed: row.int(3)? != 0,
        identified: row.opt_int(4)?.map(Instant::from_micros),
        at: Instant::from_micros(row.int(5)?),
    })
}

impl Tx<'_> {
    pub(super) fn gathering_by_id(&self, id: &GatherId) -> Result<Option<Gathering>, Fault> {
        self.first(
            &format!("{GATHER} WHERE community_id = $1 AND gather_id = $2"),
            &[self.community(), id.as_str().into()],
            gathering,
        )
    }

    pub(super) fn gathering_of(
        &self,
        session: &str,
        person: &PersonId,
    ) -> Result<Option<Gathering>, Fault> {
        self.first(
            &format!(
                "{GATHER} WHERE community_id = $1 AND session = $2 AND person_id = $3
                 ORDER BY begun DESC LIMIT 1"
            ),
            &[self.community(), session.into(), person.as_str().into()],
            gathering,
        )
    }

    pub(super) fn sources_of(&self, id: &GatherId) -> Result<Vec<Asked>, Fault> {
        self.all(
            &format!(
                "SELECT source, state, items, unconfirmed, identified, changed FROM gather_source
                 WHERE community_id = $1 AND gather_id = $2 ORDER BY source LIMIT {ASKED_MAX}"
            ),
            &[self.community(), id.as_str().into()],
            asked,
        )
    }

    pub(super) fn insert_gathering(&self, new: &Gathering) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO gather (community_id, gather_id, session, person_id, patient_key,
             facility_id, role, begun, deadline) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                self.community(),
                new.id.as_str().into(),
                new.session.as_str().into(),
                new.person.as_str().into(),
                new.shelf.patient.as_str().into(),
                new.shelf.facility.as_str().into(),
                new.shelf.role.code().into(),
                new.begun.micros().into(),
                new.deadline.micros().into(),
            ],
        )
        .map(drop)
    }

    pub(super) fn upsert_source(&self, id: &GatherId, asked: &Asked) -> Result<(), Fault> {
        let state = to_json(&asked.state)?;
        self.execute(
            "INSERT INTO gather_source (community_id, gather_id, source, state, items,
             unconfirmed, identified, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (community_id, gather_id, source) DO UPDATE SET
             state = excluded.state, items = excluded.items, unconfirmed = excluded.unconfirmed,
             identified = excluded.identified, changed = excluded.changed",
            &[
                self.community(),
                id.as_str().into(),
                asked.community.as_str().into(),
                state.as_str().into(),
                i64::from(asked.items).into(),
                asked.unconfirmed.into(),
                asked.identified.map(Instant::micros).into(),
                asked.at.micros().into(),
            ],
        )
        .map(drop)
    }

    /// Gatherings begun before a moment go, with their sources.
    pub(super) fn forget_gatherings(&self, begun: Instant, limit: u32) -> Result<(), Fault> {
        let old = self.all(
            &format!(
                "SELECT gather_id FROM gather WHERE community_id = $1 AND begun < $2
                 ORDER BY begun LIMIT {limit}"
            ),
            &[self.community(), begun.micros().into()],
            |row| row.text(0).map(str::to_owned),
        )?;
        for gathering in &old {
            for table in ["gather_source", "gather"] {
                self.execute(
                    &format!("DELETE FROM {table} WHERE community_id = $1 AND gather_id = $2"),
                    &[self.community(), gathering.as_str().into()],
                )?;
            }
        }
        Ok(())
    }
}
