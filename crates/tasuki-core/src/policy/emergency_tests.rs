//! Who may open records in an emergency, and who is told: role by role.

use super::Caller;
use super::emergency::*;
use crate::release::Labelled;
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, PatientKey, Role};
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
            let told = release_access(&caller(role), vec![item(facility, Category::Basic)]);
            assert_eq!(!told.view().is_empty(), own && role_tells_access(role));
        }
        let lab = release_watched(&caller(role), vec![item("home", Category::Lab)]);
        assert!(lab.view().is_empty());
    }
}
