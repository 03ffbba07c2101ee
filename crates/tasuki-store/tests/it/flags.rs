//! The rules of the condition flag: 1 current, 2 superseded, 0 deleted (architecture §3.5).

use crate::place::{Place, key, patient, put};
use crate::registry::{approved, deprecated, seen_one};
use tasuki_core::Code;
use tasuki_core::ports::StoreReceipt;
use tasuki_model::AvailabilityStatus::{Approved, Deprecated};
use tasuki_model::Instant;

pub fn a_new_document_is_current(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    assert_eq!(
        put(&*store, &p, &key("1"), Approved, b"one"),
        StoreReceipt::Registered
    );
    let found = approved(&*store, &p);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].logical_id, found[0].entry_uuid);
    assert!(deprecated(&*store, &p).is_empty());
}

pub fn a_new_version_takes_the_place_of_the_old(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    let first = approved(&*store, &p).remove(0);
    let receipt = put(&*store, &p, &key("1"), Approved, b"two");
    assert_eq!(receipt, StoreReceipt::Replaced(first.entry_uuid.clone()));
    let now = approved(&*store, &p);
    assert_eq!(now.len(), 1);
    assert_ne!(now[0].entry_uuid, first.entry_uuid);
    assert_eq!(now[0].logical_id, first.entry_uuid);
    let old = deprecated(&*store, &p);
    assert_eq!(old.len(), 1);
    assert_eq!(old[0].entry_uuid, first.entry_uuid);
    // Both stay readable by id; the newer says what it replaced.
    for (entry, bytes) in [(&now[0], b"two"), (&first, b"one")] {
        let found = store
            .reading(|tx| tx.get_contents(std::slice::from_ref(&entry.entry_uuid)))
            .unwrap();
        assert_eq!(found[0].bytes, bytes);
    }
    let versions = store
        .reading(|tx| tx.find_versions(&now[0].entry_uuid))
        .unwrap();
    assert_eq!(crate::registry::seen(&*store, &p, versions), old);
}

pub fn the_same_bytes_change_nothing(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    let before = approved(&*store, &p);
    assert_eq!(
        put(&*store, &p, &key("1"), Approved, b"one"),
        StoreReceipt::Unchanged(before[0].entry_uuid.clone())
    );
    assert_eq!(approved(&*store, &p), before);
    assert!(deprecated(&*store, &p).is_empty());
}

pub fn flag_two_alone_leaves_nothing_current(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    assert!(store.writing(|tx| tx.deprecate(&p, &key("1"))).unwrap());
    assert!(approved(&*store, &p).is_empty());
    let old = deprecated(&*store, &p);
    assert_eq!(old.len(), 1);
    // Nothing is current now, so there is nothing more to supersede.
    assert!(!store.writing(|tx| tx.deprecate(&p, &key("1"))).unwrap());
    assert!(!store.writing(|tx| tx.deprecate(&p, &key("2"))).unwrap());
    // A version that comes later replaces the superseded one.
    assert_eq!(
        put(&*store, &p, &key("1"), Approved, b"two"),
        StoreReceipt::Replaced(old[0].entry_uuid.clone())
    );
}

pub fn a_superseded_file_joins_before_the_current_one(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"two");
    let current = approved(&*store, &p);
    assert_eq!(
        put(&*store, &p, &key("1"), Deprecated, b"one"),
        StoreReceipt::Registered
    );
    assert_eq!(approved(&*store, &p), current);
    let old = deprecated(&*store, &p);
    assert_eq!(old.len(), 1);
    assert_eq!(old[0].logical_id, current[0].logical_id);
    // The current version's own file was renamed to flag 2: it is superseded, not doubled.
    assert_eq!(
        put(&*store, &p, &key("1"), Deprecated, b"two"),
        StoreReceipt::Unchanged(current[0].entry_uuid.clone())
    );
    assert!(approved(&*store, &p).is_empty());
    assert_eq!(deprecated(&*store, &p).len(), 2);
}

pub fn flag_zero_takes_every_version_away(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    let large = vec![7u8; 200_000];
    put(&*store, &p, &key("1"), Approved, &large);
    put(&*store, &p, &key("1"), Approved, b"two");
    let all = [approved(&*store, &p), deprecated(&*store, &p)].concat();
    let at = Instant::from_micros(1_783_911_700_000_000);
    let mut gone = store.writing(|tx| tx.delete(&p, &key("1"), at)).unwrap();
    gone.sort();
    let mut expected: Vec<_> = all.iter().map(|e| e.entry_uuid.clone()).collect();
    expected.sort();
    assert_eq!(gone, expected);
    assert!(approved(&*store, &p).is_empty() && deprecated(&*store, &p).is_empty());
    let cells = store
        .reading(|tx| {
            tx.find_cells(
                std::slice::from_ref(&p),
                crate::place::day("2026-01-01"),
                crate::place::day("2026-12-31"),
            )
        })
        .unwrap();
    assert!(cells.is_empty());
    for entry in &all {
        assert!(seen_one(&*store, &entry.entry_uuid).is_none());
        store
            .reading(|tx| {
                assert!(tx.find_unique(&entry.unique_id)?.is_none());
                assert!(tx.locate(&entry.entry_uuid)?.is_none());
                assert!(tx.find_versions(&entry.entry_uuid)?.is_empty());
                let content = tx.get_contents(std::slice::from_ref(&entry.entry_uuid));
                assert_eq!(content.unwrap_err().code, Code::NotFoundOrWithheld);
                Ok(())
            })
            .unwrap();
    }
    let stones = store.reading(|tx| tx.tombstones(&p)).unwrap();
    assert_eq!(stones.len(), 2);
    assert!(stones.iter().all(|s| s.deleted == at && s.patient_key == p));
    assert_eq!(place.count("SELECT COUNT(*) FROM object_removal"), 0);
    assert_eq!(crate::registry::objects(&place), 0);
    // A second deletion finds nothing.
    assert!(
        store
            .writing(|tx| tx.delete(&p, &key("1"), at))
            .unwrap()
            .is_empty()
    );
}

pub fn a_key_can_be_used_again_after_its_deletion(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    let at = Instant::from_micros(1);
    store.writing(|tx| tx.delete(&p, &key("1"), at)).unwrap();
    assert_eq!(
        put(&*store, &p, &key("1"), Approved, b"one"),
        StoreReceipt::Registered
    );
    assert_eq!(approved(&*store, &p).len(), 1);
}

pub fn another_key_of_the_same_patient_stays(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    let q = patient(&*store, "0002");
    let mut undated = key("1");
    undated.day = None;
    let mut other_kind = key("1");
    other_kind.kind = "OML-01".into();
    for k in [&key("1"), &key("2"), &undated, &other_kind] {
        put(&*store, &p, k, Approved, b"same bytes");
        put(&*store, &q, k, Approved, b"same bytes");
    }
    let gone = store
        .writing(|tx| tx.delete(&p, &key("1"), Instant::from_micros(1)))
        .unwrap();
    assert_eq!(gone.len(), 1);
    assert_eq!(approved(&*store, &p).len(), 3);
    assert_eq!(approved(&*store, &q).len(), 4);
}
