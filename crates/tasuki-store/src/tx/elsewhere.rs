//! Identity beyond the community: what the pix-manager was told, and what it told us last.

use super::rows::id;
use super::{Tx, from_json, to_json};
use tasuki_core::Fault;
use tasuki_core::ports::{
    Elsewhere, ElsewhereWrite, KnownBody, KnownElsewhere, Metadata, Patients, Withdrawals,
};
use tasuki_model::{Instant, PatientKey, XadPid};

/// How the names of queues begin that feed a manager ([`tasuki_core::ports::feed_queue`]), and what
/// comes after every such name.
const FEED: &str = "feed:";
const FEED_END: &str = "feed;";
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
        let mut ids = Vec::with_capacity(body.ids.len());
        for one in body.ids {
            // Its community has said since that it discloses less: it has to be asked who it is.
            if self
                .withdrawn_elsewhere(&one)?
                .is_none_or(|at| at < answered)
            {
                ids.push(one);
            }
        }
        Ok(whole.then_some(KnownElsewhere { ids, answered }))
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
}

impl Tx<'_> {
    /// A manager that is new is told of everybody who is disclosed; other consumers begin with what
    /// changes from now on.
    pub(super) fn begin_feed(&self, consumer: &str) -> Result<(), Fault> {
        if !consumer.starts_with(FEED) {
            return Ok(());
        }
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

    /// One that holds the role no more: what it was told is not known any longer.
    pub(super) fn forget_manager(&self, consumer: &str) -> Result<(), Fault> {
        self.execute(
            "DELETE FROM pix_fed WHERE community_id = $1 AND manager = $2",
            &[self.community(), consumer.into()],
        )
        .map(drop)
    }

    /// Who is fed learns of other demographics too; who is told of identifiers (ITI-10) does not.
    pub(super) fn mark_stated(&self, patient: &PatientKey) -> Result<(), Fault> {
        let stamp = self.shared.clock.now().micros();
        self.execute(
            "INSERT INTO pix_notice (community_id, consumer, patient_key, stamp)
             SELECT community_id, consumer, $1, CAST($2 AS BIGINT) FROM notice_consumer
             WHERE community_id = $3 AND consumer >= $4 AND consumer < $5
             ON CONFLICT (community_id, consumer, patient_key) DO UPDATE SET stamp =
             CASE WHEN excluded.stamp > pix_notice.stamp THEN excluded.stamp
             ELSE pix_notice.stamp + 1 END",
            &[
                patient.as_str().into(),
                stamp.into(),
                self.community(),
                FEED.into(),
                FEED_END.into(),
            ],
        )
        .map(drop)
    }

    /// The registrations that one of our ids stands for now.
    fn stands_for(&self, pid: &XadPid) -> Result<Vec<PatientKey>, Fault> {
        let Some(person) = self.person_of_xad_pid(pid)? else {
            return Ok(Vec::new());
        };
        let all = self.registrations_of(&person)?;
        Ok(all.into_iter().map(|r| r.patient_key).collect())
    }
}
