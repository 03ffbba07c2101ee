//! The document of a consent: for whom, and under which terms. It is no part of the record, and nobody reads it
//! whom the consent does not cover.

use super::*;
use crate::directory::{Community, PeerAssertions};
use std::collections::BTreeSet;
use tasuki_model::label::Confidentiality;
use tasuki_model::{CommunityId, EntryUuid, JstDay, Oid};

const KEY: &str = "p";

fn community(id: &str) -> Community {
    Community {
        home_community_id: CommunityId::new(id).unwrap(),
        name: "東部".into(),
        patient_authority: Oid::new("1.2.3.9").unwrap(),
        authorities: Vec::new(),
        endpoints: BTreeMap::new(),
        replies: Vec::new(),
        certificates: Vec::new(),
        tls12: false,
        dialect: "standard".into(),
        assertions: Some(PeerAssertions {
            emergency: true,
            issuer: "urn:east".into(),
            certificates: Vec::new(),
        }),
        asynchronous: false,
        discovery: false,
        offers: tasuki_model::facility::Offers::default(),
        contacts: Vec::new(),
    }
}

fn peer(id: &str, purpose: Purpose) -> PeerCaller {
    let user = AssertedUser {
        name_id: "d1".into(),
        name: "医師 一".into(),
        organisation: "東部病院".into(),
        organisation_id: "urn:oid:1.2.3.4".into(),
        role: Role::Physician,
    };
    PeerCaller::asserted(&community(id), user, purpose).unwrap()
}

fn document() -> Labelled<()> {
    let labels = Labels {
        patient_key: PatientKey::new(KEY).unwrap(),
        facility: FacilityId::new("home").unwrap(),
        category: Category::Consent,
        department: None,
        day: Some(JstDay::at(Instant::from_micros(0))),
        author: None,
        confidentiality: Confidentiality::Normal,
        document: Some(EntryUuid::new("d").unwrap()),
    };
    Labelled::new(labels, ())
}

fn subject(disclosed: bool, terms: Vec<Restriction>) -> Subject {
    let (key, home) = (PatientKey::new(KEY), FacilityId::new("home"));
    let subject = Subject::new(key.unwrap(), home.unwrap(), disclosed);
    subject.under(Terms::new(terms), Instant::from_micros(10))
}

fn told(caller: &PeerCaller, subject: Subject) -> bool {
    let grant = decide_peer(caller, &[subject]).unwrap();
    !grant.release(vec![document()]).view().is_empty()
}

#[test]
fn it_is_told_to_whom_the_consent_covers_whatever_else_it_keeps_back() {
    let viewers = |id: &str| BTreeSet::from([Viewer::Community(CommunityId::new(id).unwrap())]);
    let day = Some(JstDay::parse_basic("20260101").unwrap());
    for (terms, may) in [
        (vec![], true),
        (vec![Restriction::OnlyTo(viewers("1.2.3"))], true),
        (vec![Restriction::OnlyTo(viewers("1.2.4"))], false),
        (vec![Restriction::OnlyTo(BTreeSet::new())], false),
        (
            vec![Restriction::OnlyCategories([Category::Meal].into())],
            true,
        ),
        (vec![Restriction::OnlyDays { from: day, to: day }], true),
        (vec![Restriction::NotDepartment("26".into())], true),
        (vec![Restriction::Until(Instant::from_micros(11))], true),
        (vec![Restriction::Until(Instant::from_micros(10))], false),
        (
            vec![Restriction::NotBefore(Instant::from_micros(11))],
            false,
        ),
    ] {
        let said = format!("{terms:?}");
        let caller = peer("1.2.3", Purpose::Treatment);
        assert_eq!(told(&caller, subject(true, terms.clone())), may, "{said}");
        assert!(!told(&caller, subject(false, terms)), "{said}");
    }
}

#[test]
fn an_emergency_opens_the_record_and_not_what_was_agreed_to() {
    let caller = peer("1.2.3", Purpose::Emergency);
    let rule = PeerEmergencies {
        answered: true,
        despite_refusal: true,
    };
    let closed = subject(false, vec![]).opened_to(&caller, rule);
    assert!(!told(&caller, closed));
    assert!(told(
        &caller,
        subject(true, vec![]).opened_to(&caller, rule)
    ));
    let nobody = vec![Restriction::OnlyTo(BTreeSet::new())];
    assert!(!told(
        &caller,
        subject(true, nobody).opened_to(&caller, rule)
    ));
}

#[test]
fn no_chart_shows_it_not_even_at_its_own_facility() {
    let person = PersonId::new("person").unwrap();
    for &role in Role::ALL {
        let caller = Caller {
            user: UserId::new("u").unwrap(),
            facility: FacilityId::new("home").unwrap(),
            role,
            purpose: Purpose::Treatment,
        };
        let grant = decide(&caller, &person, &[subject(true, vec![])]);
        let shown = grant.is_ok_and(|g| !g.release(vec![document()]).view().is_empty());
        assert!(!shown, "{role:?}");
    }
}
