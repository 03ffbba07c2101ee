//! Patient ids of the exchange, and the registrations they stand for.
//!
//! Two kinds of id are known here. One that the community issued (XAD-PID) stands for a person: all
//! registrations that are linked now. One that a facility issued stands for its one registration;
//! where that registration was merged away (HL7 A40), for the one that took its place.

use super::Registry;
use crate::peers::Authority;
use tasuki_core::ports::{PatientRecord, Reading};
use tasuki_core::{Fault, policy::Subject};
use tasuki_model::{Instant, LocalPatientId, PersonId, XadPid};

/// A patient id as exchanged (CX): `ID^^^&OID&ISO`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientCx {
    /// CX-1.
    pub id: String,
    /// CX-4.2.
    pub authority: String,
}

impl PatientCx {
    /// Reads a CX as XDS has it: an id, two empty components, an authority by OID (ITI TF-3,
    /// 4.2.3.1.7). Nothing for any other form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (id, rest) = text.split_once('^')?;
        let authority = rest.strip_prefix("^^")?;
        let authority = authority.strip_suffix("^PI").unwrap_or(authority);
        let mut parts = authority.split('&');
        let (namespace, oid, kind) = (parts.next()?, parts.next()?, parts.next()?);
        let right = namespace.is_empty()
            && kind == "ISO"
            && parts.next().is_none()
            && !id.trim().is_empty()
            && tasuki_model::Oid::new(oid).is_ok();
        right.then(|| Self {
            id: id.to_owned(),
            authority: oid.to_owned(),
        })
    }
}

impl std::fmt::Display for PatientCx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}^^^&{}&ISO", self.id, self.authority)
    }
}

/// Whom an id stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The id as it was asked.
    pub cx: PatientCx,
    /// The registrations; none for an id that is unknown.
    pub registrations: Vec<PatientRecord>,
}

/// A registration as the policy sees it at a moment.
#[must_use]
pub fn subject(record: &PatientRecord, now: Instant) -> Subject {
    Subject::new(
        record.patient_key.clone(),
        record.facility.clone(),
        record.disclosed,
    )
    .under(record.terms.clone(), now)
}

impl Registry {
    /// Whom an id stands for; no registrations where it is unknown.
    ///
    /// # Errors
    /// Those of the store.
    pub fn known(&self, tx: &dyn Reading, cx: PatientCx) -> Result<Known, Fault> {
        let registrations = if cx.authority == self.authority.as_str() {
            match XadPid::new(&cx.id).ok() {
                Some(pid) => match tx.person_of_xad_pid(&pid)? {
                    Some(person) => tx.registrations_of(&person)?,
                    None => Vec::new(),
                },
                None => Vec::new(),
            }
        } else {
            self.of_facility(tx, &cx)?.into_iter().collect()
        };
        Ok(Known { cx, registrations })
    }

    fn of_facility(
        &self,
        tx: &dyn Reading,
        cx: &PatientCx,
    ) -> Result<Option<PatientRecord>, Fault> {
        let authority = Authority {
            namespace: String::new(),
            universal: cx.authority.clone(),
            kind: "ISO".to_owned(),
        };
        let (Some(domain), Ok(local)) = (
            self.domains.resolve(&authority),
            LocalPatientId::new(&cx.id),
        ) else {
            return Ok(None);
        };
        let Some(record) = tx.find_registration(&domain.facility, &local)? else {
            return Ok(None);
        };
        match &record.survivor {
            Some(survivor) => tx.registration(survivor),
            None => Ok(Some(record)),
        }
    }

    /// The facility's own id of a registration, as exchanged.
    #[must_use]
    pub fn own_cx(&self, record: &PatientRecord) -> Option<PatientCx> {
        let domain = self.domains.of(&record.facility)?;
        Some(PatientCx {
            id: record.local_id.as_str().to_owned(),
            authority: domain.authority.as_str().to_owned(),
        })
    }

    /// The community's id of a person, issued now if there is none.
    ///
    /// # Errors
    /// Those of the store.
    pub fn xad_cx(&self, person: &PersonId) -> Result<PatientCx, Fault> {
        let known = self.store.reading(|tx| tx.xad_pid(person))?;
        let pid = match known {
            Some(pid) => pid,
            None => self.store.writing(|tx| tx.issue_xad_pid(person))?,
        };
        Ok(PatientCx {
            id: pid.as_str().to_owned(),
            authority: self.authority.as_str().to_owned(),
        })
    }
}
