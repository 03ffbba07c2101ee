//! What the identity engine keeps, and consent before identity.

use crate::place::{Place, facility, local, patient};
use tasuki_core::Code;
use tasuki_core::ports::{
    IndexRow, LinkDecision, LinkEvent, Review, ReviewDecision, ReviewState, Store,
};
use tasuki_model::{FacilityId, Instant, PatientKey, PersonId, ReviewId, UserId};

/// A facility beside the first one.
const OTHER: &str = "f-1319999999";

fn elsewhere(store: &dyn Store, id: &str) -> PatientKey {
    let other = FacilityId::new(OTHER).unwrap();
    store
        .writing(|tx| tx.ensure_registration(&other, &local(id)))
        .unwrap()
}

fn disclose(store: &dyn Store, key: &PatientKey, disclosed: bool) {
    store
        .writing(|tx| tx.set_disclosed(key, disclosed))
        .unwrap();
}

fn decide(store: &dyn Store, a: &PatientKey, b: &PatientKey, decision: LinkDecision, by: bool) {
    let event = LinkEvent {
        a: a.clone(),
        b: b.clone(),
        decision,
        by: by.then(|| UserId::new("clerk").unwrap()),
        at: Instant::from_micros(1_783_911_600_000_000),
        evidence: "{}".to_owned(),
    };
    store.writing(|tx| tx.put_link(&event)).unwrap();
}

fn person(store: &dyn Store, key: &PatientKey) -> PersonId {
    let record = store.reading(|tx| tx.registration(key)).unwrap().unwrap();
    record.person
}

pub fn a_link_counts_only_while_both_disclose(place: Place) {
    let store = place.open();
    let (here, there) = (patient(&*store, "1"), elsewhere(&*store, "77"));
    let one = |key| person(&*store, key);
    decide(&*store, &here, &there, LinkDecision::Automatic, false);
    assert_ne!(one(&here), one(&there), "neither discloses");
    disclose(&*store, &here, true);
    assert_ne!(one(&here), one(&there), "one discloses");
    disclose(&*store, &there, true);
    assert_eq!(one(&here), one(&there));
    disclose(&*store, &there, false);
    assert_ne!(one(&here), one(&there), "withdrawn");
    // A person's word links no one who has not consented either.
    decide(&*store, &here, &there, LinkDecision::Same, true);
    assert_ne!(one(&here), one(&there));
    disclose(&*store, &there, true);
    assert_eq!(one(&here), one(&there));
}

pub fn within_a_facility_no_disclosure_is_needed(place: Place) {
    let store = place.open();
    let (a, b) = (patient(&*store, "1"), patient(&*store, "2"));
    decide(&*store, &a, &b, LinkDecision::Automatic, false);
    assert_eq!(person(&*store, &a), person(&*store, &b));
}

pub fn a_decision_taken_back_leaves_the_pair_to_the_engine(place: Place) {
    let store = place.open();
    let (a, b) = (patient(&*store, "1"), patient(&*store, "2"));
    let together = || person(&*store, &a) == person(&*store, &b);
    decide(&*store, &a, &b, LinkDecision::Automatic, false);
    decide(&*store, &a, &b, LinkDecision::NotSame, true);
    assert!(!together());
    decide(&*store, &a, &b, LinkDecision::Automatic, false);
    assert!(!together(), "what a person said stands");
    decide(&*store, &a, &b, LinkDecision::Unlink, true);
    assert!(together());
    decide(&*store, &a, &b, LinkDecision::Unlink, false);
    assert!(!together(), "the engine took its own link back");
    assert!(store.reading(|tx| tx.human_decisions()).unwrap().is_empty());
}

pub fn a_merged_number_names_its_survivor(place: Place) {
    let store = place.open();
    let (kept, gone) = (patient(&*store, "1"), patient(&*store, "2"));
    decide(&*store, &kept, &gone, LinkDecision::NotSame, true);
    decide(&*store, &kept, &gone, LinkDecision::Merged, false);
    let record = |key| store.reading(|tx| tx.registration(key)).unwrap().unwrap();
    assert_eq!(record(&gone).survivor, Some(kept.clone()));
    assert_eq!(record(&kept).survivor, None);
    assert_eq!(record(&gone).person, record(&kept).person);
    let said = store.reading(|tx| tx.human_decisions()).unwrap();
    assert_eq!(said, [(kept.clone(), gone.clone(), LinkDecision::Merged)]);
    decide(&*store, &gone, &kept, LinkDecision::NotSame, true);
    assert_eq!(record(&gone).survivor, None, "the number is in use again");
    assert_ne!(record(&gone).person, record(&kept).person);
}

