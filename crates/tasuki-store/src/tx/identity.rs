//! What the identity engine keeps: the durable copy of its index, what is due, the writer's lease.

use super::registrations::{RECORD, read_record};
use super::rows::{id, size};
use super::{Tx, damaged};
use crate::engine::Row;
use std::collections::BTreeMap;
use tasuki_core::ports::{
    Due, Identities, IdentitiesWrite, IdentityCounts, IndexRow, LinkDecision, Review, ReviewState,
};
use tasuki_core::{Code, Fault};
use tasuki_model::{FacilityId, Instant, PatientKey, PersonId, ReviewId};

/// The most rows given at once, whatever is asked for.
const ROWS_MAX: u32 = 50_000;

fn read_row(row: &dyn Row) -> Result<IndexRow, Fault> {
    Ok(IndexRow {
        patient: id(row.text(0)?, PatientKey::new)?,
        facility: id(row.text(1)?, FacilityId::new)?,
        shared: row.int(2)? != 0,
        keys: row.bytes(3)?.to_vec(),
    })
}

impl Identities for Tx<'_> {
    fn identity_due(
        &self,
        after: Option<(i64, &PatientKey)>,
        limit: u32,
    ) -> Result<Vec<Due>, Fault> {
        let (stamp, key) = after.map_or((-1, ""), |(stamp, key)| (stamp, key.as_str()));
        let stamps = self.all(
            &format!(
                "SELECT patient_key, stamp FROM identity_due /* walks */ WHERE community_id = $1
                 AND (stamp, patient_key) > ($2, $3) ORDER BY stamp, patient_key LIMIT {}",
                limit.min(ROWS_MAX)
            ),
            &[self.community(), stamp.into(), key.into()],
            |row| Ok((id(row.text(0)?, PatientKey::new)?, row.int(1)?)),
        )?;
        let sql = format!(
            "SELECT {RECORD} FROM registration WHERE community_id = $1 AND patient_key = $2"
        );
        stamps
            .into_iter()
            .map(|(key, stamp)| {
                let record =
                    self.first(&sql, &[self.community(), key.as_str().into()], read_record)?;
                let record = record.ok_or_else(|| damaged("an unknown registration is due"))?;
                Ok(Due { record, stamp })
            })
            .collect()
    }

    fn index_rows(&self, after: Option<&PatientKey>, limit: u32) -> Result<Vec<IndexRow>, Fault> {
        self.all(
            &format!(
                "SELECT patient_key, facility_id, shared, body FROM identity_index /* walks */
                 WHERE community_id = $1 AND patient_key > $2 ORDER BY patient_key LIMIT {}",
                limit.min(ROWS_MAX)
            ),
            &[
                self.community(),
                after.map_or("", PatientKey::as_str).into(),
            ],
            read_row,
        )
    }

    fn index_row(&self, patient: &PatientKey) -> Result<Option<IndexRow>, Fault> {
        self.first(
            "SELECT patient_key, facility_id, shared, body FROM identity_index
             WHERE community_id = $1 AND patient_key = $2",
            &[self.community(), patient.as_str().into()],
            read_row,
        )
    }

    fn projected(
        &self,
        after: Option<(&PersonId, &PatientKey)>,
        limit: u32,
    ) -> Result<Vec<(PersonId, PatientKey)>, Fault> {
        let (person, patient) = after.map_or(("", ""), |(p, k)| (p.as_str(), k.as_str()));
        self.all(
            &format!(
                "SELECT person_id, patient_key FROM registration /* walks */
                 WHERE community_id = $1 AND (person_id, patient_key) > ($2, $3)
                 ORDER BY person_id, patient_key LIMIT {}",
                limit.min(ROWS_MAX)
            ),
            &[self.community(), person.into(), patient.into()],
            |row| {
                Ok((
                    id(row.text(0)?, PersonId::new)?,
                    id(row.text(1)?, PatientKey::new)?,
                ))
            },
        )
    }

    fn human_decisions(&self) -> Result<Vec<(PatientKey, PatientKey, LinkDecision)>, Fault> {
        let mut standing = BTreeMap::new();
        for event in self.human_events()? {
            let pair = if event.a < event.b {
                (event.a, event.b)
            } else {
                (event.b, event.a)
            };
            standing.insert(pair, event.decision);
        }
        Ok(standing
            .into_iter()
            .filter(|(_, decision)| *decision != LinkDecision::Unlink)
            .map(|((a, b), decision)| (a, b, decision))
            .collect())
    }

    fn open_reviews(
        &self,
        facility: Option<&FacilityId>,
        limit: u32,
    ) -> Result<Vec<Review>, Fault> {
        self.reviews_waiting(facility, limit)
    }

    fn decided_reviews(
        &self,
        facility: Option<&FacilityId>,
        limit: u32,
    ) -> Result<Vec<Review>, Fault> {
        self.reviews_decided(facility, limit)
    }

    fn review_counts(&self, facility: &FacilityId) -> Result<Vec<(ReviewState, u64)>, Fault> {
        self.reviews_by_state(facility)
    }

    fn review(&self, review: &ReviewId) -> Result<Option<Review>, Fault> {
        self.one_review(review)
    }

    fn reviews_of(&self, patient: &PatientKey) -> Result<Vec<Review>, Fault> {
        self.reviews_touching(patient)
    }

    fn identity_counts(&self) -> Result<IdentityCounts, Fault> {
        let count = |sql: &str| -> Result<u64, Fault> {
            let found = self.first(sql, &[self.community()], |row| row.int(0))?;
            Ok(size(found.unwrap_or(0)))
        };
        Ok(IdentityCounts {
            registrations: count(
                "SELECT COUNT(*) FROM registration /* walks */ WHERE community_id = $1",
            )?,
            shared: count(
                "SELECT CAST(COALESCE(SUM(shared), 0) AS BIGINT) FROM identity_index /* walks */
                 WHERE community_id = $1",
            )?,
            persons: count(
                "SELECT COUNT(DISTINCT person_id) FROM registration /* walks */
                 WHERE community_id = $1",
            )?,
            open: count(
                "SELECT COUNT(*) FROM identity_review WHERE community_id = $1 AND state <= 3
                 /* walks */",
            )?,
            due: count("SELECT COUNT(*) FROM identity_due /* walks */ WHERE community_id = $1")?,
        })
    }
}

