//! The engine on small families, each named after what must not happen.

use crate::identity::decide::{Guard, Outcome};
use crate::identity::index::{Index, Member};
use crate::identity::normalise::{Raw, keys};
use crate::identity::weights::Weights;

mod bad_input;
mod general;
mod online;
mod order;
mod stated;
mod torn;

const HANAKO: Raw<'static> = Raw {
    family_kanji: "東京",
    given_kanji: "花子",
    family_kana: "トウキョウ",
    given_kana: "ハナコ",
    family_roman: "",
    given_roman: "",
    sex: "F",
    birth: "1947-03-12",
    postal: "113-0033",
    address: "文京区本郷9-9-9",
    phone: "03-0000-1111",
    insurer: "39131234",
    symbol: "",
    number: "01234567",
    branch: "",
};

fn member(patient: u128, raw: &Raw<'_>) -> Member {
    Member {
        patient,
        facility: patient as u32 % 3,
        shared: true,
        keys: keys(raw),
        former: None,
    }
}

/// Patient numbers of the population around those that a test is about.
const OTHERS: u128 = 1_000;

/// An index with a population, so that frequencies mean something.
fn populated() -> Index {
    let mut index = Index::new(Weights::shipped().unwrap());
    for i in 0..300u32 {
        let number = format!("{i:07}");
        let birth = format!("{}-{:02}-{:02}", 1930 + i % 80, 1 + i % 12, 1 + i % 28);
        let family = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本"][i as usize % 7];
        let given = [
            "一郎", "正", "清", "幸子", "和子", "明", "恵子", "隆", "久美",
        ][i as usize % 9];
        let raw = Raw {
            family_kanji: family,
            given_kanji: given,
            birth: &birth,
            phone: &format!("080{number}0"),
            address: &format!("港区芝{}-{}-{}", i % 5, i % 37, i),
            sex: "M",
            ..Raw::default()
        };
        index.put(&member(OTHERS + u128::from(i), &raw)).unwrap();
    }
    index
}

