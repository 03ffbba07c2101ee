//! Withdrawals: who is still to be told, until when, and links of patients.

use crate::place::{Place, patient};
use tasuki_core::ports::{Participant, RightsLink, Store};
use tasuki_model::{CommunityId, FacilityId, Instant, JstDay, UserId};

fn peer(text: &str) -> CommunityId {
    CommunityId::new(text).unwrap()
}

fn waiting(store: &dyn Store, to: &str) -> Vec<tasuki_core::ports::Withdrawal> {
    store
        .reading(|tx| tx.withdrawals_to(&peer(to), 10))
        .unwrap()
}

pub fn a_withdrawal_waits_for_each_community_until_it_has_been_told(place: Place) {
    let store = place.open();
    let key = patient(&*store, "1");
    let both = [peer("2.25.8"), peer("2.25.9")];
    store.writing(|tx| tx.set_withdrawal_peers(&both)).unwrap();
    let disclose = |yes| store.writing(|tx| tx.set_disclosed(&key, yes)).unwrap();
    disclose(true);
    disclose(false);
    assert_eq!(
        waiting(&*store, "2.25.8"),
        [],
        "nobody outside has an ID of theirs"
    );
    disclose(true);
    let person = store
        .reading(|tx| tx.registration(&key))
        .unwrap()
        .unwrap()
        .person;
    let id = store.writing(|tx| tx.issue_xad_pid(&person)).unwrap();
    disclose(false);
    let first = waiting(&*store, "2.25.8");
    assert_eq!(
        (first.len(), &first[0].id, &first[0].patient),
        (1, &id, &key)
    );
    assert_eq!(waiting(&*store, "2.25.9").len(), 1);
    // What comes while it is being told still waits.
    disclose(true);
    let person = store
        .reading(|tx| tx.registration(&key))
        .unwrap()
        .unwrap()
        .person;
    let same = store.reading(|tx| tx.xad_pid(&person)).unwrap();
    disclose(false);
    let told = |w| {
        store
            .writing(|tx| tx.withdrawal_told(&peer("2.25.8"), &w))
            .unwrap()
    };
    told(first[0].clone());
    if same == Some(id) {
        assert_eq!(waiting(&*store, "2.25.8").len(), 1);
    }
    waiting(&*store, "2.25.8").into_iter().for_each(told);
    assert_eq!(waiting(&*store, "2.25.8"), []);
    let far = Instant::from_micros(i64::MAX);
    let given_up = store.writing(|tx| tx.give_up_withdrawals(&peer("2.25.9"), far));
    assert!(given_up.unwrap() >= 1 && waiting(&*store, "2.25.9").is_empty());
    let queues = store.reading(|tx| tx.withdrawal_queues()).unwrap();
    assert_eq!(queues.len(), 1);
    assert!(queues[0].peer == peer("2.25.9") && queues[0].given_up >= 1 && queues[0].waiting == 0);
    store.writing(|tx| tx.set_withdrawal_peers(&[])).unwrap();
    assert_eq!(store.reading(|tx| tx.withdrawal_queues()).unwrap(), []);
}

pub fn a_statement_is_taken_once(place: Place) {
    let store = place.open();
    let at = |seconds: i64| Instant::from_micros(0).plus_seconds(1_000_000 + seconds);
    let first = |from: &str, id: &str, now, forget| {
        let done = store.writing(|tx| tx.first_statement(&peer(from), id, at(now), at(forget)));
        done.unwrap()
    };
    assert!(first("2.25.8", "s1", 0, -900));
    assert!(!first("2.25.8", "s1", 1, -900));
    assert!(first("2.25.9", "s1", 1, -900), "another's");
    assert!(
        first("2.25.8", "s1", 2_000, 1_000),
        "too old to be taken anyway"
    );
}

pub fn a_link_of_a_patient_is_used_up_and_an_institution_is_kept(place: Place) {
    let store = place.open();
    let key = patient(&*store, "1");
    let at = |seconds: i64| Instant::from_micros(0).plus_seconds(1_000_000 + seconds);
    let link = |code: &str| RightsLink {
        code_sha256: code.to_owned(),
        patient: key.clone(),
        by: UserId::new("clerk").unwrap(),
        expires: at(100),
        uses: 2,
    };
    let put = |code: &str| {
        store
            .writing(|tx| tx.put_rights_link(&link(code), at(0)))
            .unwrap()
    };
    let used = |code: &str, now| {
        store
            .writing(|tx| tx.use_rights_link(code, at(now)))
            .unwrap()
    };
    put("a");
    assert!(used("a", 1) && !used("b", 1));
    put("b");
    assert!(!used("a", 1), "replaced");
    assert!(!used("b", 100), "out of time");
    assert!(used("b", 2) && used("b", 3) && !used("b", 4));
    let facility = FacilityId::new("anywhere").unwrap();
    let before = store.reading(|tx| tx.institution(&facility)).unwrap();
    assert_eq!(before, Participant::default());
    let kept = Participant {
        looks: false,
        posted: JstDay::new(2026, 4, 1).ok(),
        ..before
    };
    for _ in 0..2 {
        store
            .writing(|tx| tx.put_institution(&facility, &kept))
            .unwrap();
    }
    assert_eq!(store.reading(|tx| tx.institution(&facility)).unwrap(), kept);
}
