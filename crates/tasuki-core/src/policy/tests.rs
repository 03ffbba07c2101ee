//! Role × membership × disclosure × category, cell by cell.

use super::*;
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, EntryUuid};

fn id(text: &str) -> FacilityId {
    FacilityId::new(text).unwrap()
}

fn key(text: &str) -> PatientKey {
    PatientKey::new(text).unwrap()
}

fn caller(facility: &str, role: Role) -> Caller {
    Caller {
        user: UserId::new("u").unwrap(),
        facility: id(facility),
        role,
        purpose: Purpose::Treatment,
    }
}

fn subject(facility: &str, disclosed: bool) -> Subject {
    Subject::new(key(&format!("p-{facility}")), id(facility), disclosed)
}

fn item(facility: &str, category: Category, confidentiality: Confidentiality) -> Labelled<()> {
    Labelled::new(
        Labels {
            patient_key: key(&format!("p-{facility}")),
            facility: id(facility),
            category,
            department: None,
            day: None,
            author: None,
            confidentiality,
            document: Some(EntryUuid::new("e").unwrap()),
        },
        (),
    )
}

/// What each role may see, written out by hand: rows are roles, columns are the categories in
/// the order of `Category::ALL`.
const MAY: &[(Role, &str)] = &[
    //                              basic visit stay presc inj lab image report file record note problem allergy meal consent
    (Role::Physician, "x x x x x x x x x x x x x x -"),
    (Role::Dentist, "x x x x x x x x x x x x x x -"),
    (Role::Nurse, "x x x x x x x x x x x x x x -"),
    (Role::Pharmacist, "x x x x x x - x x - x x x - -"),
    (Role::CareManager, "x x x x - - - - - - x x x - -"),
    (Role::Clerk, "x - - - - - - - - - - - - - -"),
    (Role::FacilityAdministrator, "- - - - - - - - - - - - - - -"),
    (Role::NetworkOperator, "- - - - - - - - - - - - - - -"),
    (Role::PrivacyOfficer, "- - - - - - - - - - - - - - -"),
    (Role::Auditor, "- - - - - - - - - - - - - - -"),
];

#[test]
fn every_cell_of_role_membership_disclosure_category() {
    let mut cells = 0;
    let person = PersonId::new("person").unwrap();
    for (role, row) in MAY {
        let marks: Vec<&str> = row.split(' ').collect();
        assert_eq!(marks.len(), Category::ALL.len());
        for (&category, mark) in Category::ALL.iter().zip(marks) {
            for own in [true, false] {
                for disclosed in [true, false] {
                    for at_home in [true, false] {
                        let subjects = [subject("home", false), subject("away", disclosed)];
                        let who = caller(if at_home { "home" } else { "elsewhere" }, *role);
                        let from = if own { "home" } else { "away" };
                        let items = vec![item(from, category, Confidentiality::Normal)];
                        let out = decide(&who, &person, &subjects)
                            .map(|g| g.release(items).view().len())
                            .unwrap_or(0);
                        let charts = categories::role_opens_charts(*role);
                        let expected = mark == "x" && charts && at_home && (own || disclosed);
                        assert_eq!(
                            out == 1,
                            expected,
                            "{role:?} {category:?} {own} {disclosed}"
                        );
                        cells += 1;
                    }
                }
            }
        }
    }
    assert_eq!(cells, 10 * 15 * 8);
    assert_eq!(MAY.len(), Role::ALL.len());
}

#[test]
fn restricted_documents_stay_with_their_facility() {
    let person = PersonId::new("person").unwrap();
    let subjects = [subject("home", true), subject("away", true)];
    let grant = decide(&caller("home", Role::Physician), &person, &subjects).unwrap();
    for level in [Confidentiality::Restricted, Confidentiality::VeryRestricted] {
        assert_eq!(
            grant
                .release(vec![item("home", Category::Record, level)])
                .view()
                .len(),
            1
        );
        assert_eq!(
            grant
                .release(vec![item("away", Category::Record, level)])
                .view()
                .len(),
            0
        );
    }
}

#[test]
fn an_item_of_another_person_or_with_another_facilitys_key_never_leaves() {
    let person = PersonId::new("person").unwrap();
    let grant = decide(
        &caller("home", Role::Physician),
        &person,
        &[subject("home", true), subject("away", true)],
    )
    .unwrap();
    let stranger = item("stranger", Category::Lab, Confidentiality::Normal);
    assert!(grant.release_one(Some(stranger)).is_none());
    let mut labels = item("away", Category::Lab, Confidentiality::Normal)
        .labels()
        .clone();
    labels.facility = id("home");
    assert!(grant.release_one(Some(Labelled::new(labels, ()))).is_none());
}

#[test]
fn an_undisclosed_facility_is_not_even_named_in_a_query() {
    let person = PersonId::new("person").unwrap();
    let subjects = [subject("home", false), subject("away", false)];
    let grant = decide(&caller("home", Role::Physician), &person, &subjects).unwrap();
    assert_eq!(grant.registrations(), [key("p-home")]);
}

#[test]
fn other_purposes_open_nothing_yet() {
    let person = PersonId::new("person").unwrap();
    for purpose in [
        Purpose::Emergency,
        Purpose::Administration,
        Purpose::Audit,
        Purpose::PatientRequest,
    ] {
        let who = Caller {
            purpose,
            ..caller("home", Role::Physician)
        };
        assert!(decide(&who, &person, &[subject("home", true)]).is_err());
    }
}

#[test]
fn the_receipt_counts_what_left_and_what_did_not() {
    let person = PersonId::new("person").unwrap();
    let subjects = [subject("home", true), subject("away", false)];
    let grant = decide(&caller("home", Role::Physician), &person, &subjects).unwrap();
    let released = grant.release(vec![
        item("home", Category::Lab, Confidentiality::Normal),
        item("away", Category::Lab, Confidentiality::Normal),
    ]);
    let receipt = released.receipt();
    assert_eq!((receipt.items, receipt.withheld), (1, 1));
    assert_eq!(receipt.patients, [key("p-home")]);
    assert!(receipt.digest.is_some());
}

#[test]
fn a_list_names_patients_of_the_own_facility_only() {
    for &(role, may) in MAY {
        let here = || item("f-a", Category::Basic, Confidentiality::Normal);
        let there = item("f-b", Category::Basic, Confidentiality::Normal);
        let released = release_patients(&caller("f-a", role), vec![here(), there]);
        let lists = may.starts_with('x');
        assert_eq!(released.view().len(), usize::from(lists), "{role:?}");
        assert_eq!(released.receipt().withheld, if lists { 1 } else { 2 });
    }
}

#[test]
fn a_person_is_named_outside_only_while_the_own_facility_discloses() {
    let person = PersonId::new("person").unwrap();
    for own in [true, false] {
        let subjects = [subject("home", own), subject("away", true)];
        let grant = decide(&caller("home", Role::Physician), &person, &subjects).unwrap();
        let named = grant.name("1^^^&1.2.3&ISO");
        assert_eq!(named.is_some(), own);
        if let Some(named) = named {
            assert_eq!(named.receipt().patients, [key("p-home")]);
        }
    }
}
