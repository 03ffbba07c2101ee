//! People whom the demo and the identity tests need by name: they are the same for every seed.

use super::{Home, Name, Person, Sex};
use jiff::civil::{Date, date};

/// Why somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// 東京 花子: records of every kind at several facilities.
    Showcase,
    /// One of two with the same family name, birth date and home.
    Twin,
    /// One of two strangers with the same name and birth date.
    Namesake,
    /// Changed the family name by marriage.
    Married,
    /// Moved across the town.
    Moved,
    /// A foreign resident, written differently everywhere.
    Foreign,
    /// Died during the years on record.
    Died,
    /// Written with another kanji of the same reading at one hospital.
    Miswritten,
}

impl Planted {
    /// As `people.json` says it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Showcase => "showcase",
            Self::Twin => "twin",
            Self::Namesake => "namesake",
            Self::Married => "married",
            Self::Moved => "moved",
            Self::Foreign => "foreign",
            Self::Died => "died",
            Self::Miswritten => "miswritten",
        }
    }
}

/// (why, sex, birth, [family, given, family kana, given kana], [postcode, address])
type Row = (Planted, Sex, Date, [&'static str; 4], [&'static str; 2]);

const HANA: [&str; 4] = ["東京", "花子", "トウキョウ", "ハナコ"];
const ICHIRO: [&str; 4] = ["鈴木", "一郎", "スズキ", "イチロウ"];
const HONGO: [&str; 2] = ["113-0033", "東京都文京区本郷９−９−９"];
const KAMEIDO: [&str; 2] = ["136-0071", "東京都江東区亀戸７−３０−１"];

#[rustfmt::skip]
const ROWS: [Row; 11] = [
    (Planted::Showcase, Sex::Female, date(1947, 3, 12), HANA, HONGO),
    (Planted::Twin, Sex::Female, date(2018, 5, 5), ["佐々木", "陽菜", "ササキ", "ヒナ"], KAMEIDO),
    (Planted::Twin, Sex::Female, date(2018, 5, 5), ["佐々木", "陽葵", "ササキ", "ヒマリ"], KAMEIDO),
    (Planted::Namesake, Sex::Male, date(1955, 1, 15), ICHIRO, ["105-0014", "東京都港区芝８−１−２"]),
    (Planted::Namesake, Sex::Male, date(1955, 1, 15), ICHIRO, ["114-0023", "東京都北区滝野川８−２２−６"]),
    (Planted::Married, Sex::Female, date(1993, 7, 21), ["田中", "美咲", "タナカ", "ミサキ"], ["112-0002", "東京都文京区小石川６−４−１"]),
    (Planted::Moved, Sex::Male, date(1968, 11, 2), ["高橋", "健一", "タカハシ", "ケンイチ"], HONGO),
    (Planted::Foreign, Sex::Male, date(1996, 9, 2), ["グエン", "ヴァンアイン", "グエン", "ヴァンアイン"], ["130-0013", "東京都墨田区錦糸５−９−３"]),
    (Planted::Died, Sex::Male, date(1938, 6, 30), ["渡辺", "茂", "ワタナベ", "シゲル"], ["135-0042", "東京都江東区木場９−２−８"]),
    (Planted::Miswritten, Sex::Female, date(1975, 2, 14), ["山本", "裕子", "ヤマモト", "ユウコ"], ["112-0002", "東京都文京区小石川７−１８−３"]),
    (Planted::Miswritten, Sex::Female, date(1951, 8, 30), ["伊藤", "幸子", "イトウ", "サチコ"], ["105-0014", "東京都港区芝７−６−１２"]),
];

/// The planted people, in a fixed order.
pub(super) fn people() -> Vec<Person> {
    let rows = ROWS.into_iter().enumerate();
    rows.map(
        |(number, (planted, sex, birth, words, [postcode, address]))| {
            let mut person = one(planted, sex, birth, words, home(postcode, address));
            person.number = number;
            person.phone = format!("03-0000-{:04}", 1111 * (number + 1) % 10_000);
            change(&mut person);
            person
        },
    )
    .collect()
}

/// What time or paperwork did to a planted person.
fn change(person: &mut Person) {
    let names = person.names.iter_mut().map(|(_, name)| name);
    match person.planted {
        Some(Planted::Married) => {
            person.names.push((
                date(2024, 4, 6),
                name(["小林", "美咲", "コバヤシ", "ミサキ"]),
            ));
        }
        Some(Planted::Moved) => {
            person.homes.push((
                date(2023, 10, 1),
                home("135-0016", "東京都江東区東陽８−３−１１"),
            ));
        }
        Some(Planted::Foreign) => {
            names.for_each(|name| name.roman = Some(("NGUYEN".to_owned(), "VAN ANH".to_owned())));
        }
        Some(Planted::Miswritten) => {
            let mut other = person.names.clone();
            for (from, name) in &mut other {
                *from = date(2024, 2, 1);
                let given = if name.given == "裕子" {
                    "優子"
                } else {
                    "祥子"
                };
                given.clone_into(&mut name.given);
            }
            person.names.append(&mut other);
        }
        Some(Planted::Died) => names.for_each(|name| "渡邊".clone_into(&mut name.registered)),
        _ => {}
    }
}

fn one(planted: Planted, sex: Sex, birth: Date, words: [&str; 4], home: Home) -> Person {
    Person {
        number: 0,
        sex,
        birth,
        names: vec![(birth, name(words))],
        homes: vec![(birth, home)],
        phone: String::new(),
        planted: Some(planted),
    }
}

fn name([family, given, family_kana, given_kana]: [&str; 4]) -> Name {
    Name {
        family: family.to_owned(),
        registered: family.to_owned(),
        given: given.to_owned(),
        family_kana: family_kana.to_owned(),
        given_kana: given_kana.to_owned(),
        roman: None,
    }
}

fn home(postcode: &str, address: &str) -> Home {
    Home {
        postcode: postcode.to_owned(),
        address: address.to_owned(),
    }
}