fn set(raws: &[Raw<'_>]) -> Index {
    let mut index = populated();
    for (patient, raw) in (0..).zip(raws) {
        index.put(&member(patient, raw)).unwrap();
    }
    index.settle_all();
    index
}

fn together(index: &Index, a: u128, b: u128) -> bool {
    let clusters = index.clusters();
    let of = |p: u128| {
        clusters
            .iter()
            .find(|(patient, _)| *patient == p)
            .unwrap()
            .1
    };
    of(a) == of(b)
}

fn outcome(a: &Raw<'_>, b: &Raw<'_>) -> (Outcome, Vec<Guard>) {
    let explanation = set(&[*a, *b]).explain(0, 1).unwrap();
    (explanation.outcome, explanation.guards)
}

#[test]
fn the_same_person_written_in_five_ways_is_one() {
    let others = [
        Raw {
            family_kana: "ﾄｳｷﾖｳ",
            given_kana: "ﾊﾅｺ",
            birth: "S22.3.12",
            ..HANAKO
        },
        Raw {
            family_kanji: "東京　花子",
            given_kanji: "",
            birth: "3220312",
            phone: "",
            ..HANAKO
        },
        Raw {
            address: "東京都文京区本郷９丁目９番９号",
            insurer: "",
            number: "",
            ..HANAKO
        },
        Raw {
            birth: "1947-12-03",
            ..HANAKO
        },
    ];
    for other in others {
        let set = set(&[HANAKO, other]);
        assert!(together(&set, 0, 1), "{other:?}");
    }
}

#[test]
fn twins_are_never_joined() {
    let twin = Raw {
        given_kanji: "葉子",
        given_kana: "ヨウコ",
        insurer: "138123",
        symbol: "7",
        number: "55",
        birth: "2019-05-01",
        ..HANAKO
    };
    for given in [("花子", "ハナコ"), ("葉奈", "ヨウナ"), ("陽子", "ヨウコ")] {
        let other = Raw {
            given_kanji: given.0,
            given_kana: given.1,
            ..twin
        };
        let set = set(&[twin, other]);
        assert!(!together(&set, 0, 1), "{given:?}");
    }
}

#[test]
fn twins_whose_names_stand_in_each_others_fields_are_not_joined() {
    let swapped = |given: &'static str, kana: &'static str| Raw {
        family_kanji: given,
        family_kana: kana,
        given_kanji: HANAKO.family_kanji,
        given_kana: HANAKO.family_kana,
        insurer: "138123",
        symbol: "7",
        number: "55",
        birth: "2019-05-01",
        ..HANAKO
    };
    let set = set(&[swapped("葉子", "ヨウコ"), swapped("美月", "ミヅキ")]);
    assert!(!together(&set, 0, 1));
}

#[test]
fn father_and_son_of_one_name_are_not_joined_over_one_without_a_birth_date() {
    let father = Raw {
        insurer: "138123",
        symbol: "7",
        number: "55",
        phone: "090-1111-2222",
        ..HANAKO
    };
    let son = Raw {
        birth: "1975-08-20",
        phone: "080-3333-4444",
        ..father
    };
    let either = Raw {
        birth: "",
        phone: "",
        ..father
    };
    let set = set(&[father, son, either]);
    assert!(!together(&set, 0, 1) && !together(&set, 0, 2) && !together(&set, 1, 2));
}

#[test]
fn name_and_birth_date_alone_are_for_a_person_to_decide() {
    let stranger = Raw {
        address: "青梅市東青梅1-1",
        postal: "198-0042",
        phone: "090-9999-8888",
        number: "07654321",
        ..HANAKO
    };
    let set = set(&[HANAKO, stranger]);
    assert!(!together(&set, 0, 1));
    assert!(set.lines().contains(&(0, 1)));
    assert_eq!(outcome(&HANAKO, &stranger).1, [Guard::NothingElse]);
}

#[test]
fn a_differing_birth_date_alone_is_never_a_flat_no() {
    let other = Raw {
        birth: "1951-10-30",
        ..HANAKO
    };
    assert_ne!(outcome(&HANAKO, &other).0, Outcome::No);
}

#[test]
fn kana_birth_date_and_sex_alone_are_never_an_automatic_yes() {
    let bare = Raw {
        family_kana: "トウキョウ",
        given_kana: "ハナコ",
        sex: "F",
        birth: "19470312",
        ..Raw::default()
    };
    assert_eq!(outcome(&bare, &bare).0, Outcome::Review);
    assert_ne!(outcome(&bare, &HANAKO).0, Outcome::Automatic);
}

#[test]
fn test_patients_link_to_nobody() {
    let test = Raw {
        family_kanji: "テスト",
        given_kanji: "太郎",
        ..HANAKO
    };
    assert_eq!(outcome(&test, &test).0, Outcome::No);
}

#[test]
fn members_of_one_household_with_other_branches_stay_apart() {
    let a = Raw {
        insurer: "01130012",
        symbol: "1",
        number: "2",
        branch: "01",
        ..HANAKO
    };
    let b = Raw { branch: "02", ..a };
    assert!(outcome(&a, &b).1.contains(&Guard::Branch));
}

#[test]
fn a_newborn_without_a_name_waits_for_one() {
    let baby = Raw {
        given_kanji: "ベビー",
        given_kana: "ベビー",
        birth: "2026-05-01",
        ..HANAKO
    };
    assert_eq!(outcome(&baby, &baby).0, Outcome::Review);
    assert!(outcome(&baby, &baby).1.contains(&Guard::Unnamed));
}

#[test]
fn a_move_is_seen_through_by_kin_that_moved_along() {
    let husband = Raw {
        family_kanji: "東京",
        given_kanji: "一之助",
        family_kana: "トウキョウ",
        given_kana: "イチノスケ",
        sex: "M",
        birth: "1945-01-20",
        number: "08888888",
        phone: "090-1111-2222",
        ..HANAKO
    };
    let moved = |r: Raw<'static>| Raw {
        address: "青梅市東青梅1-2-3",
        postal: "198-0042",
        ..r
    };
    let her = Raw {
        phone: "042-777-7777",
        insurer: "",
        number: "",
        ..moved(HANAKO)
    };
    let his = moved(husband);
    let family = set(&[HANAKO, husband, her, his]);
    let all = family;
    assert!(together(&all, 1, 3), "his mobile number stays");
    assert!(together(&all, 0, 2), "she lived with him at both places");
    let alone = set(&[HANAKO, her]);
    assert!(!together(&alone, 0, 1), "without him nobody can tell");
}

#[test]
fn a_person_written_in_two_ways_is_no_kin_of_her_own() {
    let here = Raw {
        insurer: "138123",
        symbol: "7",
        number: "55",
        birth: "2002-10-10",
        ..HANAKO
    };
    let away = |r: Raw<'static>| Raw {
        address: "青梅市東青梅1-1",
        postal: "198-0042",
        phone: "090-9999-8888",
        number: "77",
        ..r
    };
    let homophone = Raw {
        given_kanji: "華子",
        ..here
    };
    let set = set(&[here, homophone, away(here), away(homophone)]);
    assert!(!together(&set, 0, 2) && !together(&set, 1, 3));
}
