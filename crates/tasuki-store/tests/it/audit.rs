//! The audit trail: chain, segments, leases, search index.

use crate::place::{Place, patient};
use std::sync::Arc;
use tasuki_core::audit::{Action, Actor, AuditEvent, ChainFinding, Ending, GENESIS, row_hash};
use tasuki_core::ports::{AuditSearch, Store};
use tasuki_core::{Code, Fault};
use tasuki_model::{FacilityId, Instant, PatientKey, PersonId, Role, UserId};

fn event(number: u32) -> AuditEvent {
    let at = Instant::from_micros(1_783_911_600_000_000 + i64::from(number));
    AuditEvent::of_process(at, Action::Import, "import", &format!("batch {number}"))
}

/// A store with `rows` events in one stream and a segment after each of `cuts`.
fn with_rows(place: &Place, rows: u32, cuts: &[u32]) -> Arc<dyn Store> {
    let store = place.open();
    for number in 1..=rows {
        store.append_audit(&[event(number)]).unwrap();
        if cuts.contains(&number) {
            assert!(store.sign_segment().unwrap().is_some());
        }
    }
    store
}

fn findings(place: &Place) -> Vec<ChainFinding> {
    let found = place.open().verify_audit().unwrap();
    found.into_iter().map(|(_, finding)| finding).collect()
}

pub fn rows_chain_and_verify(place: Place) {
    let store = with_rows(&place, 7, &[3, 5]);
    let p = patient(&*store, "0001");
    store
        .writing(|tx| {
            tx.set_disclosed(&p, true)?;
            tx.append_audit(&event(8))
        })
        .unwrap();
    store.append_audit(&[event(9), event(10)]).unwrap();
    assert_eq!(findings(&place), []);
    let last = store.sign_segment().unwrap().unwrap();
    assert_eq!((last.segment.first, last.segment.last), (6, 10));
    assert!(store.sign_segment().unwrap().is_none(), "nothing is new");
    assert_eq!(findings(&place), []);
    assert_eq!(place.count("SELECT COUNT(*) FROM audit_row"), 10);
}

pub fn a_flipped_row_is_found(place: Place) {
    with_rows(&place, 5, &[5]);
    place.tamper("audit_row", "bytes", "seq = 3", |bytes| {
        let last = bytes.len() - 3;
        bytes[last] ^= 1;
    });
    assert_eq!(findings(&place), [ChainFinding::Changed { seq: 3 }]);
}

pub fn a_deleted_row_is_found(place: Place) {
    with_rows(&place, 5, &[5]);
    place.sql("DELETE FROM audit_row WHERE seq = 3");
    let found = findings(&place);
    assert!(
        found.contains(&ChainFinding::Missing { from: 3, to: 3 }),
        "{found:?}"
    );
}

pub fn cut_rows_are_found(place: Place) {
    // Rows after the last segment are guarded by the head that the stream's row states.
    with_rows(&place, 5, &[3]);
    place.sql("DELETE FROM audit_row WHERE seq = 5");
    assert_eq!(
        findings(&place),
        [ChainFinding::Truncated { last: 5, end: 4 }]
    );
}

pub fn cut_rows_and_segments_are_found(place: Place) {
    // Whoever cuts rows, segments and the head alike is betrayed by the copy outside.
    with_rows(&place, 6, &[3, 6]);
    place.sql("DELETE FROM audit_row WHERE seq > 3");
    place.sql("DELETE FROM audit_segment WHERE first_seq > 3");
    place.sql("UPDATE audit_stream SET seq = 3, hash = (SELECT hash FROM audit_row WHERE seq = 3)");
    assert_eq!(
        findings(&place),
        [ChainFinding::Truncated { last: 6, end: 3 }]
    );
    // Even if nothing at all is left in the database.
    place.sql("DELETE FROM audit_row; DELETE FROM audit_segment; DELETE FROM audit_stream");
    assert_eq!(
        findings(&place),
        [ChainFinding::Truncated { last: 6, end: 0 }]
    );
}

pub fn a_recomputed_chain_is_found(place: Place) {
    let store = with_rows(&place, 4, &[4]);
    let stream = store.sign_segment().unwrap();
    assert!(stream.is_none());
    let name = stream_name(&place);
    // Row 2 is changed and every hash from there on computed anew, as is the head.
    let mut before = GENESIS;
    for seq in 1..=4u64 {
        let mut bytes = event(seq as u32).to_bytes().unwrap();
        if seq == 2 {
            bytes = AuditEvent {
                items: 999,
                ..event(2)
            }
            .to_bytes()
            .unwrap();
        }
        before = row_hash(&name, seq, 1, &before, &bytes);
        let at = format!("seq = {seq}");
        place.tamper("audit_row", "bytes", &at, |b| *b = bytes.clone());
        place.tamper("audit_row", "hash", &at, |h| *h = before.to_vec());
    }
    place.tamper("audit_stream", "hash", "seq = 4", |h| *h = before.to_vec());
    assert_eq!(
        findings(&place),
        [ChainFinding::Recomputed { first: 1, last: 4 }]
    );
}

fn stream_name(place: &Place) -> String {
    let files = std::fs::read_dir(place.data_dir().join("segments")).unwrap();
    let file = files.map(|f| f.unwrap().path()).next().unwrap();
    file.file_stem().unwrap().to_str().unwrap().to_owned()
}

pub fn a_segment_of_another_key_is_found(place: Place) {
    with_rows(&place, 4, &[2, 4]);
    place.tamper("audit_segment", "signature", "first_seq = 1", |s| s[5] ^= 1);
    assert_eq!(
        findings(&place),
        [ChainFinding::Signature { first: 1, last: 2 }]
    );
}

