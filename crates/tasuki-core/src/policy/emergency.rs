//! Who may open records in an emergency, what is told before a reason was given, and who judges it.

use super::Caller;
use crate::release::{Labelled, Receipt, Released};
use tasuki_model::{Category, PatientKey, Role};

/// Whether a role opens records in an emergency: whoever treats and answers for it.
#[must_use]
pub fn role_opens_emergencies(role: Role) -> bool {
    role == Role::Physician
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
    let may = role_judges_access(caller.role);
    Released::covered(items, |labels| {
        may && labels.category == Category::Basic && labels.facility == caller.facility
    })
}

/// Lets out events of the audit trail, each labelled by the facility that answers for it.
pub fn release_events<T>(caller: &Caller, items: Vec<Labelled<T>>) -> Released<Vec<T>> {
    let may = role_reads_audit(caller.role);
    Released::covered(items, |labels| {
        may && labels.category == Category::Basic && labels.facility == caller.facility
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tasuki_model::label::Confidentiality;
    use tasuki_model::{FacilityId, Labels, Purpose, UserId};

    fn caller(role: Role) -> Caller {
        Caller {
            user: UserId::new("u").unwrap(),
            facility: FacilityId::new("home").unwrap(),
            role,
            purpose: Purpose::Emergency,
        }
    }

    fn item(facility: &str, category: Category) -> Labelled<&'static str> {
        let labels = Labels {
            patient_key: PatientKey::new("p").unwrap(),
            facility: FacilityId::new(facility).unwrap(),
            category,
            department: None,
            day: None,
            author: None,
            confidentiality: Confidentiality::Normal,
            document: None,
        };
        Labelled::new(labels, "花子")
    }

    #[test]
    fn found_are_told_to_physicians_and_nothing_clinical() {
        for &role in Role::ALL {
            for &category in Category::ALL {
                let told = release_found(&caller(role), vec![item("away", category)]);
                let may = role == Role::Physician && category == Category::Basic;
                assert_eq!(!told.view().is_empty(), may, "{role:?} {category:?}");
            }
            let shelf = PatientKey::new("emergency-1").unwrap();
            let named = release_sought(&caller(role), shelf, "花子");
            assert_eq!(named.is_some(), role == Role::Physician);
        }
    }

    #[test]
    fn lines_and_events_are_of_the_officers_own_facility() {
        for &role in Role::ALL {
            for facility in ["home", "away"] {
                let lines = release_watched(&caller(role), vec![item(facility, Category::Basic)]);
                let own = facility == "home";
                let officer = role == Role::PrivacyOfficer;
                assert_eq!(!lines.view().is_empty(), own && officer);
                let events = release_events(&caller(role), vec![item(facility, Category::Basic)]);
                let may = own && matches!(role, Role::PrivacyOfficer | Role::Auditor);
                assert_eq!(!events.view().is_empty(), may);
            }
            let lab = release_watched(&caller(role), vec![item("home", Category::Lab)]);
            assert!(lab.view().is_empty());
        }
    }
}
