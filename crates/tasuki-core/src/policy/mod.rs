//! Who may see what. Deny by default: an item is withheld unless one rule lets it out and no rule
//! takes it back.
//!
//! The rules so far: a user works at one facility in one role; the role says which categories;
//! the person must be registered at the user's own facility; own records are open to it; records
//! of another facility only while that facility has set the patient to disclosed; restricted
//! documents stay with the facility that made them. Consents, grants and labels of departments,
//! documents and periods join here later, each able only to take away or, for an emergency grant,
//! to stand in for disclosure.

mod asserted;
mod categories;
mod desk;
mod peer;
#[cfg(test)]
mod peer_tests;
mod system;
#[cfg(test)]
mod tests;

pub use asserted::{AssertedCode, AssertedCodes};
pub use categories::{role_lists_patients, role_may_see, role_opens_charts};
pub use desk::{Line, release_lines, role_decides_identity};
pub use peer::{AssertedUser, PeerCaller, PeerGrant, PeerSubject, decide_peer, may_submit};
pub use system::{Scope, System, SystemGrant, decide_system};

use crate::release::{Labelled, Receipt, Released};
use std::collections::BTreeMap;
use tasuki_model::label::Confidentiality;
use tasuki_model::{FacilityId, Labels, PatientKey, PersonId, Purpose, Role, UserId};

/// Who asks: a signed-in user at one facility in one role, for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Account.
    pub user: UserId,
    /// The facility of the membership in force.
    pub facility: FacilityId,
    /// The role of the membership in force.
    pub role: Role,
    /// What for.
    pub purpose: Purpose,
}

/// A registration as the policy sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its key.
    pub patient_key: PatientKey,
    /// Its facility.
    pub facility: FacilityId,
    /// Whether that facility has set the patient to disclosed.
    pub disclosed: bool,
}

/// A refusal: says nothing of whether the person exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The role sees no patients at all.
    #[error("the role sees no patients")]
    Role,
    /// The person is not registered at the caller's facility, or does not exist.
    #[error("no such patient at this facility")]
    NoPatient,
    /// A caller from outside is not who the directory knows.
    #[error("credentials that the directory does not know")]
    Credentials,
    /// The purpose is none that opens records.
    #[error("the purpose opens no records")]
    Purpose,
}

/// What a caller may see of one person. Made by [`decide`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    caller: Caller,
    person: PersonId,
    /// Registrations whose records are open, with their facility.
    open: BTreeMap<PatientKey, FacilityId>,
    /// The caller's own registration, where its facility discloses the patient.
    shared: Option<PatientKey>,
}

/// Decides what a caller may see of a person with these registrations.
pub fn decide(
    caller: &Caller,
    person: &PersonId,
    registrations: &[Subject],
) -> Result<Grant, Refusal> {
    if caller.purpose != Purpose::Treatment {
        return Err(Refusal::Role);
    }
    if !categories::role_opens_charts(caller.role) {
        return Err(Refusal::Role);
    }
    if !registrations.iter().any(|r| r.facility == caller.facility) {
        return Err(Refusal::NoPatient);
    }
    let open = registrations
        .iter()
        .filter(|r| r.facility == caller.facility || r.disclosed)
        .map(|r| (r.patient_key.clone(), r.facility.clone()))
        .collect();
    let mut own = registrations
        .iter()
        .filter(|r| r.facility == caller.facility && r.disclosed);
    Ok(Grant {
        caller: caller.clone(),
        person: person.clone(),
        open,
        shared: own.next().map(|r| r.patient_key.clone()),
    })
}

impl Grant {
    /// Who was granted it.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Whose record it opens.
    #[must_use]
    pub fn person(&self) -> &PersonId {
        &self.person
    }

    /// The registrations that may be asked for. Asking for others finds nothing that could be
    /// released, so a query should not even name them.
    #[must_use]
    pub fn registrations(&self) -> Vec<PatientKey> {
        self.open.keys().cloned().collect()
    }

    /// Lets out what names the person to other communities, so that they can be asked: only where
    /// the caller's own facility has set the patient to disclosed, for until then nobody outside
    /// is told that it knows the patient at all.
    pub fn name<T>(&self, by: T) -> Option<Released<T>> {
        let key = self.shared.clone()?;
        let receipt = Receipt {
            patients: vec![key],
            items: 1,
            ..Receipt::default()
        };
        Some(Released::new(by, receipt))
    }

    /// Whether an item with these labels may leave.
    fn covers(&self, labels: &Labels) -> bool {
        let Some(facility) = self.open.get(&labels.patient_key) else {
            return false;
        };
        *facility == labels.facility
            && role_may_see(self.caller.role, labels.category)
            && (labels.confidentiality == Confidentiality::Normal
                || labels.facility == self.caller.facility)
    }

    /// Lets out what the grant covers and takes the rest away.
    pub fn release<T>(&self, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
        Released::covered(items, |labels| self.covers(labels))
    }

    /// Lets one item out, or nothing: withheld and unknown look the same.
    pub fn release_one<T>(&self, item: Option<Labelled<T>>) -> Option<Released<T>> {
        let item = item.filter(|i| self.covers(i.labels()))?;
        let (labels, value) = item.into_parts();
        Some(Released::new(
            value,
            Receipt::over(std::iter::once(&labels), 0),
        ))
    }
}

/// Releases lines of a patient list: registrations at the caller's own facility, for a role that
/// may see who its patients are. Others are taken away.
pub fn release_patients<T>(caller: &Caller, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    let may = categories::role_lists_patients(caller.role);
    Released::covered(items, |labels| may && labels.facility == caller.facility)
}
