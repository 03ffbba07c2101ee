//! Registrations that fit two who are two.

use super::{HANAKO, member, populated, together};
use crate::identity::decide::{Guard, Outcome};
use crate::identity::index::{Index, Said};
use crate::identity::normalise::Raw;

/// One of twins whose names read the same, of one household and insurance.
pub(super) fn twin(given: &'static str) -> Raw<'static> {
    Raw {
        family_kanji: if given.is_empty() {
            ""
        } else {
            HANAKO.family_kanji
        },
        given_kanji: given,
        given_kana: "ヒナ",
        insurer: "138123",
        symbol: "7",
        number: "55",
        birth: "2019-05-01",
        ..HANAKO
    }
}

fn twins_and_one_in_kana() -> Index {
    let mut index = populated();
    for (patient, given) in (0..).zip(["陽菜", "陽葵", ""]) {
        index.put(&member(patient, &twin(given))).unwrap();
    }
    index
}

#[test]
fn one_that_fits_either_twin_is_neither() {
    let mut index = twins_and_one_in_kana();
    let settlement = index.settle_all();
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        assert!(!together(&index, a, b), "{a} {b}");
    }
    for other in [0, 1] {
        let why = index.explain(other, 2).unwrap();
        assert_eq!(
            (why.outcome, why.guards),
            (Outcome::Review, vec![Guard::FitsTwo])
        );
    }
    let asked = settlement.reviews.iter().filter(|(_, b, _)| *b == 2);
    assert_eq!(asked.count(), 2, "the clerk is asked about both");
    index.remove(1);
    index.settle(&[]);
    assert!(together(&index, 0, 2), "with one twin there is no doubt");
}

#[test]
fn whoever_knows_says_whose_it_is() {
    let mut index = twins_and_one_in_kana();
    index.settle_all();
    index.said(1, 2, Some(Said::NotSame));
    index.settle(&[]);
    assert!(together(&index, 0, 2) && !together(&index, 1, 2));
    index.said(1, 2, Some(Said::Same));
    index.settle(&[]);
    assert!(together(&index, 1, 2) && !together(&index, 0, 2));
    index.said(1, 2, None);
    index.settle(&[]);
    assert!(!together(&index, 1, 2) && !together(&index, 0, 2));
}

#[test]
fn the_undisclosed_tears_nothing_that_is_disclosed() {
    let mut index = twins_and_one_in_kana();
    let mut hidden = member(1, &twin("陽葵"));
    hidden.shared = false;
    index.put(&hidden).unwrap();
    index.settle_all();
    assert!(together(&index, 0, 2));
}
