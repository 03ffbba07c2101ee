//! The cross-reference on a store: what it links, asks, parts; and that it comes back the same.

use crate::place::{Place, facility, local};
use std::collections::BTreeSet;
use std::sync::Arc;
use tasuki_core::Code;
use tasuki_core::identity::cross_reference::{CrossReference, LEASE_SECONDS};
use tasuki_core::identity::desk::{self, Answer, Clerk};
use tasuki_core::ports::{DemographicsSource, LinkDecision, ReviewState, Store};
use tasuki_model::person::{Address, NameParts, PersonName};
use tasuki_model::{Demographics, FacilityId, Instant, JstDay, JstTime, PatientKey, Sex, UserId};

const OTHER: &str = "f-1319999999";

fn other() -> FacilityId {
    FacilityId::new(OTHER).unwrap()
}

/// Someone of a name, birth date, telephone and address.
fn someone(family: &str, given: (&str, &str), birth: &str, phone: &str) -> Demographics {
    let parts = |family: &str, given: &str| {
        Some(NameParts {
            family: family.to_owned(),
            given: given.to_owned(),
        })
    };
    Demographics {
        name: PersonName {
            ideographic: parts(family, given.0),
            phonetic: parts("トウキョウ", given.1),
            alphabetic: None,
        },
        birth: Some(JstDay::parse_iso(birth).unwrap()),
        birth_text: birth.replace('-', ""),
        sex: Sex::Female,
        addresses: vec![Address {
            postal: "1350016".to_owned(),
            text: format!("東京都江東区架空町{}", phone.len()),
        }],
        phones: vec![phone.to_owned()],
        insurances: Vec::new(),
    }
}

fn hanako() -> Demographics {
    someone("東京", ("花子", "ハナコ"), "1947-03-12", "03-0000-1184")
}

/// The same name and birth date, and nothing else.
fn namesake() -> Demographics {
    Demographics {
        addresses: vec![Address {
            postal: "1670042".to_owned(),
            text: "東京都杉並区想像台9-9-9".to_owned(),
        }],
        ..someone("東京", ("花子", "ハナコ"), "1947-03-12", "090-0000-6620")
    }
}

fn register(store: &dyn Store, at: &FacilityId, id: &str, who: &Demographics) -> PatientKey {
    store
        .writing(|tx| {
            let key = tx.ensure_registration(at, &local(id))?;
            let stated = JstTime::parse_hl7("20260713").unwrap();
            tx.put_demographics(&key, who, &stated, DemographicsSource::PatientRecord)?;
            tx.set_disclosed(&key, true)?;
            Ok(key)
        })
        .unwrap()
}

/// So many others, so that a name is worth what it is worth in a town.
fn a_town(store: &dyn Store) {
    for n in 0..400u32 {
        let who = someone(
            &format!("町{}", char::from_u32(0x4e00 + n).unwrap()),
            ("一郎", "イチロウ"),
            &format!("19{:02}-{:02}-{:02}", 30 + n % 60, 1 + n % 12, 1 + n % 28),
            &format!("03-1111-{n:04}"),
        );
        let at = if n % 2 == 0 { facility() } else { other() };
        register(store, &at, &format!("9{n:05}"), &who);
    }
}

fn cross_reference(place: &Place, store: &Arc<dyn Store>) -> CrossReference {
    CrossReference::new(Arc::clone(store), place.clock.clone()).unwrap()
}

fn together(store: &dyn Store, a: &PatientKey, b: &PatientKey) -> bool {
    let person = |key| {
        store
            .reading(|tx| tx.registration(key))
            .unwrap()
            .unwrap()
            .person
    };
    person(a) == person(b)
}

fn clerk(name: &str, four_eyes: bool) -> Clerk {
    Clerk {
        user: UserId::new(name).unwrap(),
        at: Instant::from_micros(1_783_911_600_000_000),
        four_eyes,
    }
}

/// Everyone with everyone of the same person.
fn projection(store: &dyn Store) -> BTreeSet<Vec<PatientKey>> {
    let all = store.reading(|tx| tx.projected(None, 10_000)).unwrap();
    let mut groups: BTreeSet<Vec<PatientKey>> = BTreeSet::new();
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        groups.insert(group.iter().map(|(_, key)| key.clone()).collect());
    }
    groups
}

