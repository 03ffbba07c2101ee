//! What a feed can send that is no use to identity: nothing is joined by it, nothing breaks.

use super::{HANAKO, OTHERS, member, outcome, populated, set, together};
use crate::Code;
use crate::identity::decide::Guard;
use crate::identity::normalise::{Raw, keys};
use crate::identity::stated;
use tasuki_model::person::NameParts;
use tasuki_model::{Demographics, JstDay, PersonName};

/// What limits the identification of a registration written so.
fn limits(raw: &Raw<'_>) -> Vec<Code> {
    let parts = |family: &str, given: &str| {
        Some(NameParts {
            family: family.into(),
            given: given.into(),
        })
        .filter(|n| !n.joined().is_empty())
    };
    let stated = Demographics {
        name: PersonName {
            ideographic: parts(raw.family_kanji, raw.given_kanji),
            phonetic: parts(raw.family_kana, raw.given_kana),
            alphabetic: None,
        },
        birth_text: raw.birth.into(),
        ..Demographics::default()
    };
    stated::limits(&stated, today())
}

fn today() -> JstDay {
    JstDay::new(2026, 11, 22).unwrap()
}

#[test]
fn an_ordinary_registration_has_no_limits() {
    assert_eq!(limits(&HANAKO), []);
}

#[test]
fn no_birth_date_joins_nobody_by_name_alone() {
    let without = Raw {
        birth: "",
        address: "",
        postal: "",
        phone: "",
        insurer: "",
        number: "",
        ..HANAKO
    };
    let index = set(&[HANAKO, without, without]);
    assert!(!together(&index, 0, 1) && !together(&index, 1, 2));
    assert!(outcome(&HANAKO, &without).1.contains(&Guard::Birth));
    assert_eq!(limits(&without), [Code::BirthNotKnown]);
}

#[test]
fn only_kana_is_for_a_person_to_decide() {
    let kana = Raw {
        family_kana: HANAKO.family_kana,
        given_kana: HANAKO.given_kana,
        sex: HANAKO.sex,
        birth: HANAKO.birth,
        ..Raw::default()
    };
    let index = set(&[HANAKO, kana]);
    assert!(!together(&index, 0, 1));
    assert!(index.lines().contains(&(0, 1)));
    assert_eq!(limits(&kana), [Code::KanaOnly]);
}

#[test]
fn a_baby_without_a_name_joins_nobody() {
    let baby = Raw {
        given_kanji: "ベビー",
        given_kana: "ベビー",
        birth: "2026-05-01",
        ..HANAKO
    };
    let index = set(&[baby, baby, HANAKO]);
    assert!(!together(&index, 0, 1) && !together(&index, 0, 2));
    assert!(outcome(&baby, &baby).1.contains(&Guard::Unnamed));
    assert_eq!(limits(&baby), [Code::KanaOnly, Code::NameAwaited]);
}

#[test]
fn a_birth_date_in_the_future_is_not_one() {
    let coming = Raw {
        birth: "2047-03-12",
        ..HANAKO
    };
    let today = today();
    assert_eq!(keys(&coming).born_by(today).birth, None);
    assert_eq!(keys(&HANAKO).born_by(today), keys(&HANAKO));
    let born_today = Raw {
        birth: "2026-11-22",
        ..HANAKO
    };
    assert_eq!(keys(&born_today).born_by(today), keys(&born_today));
    let alone = Raw {
        address: "",
        postal: "",
        phone: "",
        insurer: "",
        number: "",
        ..coming
    };
    let mut index = populated();
    for (patient, raw) in (0..).zip([alone, alone, HANAKO]) {
        let mut member = member(patient, &raw);
        member.keys = member.keys.born_by(today);
        index.put(&member).unwrap();
    }
    index.settle_all();
    assert!(!together(&index, 0, 1) && !together(&index, 0, 2));
    assert_eq!(limits(&coming), [Code::BirthInFuture]);
}

#[test]
fn thirty_names_in_one_field_are_cut_and_join_nobody() {
    let names: Vec<String> = (0..30).map(|n| format!("東京{n} 花子{n}")).collect();
    let names = names.join("、");
    let many = Raw {
        family_kanji: &names,
        given_kanji: "",
        family_kana: &names,
        given_kana: "",
        ..HANAKO
    };
    let index = set(&[many, HANAKO]);
    assert!(!together(&index, 0, 1));
    assert!(
        keys(&many).name.family.chars().count() + keys(&many).name.given.chars().count() <= 200
    );
    assert_eq!(limits(&many), [Code::NameOverlong]);
}

#[test]
fn a_test_patient_is_nobody() {
    let test = Raw {
        family_kanji: "テスト",
        given_kanji: "太郎",
        family_kana: "テスト",
        given_kana: "タロウ",
        ..HANAKO
    };
    let mut index = populated();
    for patient in 0..3 {
        index.put(&member(patient, &test)).unwrap();
    }
    let settlement = index.settle_all();
    assert!(!together(&index, 0, 1) && !together(&index, 1, 2));
    assert!(
        settlement
            .reviews
            .iter()
            .all(|(a, b, _)| *a >= OTHERS && *b >= OTHERS)
    );
    assert_eq!(limits(&test), [Code::TestPatient]);
}
