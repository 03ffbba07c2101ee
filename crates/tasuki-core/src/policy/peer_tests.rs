//! A peer's caller × disclosure × role × category × confidentiality, cell by cell.

use super::*;
use crate::directory::{Community, PeerAssertions};
use std::collections::BTreeSet;
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, CommunityId, Oid};

fn community(xua: bool) -> Community {
    Community {
        home_community_id: CommunityId::new("1.2.3").unwrap(),
        name: "東部".into(),
        patient_authority: Oid::new("1.2.3.9").unwrap(),
        authorities: Vec::new(),
        endpoints: BTreeMap::new(),
        replies: Vec::new(),
        certificates: Vec::new(),
        tls12: false,
        dialect: "standard".into(),
        assertions: xua.then(|| PeerAssertions {
            emergency: false,
            issuer: "urn:east".into(),
            certificates: Vec::new(),
        }),
        asynchronous: false,
        discovery: false,
        offers: tasuki_model::facility::Offers::default(),
        contacts: Vec::new(),
    }
}

fn user(role: Role) -> AssertedUser {
    AssertedUser {
        name_id: "d1".into(),
        name: "医師 一".into(),
        organisation: "東部病院".into(),
        organisation_id: "urn:oid:1.2.3.4".into(),
        role,
    }
}

fn subject(facility: &str, disclosed: bool) -> Subject {
    Subject::new(
        PatientKey::new(&format!("p-{facility}")).unwrap(),
        FacilityId::new(facility).unwrap(),
        disclosed,
    )
}

fn item(facility: &str, category: Category, confidentiality: Confidentiality) -> Labelled<()> {
    let labels = Labels {
        patient_key: PatientKey::new(&format!("p-{facility}")).unwrap(),
        facility: FacilityId::new(facility).unwrap(),
        category,
        department: None,
        day: None,
        author: None,
        confidentiality,
        document: None,
    };
    Labelled::new(labels, ())
}

fn callers() -> Vec<(PeerCaller, Option<Role>)> {
    let mut callers = vec![
        (PeerCaller::organisation(&community(false)).unwrap(), None),
        (
            PeerCaller::system(&CommunityId::new("1.2.9").unwrap(), "his"),
            None,
        ),
    ];
    for &role in Role::ALL {
        for purpose in [Purpose::Treatment, Purpose::Emergency] {
            let caller = PeerCaller::asserted(&community(true), user(role), purpose);
            callers.push((caller.unwrap(), Some(role)));
        }
    }
    callers
}