pub fn registrations_of_one_person_are_linked_and_parted_by_withdrawal(place: Place) {
    let store = place.open();
    a_town(&*store);
    let here = register(&*store, &facility(), "1", &hanako());
    let there = register(&*store, &other(), "77", &hanako());
    let identity = cross_reference(&place, &store);
    assert_eq!(
        identity.explain(&here, &there).unwrap_err().code,
        Code::IdentityLoading
    );
    let settled = identity.settle().unwrap();
    assert_eq!((settled.registrations, settled.linked), (402, 1));
    assert!(together(&*store, &here, &there));
    let why = identity.explain(&here, &there).unwrap().unwrap();
    assert!(why.guards.is_empty() && why.bits.total() >= why.automatic);

    store.writing(|tx| tx.set_disclosed(&there, false)).unwrap();
    assert!(!together(&*store, &here, &there), "at once");
    assert_eq!(identity.settle().unwrap().parted, 1);
    assert_eq!(identity.explain(&here, &there).unwrap(), None);
    store.writing(|tx| tx.set_disclosed(&there, true)).unwrap();
    assert_eq!(identity.settle().unwrap().linked, 1);
    assert!(together(&*store, &here, &there));
    assert_eq!(identity.settle().unwrap().registrations, 0);
}

pub fn a_restart_finds_the_same_persons(place: Place) {
    let store = place.open();
    a_town(&*store);
    let here = register(&*store, &facility(), "1", &hanako());
    let there = register(&*store, &other(), "77", &hanako());
    let identity = cross_reference(&place, &store);
    identity.settle().unwrap();
    let before = projection(&*store);
    identity.close().unwrap();

    let again = cross_reference(&place, &store);
    assert!(!again.ready());
    assert_eq!(again.settle().unwrap().registrations, 0);
    assert!(again.ready());
    assert_eq!(again.figures().registrations, 402);
    assert!(again.explain(&here, &there).unwrap().is_some());
    assert_eq!(projection(&*store), before);

    // All of it made anew comes to the same, without a new event.
    let due = store.writing(|tx| tx.mark_all_due()).unwrap();
    assert_eq!(due, 402);
    let anew = again.settle().unwrap();
    assert_eq!((anew.linked, anew.parted, anew.asked), (0, 0, 0));
    assert_eq!(projection(&*store), before);
}

pub fn a_namesake_is_asked_about_and_decided_by_two(place: Place) {
    let store = place.open();
    a_town(&*store);
    let here = register(&*store, &facility(), "1", &hanako());
    let there = register(&*store, &other(), "77", &namesake());
    let identity = cross_reference(&place, &store);
    assert_eq!(identity.settle().unwrap().asked, 1);
    assert!(!together(&*store, &here, &there));
    assert_eq!(identity.alike(&here).unwrap(), std::slice::from_ref(&there));
    let line = store.reading(|tx| tx.open_reviews(None, 10)).unwrap();
    assert_eq!(line.len(), 1);
    let id = &line[0].id;

    let decide =
        |who: &str, answer| store.writing(|tx| desk::decide(tx, id, answer, &clerk(who, true)));
    assert_eq!(
        decide("a", Answer::Same).unwrap().state,
        ReviewState::Proposed
    );
    assert_eq!(
        decide("a", Answer::Same).unwrap_err().code,
        Code::SecondPersonNeeded
    );
    identity.settle().unwrap();
    assert!(!together(&*store, &here, &there), "one of two");
    // A colleague who sees it otherwise proposes that.
    assert_eq!(
        decide("b", Answer::NotSame).unwrap().state,
        ReviewState::Proposed
    );
    assert_eq!(
        decide("a", Answer::NotSame).unwrap().state,
        ReviewState::Decided
    );
    identity.settle().unwrap();
    assert!(!together(&*store, &here, &there));
    assert_eq!(
        decide("b", Answer::Same).unwrap_err().code,
        Code::ReviewChanged
    );

    store
        .writing(|tx| desk::undo(tx, id, &clerk("a", true)))
        .unwrap();
    identity.settle().unwrap();
    let state = || store.reading(|tx| tx.review(id)).unwrap().unwrap().state;
    assert_eq!(state(), ReviewState::Open);
    decide("a", Answer::Same).unwrap();
    decide("b", Answer::Same).unwrap();
    identity.settle().unwrap();
    assert!(together(&*store, &here, &there));
    assert_eq!(state(), ReviewState::Decided);
}

