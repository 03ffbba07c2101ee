//! The index as a node keeps it: decisions of persons, disclosure, warnings, load and drift.

use super::{HANAKO, member, populated};
use crate::identity::bytes::{keys_from_bytes, keys_to_bytes};
use crate::identity::decide::{Guard, Outcome};
use crate::identity::index::{Index, Said, patient_key, patient_number};
use crate::identity::normalise::Raw;
use crate::identity::row::Former;
use tasuki_model::PatientKey;

/// She, the same elsewhere, and a stranger of her name and birth date.
fn three() -> Index {
    let mut index = populated();
    for (patient, raw) in (0..).zip([HANAKO, HANAKO, stranger()]) {
        index.put(&member(patient, &raw)).unwrap();
    }
    index.settle_all();
    index
}

fn stranger() -> Raw<'static> {
    Raw {
        address: "青梅市東青梅1-1",
        postal: "198-0042",
        phone: "090-9999-8888",
        number: "07654321",
        ..HANAKO
    }
}

fn together(index: &Index, a: u128, b: u128) -> bool {
    super::together(index, a, b)
}

#[test]
fn what_a_person_says_outranks_the_engine() {
    let mut index = three();
    assert!(together(&index, 0, 1) && !together(&index, 0, 2));
    index.said(0, 1, Some(Said::NotSame));
    index.said(1, 2, Some(Said::Same));
    let settlement = index.settle(&[]);
    assert!(!together(&index, 0, 1) && together(&index, 1, 2));
    // No question is left between her and the two: a person has answered it.
    assert_eq!(settlement.reviews, []);
    index.said(0, 1, None);
    index.said(1, 2, None);
    index.settle(&[]);
    assert!(together(&index, 0, 1) && !together(&index, 0, 2));
}

#[test]
fn a_group_says_what_holds_it() {
    let mut index = three();
    let settlement = index.settle(&[0]);
    let group = settlement
        .groups
        .iter()
        .find(|g| g.members.contains(&0))
        .unwrap();
    assert_eq!(group.members, [0, 1]);
    let [(0, 1, why)] = &group.edges[..] else {
        panic!("{:?}", group.edges);
    };
    assert_eq!(
        (why.outcome, &why.guards[..]),
        (Outcome::Automatic, &[][..])
    );
    let [(0, 2, why)] = &settlement.reviews[..] else {
        panic!("{:?}", settlement.reviews);
    };
    assert_eq!(why.guards, [Guard::NothingElse]);
    assert_eq!(why.registrations, 303);
}

#[test]
fn nothing_leaves_a_facility_before_it_is_disclosed() {
    let mut index = populated();
    let mut hers = [0, 1, 3].map(|patient| member(patient, &HANAKO));
    hers[0].shared = false;
    for one in &hers {
        index.put(one).unwrap();
    }
    index.settle_all();
    // 0 and 3 are of one facility, 1 of another.
    assert!(together(&index, 1, 3) && !together(&index, 0, 1));
    assert_eq!(index.explain(0, 1), None);
    assert!(index.explain(0, 3).is_some());
    index.said(0, 1, Some(Said::Same));
    index.settle(&[]);
    assert!(!together(&index, 0, 1), "not even by a decision");
    hers[0].shared = true;
    index.put(&hers[0]).unwrap();
    index.settle(&[0]);
    assert!(together(&index, 0, 1));
    hers[0].shared = false;
    index.put(&hers[0]).unwrap();
    let settlement = index.settle(&[0]);
    assert!(
        !together(&index, 0, 1),
        "and it leaves when disclosure is withdrawn"
    );
    assert_eq!(settlement.groups.len(), 2, "both parts are reported");
}

#[test]
fn a_former_address_agrees_like_a_present_one() {
    let mut index = populated();
    let her = member(0, &HANAKO);
    let mut moved = member(1, &stranger());
    index.put(&her).unwrap();
    index.put(&moved).unwrap();
    index.settle_all();
    assert!(!together(&index, 0, 1));
    moved.former = Former::after(&her.keys, None, &moved.keys);
    assert_eq!(moved.former.map(|f| f.phone), Some(300_001_111));
    index.put(&moved).unwrap();
    index.settle(&[1]);
    assert!(together(&index, 0, 1));
}

#[test]
fn a_former_insurance_is_nobodys_own_number() {
    // Twins had one insurance; one is insured elsewhere now.
    let twin = Raw {
        given_kanji: "葉子",
        given_kana: "ヨウコ",
        birth: "2001-05-01",
        insurer: "138123",
        symbol: "7",
        number: "55",
        branch: "03",
        ..HANAKO
    };
    let mut other = member(
        1,
        &Raw {
            given_kanji: "陽子",
            number: "9",
            ..twin
        },
    );
    other.former = Former::of(&member(1, &twin).keys);
    let mut index = populated();
    index.put(&member(0, &twin)).unwrap();
    index.put(&other).unwrap();
    index.settle_all();
    assert!(!together(&index, 0, 1));
}

#[test]
fn persons_of_one_name_and_twins_are_told() {
    let mut index = three();
    let brother = Raw {
        given_kanji: "太一",
        given_kana: "タイチ",
        sex: "M",
        ..HANAKO
    };
    index.put(&member(4, &brother)).unwrap();
    index.settle(&[4]);
    assert_eq!(
        index.alike(0),
        [2, 4],
        "the stranger of her name, and her twin"
    );
    assert_eq!(index.alike(4), [0, 1]);
    assert_eq!(index.alike(77), []);
}

