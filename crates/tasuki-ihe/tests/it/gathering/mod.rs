//! A gathering from one community, whose patient IDs are known from the last answer of an index
//! that is away: what is kept of it, what is shown while the community is away, what never is.

mod at_once;
mod line;
mod two;

use crate::registry::{self, cx, patient, provide};
use std::sync::atomic::{AtomicBool, Ordering};
use tasuki_core::SourceState;
use tasuki_core::gather::PartialReason;
use tasuki_core::ports::{Institution, MisfiledSide};
use tasuki_model::Instant;
use two::Two;

fn set(flag: &AtomicBool, to: bool) {
    flag.store(to, Ordering::SeqCst);
}

#[test]
fn while_the_index_is_away_its_last_answer_says_who_is_meant() {
    let two = Two::new(&[("1.2.9.1", b"first"), ("1.2.9.2", b"second")]);
    let asked = two.gather();
    assert_eq!(asked.state, SourceState::Answered);
    assert_eq!((asked.items, asked.unconfirmed), (2, false));
    assert_eq!(asked.identified, Some(Instant::from_micros(7)));
    let copies = two.copies();
    assert_eq!(copies[0].1.as_deref(), Some(b"first".as_slice()));
    assert_eq!(copies[1].1.as_deref(), Some(b"second".as_slice()));
    assert!(
        copies
            .iter()
            .all(|(row, _)| row.items == 3 && row.fetched.is_some())
    );
    // A second visit lists again, and fetches nothing that is here.
    two.gather();
    let events = two.asking.events();
    let of = |t: &str| events.iter().filter(|e| e.subject == t).count();
    assert_eq!((of("ITI-45"), of("ITI-38"), of("ITI-39")), (2, 2, 1));
    let answered = two.answering.events();
    let of = |t: &str| answered.iter().filter(|e| e.subject == t).count();
    assert_eq!((of("ITI-38"), of("ITI-39")), (2, 1));
}

#[test]
fn a_patient_without_an_id_there_is_asked_for_nowhere() {
    let two = Two::new(&[("1.2.9.1", b"first")]);
    patient(&two.asking, "2", true);
    two.asking.link(("hzln", "1"), ("hzln", "2"));
    two.known(&[]);
    // Whoever parts two IDs takes back what was said of both.
    let asked = two.gather();
    assert_eq!((asked.state, asked.items), (SourceState::Answered, 0));
    assert_eq!(two.contents(), []);
}

#[test]
fn a_copy_stays_while_its_source_is_away_and_goes_when_it_is_withdrawn() {
    let two = Two::new(&[("1.2.9.1", b"first")]);
    two.gather();
    for flag in [&two.line.off, &two.line.garbage] {
        set(flag, true);
        let asked = two.gather();
        assert!(
            matches!(asked.state, SourceState::Unavailable { .. }),
            "{asked:?}"
        );
        assert_eq!(two.contents().len(), 1);
        set(flag, false);
    }
    two.answering.disclose("hzln", "1", false);
    let asked = two.gather();
    assert_eq!((asked.state, asked.items), (SourceState::Answered, 0));
    assert_eq!(two.contents(), []);
}

#[test]
fn what_is_of_another_patient_is_counted_and_never_kept() {
    let two = Two::new(&[
        ("1.2.9.1", b"first"),
        ("1.2.9.2", b"X another's"),
        ("1.2.9.3", b"U"),
    ]);
    let asked = two.gather();
    assert_eq!(asked.state, SourceState::Partial(PartialReason::Foreign(1)));
    let copies = two.copies();
    let problems: Vec<_> = copies
        .iter()
        .map(|(row, _)| row.problem.as_deref())
        .collect();
    // What cannot be read is there, and says why.
    assert_eq!(problems, [Some("REC-002"), None]);
    assert_eq!(
        two.contents(),
        [Some(b"U".to_vec()), Some(b"first".to_vec())]
    );
    // The clerks of whoever it was fetched for are told, once.
    two.gather();
    let record = two.asking.record("hzln", "1").unwrap();
    let told = two
        .asking
        .store
        .reading(|tx| tx.misfiled(&record.facility, 9));
    let told = told.unwrap();
    let [one] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(one.document, "1.2.9.2");
    assert_eq!((one.side, one.told), (MisfiledSide::Received, None));
    // Whole entries of somebody else are not even listed.
    let two = Two::new(&[("1.2.9.1", b"first")]);
    set(&two.line.mistaken, true);
    let asked = two.gather();
    assert_eq!(asked.state, SourceState::Partial(PartialReason::Foreign(1)));
    assert_eq!((asked.items, two.contents()), (0, Vec::new()));
}

#[test]
fn items_without_a_standard_code_are_counted_for_their_institution() {
    let two = Two::new(&[("1.2.9.1", b"L one"), ("1.2.9.2", b"none")]);
    two.gather();
    let store = &two.asking.store;
    let institutions = store.reading(|tx| tx.item_institutions()).unwrap();
    let [key] = institutions.as_slice() else {
        panic!("{institutions:?}");
    };
    let institution = Institution::from_key(key).unwrap();
    assert_eq!(institution.community.as_str(), "2.25.1");
    let items = store.reading(|tx| tx.local_items(key, 9)).unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!((&items[0].item, items[0].times), (&line::own_item(), 2));
}

#[test]
fn a_patient_with_two_ids_is_asked_for_under_both() {
    let two = Two::new(&[("1.2.9.1", b"first")]);
    patient(&two.answering, "2", true);
    let cx = cx("2");
    let document = registry::Document {
        patient: &cx,
        unique: "1.2.9.7",
        confidentiality: "N",
        more: "",
    };
    provide(&two.answering, &document, b"second");
    two.known(&["1", "2"]);
    assert_eq!(two.gather().items, 2);
    assert_eq!(
        two.contents(),
        [Some(b"first".to_vec()), Some(b"second".to_vec())]
    );
}
