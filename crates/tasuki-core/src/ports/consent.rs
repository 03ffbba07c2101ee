//! What a patient has agreed to at a facility, and what the facility keeps out by itself. Both become the
//! [`Terms`] of the registration, which are read together with it.
//!
//! A consent is never changed: a new one takes its place, and the ones before are history. Withdrawn, or at
//! its end, it takes the disclosure flag back in the same transaction, so that identity, feeds and copies
//! follow as for any withdrawal.

use crate::Fault;
use crate::policy::{Restriction, Terms};
use serde::{Deserialize, Serialize};
use tasuki_model::{ConsentId, EntryUuid, FacilityId, Instant, PatientKey, UserId};

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signer {
    /// The patient.
    Patient,
    /// Somebody for the patient.
    Proxy {
        /// Name, as signed.
        name: Box<str>,
        /// What they are to the patient (続柄).
        relation: Box<str>,
    },
}

/// A consent, as it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// The registration at the facility that took it.
    pub patient: PatientKey,
    /// What it does not give: viewers, categories, days, departments, its beginning and its end.
    pub terms: Terms,
    /// Who signed.
    pub signer: Signer,
    /// The scan of the signed form, where there is one.
    pub paper: Option<EntryUuid>,
    /// When it was taken.
    pub taken: Instant,
    /// Who took it.
    pub by: UserId,
    /// Where it was taken, as typed: a counter, a ward, a home; empty where nobody said.
    pub place: Box<str>,
    /// When it was withdrawn, and who wrote that down.
    pub withdrawn: Option<(Instant, UserId)>,
}

impl Consent {
    /// When it ends by itself: the first of its ends.
    #[must_use]
    pub fn ends(&self) -> Option<Instant> {
        let ends = self.terms.restrictions().iter().filter_map(|r| match r {
            Restriction::Until(at) => Some(*at),
            _ => None,
        });
        ends.min()
    }

    /// What it leaves of its registration: nothing from its withdrawal on.
    #[must_use]
    pub fn leaves(&self) -> Vec<Restriction> {
        let mut left = self.terms.restrictions().to_vec();
        left.extend(self.withdrawn.iter().map(|(at, _)| Restriction::Until(*at)));
        left
    }
}

/// The scan of a signed form: it stays with the facility that took the consent, and is no document of the
/// registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentPaper {
    /// Its id.
    pub id: EntryUuid,
    /// What its bytes are.
    pub mime_type: Box<str>,
    /// The bytes, looked into and scanned.
    pub bytes: Vec<u8>,
}

/// Reading consents.
pub trait Consents {
    /// The consents of a registration, the one in force or last in force first.
    ///
    /// # Errors
    /// Those of the store.
    fn consents_of(&self, patient: &PatientKey) -> Result<Vec<Consent>, Fault>;

    /// What the facility keeps out of a registration by itself.
    ///
    /// # Errors
    /// Those of the store.
    fn hidden_of(&self, patient: &PatientKey) -> Result<Terms, Fault>;

    /// The one consent whose id begins so, of a registration of this facility; nothing where it is of
    /// another, or where two begin so.
    ///
    /// # Errors
    /// Those of the store.
    fn consent_by_code(
        &self,
        facility: &FacilityId,
        begins: &str,
    ) -> Result<Option<Consent>, Fault>;

    /// The consents that a facility took, the last first, at most `limit`.
    ///
    /// # Errors
    /// Those of the store.
    fn consents_at(&self, facility: &FacilityId, limit: u32) -> Result<Vec<Consent>, Fault>;

    /// The consents of a facility that end by themselves until then, the first to end first.
    ///
    /// # Errors
    /// Those of the store.
    fn consents_ending(
        &self,
        facility: &FacilityId,
        until: Instant,
        limit: u32,
    ) -> Result<Vec<Consent>, Fault>;

    /// The scan of a consent's form.
    ///
    /// # Errors
    /// Those of the store.
    fn consent_paper(
        &self,
        patient: &PatientKey,
        id: &EntryUuid,
    ) -> Result<Option<ConsentPaper>, Fault>;
}

/// Writing consents.
pub trait ConsentsWrite {
    /// Takes a consent in the place of the one before. The disclosure flag stays as it is: the facility
    /// sets it.
    ///
    /// # Errors
    /// Those of the store; `CNS-001` for more restrictions than a registration may have.
    fn put_consent(&self, consent: &Consent) -> Result<(), Fault>;

    /// Keeps the scan of a consent's form, sealed; false where the registration has no such consent. A
    /// later scan takes the place of the one before.
    ///
    /// # Errors
    /// Those of the store.
    fn put_consent_paper(
        &self,
        patient: &PatientKey,
        consent: &ConsentId,
        paper: &ConsentPaper,
    ) -> Result<bool, Fault>;

    /// Withdraws the consent in force, and the disclosure with it; false where there is none. Only a new
    /// consent opens the registration again.
    ///
    /// # Errors
    /// Those of the store.
    fn withdraw_consent(
        &self,
        patient: &PatientKey,
        at: Instant,
        by: &UserId,
    ) -> Result<bool, Fault>;

    /// Keeps these out of a registration, in the place of what was kept out before.
    ///
    /// # Errors
    /// As [`ConsentsWrite::put_consent`].
    fn put_hidden(&self, patient: &PatientKey, hidden: &Terms) -> Result<(), Fault>;

    /// Takes back the disclosure of registrations whose consent has ended by itself, at most `limit`;
    /// gives them. A release looks at the time too, so nothing leaves before this comes by.
    ///
    /// # Errors
    /// Those of the store.
    fn end_consents(&self, now: Instant, limit: u32) -> Result<Vec<PatientKey>, Fault>;
}
