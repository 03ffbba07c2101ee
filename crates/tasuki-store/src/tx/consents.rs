//! Consents, what facilities keep out, and the terms that both make.

use super::rows::id;
use super::{Tx, damaged, from_json, to_json};
use crate::engine::Row;
use serde::{Deserialize, Serialize};
use tasuki_core::policy::{RESTRICTIONS_MAX, Terms};
use tasuki_core::ports::{
    Consent, ConsentPaper, Consents, ConsentsWrite, Patients, PatientsWrite, Signer,
};
use tasuki_core::{Code, Fault};
use tasuki_model::{ConsentId, EntryUuid, FacilityId, Instant, PatientKey, UserId};

/// Consents of one registration that are looked at: one every few months in a life.
const CONSENTS_MAX: u32 = 1_000;
/// What a scan is sealed as.
const PAPER: &str = "consent paper";

/// What is stored of a consent beside its key and its times.
#[derive(Serialize, Deserialize)]
struct Body {
    terms: Terms,
    signer: Signer,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paper: Option<EntryUuid>,
    by: UserId,
    #[serde(default)]
    place: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    withdrawn: Option<(Instant, UserId)>,
}

impl Body {
    fn of(consent: &Consent) -> Self {
        Self {
            terms: consent.terms.clone(),
            signer: consent.signer.clone(),
            paper: consent.paper.clone(),
            by: consent.by.clone(),
            place: consent.place.clone(),
            withdrawn: consent.withdrawn.clone(),
        }
    }
}

/// What every look at a consent reads.
const CONSENT: &str = "SELECT consent_id, taken, body, patient_key FROM consent";

fn consent(row: &dyn Row) -> Result<Consent, Fault> {
    let body: Body = from_json("consent", row.text(2)?)?;
    Ok(Consent {
        id: id(row.text(0)?, ConsentId::new)?,
        patient: id(row.text(3)?, PatientKey::new)?,
        taken: Instant::from_micros(row.int(1)?),
        terms: body.terms,
        signer: body.signer,
        paper: body.paper,
        by: body.by,
        place: body.place,
        withdrawn: body.withdrawn,
    })
}

