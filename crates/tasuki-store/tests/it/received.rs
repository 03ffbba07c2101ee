//! Gatherings, and copies of what other communities hold.

use crate::place::{Place, facility, patient};
use crate::registry::{objects, seen};
use tasuki_core::SourceState;
use tasuki_core::elsewhere::{Asked, CopyRow, Gathering, Shelf};
use tasuki_core::ports::{CopyContent, LinkDecision, LinkEvent, Listed, Store};
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{
    Category, CommunityId, CopyId, GatherId, Instant, JstDay, PatientKey, PersonId, Role, UserId,
};

fn at(seconds: i64) -> Instant {
    Instant::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
}

fn other() -> CommunityId {
    CommunityId::new("2.25.7").unwrap()
}

fn shelf(patient: &PatientKey) -> Shelf {
    Shelf {
        patient: patient.clone(),
        facility: facility(),
        role: Role::Physician,
    }
}

fn listed(unique: &str, title: &str, confirmed: Instant) -> Listed {
    Listed {
        row: CopyRow {
            id: CopyId::new("not yet").unwrap(),
            source: other(),
            patient: "".into(),
            day: JstDay::parse_basic("20260601").ok(),
            category: Category::Lab,
            kind: "OML-11".into(),
            confirmed,
            fetched: None,
            problem: None,
            items: 1,
            unconfirmed: false,
        },
        confidentiality: Confidentiality::Normal,
        entry: DocumentEntry {
            unique_id: Some(unique.to_owned()),
            repository_id: Some("2.25.7.1".to_owned()),
            title: tasuki_model::xds::Text::of(title),
            ..DocumentEntry::default()
        },
    }
}

fn list(store: &dyn Store, shelf: &Shelf, listed: &[Listed], whole: bool) {
    store
        .writing(|tx| tx.put_listed(shelf, &other(), listed, whole, at(1_000)))
        .unwrap();
}

fn rows(store: &dyn Store, shelf: &Shelf, since: Instant) -> Vec<CopyRow> {
    let found = store.reading(|tx| tx.copies(shelf, &other(), Some(since)));
    seen(store, &shelf.patient, found.unwrap())
}

fn here(bytes: &[u8]) -> CopyContent<'_> {
    CopyContent::Here {
        mime_type: "text/plain",
        bytes,
        items: 3,
        problem: None,
    }
}

fn content(store: &dyn Store, copy: &CopyId) -> Option<Vec<u8>> {
    let found = store.reading(|tx| tx.copy_contents(std::slice::from_ref(copy)));
    found.unwrap().remove(0).map(|content| content.bytes)
}

pub fn a_gathering_is_found_by_its_session_and_goes_with_time(place: Place) {
    let store = place.open();
    let store = &*store;
    let patient = patient(store, "1");
    let gathering = |id: &str, begun| Gathering {
        id: GatherId::new(id).unwrap(),
        session: "5e55".to_owned(),
        person: PersonId::new("p").unwrap(),
        shelf: shelf(&patient),
        begun,
        deadline: begun.plus_seconds(8),
    };
    let (first, second) = (gathering("a", at(0)), gathering("b", at(5)));
    let asked = Asked::now(other(), at(5));
    for one in [&first, &second] {
        let new = |tx: &dyn tasuki_core::ports::Writing| {
            tx.put_gathering(one, std::slice::from_ref(&asked))
        };
        store.writing(new).unwrap();
    }
    let newest = |session: &str| {
        let person = PersonId::new("p").unwrap();
        store.reading(|tx| tx.newest_gathering(session, &person))
    };
    assert_eq!(newest("5e55"), Ok(Some(second.clone())));
    assert_eq!(newest("another"), Ok(None));
    let done = Asked {
        state: SourceState::Unavailable { since: at(1) },
        items: 4,
        unconfirmed: true,
        identified: Some(at(-9)),
        at: at(6),
        ..asked.clone()
    };
    store.writing(|tx| tx.put_asked(&second.id, &done)).unwrap();
    let of = |id: &GatherId| store.reading(|tx| tx.asked(id)).unwrap();
    assert_eq!(of(&second.id), [done]);
    assert_eq!(of(&first.id), [asked]);
    store
        .writing(|tx| tx.forget_expired(at(9), at(5), 100))
        .unwrap();
    assert_eq!(store.reading(|tx| tx.gathering(&first.id)), Ok(None));
    assert_eq!(of(&first.id), []);
    assert_eq!(newest("5e55"), Ok(Some(second)));
}

