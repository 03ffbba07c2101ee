//! Role by category: one table, tested cell by cell.

use tasuki_model::Category::{self, *};
use tasuki_model::Role;

/// Whether a role may open charts at all.
#[must_use]
pub fn role_opens_charts(role: Role) -> bool {
    Category::of_the_record().any(|c| role_may_see(role, c))
}

/// Whether a role may list and search the patients of its own facility.
#[must_use]
pub fn role_lists_patients(role: Role) -> bool {
    role_may_see(role, Basic)
}

/// Whether a role writes notes for the others who share a patient: whoever cares for the patient.
#[must_use]
pub fn role_writes_notes(role: Role) -> bool {
    role_opens_charts(role) && role_may_see(role, Note)
}

/// Whether a role decides what a facility's own codes stand for: the administrator for the facility, the
/// operator for all. Neither sees a patient's data.
#[must_use]
pub fn role_keeps_dictionary(role: Role) -> bool {
    matches!(role, Role::FacilityAdministrator | Role::NetworkOperator)
}

/// Whether a category of patient data has a place in charts. What a patient has agreed to is read at the desk;
/// its document is for other systems.
#[must_use]
pub(super) fn in_charts(category: Category) -> bool {
    category != Consent
}

/// Whether a role may see a category of patient data.
#[must_use]
pub fn role_may_see(role: Role, category: Category) -> bool {
    match role {
        Role::Physician | Role::Dentist | Role::Nurse => true,
        // A pharmacist needs what bears on medicines, not the notes of the consultation.
        Role::Pharmacist => !matches!(category, Image | Record | Meal),
        // Care planning: who, where, what for, and what the others wrote for the team.
        Role::CareManager => {
            matches!(
                category,
                Basic | Visit | Stay | Prescription | Note | Problem | Allergy | Consent
            )
        }
        // The clerk ties IDs and registers consents: identity, nothing clinical.
        Role::Clerk => category == Basic,
        Role::FacilityAdministrator
        | Role::NetworkOperator
        | Role::PrivacyOfficer
        | Role::Auditor => false,
    }
}
