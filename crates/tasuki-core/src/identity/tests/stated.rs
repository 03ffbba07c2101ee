//! From demographics to keys, and whether a number was given to somebody else.

use crate::identity::row::Former;
use crate::identity::stated::{keys_of, reused};
use tasuki_model::person::{Address, Insurance, NameParts};
use tasuki_model::{Demographics, JstDay, PersonName, Sex};

/// Family and given name in kanji, the same in kana, birth date.
fn person(kanji: (&str, &str), kana: (&str, &str), birth: Option<(i16, i8, i8)>) -> Demographics {
    let parts = |(family, given): (&str, &str)| {
        Some(NameParts {
            family: family.into(),
            given: given.into(),
        })
        .filter(|n| !n.joined().is_empty())
    };
    Demographics {
        name: PersonName {
            ideographic: parts(kanji),
            phonetic: parts(kana),
            alphabetic: None,
        },
        birth: birth.and_then(|(y, m, d)| JstDay::new(y, m, d).ok()),
        sex: Sex::Female,
        ..Demographics::default()
    }
}

#[test]
fn the_second_address_and_telephone_are_former_ones() {
    let mut her = person(
        ("東京", "花子"),
        ("トウキョウ", "ハナコ"),
        Some((1947, 3, 12)),
    );
    her.addresses = ["文京区本郷9-9-9", "青梅市東青梅1-2-3"]
        .map(|text| Address {
            postal: "113-0033".into(),
            text: text.into(),
        })
        .to_vec();
    her.phones = vec!["03-0000-1111".into()];
    her.insurances = vec![Insurance {
        insurer: "39131234".into(),
        number: "01234567".into(),
        ..Insurance::default()
    }];
    let (keys, former) = keys_of(&her);
    assert_eq!(keys.birth.unwrap().packed(), 19_470_312);
    assert_eq!(keys.address.place, "文京区本郷9-9-9");
    assert!(keys.insurance.as_ref().unwrap().personal);
    assert_eq!((keys.sex, keys.postal), (2, 1_130_033));
    let former = former.unwrap();
    assert!(former.place != 0 && former.phone == 0 && former.household == 0);
    her.addresses.reverse();
    let (moved, _) = keys_of(&her);
    let known = Former::after(&moved, None, &keys);
    assert_eq!(known.unwrap().place, former.place);
    assert_eq!(Former::after(&keys, None, &keys), None);
}

#[test]
fn a_birth_date_that_was_only_text_is_read() {
    let mut her = person(("東京", "花子"), ("", ""), None);
    her.birth_text = "昭和22年3月12日".into();
    assert_eq!(keys_of(&her).0.birth.unwrap().packed(), 19_470_312);
}

#[test]
fn a_number_given_to_somebody_else_is_noticed() {
    let hanako = || {
        person(
            ("東京", "花子"),
            ("トウキョウ", "ハナコ"),
            Some((1947, 3, 12)),
        )
    };
    let born = |day| person(("東京", "花子"), ("トウキョウ", "ハナコ"), day);
    let same = [
        hanako(),
        // Married, a slip of the birth date, another era, no birth date, kana only, other kanji.
        person(("秘密", "花子"), ("ヒミツ", "ハナコ"), Some((1947, 3, 12))),
        born(Some((1947, 12, 3))),
        born(Some((1937, 3, 12))),
        born(None),
        person(("", ""), ("トウキヨウ", "ハナコ"), Some((1950, 8, 9))),
        person(
            ("東京", "華子"),
            ("トウキョウ", "ハナコ"),
            Some((1950, 8, 9)),
        ),
        person(
            ("東京", "葉子"),
            ("トウキョウ", "ヨウコ"),
            Some((1947, 3, 12)),
        ),
        person(("東京", "葉子"), ("トウキョウ", "ヨウコ"), None),
        // A newborn that is named later, with a birth date put right.
        person(
            ("東京", "ベビー"),
            ("トウキョウ", "ベビー"),
            Some((2026, 5, 1)),
        ),
        Demographics::default(),
    ];
    for stated in same {
        assert!(!reused(&hanako(), &stated), "{stated:?}");
        assert!(!reused(&stated, &hanako()), "{stated:?}");
    }
    let others = [
        person(
            ("東京", "太一"),
            ("トウキョウ", "タイチ"),
            Some((1971, 8, 20)),
        ),
        person(("秘密", "太一"), ("ヒミツ", "タイチ"), Some((1971, 8, 20))),
        person(("", ""), ("ヒミツ", "タイチ"), Some((1971, 8, 20))),
        person(("秘密", "太一"), ("", ""), Some((1971, 8, 20))),
    ];
    for stated in others {
        assert!(reused(&hanako(), &stated), "{stated:?}");
        assert!(reused(&stated, &hanako()), "{stated:?}");
    }
}