#[test]
fn every_cell_of_caller_disclosure_category_confidentiality() {
    let levels = [
        Confidentiality::Normal,
        Confidentiality::Restricted,
        Confidentiality::VeryRestricted,
    ];
    for (caller, role) in callers() {
        for disclosed in [true, false] {
            for &category in Category::ALL {
                for level in levels {
                    let told =
                        decide_peer(&caller, &[subject("f", disclosed)]).is_ok_and(|grant| {
                            !grant
                                .release(vec![item("f", category, level)])
                                .view()
                                .is_empty()
                        });
                    let may = role
                        .is_none_or(|role| role_opens_charts(role) && role_may_see(role, category));
                    let expected = disclosed && may && level == Confidentiality::Normal;
                    assert_eq!(
                        told, expected,
                        "{role:?} {disclosed} {category:?} {level:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn no_other_purpose_opens_records() {
    for purpose in [
        Purpose::Administration,
        Purpose::Audit,
        Purpose::PatientRequest,
    ] {
        let caller = PeerCaller::asserted(&community(true), user(Role::Physician), purpose);
        let refused = decide_peer(&caller.unwrap(), &[subject("f", true)]);
        assert_eq!(refused, Err(Refusal::Purpose));
    }
}

#[test]
fn whether_a_community_asserts_its_users_is_the_directorys_word() {
    let nobody = PeerCaller::organisation(&community(true));
    assert_eq!(nobody, Err(Refusal::Credentials));
    let somebody =
        PeerCaller::asserted(&community(false), user(Role::Physician), Purpose::Treatment);
    assert_eq!(somebody, Err(Refusal::Credentials));
    let organisation = PeerCaller::organisation(&community(false)).unwrap();
    assert_eq!(organisation.purpose(), Purpose::Treatment);
}

#[test]
fn withheld_and_unknown_are_one_grant() {
    for (caller, role) in callers() {
        if role.is_some_and(|role| !role_opens_charts(role)) {
            continue;
        }
        let withheld = decide_peer(&caller, &[subject("f", false)]).unwrap();
        let unknown = decide_peer(&caller, &[]).unwrap();
        assert_eq!(withheld, unknown);
        assert!(withheld.registrations().is_empty());
        let one = Some(item("f", Category::Basic, Confidentiality::Normal));
        assert!(withheld.release_one(one).is_none());
    }
}

#[test]
fn an_item_under_another_facilitys_key_never_leaves() {
    let caller = PeerCaller::organisation(&community(false)).unwrap();
    let grant = decide_peer(&caller, &[subject("f", true), subject("g", true)]).unwrap();
    let wrong = item("f", Category::Lab, Confidentiality::Normal)
        .labels()
        .clone();
    let wrong = Labels {
        facility: FacilityId::new("g").unwrap(),
        ..wrong
    };
    let stranger = item("h", Category::Lab, Confidentiality::Normal);
    let released = grant.release(vec![Labelled::new(wrong, ()), stranger]);
    assert_eq!((released.view().len(), released.receipt().withheld), (0, 2));
}

#[test]
fn only_our_own_community_submits() {
    let own = CommunityId::new("1.2.9").unwrap();
    assert!(may_submit(&PeerCaller::system(&own, "his"), &own).is_ok());
    let peer = PeerCaller::organisation(&community(false)).unwrap();
    assert_eq!(may_submit(&peer, &own), Err(Refusal::Credentials));
}

/// Others are asked only for a system of ours, on behalf of a facility that discloses the patient.
#[test]
fn a_person_is_named_to_others_by_a_facility_that_discloses_and_asks() {
    let asking = |facility: &str| BTreeSet::from([FacilityId::new(facility).unwrap()]);
    for (caller, _) in callers() {
        let is_system = matches!(caller.subject(), PeerSubject::System(_));
        for disclosed in [true, false] {
            let Ok(grant) = decide_peer(&caller, &[subject("f", disclosed), subject("g", true)])
            else {
                continue;
            };
            let named = grant.name(&asking("f"), "花子");
            assert_eq!(named.is_some(), is_system && disclosed);
            assert_eq!(grant.name(&asking("h"), "花子"), None);
            assert_eq!(grant.name(&BTreeSet::new(), "花子"), None);
            if let Some(named) = named {
                let key = PatientKey::new("p-f").unwrap();
                assert_eq!(named.receipt().patients, [key]);
            }
        }
    }
}

/// The rule of emergencies opens to asserted physicians of communities that take part and to nobody else,
/// and never what treatment does not open where the purpose is another.
#[test]
fn an_emergency_opens_to_those_who_take_part_only() {
    let rules = [(true, true), (true, false), (false, true), (false, false)];
    for takes_part in [true, false] {
        let mut community = community(true);
        community.assertions.as_mut().unwrap().emergency = takes_part;
        for (&role, (answered, despite_refusal)) in Role::ALL
            .iter()
            .flat_map(|role| rules.iter().map(move |rule| (role, *rule)))
        {
            for purpose in [Purpose::Treatment, Purpose::Emergency] {
                let caller = PeerCaller::asserted(&community, user(role), purpose).unwrap();
                let rule = PeerEmergencies {
                    answered,
                    despite_refusal,
                };
                for refused in [true, false] {
                    let mut subject = subject("f", false);
                    if refused {
                        subject.terms = Terms::new(vec![Restriction::NoEmergency]);
                    }
                    let grant = decide_peer(&caller, &[subject.opened_to(&caller, rule)]);
                    let item = item("f", Category::Lab, Confidentiality::Normal);
                    let given = grant.as_ref().map(|grant| grant.release(vec![item]));
                    let told = given.is_ok_and(|given| {
                        let told = !given.view().is_empty();
                        let facilities = grant.as_ref().unwrap().to_tell(given.receipt());
                        assert_eq!(!facilities.is_empty(), told);
                        told
                    });
                    let may = takes_part
                        && answered
                        && role == Role::Physician
                        && purpose == Purpose::Emergency
                        && (despite_refusal || !refused);
                    assert_eq!(told, may, "{takes_part} {role:?} {purpose:?} {refused}");
                }
            }
        }
    }
}

#[test]
fn restricted_documents_stay_in_an_emergency_too() {
    let mut community = community(true);
    community.assertions.as_mut().unwrap().emergency = true;
    let caller = PeerCaller::asserted(&community, user(Role::Physician), Purpose::Emergency);
    let caller = caller.unwrap();
    let rule = PeerEmergencies {
        answered: true,
        despite_refusal: true,
    };
    let grant = decide_peer(&caller, &[subject("f", false).opened_to(&caller, rule)]).unwrap();
    let item = item("f", Category::Lab, Confidentiality::Restricted);
    assert!(grant.release(vec![item]).view().is_empty());
}