impl IdentitiesWrite for Tx<'_> {
    fn mark_due(&self, patient: &PatientKey) -> Result<(), Fault> {
        // A later change always gets a larger stamp, whatever the clock does.
        self.execute(
            "INSERT INTO identity_due (community_id, patient_key, stamp) VALUES ($1, $2, $3)
             ON CONFLICT (community_id, patient_key) DO UPDATE SET stamp =
             CASE WHEN excluded.stamp > identity_due.stamp THEN excluded.stamp
             ELSE identity_due.stamp + 1 END",
            &[
                self.community(),
                patient.as_str().into(),
                self.shared.clock.now().micros().into(),
            ],
        )
        .map(drop)
    }

    fn mark_all_due(&self) -> Result<u64, Fault> {
        self.execute(
            "INSERT INTO identity_due (community_id, patient_key, stamp)
             SELECT community_id, patient_key, 0 FROM registration WHERE community_id = $1
             ON CONFLICT (community_id, patient_key) DO NOTHING",
            &[self.community()],
        )
    }

    fn clear_due(&self, settled: &[(PatientKey, i64)]) -> Result<(), Fault> {
        for (patient, stamp) in settled {
            self.execute(
                "DELETE FROM identity_due
                 WHERE community_id = $1 AND patient_key = $2 AND stamp = $3",
                &[self.community(), patient.as_str().into(), (*stamp).into()],
            )?;
        }
        Ok(())
    }

    fn put_index_row(&self, row: &IndexRow) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO identity_index (community_id, patient_key, facility_id, shared, body)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (community_id, patient_key) DO UPDATE SET
             facility_id = excluded.facility_id, shared = excluded.shared, body = excluded.body",
            &[
                self.community(),
                row.patient.as_str().into(),
                row.facility.as_str().into(),
                row.shared.into(),
                row.keys.as_slice().into(),
            ],
        )
        .map(drop)
    }

    fn put_review(&self, review: &Review) -> Result<(), Fault> {
        self.store_review(review)
    }

    fn take_identity_lease(&self, until: Instant) -> Result<Option<i64>, Fault> {
        let held = self.first(
            "SELECT holder, epoch, until FROM identity_lease WHERE community_id = $1",
            &[self.community()],
            |row| Ok((row.text(0)?.to_owned(), row.int(1)?, row.int(2)?)),
        )?;
        let me = self.shared.holder.as_str();
        let epoch = match held {
            Some((holder, epoch, _)) if holder == me => epoch,
            Some((_, _, held)) if held > self.shared.clock.now().micros() => return Ok(None),
            Some((_, epoch, _)) => epoch + 1,
            None => 1,
        };
        self.execute(
            "INSERT INTO identity_lease (community_id, holder, epoch, until)
             VALUES ($1, $2, $3, $4) ON CONFLICT (community_id) DO UPDATE SET
             holder = excluded.holder, epoch = excluded.epoch, until = excluded.until",
            &[
                self.community(),
                me.into(),
                epoch.into(),
                until.micros().into(),
            ],
        )?;
        Ok(Some(epoch))
    }

    fn check_identity_lease(&self, epoch: i64) -> Result<(), Fault> {
        let held = self.first(
            "SELECT epoch FROM identity_lease WHERE community_id = $1 AND holder = $2",
            &[self.community(), self.shared.holder.as_str().into()],
            |row| row.int(0),
        )?;
        if held == Some(epoch) {
            return Ok(());
        }
        Err(Fault::new(
            Code::IdentityElsewhere,
            "another process settles identities now",
        ))
    }

    fn give_identity_lease(&self, epoch: i64) -> Result<(), Fault> {
        self.execute(
            "UPDATE identity_lease SET until = 0 WHERE community_id = $1 AND epoch = $2",
            &[self.community(), epoch.into()],
        )
        .map(drop)
    }
}
