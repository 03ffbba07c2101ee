//! A table with `[general]`: Latin text, slips, no household.

use super::{Index, Raw, Weights, member};

const JENNA: Raw<'static> = Raw {
    family_kanji: "rundle",
    given_kanji: "jenna",
    family_kana: "",
    given_kana: "",
    family_roman: "",
    given_roman: "",
    sex: "",
    birth: "19751109",
    postal: "0002263",
    address: "sturt avenue talonmane bundaberg nt 50",
    phone: "",
    insurer: "1",
    symbol: "",
    number: "9092692",
    branch: "",
};

fn linked(a: &Raw<'_>, b: &Raw<'_>) -> bool {
    let table = include_str!("../general.toml");
    let mut index = Index::new(Weights::parse(table).unwrap());
    for i in 0..500u32 {
        let (family, given) = (format!("x{i}tter"), format!("q{i}ster"));
        let birth = format!("{}{:02}{:02}", 1930 + i % 60, 1 + i % 12, 1 + i % 28);
        let number = (1_000_003 + i * 9_973).to_string();
        let other = Raw {
            family_kanji: &family,
            given_kanji: &given,
            birth: &birth,
            postal: "",
            address: "",
            number: &number,
            ..JENNA
        };
        index.put(&member(u128::from(i) + 10, &other)).unwrap();
    }
    index.put(&member(1, a)).unwrap();
    index.put(&member(2, b)).unwrap();
    index.link_all();
    let clusters = index.clusters();
    let cluster = |patient| clusters.iter().find(|c| c.0 == patient).unwrap().1;
    cluster(1) == cluster(2)
}

#[test]
fn slips_in_every_field_are_one_person_still() {
    let slipped = Raw {
        family_kanji: "runlde",
        given_kanji: "jena",
        birth: "19751190",
        postal: "0002236",
        address: "sturta venue tal onmane bundaebrg nt 50",
        ..JENNA
    };
    assert!(linked(&JENNA, &slipped));
    let exchanged = Raw {
        family_kanji: "jenna",
        given_kanji: "rundle",
        number: "",
        ..JENNA
    };
    assert!(linked(&JENNA, &exchanged));
}

#[test]
fn a_namesake_elsewhere_is_another_person() {
    let namesake = Raw {
        birth: "19480203",
        postal: "0004670",
        address: "degraves crescent numby bendalong qld 12",
        number: "5401331",
        ..JENNA
    };
    assert!(!linked(&JENNA, &namesake));
}
