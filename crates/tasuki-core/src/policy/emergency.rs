//! Who may open records in an emergency, what is told before a reason was given, and who judges it.

use super::{Caller, own_basics};
use crate::release::{Labelled, Receipt, Released};
use tasuki_model::{Category, PatientKey, Role};

/// Whether a role opens records in an emergency: whoever treats and answers for it.
#[must_use]
pub fn role_opens_emergencies(role: Role) -> bool {
    role == Role::Physician
}

/// Whether a role switches disaster mode on and off. Two of them do it together.
#[must_use]
pub fn role_declares_disasters(role: Role) -> bool {
    role == Role::NetworkOperator
}

/// Whether a role writes what its facility can take in at present.
#[must_use]
pub fn role_writes_board(role: Role) -> bool {
    role == Role::Clerk
}

/// Whether a role judges what others have read: never by reading it.
#[must_use]
pub fn role_judges_access(role: Role) -> bool {
    role == Role::PrivacyOfficer
}

/// Whether a role searches the audit trail of its facility.
#[must_use]
pub fn role_reads_audit(role: Role) -> bool {
    matches!(role, Role::PrivacyOfficer | Role::Auditor)
}

/// Lets out who was found, to be held against the patient: one person, and nothing of the record.
pub fn release_found<T>(caller: &Caller, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    let may = role_opens_emergencies(caller.role);
    Released::covered(items, |labels| may && labels.category == Category::Basic)
}

/// Lets out what names somebody who is not registered here to those who may know them; `shelf` is what
/// the audit trail calls them.
pub fn release_sought<T>(caller: &Caller, shelf: PatientKey, by: T) -> Option<Released<T>> {
    let receipt = Receipt {
        patients: vec![shelf],
        items: 1,
        ..Receipt::default()
    };
    role_opens_emergencies(caller.role).then(|| Released::new(by, receipt))
}

/// Lets out lines of the officer's queue: those of the officer's own facility, and who the patient is
/// there.
pub fn release_watched<T>(caller: &Caller, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    own_basics(caller, role_judges_access(caller.role), items)
}

/// Lets out events of the audit trail, each labelled by the facility that answers for it.
pub fn release_events<T>(caller: &Caller, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    own_basics(caller, role_reads_audit(caller.role), items)
}

/// Whether a role tells patients who has read their record at its facility, and lets doctors in by
/// telephone.
#[must_use]
pub fn role_tells_access(role: Role) -> bool {
    matches!(role, Role::Clerk | Role::PrivacyOfficer)
}

/// Lets out who has read the record of a patient of the caller's own facility, for the patient.
pub fn release_access<T>(caller: &Caller, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    own_basics(caller, role_tells_access(caller.role), items)
}