pub fn a_persons_word_outlives_rebuild_and_restart(place: Place) {
    let store = place.open();
    a_town(&*store);
    let here = register(&*store, &facility(), "1", &hanako());
    let there = register(&*store, &other(), "77", &hanako());
    let identity = cross_reference(&place, &store);
    identity.settle().unwrap();
    assert!(together(&*store, &here, &there));
    let seen = store
        .writing(|tx| desk::part(tx, &here, &there, &clerk("a", false)))
        .unwrap();
    assert!(seen.is_empty(), "nobody has looked");
    assert!(!together(&*store, &here, &there), "at once");
    identity.settle().unwrap();
    identity.close().unwrap();
    let again = cross_reference(&place, &store);
    store.writing(|tx| tx.mark_all_due()).unwrap();
    again.settle().unwrap();
    assert!(!together(&*store, &here, &there));
    let said = store.reading(|tx| tx.human_decisions()).unwrap();
    assert_eq!(said, [(here, there, LinkDecision::NotSame)]);
}

pub fn only_one_process_settles(place: Place) {
    let store = place.open();
    let beside = place.open();
    let identity = cross_reference(&place, &store);
    let other = cross_reference(&place, &beside);
    identity.settle().unwrap();
    assert_eq!(other.settle().unwrap_err().code, Code::IdentityElsewhere);
    // The first one dies: its lease runs out, and what it still tries is refused.
    place.clock.advance(61);
    register(&*beside, &facility(), "1", &hanako());
    assert_eq!(other.settle().unwrap().registrations, 1);
    assert_eq!(identity.settle().unwrap_err().code, Code::IdentityElsewhere);
    other.close().unwrap();
    assert_eq!(identity.settle().unwrap().registrations, 0);
    assert_eq!(identity.figures().registrations, 1);
}

pub fn the_order_of_arrival_changes_nothing(place: Place) {
    let store = place.open();
    a_town(&*store);
    let identity = cross_reference(&place, &store);
    identity.settle().unwrap();
    let mut arrivals: Vec<(FacilityId, String, Demographics)> = Vec::new();
    for n in 0..12u32 {
        let who = someone(
            "東京",
            [("花子", "ハナコ"), ("華子", "ハナコ"), ("月子", "ツキコ")][n as usize % 3],
            "1947-03-12",
            ["03-0000-1184", "090-0000-6620"][n as usize % 2],
        );
        let at = if n % 2 == 0 { facility() } else { other() };
        arrivals.push((at, format!("{n}"), who));
    }
    // Forwards one by one; then all taken out and in again in one go.
    for (at, id, who) in &arrivals {
        register(&*store, at, id, who);
        identity.settle().unwrap();
    }
    let one_by_one = projection(&*store);
    for (at, id, _) in arrivals.iter().rev() {
        let key = store
            .writing(|tx| tx.ensure_registration(at, &local(id)))
            .unwrap();
        store.writing(|tx| tx.set_disclosed(&key, false)).unwrap();
        identity.settle().unwrap();
    }
    for (at, id, who) in arrivals.iter().rev() {
        register(&*store, at, id, who);
    }
    identity.settle().unwrap();
    assert_eq!(projection(&*store), one_by_one);
}

/// A chart asks the index from within its transaction. Whoever settles meanwhile must not hold the
/// index while it waits for a connection: the two would wait for each other.
pub fn the_index_answers_inside_a_reading_while_it_settles(mut place: Place) {
    place.config.readers = 1;
    let store = place.open();
    let index = Arc::new(cross_reference(&place, &store));
    let key = register(&*store, &facility(), "1", &hanako());
    index.settle().unwrap();
    register(&*store, &other(), "2", &hanako());
    // The lease is renewed first, which is how the test knows that settling has begun.
    place.clock.advance(LEASE_SECONDS);
    let settling = store.reading(|_| {
        let before = store.commits();
        let other = Arc::clone(&index);
        let settling = std::thread::spawn(move || other.settle());
        while store.commits() == before {
            std::thread::yield_now();
        }
        index.alike(&key)?;
        Ok(settling)
    });
    let settled = settling.unwrap().join().unwrap().unwrap();
    assert_eq!(settled.registrations, 1);
}

pub fn a_reading_inside_another_is_a_fault(place: Place) {
    let store = place.open();
    let inner = store.reading(|_| store.reading(|tx| tx.facilities()));
    assert_eq!(inner.unwrap_err().code, Code::InternalFault);
    assert!(store.reading(|tx| tx.facilities()).is_ok());
}