pub fn a_copy_stays_while_it_is_listed(place: Place) {
    let store = place.open();
    let store = &*store;
    let shelf = shelf(&patient(store, "1"));
    let (one, two) = (listed("1.1", "one", at(0)), listed("1.2", "two", at(0)));
    list(store, &shelf, &[one, two], true);
    let first = rows(store, &shelf, at(0));
    assert_eq!(first.len(), 2);
    let entries = store.reading(|tx| tx.copy_entries(&[first[0].id.clone()]));
    let unique = entries.unwrap().remove(0).unique_id.unwrap();
    let kept = &first[0].id;
    store
        .writing(|tx| tx.put_copy_content(kept, &here(b"MSH|1"), at(1)))
        .unwrap();
    // The same again, with the other left out by an answer that is not whole, and then by one that is.
    let title = if unique == "1.1" { "one" } else { "two" };
    list(store, &shelf, &[listed(&unique, title, at(2))], false);
    assert_eq!(rows(store, &shelf, at(0)).len(), 2);
    let confirmed = rows(store, &shelf, at(2));
    assert_eq!(confirmed.len(), 1);
    assert_eq!((&confirmed[0].id, confirmed[0].items), (kept, 3));
    assert_eq!(confirmed[0].fetched, Some(at(1)));
    assert_eq!(content(store, kept).unwrap(), b"MSH|1");
    list(store, &shelf, &[listed(&unique, title, at(3))], true);
    assert_eq!(rows(store, &shelf, at(0)).len(), 1);
    // Other words about it: what was fetched is not believed to be what is meant now.
    list(
        store,
        &shelf,
        &[listed(&unique, "other words", at(4))],
        true,
    );
    let [changed] = &rows(store, &shelf, at(0))[..] else {
        panic!("one copy");
    };
    assert_eq!((changed.fetched, content(store, &changed.id)), (None, None));
    assert_ne!(&changed.id, kept);
    let nurse = Shelf {
        role: Role::Nurse,
        ..shelf.clone()
    };
    assert_eq!(rows(store, &nurse, at(0)), []);
    list(store, &shelf, &[], true);
    assert_eq!(rows(store, &shelf, at(0)), []);
}

pub fn a_copy_goes_when_its_time_is_over(place: Place) {
    let store = place.open();
    let store = &*store;
    let shelf = shelf(&patient(store, "1"));
    list(store, &shelf, &[listed("1.1", "one", at(0))], true);
    let copy = rows(store, &shelf, at(0)).remove(0).id;
    let large = vec![7u8; 200_000];
    store
        .writing(|tx| tx.put_copy_content(&copy, &here(&large), at(1)))
        .unwrap();
    assert_eq!(content(store, &copy), Some(large));
    assert_eq!(objects(&place), 1);
    let forget = |now| store.writing(|tx| tx.forget_expired(now, at(0), 100));
    assert_eq!(forget(at(999)), Ok(0));
    assert_eq!(forget(at(1_000)), Ok(1));
    assert_eq!(objects(&place), 0);
    // What comes after that is for a copy that is gone: nothing is kept.
    store
        .writing(|tx| tx.put_copy_content(&copy, &here(b"late"), at(1_001)))
        .unwrap();
    assert!(store.reading(|tx| tx.copy(&copy)).unwrap().is_none());
}

pub fn copies_lie_sealed_and_say_why_they_are_empty(place: Place) {
    let store = place.open();
    let store = &*store;
    let shelf = shelf(&patient(store, "1"));
    list(store, &shelf, &[listed("1.1", "SECRETTITLE", at(0))], true);
    let copy = rows(store, &shelf, at(0)).remove(0).id;
    let secret = here(b"SECRETRESULT");
    store
        .writing(|tx| tx.put_copy_content(&copy, &secret, at(1)))
        .unwrap();
    for (column, secret) in [("entry", "SECRETTITLE"), ("content", "SECRETRESULT")] {
        place.tamper("received_copy", column, "content IS NOT NULL", |bytes| {
            let clear = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!clear && bytes.len() > secret.len(), "{column}");
        });
    }
    let missing = CopyContent::Missing("FED-006");
    store
        .writing(|tx| tx.put_copy_content(&copy, &missing, at(2)))
        .unwrap();
    let row = rows(store, &shelf, at(0)).remove(0);
    assert_eq!(row.problem.as_deref(), Some("FED-006"));
    assert_eq!((row.fetched, content(store, &copy)), (None, None));
    // What is to be fetched anew is neither there nor missing.
    let due = |tx: &dyn tasuki_core::ports::Writing| {
        tx.put_copy_content(&copy, &secret, at(3))?;
        tx.put_copy_content(&copy, &CopyContent::Due, at(4))?;
        tx.copies_without_content(std::slice::from_ref(&copy))
    };
    assert_eq!(store.writing(due).unwrap(), std::slice::from_ref(&copy));
    let row = rows(store, &shelf, at(0)).remove(0);
    assert_eq!(
        (row.problem, row.fetched, content(store, &copy)),
        (None, None, None)
    );
}

pub fn a_link_drops_the_copies_of_all_it_touches(place: Place) {
    let store = place.open();
    let store = &*store;
    let (a, b) = (patient(store, "1"), patient(store, "2"));
    list(store, &shelf(&a), &[listed("1.1", "one", at(0))], true);
    let same = LinkEvent {
        a: a.clone(),
        b,
        decision: LinkDecision::Same,
        by: Some(UserId::new("clerk").unwrap()),
        at: at(1),
        evidence: "{}".to_owned(),
    };
    store.writing(|tx| tx.put_link(&same)).unwrap();
    assert_eq!(rows(store, &shelf(&a), at(0)), []);
}