pub fn a_write_that_fails_leaves_no_row(place: Place) {
    let store = with_rows(&place, 2, &[]);
    let p = patient(&*store, "0001");
    let failed: Result<(), Fault> = store.writing(|tx| {
        tx.set_disclosed(&p, true)?;
        tx.append_audit(&event(3))?;
        Err(Fault::new(Code::InternalFault, "later"))
    });
    assert!(failed.is_err());
    assert_eq!(place.count("SELECT COUNT(*) FROM audit_row"), 2);
    store.append_audit(&[event(3)]).unwrap();
    assert_eq!(findings(&place), []);
}

pub fn two_processes_write_two_streams(place: Place) {
    let one = with_rows(&place, 2, &[]);
    let two = place.open();
    two.append_audit(&[event(1)]).unwrap();
    one.append_audit(&[event(3)]).unwrap();
    one.sign_segment().unwrap();
    two.sign_segment().unwrap();
    assert_eq!(place.count("SELECT COUNT(*) FROM audit_stream"), 2);
    assert_eq!(findings(&place), []);
    // A stream that was given back in order is taken up again, not left behind.
    two.close().unwrap();
    let three = place.open();
    three.append_audit(&[event(2)]).unwrap();
    assert_eq!(place.count("SELECT COUNT(*) FROM audit_stream"), 2);
    assert_eq!(findings(&place), []);
}

pub fn a_stream_goes_to_another_process_and_fences_the_first(place: Place) {
    let first = with_rows(&place, 2, &[]);
    // The first falls silent for longer than its lease; the second takes its stream.
    place.clock.advance(3_600);
    let second = place.open();
    second.append_audit(&[event(3)]).unwrap();
    assert_eq!(place.count("SELECT COUNT(*) FROM audit_stream"), 1);
    // The first comes back: it is refused the old stream and goes on in one of its own.
    first.append_audit(&[event(4)]).unwrap();
    assert_eq!(place.count("SELECT COUNT(*) FROM audit_stream"), 2);
    second.append_audit(&[event(5)]).unwrap();
    assert_eq!(place.count("SELECT COUNT(*) FROM audit_row"), 5);
    assert_eq!(place.count("SELECT MAX(epoch) FROM audit_row"), 2);
    assert_eq!(findings(&place), []);
}

pub fn events_are_found_once_indexed(place: Place) {
    let store = place.open();
    let user = UserId::new("dr-1").unwrap();
    let person = PersonId::new("person-1").unwrap();
    let key = PatientKey::new("key-1").unwrap();
    let mut view = event(1);
    view.action = Action::ChartView;
    view.ending = Ending::Success;
    view.actor = Actor::User {
        user: user.clone(),
        role: Role::Physician,
        facility: FacilityId::new("facility-a").unwrap(),
    };
    view.person = Some(person.clone());
    view.patients = vec![key.clone()];
    store
        .append_audit(&[view.clone(), event(2), event(3)])
        .unwrap();
    let find = |search: &AuditSearch| store.reading(|tx| tx.find_events(search, 10)).unwrap();
    assert!(find(&AuditSearch::default()).is_empty());
    assert_eq!(store.reading(|tx| tx.audit_lag()).unwrap(), 3);
    assert_eq!(store.index_audit(2).unwrap(), 2);
    assert_eq!(store.reading(|tx| tx.audit_lag()).unwrap(), 1);
    assert_eq!(store.index_audit(100).unwrap(), 1);
    assert_eq!(store.index_audit(100).unwrap(), 0);
    assert_eq!(store.reading(|tx| tx.audit_lag()).unwrap(), 0);
    let all = find(&AuditSearch::default());
    assert_eq!(all.iter().map(|l| l.seq).collect::<Vec<_>>(), [3, 2, 1]);
    let searches = [
        AuditSearch {
            user: Some(user),
            ..AuditSearch::default()
        },
        AuditSearch {
            person: Some(person),
            ..AuditSearch::default()
        },
        AuditSearch {
            patient: Some(key.clone()),
            ..AuditSearch::default()
        },
        AuditSearch {
            action: Some(Action::ChartView),
            ..AuditSearch::default()
        },
        AuditSearch {
            to: Some(event(2).at),
            patient: Some(key),
            ..AuditSearch::default()
        },
    ];
    for search in searches {
        let found: Vec<_> = find(&search).into_iter().map(|l| l.event).collect();
        assert_eq!(found, [view.clone()], "{search:?}");
    }
    let late = AuditSearch {
        from: Some(event(2).at),
        ..AuditSearch::default()
    };
    assert_eq!(find(&late).len(), 2);
}

pub fn cursors_pass_rows_once_and_never_go_back(place: Place) {
    let store = place.open();
    store.append_audit(&[event(1), event(2), event(3)]).unwrap();
    let after = |name: &str, limit| {
        let rows = store.reading(|tx| tx.audit_after(name, limit)).unwrap();
        rows.iter().map(|row| row.seq).collect::<Vec<_>>()
    };
    let rows = store.reading(|tx| tx.audit_after("arr", 10)).unwrap();
    assert_eq!(rows[0].event, Some(event(1)));
    let pass = |seq| {
        let stream = &rows[0].stream;
        store
            .writing(|tx| tx.pass_audit("arr", stream, seq))
            .unwrap();
    };
    assert_eq!(after("arr", 2), [1, 2]);
    pass(2);
    pass(1);
    assert_eq!(after("arr", 10), [3]);
    assert_eq!(after("other", 10), [1, 2, 3]);
    pass(3);
    assert!(after("arr", 10).is_empty());
    // The index has a cursor of its own.
    assert_eq!(store.reading(|tx| tx.audit_lag()).unwrap(), 3);
}
