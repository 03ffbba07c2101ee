//! People: who they are, what they were called and where they lived at each time.

pub mod names;
mod planted;

pub use planted::Planted;

use crate::dice::Dice;
use jiff::civil::{Date, date};

/// Administrative sex, as PID-8 has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// `M`.
    Male,
    /// `F`.
    Female,
}

impl Sex {
    /// HL7 table 0001.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "F",
        }
    }
}

/// A name in its spellings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Family name, common spelling.
    pub family: String,
    /// Family name as in the family register; often the same.
    pub registered: String,
    /// Given name.
    pub given: String,
    /// Family name in katakana.
    pub family_kana: String,
    /// Given name in katakana.
    pub given_kana: String,
    /// (family, given) in Roman letters, for those who have such a name.
    pub roman: Option<(String, String)>,
}

/// A home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// `113-0033`.
    pub postcode: String,
    /// The whole address in one line.
    pub address: String,
}

/// Somebody who does not exist.
#[derive(Clone, Debug)]
pub struct Person {
    /// Position in the community, from 0.
    pub number: usize,
    /// Sex.
    pub sex: Sex,
    /// Date of birth.
    pub birth: Date,
    /// Names, each from a day on; the first from birth.
    pub names: Vec<(Date, Name)>,
    /// Homes, each from a day on.
    pub homes: Vec<(Date, Home)>,
    /// Telephone; the numbers are not assigned to anybody.
    pub phone: String,
    /// Why this person is there, when the identity tests need them.
    pub planted: Option<Planted>,
}

impl Person {
    /// The name on a day.
    #[must_use]
    pub fn name(&self, day: Date) -> Option<&Name> {
        at(&self.names, day)
    }

    /// The home on a day.
    #[must_use]
    pub fn home(&self, day: Date) -> Option<&Home> {
        at(&self.homes, day)
    }

    /// Whole years of age on a day.
    #[must_use]
    pub fn age(&self, day: Date) -> i64 {
        let had = (day.month(), day.day()) >= (self.birth.month(), self.birth.day());
        i64::from(day.year()) - i64::from(self.birth.year()) - i64::from(!had)
    }
}

fn at<T>(dated: &[(Date, T)], day: Date) -> Option<&T> {
    dated
        .iter()
        .rev()
        .find(|(from, _)| *from <= day)
        .or(dated.first())
        .map(|(_, value)| value)
}

/// `count` people as of `until`; those whom the identity tests need come first.
#[must_use]
pub fn people(dice: &Dice, count: usize, until: Date) -> Vec<Person> {
    let mut people = planted::people();
    people.truncate(count);
    for number in people.len()..count {
        people.push(person(dice.fork("person", number), number, until));
    }
    people
}

fn person(mut dice: Dice, number: usize, until: Date) -> Person {
    let sex = if dice.chance(0.53) {
        Sex::Female
    } else {
        Sex::Male
    };
    // Patients are older than people.
    let age = if dice.chance(0.1) {
        dice.between(0, 17)
    } else {
        (62.0 + 18.0 * dice.bell()).clamp(18.0, 98.0) as i64
    };
    let year = until.year() - age as i16;
    let birth = date(year, 1, 1).saturating_add(jiff::Span::new().days(dice.between(0, 300)));
    let birth = birth.min(until);
    let name = if dice.chance(0.025) {
        foreign(&mut dice)
    } else {
        japanese(&mut dice, sex, birth)
    };
    let homes = vec![(birth, home(&mut dice))];
    let phone = format!("03-0000-{:04}", dice.below(10_000));
    Person {
        number,
        sex,
        birth,
        names: vec![(birth, name)],
        homes,
        phone,
        planted: None,
    }
}

fn japanese(dice: &mut Dice, sex: Sex, birth: Date) -> Name {
    let (family, registered, family_kana) = dice.pick_early(&names::FAMILIES);
    let table = match (sex, birth.year()) {
        (Sex::Male, ..1965) => &names::MEN_OLD,
        (Sex::Male, 1965..1995) => &names::MEN_MIDDLE,
        (Sex::Male, _) => &names::MEN_YOUNG,
        (Sex::Female, ..1965) => &names::WOMEN_OLD,
        (Sex::Female, 1965..1995) => &names::WOMEN_MIDDLE,
        (Sex::Female, _) => &names::WOMEN_YOUNG,
    };
    let (given, given_kana) = dice.pick(table);
    // Half of those whose name has an older form keep it in the register.
    let registered = if dice.chance(0.5) { registered } else { family };
    Name {
        family: (*family).to_owned(),
        registered: (*registered).to_owned(),
        given: (*given).to_owned(),
        family_kana: (*family_kana).to_owned(),
        given_kana: (*given_kana).to_owned(),
        roman: None,
    }
}

fn foreign(dice: &mut Dice) -> Name {
    let (family, given, family_kana, given_kana) = dice.pick(&names::FOREIGN);
    Name {
        family: (*family_kana).to_owned(),
        registered: (*family_kana).to_owned(),
        given: (*given_kana).to_owned(),
        family_kana: (*family_kana).to_owned(),
        given_kana: (*given_kana).to_owned(),
        roman: Some(((*family).to_owned(), (*given).to_owned())),
    }
}

fn home(dice: &mut Dice) -> Home {
    let (postcode, area) = dice.pick(&names::AREAS);
    let (block, lot, house) = (dice.between(1, 9), dice.between(1, 30), dice.between(1, 20));
    let address = wide(&format!("{block}-{lot}-{house}"));
    Home {
        postcode: (*postcode).to_owned(),
        address: format!("{area}{address}"),
    }
}

/// Digits and hyphens in full width, as addresses in SS-MIX2 files usually are.
fn wide(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0'..='9' => {
                char::from_u32(u32::from(c) - u32::from('0') + u32::from('０')).unwrap_or(c)
            }
            '-' => '−',
            other => other,
        })
        .collect()
}
