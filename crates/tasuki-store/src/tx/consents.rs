//! Consents, what facilities keep out, and the terms that both make.

use super::rows::id;
use super::{Tx, from_json, to_json};
use serde::{Deserialize, Serialize};
use tasuki_core::policy::{RESTRICTIONS_MAX, Terms};
use tasuki_core::ports::{Consent, Consents, ConsentsWrite, PatientsWrite, Signer};
use tasuki_core::{Code, Fault};
use tasuki_model::{ConsentId, EntryUuid, Instant, PatientKey, UserId};

/// Consents of one registration that are looked at: one every few months in a life.
const CONSENTS_MAX: u32 = 1_000;

/// What is stored of a consent beside its key and its times.
#[derive(Serialize, Deserialize)]
struct Body {
    terms: Terms,
    signer: Signer,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paper: Option<EntryUuid>,
    by: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    withdrawn: Option<(Instant, UserId)>,
}

impl Consents for Tx<'_> {
    fn consents_of(&self, patient: &PatientKey) -> Result<Vec<Consent>, Fault> {
        let sql = format!(
            "SELECT consent_id, taken, body FROM consent
             WHERE community_id = $1 AND patient_key = $2
             ORDER BY taken DESC, consent_id DESC LIMIT {CONSENTS_MAX}"
        );
        self.all(&sql, &[self.community(), patient.as_str().into()], |row| {
            let body: Body = from_json("consent", row.text(2)?)?;
            Ok(Consent {
                id: id(row.text(0)?, ConsentId::new)?,
                patient: patient.clone(),
                taken: Instant::from_micros(row.int(1)?),
                terms: body.terms,
                signer: body.signer,
                paper: body.paper,
                by: body.by,
                withdrawn: body.withdrawn,
            })
        })
    }

    fn hidden_of(&self, patient: &PatientKey) -> Result<Terms, Fault> {
        let found = self.first(
            "SELECT body FROM consent_hidden WHERE community_id = $1 AND patient_key = $2",
            &[self.community(), patient.as_str().into()],
            |row| from_json("hidden", row.text(0)?),
        )?;
        Ok(found.unwrap_or_default())
    }
}

impl ConsentsWrite for Tx<'_> {
    fn put_consent(&self, consent: &Consent) -> Result<(), Fault> {
        bounded(&consent.terms)?;
        // The ones before are history: their end takes nothing back any more.
        self.execute(
            "UPDATE consent SET ended = 1 WHERE community_id = $1 AND patient_key = $2",
            &[self.community(), consent.patient.as_str().into()],
        )?;
        self.store_consent(consent)?;
        self.settle_terms(&consent.patient)
    }

    fn withdraw_consent(
        &self,
        patient: &PatientKey,
        at: Instant,
        by: &UserId,
    ) -> Result<bool, Fault> {
        let newest = self.consents_of(patient)?.into_iter().next();
        let Some(mut consent) = newest.filter(|consent| consent.withdrawn.is_none()) else {
            return Ok(false);
        };
        consent.withdrawn = Some((at, by.clone()));
        self.store_consent(&consent)?;
        self.settle_terms(patient)?;
        self.set_disclosed(patient, false)?;
        Ok(true)
    }

    fn put_hidden(&self, patient: &PatientKey, hidden: &Terms) -> Result<(), Fault> {
        bounded(hidden)?;
        self.execute(
            "INSERT INTO consent_hidden (community_id, patient_key, body) VALUES ($1, $2, $3)
             ON CONFLICT (community_id, patient_key) DO UPDATE SET body = excluded.body",
            &[
                self.community(),
                patient.as_str().into(),
                to_json(hidden)?.as_str().into(),
            ],
        )?;
        self.settle_terms(patient)
    }

    fn end_consents(&self, now: Instant, limit: u32) -> Result<Vec<PatientKey>, Fault> {
        let sql = format!(
            "SELECT patient_key FROM consent
             WHERE community_id = $1 AND ended = 0 AND ends > 0 AND ends <= $2 LIMIT {limit}"
        );
        let ended = self.all(&sql, &[self.community(), now.micros().into()], |row| {
            id(row.text(0)?, PatientKey::new)
        })?;
        for patient in &ended {
            self.execute(
                "UPDATE consent SET ended = 1 WHERE community_id = $1 AND patient_key = $2",
                &[self.community(), patient.as_str().into()],
            )?;
            self.set_disclosed(patient, false)?;
        }
        Ok(ended)
    }
}

impl Tx<'_> {
    fn store_consent(&self, consent: &Consent) -> Result<(), Fault> {
        let body = Body {
            terms: consent.terms.clone(),
            signer: consent.signer.clone(),
            paper: consent.paper.clone(),
            by: consent.by.clone(),
            withdrawn: consent.withdrawn.clone(),
        };
        let over = consent.withdrawn.is_some();
        self.execute(
            "INSERT INTO consent (community_id, patient_key, consent_id, taken, ends, ended, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (community_id, patient_key, consent_id) DO UPDATE SET
             ended = excluded.ended, body = excluded.body",
            &[
                self.community(),
                consent.patient.as_str().into(),
                consent.id.as_str().into(),
                consent.taken.micros().into(),
                consent.ends().map_or(0, Instant::micros).into(),
                over.into(),
                to_json(&body)?.as_str().into(),
            ],
        )
        .map(drop)
    }

    /// The terms of a registration: of its newest consent, and of what its facility keeps out.
    fn settle_terms(&self, patient: &PatientKey) -> Result<(), Fault> {
        let newest = self.consents_of(patient)?.into_iter().next();
        let mut all = newest.map_or_else(Vec::new, |consent| consent.leaves());
        all.extend_from_slice(self.hidden_of(patient)?.restrictions());
        let terms = Terms::new(all);
        let stored = match terms.restrictions().is_empty() {
            true => None,
            false => Some(to_json(&terms)?),
        };
        self.execute(
            "UPDATE registration SET terms = $1 WHERE community_id = $2 AND patient_key = $3",
            &[
                stored.as_deref().into(),
                self.community(),
                patient.as_str().into(),
            ],
        )
        .map(drop)
    }
}

/// Half of what a registration may have: the other half is for what the facility keeps out.
fn bounded(terms: &Terms) -> Result<(), Fault> {
    let count = terms.restrictions().len();
    match count < RESTRICTIONS_MAX / 2 {
        true => Ok(()),
        false => Err(Fault::new(
            Code::ConsentTooLong,
            format!("{count} restrictions"),
        )),
    }
}
