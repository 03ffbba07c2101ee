//! What users keep for themselves.

use super::Tx;
use super::registrations::{RECORD, read_hit};
use super::rows::{count, id};
use tasuki_core::ports::{KEPT_MAX, Kept, KeptWrite, PatientHit};
use tasuki_core::{Code, Fault};
use tasuki_model::{PatientKey, UserId};

impl Kept for Tx<'_> {
    fn kept_patients(&self, user: &UserId) -> Result<Vec<PatientKey>, Fault> {
        let sql = format!(
            "SELECT patient_key FROM kept WHERE community_id = $1 AND user_id = $2
             AND document = '' ORDER BY at DESC, patient_key LIMIT {KEPT_MAX}"
        );
        self.all(&sql, &[self.community(), user.as_str().into()], |row| {
            id(row.text(0)?, PatientKey::new)
        })
    }

    fn bookmarks(&self, user: &UserId, patient: &PatientKey) -> Result<Vec<String>, Fault> {
        let sql = format!(
            "SELECT document FROM kept WHERE community_id = $1 AND user_id = $2
             AND patient_key = $3 AND document <> '' ORDER BY document LIMIT {KEPT_MAX}"
        );
        let params = [
            self.community(),
            user.as_str().into(),
            patient.as_str().into(),
        ];
        self.all(&sql, &params, |row| Ok(row.text(0)?.to_owned()))
    }

    fn patient_hits(&self, patients: &[PatientKey]) -> Result<Vec<PatientHit>, Fault> {
        let sql = format!(
            "SELECT {RECORD} FROM registration WHERE community_id = $1 AND patient_key = $2"
        );
        let one = |key: &PatientKey| {
            self.first(&sql, &[self.community(), key.as_str().into()], read_hit)
                .transpose()
        };
        patients.iter().filter_map(one).collect()
    }
}

impl KeptWrite for Tx<'_> {
    fn keep(
        &self,
        user: &UserId,
        patient: &PatientKey,
        document: Option<&str>,
        keep: bool,
    ) -> Result<(), Fault> {
        let document = document.unwrap_or_default();
        let row = [
            self.community(),
            user.as_str().into(),
            patient.as_str().into(),
            document.into(),
        ];
        if !keep {
            let sql = "DELETE FROM kept WHERE community_id = $1 AND user_id = $2
                       AND patient_key = $3 AND document = $4";
            return self.execute(sql, &row).map(drop);
        }
        let [community, by, whose, what] = row;
        self.execute(
            "INSERT INTO kept (community_id, user_id, patient_key, document, at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (community_id, user_id, patient_key, document) DO NOTHING",
            &[
                community,
                by,
                whose,
                what,
                self.shared.clock.now().micros().into(),
            ],
        )?;
        self.check_kept(user, (!document.is_empty()).then_some(patient))
    }
}

impl Tx<'_> {
    /// Patients of a user, or bookmarks in one chart, are no more than there may be.
    fn check_kept(&self, user: &UserId, patient: Option<&PatientKey>) -> Result<(), Fault> {
        let kept = match patient {
            None => self.first(
                "SELECT COUNT(*) FROM kept WHERE community_id = $1 AND user_id = $2
                 AND document = ''",
                &[self.community(), user.as_str().into()],
                |row| Ok(count(row.int(0)?)),
            )?,
            Some(patient) => self.first(
                "SELECT COUNT(*) FROM kept WHERE community_id = $1 AND user_id = $2
                 AND patient_key = $3 AND document <> ''",
                &[
                    self.community(),
                    user.as_str().into(),
                    patient.as_str().into(),
                ],
                |row| Ok(count(row.int(0)?)),
            )?,
        };
        if kept.is_some_and(|kept| kept > KEPT_MAX) {
            let why =
                format!("more than {KEPT_MAX} patients of one's own, or bookmarks in a chart");
            return Err(Fault::new(Code::KeptTooMany, why));
        }
        Ok(())
    }
}