pub fn changes_are_due_until_they_are_settled(place: Place) {
    let store = place.open();
    let key = patient(&*store, "1");
    let due = || store.reading(|tx| tx.identity_due(None, 10)).unwrap();
    let first = due();
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].record.patient_key, key);
    // It changes again before the first change is settled: it stays due.
    disclose(&*store, &key, true);
    let clear = |stamp| {
        store
            .writing(|tx| tx.clear_due(&[(key.clone(), stamp)]))
            .unwrap();
    };
    clear(first[0].stamp);
    let second = due();
    assert_eq!(second.len(), 1);
    clear(second[0].stamp);
    assert!(due().is_empty());
    disclose(&*store, &key, true);
    assert!(due().is_empty(), "nothing has changed");
    assert_eq!(store.writing(|tx| tx.mark_all_due()).unwrap(), 1);
    assert_eq!(due().len(), 1);
}

pub fn the_index_is_read_in_the_order_of_keys(place: Place) {
    let store = place.open();
    let keys: Vec<PatientKey> = (0..5).map(|n| patient(&*store, &n.to_string())).collect();
    for key in keys.iter().rev() {
        let row = IndexRow {
            patient: key.clone(),
            facility: facility(),
            shared: false,
            keys: vec![1, 2, 3],
        };
        store.writing(|tx| tx.put_index_row(&row)).unwrap();
        let shared = IndexRow {
            shared: true,
            ..row
        };
        store.writing(|tx| tx.put_index_row(&shared)).unwrap();
    }
    let mut sorted = keys.clone();
    sorted.sort();
    let mut seen = Vec::new();
    loop {
        let rows = store.reading(|tx| tx.index_rows(seen.last(), 2)).unwrap();
        if rows.is_empty() {
            break;
        }
        assert!(rows.iter().all(|r| r.shared && r.keys == [1, 2, 3]));
        seen.extend(rows.into_iter().map(|r| r.patient));
    }
    assert_eq!(seen, sorted);
    let mut projected = Vec::new();
    loop {
        let after = projected.last().map(|(person, key)| (person, key));
        let rows = store.reading(|tx| tx.projected(after, 2)).unwrap();
        if rows.is_empty() {
            break;
        }
        projected.extend(rows);
    }
    assert_eq!(projected.len(), keys.len());
    let counts = store.reading(|tx| tx.identity_counts()).unwrap();
    assert_eq!(
        (counts.registrations, counts.shared, counts.persons),
        (5, 5, 5)
    );
}

pub fn lines_of_the_queue_wait_and_are_decided(place: Place) {
    let store = place.open();
    let (a, b) = (patient(&*store, "1"), elsewhere(&*store, "9"));
    let line = Review {
        id: ReviewId::new("line-1").unwrap(),
        a: a.clone(),
        b: b.clone(),
        centibits: 150,
        evidence: "{}".to_owned(),
        state: ReviewState::Open,
        opened: Instant::from_micros(1_000),
        decision: None,
    };
    store.writing(|tx| tx.put_review(&line)).unwrap();
    let open =
        |facility: Option<&FacilityId>| store.reading(|tx| tx.open_reviews(facility, 10)).unwrap();
    assert_eq!(open(None), std::slice::from_ref(&line));
    assert_eq!(open(Some(&facility())), std::slice::from_ref(&line));
    assert_eq!(open(Some(&FacilityId::new(OTHER).unwrap())).len(), 1);
    assert!(open(Some(&FacilityId::new("f-none").unwrap())).is_empty());
    let decided = Review {
        state: ReviewState::Decided,
        decision: Some(ReviewDecision {
            decision: LinkDecision::NotSame,
            by: UserId::new("clerk").unwrap(),
            at: Instant::from_micros(2_000),
        }),
        ..line.clone()
    };
    let counted = |facility: &FacilityId| store.reading(|tx| tx.review_counts(facility)).unwrap();
    assert_eq!(counted(&facility()), [(ReviewState::Open, 1)]);
    store.writing(|tx| tx.put_review(&decided)).unwrap();
    assert_eq!(counted(&facility()), [(ReviewState::Decided, 1)]);
    assert_eq!(counted(&FacilityId::new("f-none").unwrap()), []);
    assert!(open(None).is_empty());
    assert_eq!(
        store.reading(|tx| tx.decided_reviews(None, 10)).unwrap(),
        std::slice::from_ref(&decided)
    );
    assert_eq!(
        store.reading(|tx| tx.reviews_of(&b)).unwrap(),
        std::slice::from_ref(&decided)
    );
    assert_eq!(
        store.reading(|tx| tx.review(&line.id)).unwrap(),
        Some(decided)
    );
}

pub fn one_process_settles_identities(place: Place) {
    let store = place.open();
    let at = Instant::from_micros(1_783_911_600_000_000);
    let take = |until: Instant| store.writing(|tx| tx.take_identity_lease(until)).unwrap();
    let epoch = take(at.plus_seconds(60)).unwrap();
    assert_eq!(take(at.plus_seconds(120)), Some(epoch), "renewed");
    store.writing(|tx| tx.check_identity_lease(epoch)).unwrap();
    let fenced = store
        .writing(|tx| tx.check_identity_lease(epoch + 1))
        .unwrap_err();
    assert_eq!(fenced.code, Code::IdentityElsewhere);
    store.writing(|tx| tx.give_identity_lease(epoch)).unwrap();
}
