//! Emergencies, invitations by telephone, and the queue of privacy officers.

use super::rows::id;
use super::{Tx, from_json, to_json};
use tasuki_core::Fault;
use tasuki_core::ports::{Emergencies, EmergenciesWrite, Emergency, Invitation, Verdict, Watch};
use tasuki_model::{EmergencyId, FacilityId, Instant, PatientKey, PersonId, UserId, WatchId};

/// Lines of one list, whatever it asks for.
const LINES_MAX: u32 = 1_000;

impl Emergencies for Tx<'_> {
    fn emergency(&self, emergency: &EmergencyId) -> Result<Option<Emergency>, Fault> {
        self.first(
            "SELECT body FROM emergency WHERE community_id = $1 AND emergency_id = $2",
            &[self.community(), emergency.as_str().into()],
            |row| from_json("emergency", row.text(0)?),
        )
    }

    fn emergencies_of(&self, user: &UserId, limit: u32) -> Result<Vec<Emergency>, Fault> {
        let sql = format!(
            "SELECT body FROM emergency WHERE community_id = $1 AND user_id = $2
             ORDER BY found DESC, emergency_id LIMIT {}",
            limit.min(LINES_MAX)
        );
        self.all(&sql, &[self.community(), user.as_str().into()], |row| {
            from_json("emergency", row.text(0)?)
        })
    }

    fn open_emergency(
        &self,
        user: &UserId,
        person: &PersonId,
        now: Instant,
    ) -> Result<Option<Emergency>, Fault> {
        let newest: Option<Emergency> = self.first(
            "SELECT body FROM emergency WHERE community_id = $1 AND user_id = $2
             AND person_id = $3 AND until > $4 ORDER BY until DESC LIMIT 1",
            &[
                self.community(),
                user.as_str().into(),
                person.as_str().into(),
                now.micros().into(),
            ],
            |row| from_json("emergency", row.text(0)?),
        )?;
        Ok(newest.filter(|emergency| emergency.is_open(now)))
    }

    fn invitation(
        &self,
        patient: &PatientKey,
        doctor: &str,
        now: Instant,
    ) -> Result<Option<Instant>, Fault> {
        let until = self.first(
            "SELECT until FROM emergency_invitation WHERE community_id = $1
             AND patient_key = $2 AND doctor = $3",
            &[self.community(), patient.as_str().into(), doctor.into()],
            |row| row.int(0).map(Instant::from_micros),
        )?;
        Ok(until.filter(|until| now < *until))
    }

    fn invitations(&self, now: Instant, limit: u32) -> Result<Vec<Invitation>, Fault> {
        let sql = format!(
            "SELECT patient_key, doctor, until, by_user FROM emergency_invitation
             WHERE community_id = $1 AND until > $2 ORDER BY until DESC LIMIT {}",
            limit.min(LINES_MAX)
        );
        self.all(&sql, &[self.community(), now.micros().into()], |row| {
            Ok(Invitation {
                patient: id(row.text(0)?, PatientKey::new)?,
                doctor: row.text(1)?.into(),
                until: Instant::from_micros(row.int(2)?),
                by: id(row.text(3)?, UserId::new)?,
            })
        })
    }

    fn watched(&self, facility: &FacilityId, limit: u32) -> Result<Vec<Watch>, Fault> {
        let sql = format!(
            "SELECT body FROM watch WHERE community_id = $1 AND facility_id = $2
             ORDER BY at DESC, watch_id LIMIT {}",
            limit.min(LINES_MAX)
        );
        self.all(&sql, &[self.community(), facility.as_str().into()], |row| {
            from_json("watch", row.text(0)?)
        })
    }

    fn asked_back(&self, user: &UserId, limit: u32) -> Result<Vec<Watch>, Fault> {
        let sql = format!(
            "SELECT body FROM watch WHERE community_id = $1 AND user_id = $2 AND asked = 1
             ORDER BY at DESC, watch_id LIMIT {}",
            limit.min(LINES_MAX)
        );
        self.all(&sql, &[self.community(), user.as_str().into()], |row| {
            from_json("watch", row.text(0)?)
        })
    }

    fn watch(&self, watch: &WatchId) -> Result<Option<Watch>, Fault> {
        self.first(
            "SELECT body FROM watch WHERE community_id = $1 AND watch_id = $2",
            &[self.community(), watch.as_str().into()],
            |row| from_json("watch", row.text(0)?),
        )
    }
}

impl EmergenciesWrite for Tx<'_> {
    fn put_emergency(&self, emergency: &Emergency) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO emergency
             (community_id, emergency_id, user_id, person_id, found, until, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (community_id, emergency_id) DO UPDATE SET
             until = excluded.until, body = excluded.body",
            &[
                self.community(),
                emergency.id.as_str().into(),
                emergency.user.as_str().into(),
                emergency.person.as_str().into(),
                emergency.found.micros().into(),
                emergency.until.micros().into(),
                to_json(emergency)?.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn put_invitation(&self, invitation: &Invitation) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO emergency_invitation (community_id, patient_key, doctor, until, by_user)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (community_id, patient_key, doctor) DO UPDATE SET
             until = excluded.until, by_user = excluded.by_user",
            &[
                self.community(),
                invitation.patient.as_str().into(),
                (&*invitation.doctor).into(),
                invitation.until.micros().into(),
                invitation.by.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn put_watch(&self, watch: &Watch) -> Result<(), Fault> {
        // The last word decides: an answer to what was asked back waits for the officer again.
        let last = watch.judged.last().and_then(|judgement| judgement.verdict);
        let asked = last == Some(Verdict::Asked);
        self.execute(
            "INSERT INTO watch (community_id, watch_id, facility_id, user_id, at, asked, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (community_id, watch_id) DO UPDATE SET
             asked = excluded.asked, body = excluded.body",
            &[
                self.community(),
                watch.id.as_str().into(),
                watch.facility.as_str().into(),
                watch.user.as_str().into(),
                watch.at.micros().into(),
                asked.into(),
                to_json(watch)?.as_str().into(),
            ],
        )
        .map(drop)
    }
}
