//! Identity beyond the community: what the pix-manager was told, and what it told us last.

use super::rows::id;
use super::{Tx, from_json, to_json};
use tasuki_core::Fault;
use tasuki_core::ports::{
    Elsewhere, ElsewhereWrite, KnownBody, KnownElsewhere, Metadata, Patients,
};
use tasuki_model::{Instant, PatientKey, XadPid};

/// Registrations that stand under one id; a person has a few dozen at most.
const UNDER_MAX: u32 = 10_000;

impl Elsewhere for Tx<'_> {
    fn known_elsewhere(&self, pid: &XadPid) -> Result<Option<KnownElsewhere>, Fault> {
        let found = self.first(
            "SELECT answered, body FROM known_elsewhere WHERE community_id = $1 AND xad_pid = $2",
            &[self.community(), pid.as_str().into()],
            |row| {
                let body: KnownBody = from_json("known elsewhere", row.text(1)?)?;
                Ok((Instant::from_micros(row.int(0)?), body))
            },
        )?;
        let Some((answered, body)) = found else {
            return Ok(None);
        };
        let now = self.stands_for(pid)?;
        let whole = body.stood_for.iter().all(|key| now.contains(key));
        Ok(whole.then_some(KnownElsewhere {
            ids: body.ids,
            answered,
        }))
    }

    fn fed_as(&self, manager: &str, patient: &PatientKey) -> Result<Option<XadPid>, Fault> {
        self.first(
            "SELECT xad_pid FROM pix_fed
             WHERE community_id = $1 AND manager = $2 AND patient_key = $3",
            &[self.community(), manager.into(), patient.as_str().into()],
            |row| id(row.text(0)?, XadPid::new),
        )
    }

    fn fed_under(&self, manager: &str, pid: &XadPid) -> Result<Vec<PatientKey>, Fault> {
        let sql = format!(
            "SELECT patient_key FROM pix_fed
             WHERE community_id = $1 AND manager = $2 AND xad_pid = $3 LIMIT {UNDER_MAX}"
        );
        self.all(
            &sql,
            &[self.community(), manager.into(), pid.as_str().into()],
            |row| id(row.text(0)?, PatientKey::new),
        )
    }
}

impl ElsewhereWrite for Tx<'_> {
    fn put_known_elsewhere(&self, pid: &XadPid, known: &KnownElsewhere) -> Result<(), Fault> {
        let body = KnownBody {
            version: 1,
            ids: known.ids.clone(),
            stood_for: self.stands_for(pid)?,
        };
        self.execute(
            "INSERT INTO known_elsewhere (community_id, xad_pid, answered, body)
             VALUES ($1, $2, $3, $4) ON CONFLICT (community_id, xad_pid) DO UPDATE SET
             answered = excluded.answered, body = excluded.body
             WHERE known_elsewhere.answered <= excluded.answered",
            &[
                self.community(),
                pid.as_str().into(),
                known.answered.micros().into(),
                to_json(&body)?.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn put_fed(
        &self,
        manager: &str,
        patient: &PatientKey,
        pid: Option<&XadPid>,
    ) -> Result<(), Fault> {
        let row = [self.community(), manager.into(), patient.as_str().into()];
        let Some(pid) = pid else {
            let sql = "DELETE FROM pix_fed
                       WHERE community_id = $1 AND manager = $2 AND patient_key = $3";
            return self.execute(sql, &row).map(drop);
        };
        let [community, manager, patient] = row;
        self.execute(
            "INSERT INTO pix_fed (community_id, manager, patient_key, xad_pid)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (community_id, manager, patient_key) DO UPDATE SET
             xad_pid = excluded.xad_pid",
            &[community, manager, patient, pid.as_str().into()],
        )
        .map(drop)
    }

    fn mark_all_changed(&self, consumer: &str) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO pix_notice (community_id, consumer, patient_key, stamp)
             SELECT community_id, $1, patient_key, CAST($2 AS BIGINT) FROM registration
             WHERE community_id = $3 AND disclosed = 1
             ON CONFLICT (community_id, consumer, patient_key) DO NOTHING",
            &[
                consumer.into(),
                self.shared.clock.now().micros().into(),
                self.community(),
            ],
        )
        .map(drop)
    }
}

impl Tx<'_> {
    /// The registrations that one of our ids stands for now.
    fn stands_for(&self, pid: &XadPid) -> Result<Vec<PatientKey>, Fault> {
        let Some(person) = self.person_of_xad_pid(pid)? else {
            return Ok(Vec::new());
        };
        let all = self.registrations_of(&person)?;
        Ok(all.into_iter().map(|r| r.patient_key).collect())
    }
}