#[test]
fn the_index_is_loaded_as_it_was_projected() {
    let mut index = populated();
    for (patient, raw) in (0..).zip([HANAKO, HANAKO, stranger()]) {
        let member = member(patient, &raw);
        let bytes = keys_to_bytes(&member.keys, member.former.as_ref());
        let (keys, former) = keys_from_bytes(&bytes).unwrap();
        assert_eq!((&keys, former), (&member.keys, member.former));
        index.put(&member).unwrap();
    }
    index.join_known(&[0, 2, 99]);
    index.prepare();
    assert!(
        together(&index, 0, 2),
        "as loaded, though the engine would not"
    );
    let settlement = index.settle(&[0]);
    assert!(together(&index, 0, 1) && !together(&index, 0, 2));
    let reported: Vec<&[u128]> = settlement.groups.iter().map(|g| &g.members[..]).collect();
    assert_eq!(reported, [&[0, 1][..], &[2]], "also who falls off");
}

#[test]
fn keys_of_another_normalisation_are_not_read() {
    let bytes = keys_to_bytes(&member(0, &HANAKO).keys, None);
    let mut other = bytes.clone();
    other[0] = other[0].wrapping_add(1);
    assert_eq!(keys_from_bytes(&other), None);
    for cut in 0..bytes.len() {
        assert_eq!(keys_from_bytes(&bytes[..cut]), None);
    }
    assert_eq!(keys_from_bytes(&[&bytes[..], &[0]].concat()), None);
}

#[test]
fn frequencies_are_those_of_the_last_time_until_the_population_drifts() {
    let mut index = three();
    assert!(!index.drifted());
    let before = index.explain(0, 1).unwrap();
    for patient in 0..31 {
        index.put(&member(10_000 + patient, &stranger())).unwrap();
    }
    assert_eq!(index.explain(0, 1).unwrap(), before);
    assert!(index.drifted());
    index.settle_all();
    assert!(!index.drifted());
    let after = index.explain(0, 1).unwrap();
    assert_eq!((before.registrations, after.registrations), (303, 334));
    assert!(
        after.bits.family < before.bits.family,
        "the name is less rare now"
    );
    assert!(
        after.bits.prior < before.bits.prior,
        "and any two are less likely one person"
    );
}

#[test]
fn a_key_of_too_many_leads_nowhere_whenever_they_came() {
    let same = |patient: u128| {
        let mut member = member(patient, &HANAKO);
        member.facility = 0;
        member
    };
    let mut index = three();
    for patient in 100..500 {
        index.put(&same(patient)).unwrap();
    }
    index.settle_all();
    let whole = index.clusters();
    assert!(!together(&index, 100, 101), "402 of one name and address");
    for patient in 498..500 {
        index.remove(patient);
    }
    index.settle(&[]);
    assert!(together(&index, 100, 101), "400 are still compared");
    for patient in 498..500 {
        index.put(&same(patient)).unwrap();
        index.settle(&[patient]);
    }
    assert_eq!(index.clusters(), whole);
}

#[test]
fn who_comes_and_goes_before_anything_is_settled_leaves_nothing() {
    let mut index = three();
    index.said(1, 4, Some(Said::Same));
    index.put(&member(4, &stranger())).unwrap();
    index.remove(4);
    let settlement = index.settle(&[1, 4]);
    let reported: Vec<&[u128]> = settlement.groups.iter().map(|g| &g.members[..]).collect();
    assert_eq!(reported, [&[0, 1][..], &[2]]);
}

#[test]
fn a_feed_gone_wrong_floods_no_queue() {
    let baby = Raw {
        given_kanji: "ベビー",
        given_kana: "ベビー",
        birth: "2026-05-01",
        ..HANAKO
    };
    let mut index = populated();
    for patient in 0..150 {
        index.put(&member(patient, &baby)).unwrap();
    }
    index.settle_all();
    assert!(!together(&index, 0, 1));
    let lines = index.lines().into_iter().filter(|(a, _)| *a < 150).count();
    assert!((1..=150 * 64).contains(&lines), "{lines}");
    index.put(&member(150, &baby)).unwrap();
    let settlement = index.settle(&[150]);
    let asked = settlement
        .reviews
        .iter()
        .filter(|(a, b, _)| *a == 150 || *b == 150);
    assert!(asked.count() <= 150);
}

#[test]
fn patient_keys_are_numbers_and_back() {
    let key = PatientKey::new("0193a5f0c1d27abc8def0123456789ab").unwrap();
    assert_eq!(patient_key(patient_number(&key).unwrap()).unwrap(), key);
    assert!(patient_number(&PatientKey::new("12-34").unwrap()).is_err());
}

#[test]
fn an_index_says_its_size() {
    let mut index = three();
    assert_eq!((index.len(), index.is_empty()), (303, false));
    assert!(index.bytes() > 303 * 100);
    for patient in 0..3 {
        index.remove(patient);
        index.remove(patient);
    }
    index.settle(&[0, 1, 2]);
    assert_eq!(index.len(), 300);
}