impl Consents for Tx<'_> {
    fn consents_of(&self, patient: &PatientKey) -> Result<Vec<Consent>, Fault> {
        let sql = format!(
            "{CONSENT} WHERE community_id = $1 AND patient_key = $2
             ORDER BY taken DESC, consent_id DESC LIMIT {CONSENTS_MAX}"
        );
        self.all(&sql, &[self.community(), patient.as_str().into()], consent)
    }

    fn consent_by_code(
        &self,
        facility: &FacilityId,
        begins: &str,
    ) -> Result<Option<Consent>, Fault> {
        // Ids are hex digits: nothing that begins so comes after.
        let end = format!("{begins}g");
        let sql = format!(
            "{CONSENT} WHERE community_id = $1 AND consent_id >= $2 AND consent_id < $3
             AND facility_id = $4 LIMIT 2"
        );
        let found = self.all(
            &sql,
            &[
                self.community(),
                begins.into(),
                end.as_str().into(),
                facility.as_str().into(),
            ],
            consent,
        )?;
        Ok(match <[Consent; 1]>::try_from(found) {
            Ok([one]) => Some(one),
            Err(_) => None,
        })
    }

    fn consents_at(&self, facility: &FacilityId, limit: u32) -> Result<Vec<Consent>, Fault> {
        let limit = limit.min(CONSENTS_MAX);
        let sql = format!(
            "{CONSENT} WHERE community_id = $1 AND facility_id = $2
             ORDER BY taken DESC, consent_id DESC LIMIT {limit}"
        );
        self.all(&sql, &[self.community(), facility.as_str().into()], consent)
    }

    fn consents_ending(
        &self,
        facility: &FacilityId,
        until: Instant,
        limit: u32,
    ) -> Result<Vec<Consent>, Fault> {
        let limit = limit.min(CONSENTS_MAX);
        let sql = format!(
            "{CONSENT} WHERE community_id = $1 AND facility_id = $2 AND ended = 0 AND ends > 0
             AND ends <= $3 ORDER BY ends, consent_id LIMIT {limit}"
        );
        self.all(
            &sql,
            &[
                self.community(),
                facility.as_str().into(),
                until.micros().into(),
            ],
            consent,
        )
    }

    fn consent_paper(
        &self,
        patient: &PatientKey,
        paper: &EntryUuid,
    ) -> Result<Option<ConsentPaper>, Fault> {
        let found = self.first(
            "SELECT mime_type, key_id, sealed FROM consent_paper
             WHERE community_id = $1 AND patient_key = $2 AND paper_id = $3",
            &[
                self.community(),
                patient.as_str().into(),
                paper.as_str().into(),
            ],
            |row| {
                let (mime, key) = (row.text(0)?.to_owned(), row.text(1)?.to_owned());
                Ok((mime, key, row.bytes(2)?.to_vec()))
            },
        )?;
        let Some((mime, key, sealed)) = found else {
            return Ok(None);
        };
        let bytes = self.unseal(&key, PAPER, paper.as_str(), &sealed)?;
        Ok(Some(ConsentPaper {
            id: paper.clone(),
            mime_type: mime.into(),
            bytes,
        }))
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
        self.consent_changed(&consent.patient)?;
        self.settle_terms(&consent.patient)
    }

    fn put_consent_paper(
        &self,
        patient: &PatientKey,
        consent: &ConsentId,
        paper: &ConsentPaper,
    ) -> Result<bool, Fault> {
        let mut known = self.consents_of(patient)?.into_iter();
        let Some(mut of) = known.find(|known| known.id == *consent) else {
            return Ok(false);
        };
        of.paper = Some(paper.id.clone());
        self.execute(
            "UPDATE consent SET body = $1
             WHERE community_id = $2 AND patient_key = $3 AND consent_id = $4",
            &[
                to_json(&Body::of(&of))?.as_str().into(),
                self.community(),
                patient.as_str().into(),
                consent.as_str().into(),
            ],
        )?;
        let whose = self.whose(patient)?;
        let (key, sealed) = self.seal(&whose, PAPER, paper.id.as_str(), &paper.bytes)?;
        self.execute(
            "INSERT INTO consent_paper (community_id, patient_key, paper_id, mime_type, key_id, sealed)
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                self.community(),
                patient.as_str().into(),
                paper.id.as_str().into(),
                (&*paper.mime_type).into(),
                key.as_str().into(),
                sealed.as_slice().into(),
            ],
        )?;
        Ok(true)
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
        self.consent_changed(patient)?;
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
            self.consent_changed(patient)?;
            self.set_disclosed(patient, false)?;
        }
        Ok(ended)
    }
}

impl Tx<'_> {
    fn store_consent(&self, consent: &Consent) -> Result<(), Fault> {
        let body = Body::of(consent);
        let over = consent.withdrawn.is_some();
        let facility = self.whose(&consent.patient)?;
        self.execute(
            "INSERT INTO consent (community_id, patient_key, consent_id, taken, ends, ended, body,
             facility_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
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
                facility.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn whose(&self, patient: &PatientKey) -> Result<FacilityId, Fault> {
        let facility = self.facility_of(patient)?;
        facility.ok_or_else(|| damaged("a consent of no registration"))
    }

    /// The terms of a registration: of its newest consent, and of what its facility keeps out.
    fn settle_terms(&self, patient: &PatientKey) -> Result<(), Fault> {
        let newest = self.consents_of(patient)?.into_iter().next();
        let mut all = newest.map_or_else(Vec::new, |consent| consent.leaves());
        all.extend_from_slice(self.hidden_of(patient)?.restrictions());
        let terms = Terms::new(all);
        // Who holds copies of more than is agreed to now asks again, and gets less.
        if let Some(record) = self.registration(patient)?
            && record.disclosed
            && record.terms != terms
        {
            self.withdraw_beyond(patient, &record.person)?;
        }
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
