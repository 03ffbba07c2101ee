//! What other systems have still to be told: registrations whose person has other identifiers now;
//! and the visits that hospitals state.

use super::rows::id;
use super::{Tx, from_json, to_json};
use tasuki_core::Fault;
use tasuki_core::ports::{ChangedIdentities, ChangedIdentitiesWrite, StatedVisit};
use tasuki_model::PatientKey;

/// Consumers of one node.
const CONSUMERS_MAX: u32 = 1_000;

impl ChangedIdentities for Tx<'_> {
    fn changed(&self, consumer: &str, limit: u32) -> Result<Vec<(PatientKey, i64)>, Fault> {
        let sql = format!(
            "SELECT patient_key, stamp FROM pix_notice WHERE community_id = $1 AND consumer = $2
             ORDER BY stamp, patient_key LIMIT {limit}"
        );
        self.all(&sql, &[self.community(), consumer.into()], |row| {
            Ok((id(row.text(0)?, PatientKey::new)?, row.int(1)?))
        })
    }

    fn untold(&self) -> Result<u64, Fault> {
        let sql = "SELECT COUNT(*) FROM pix_notice /* walks */ WHERE community_id = $1";
        let count = self.first(sql, &[self.community()], |row| row.int(0))?;
        Ok(count
            .and_then(|n| u64::try_from(n).ok())
            .unwrap_or_default())
    }

    fn stated_visit(&self, patient: &PatientKey) -> Result<Option<StatedVisit>, Fault> {
        self.first(
            "SELECT body FROM stated_visit WHERE community_id = $1 AND patient_key = $2",
            &[self.community(), patient.as_str().into()],
            |row| from_json("visit", row.text(0)?),
        )
    }
}

impl ChangedIdentitiesWrite for Tx<'_> {
    fn set_consumers(&self, consumers: &[String]) -> Result<(), Fault> {
        let sql = format!(
            "SELECT consumer FROM notice_consumer WHERE community_id = $1 LIMIT {CONSUMERS_MAX}"
        );
        let known = self.all(&sql, &[self.community()], |row| {
            row.text(0).map(str::to_owned)
        })?;
        for gone in known.iter().filter(|name| !consumers.contains(name)) {
            for table in ["notice_consumer", "pix_notice"] {
                self.execute(
                    &format!("DELETE FROM {table} WHERE community_id = $1 AND consumer = $2"),
                    &[self.community(), gone.as_str().into()],
                )?;
            }
            self.forget_manager(gone)?;
        }
        for new in consumers.iter().filter(|name| !known.contains(name)) {
            self.execute(
                "INSERT INTO notice_consumer (community_id, consumer) VALUES ($1, $2)",
                &[self.community(), new.as_str().into()],
            )?;
            self.begin_feed(new)?;
        }
        Ok(())
    }

    fn mark_changed(&self, patients: &[PatientKey]) -> Result<(), Fault> {
        let stamp = self.shared.clock.now().micros();
        for patient in patients {
            self.execute(
                "INSERT INTO pix_notice (community_id, consumer, patient_key, stamp)
                 SELECT community_id, consumer, $1, CAST($2 AS BIGINT) FROM notice_consumer
                 WHERE community_id = $3
                 ON CONFLICT (community_id, consumer, patient_key) DO UPDATE SET stamp =
                 CASE WHEN excluded.stamp > pix_notice.stamp THEN excluded.stamp
                 ELSE pix_notice.stamp + 1 END",
                &[patient.as_str().into(), stamp.into(), self.community()],
            )?;
        }
        Ok(())
    }

    fn notified(&self, consumer: &str, told: &[(PatientKey, i64)]) -> Result<(), Fault> {
        for (patient, stamp) in told {
            self.execute(
                "DELETE FROM pix_notice WHERE community_id = $1 AND consumer = $2
                 AND patient_key = $3 AND stamp = $4",
                &[
                    self.community(),
                    consumer.into(),
                    patient.as_str().into(),
                    (*stamp).into(),
                ],
            )?;
        }
        Ok(())
    }

    fn put_visit(&self, patient: &PatientKey, visit: &StatedVisit) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO stated_visit (community_id, patient_key, body) VALUES ($1, $2, $3)
             ON CONFLICT (community_id, patient_key) DO UPDATE SET body = excluded.body",
            &[
                self.community(),
                patient.as_str().into(),
                to_json(visit)?.as_str().into(),
            ],
        )
        .map(drop)
    }
}
