//! Japanese eras. Gregorian comes first on every screen; the era stands beside it.

use super::JstDay;
use serde::{Deserialize, Serialize};

/// An era since the Gregorian calendar came to Japan (1873-01-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Era {
    /// 明治, from 1868; dates here are Gregorian and so from 1873.
    Meiji,
    /// 大正, from 1912-07-30.
    Taisho,
    /// 昭和, from 1926-12-25.
    Showa,
    /// 平成, from 1989-01-08.
    Heisei,
    /// 令和, from 2019-05-01.
    Reiwa,
}

/// Era, first day, kanji, letter, the digit that insurers' systems use.
type Row = (Era, (i16, i8, i8), &'static str, char, char);

const ERAS: &[Row] = &[
    (Era::Reiwa, (2019, 5, 1), "令和", 'R', '5'),
    (Era::Heisei, (1989, 1, 8), "平成", 'H', '4'),
    (Era::Showa, (1926, 12, 25), "昭和", 'S', '3'),
    (Era::Taisho, (1912, 7, 30), "大正", 'T', '2'),
    (Era::Meiji, (1868, 1, 25), "明治", 'M', '1'),
];

impl Era {
    /// The era of a day and the year in it; `None` before 1873.
    #[must_use]
    pub fn of(day: JstDay) -> Option<(Self, i16)> {
        if day.year() < 1873 {
            return None;
        }
        let ymd = (day.year(), day.month(), day.day());
        ERAS.iter()
            .find(|(_, first, ..)| ymd >= *first)
            .map(|(era, first, ..)| (*era, day.year() - first.0 + 1))
    }

    /// 昭和 and so on.
    #[must_use]
    pub fn kanji(self) -> &'static str {
        ERAS.iter()
            .find(|(e, ..)| *e == self)
            .map_or("", |row| row.2)
    }

    /// S and so on.
    #[must_use]
    pub fn letter(self) -> char {
        ERAS.iter()
            .find(|(e, ..)| *e == self)
            .map_or(' ', |row| row.3)
    }

    fn first_year(self) -> i16 {
        ERAS.iter()
            .find(|(e, ..)| *e == self)
            .map_or(0, |row| row.1.0)
    }
}

/// Reads a date with an era: `昭和22年3月12日`, `S22.3.12`, `s220312`, `3220312`, 元年. The year must
/// lie in the era, give or take the day the era changed (people write 昭和64 and 平成元 alike).
#[must_use]
pub fn parse_era_day(text: &str) -> Option<JstDay> {
    let text = text.trim();
    let mut rest = None;
    for (era, _, kanji, letter, digit) in ERAS {
        if let Some(r) = text.strip_prefix(kanji) {
            rest = Some((*era, r));
        } else if let Some(first) = text.chars().next() {
            let seven_digits = text.len() == 7 && text.bytes().all(|b| b.is_ascii_digit());
            if first.to_ascii_uppercase() == *letter || (seven_digits && first == *digit) {
                rest = text.get(first.len_utf8()..).map(|r| (*era, r));
            }
        }
        if rest.is_some() {
            break;
        }
    }
    let (era, rest) = rest?;
    let rest = rest.trim().replace('元', "1");
    let numbers: Vec<i16> = if rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_digit()) {
        [0, 2, 4]
            .iter()
            .filter_map(|&i| rest.get(i..i + 2)?.parse().ok())
            .collect()
    } else {
        rest.split(|c: char| !c.is_ascii_digit())
            .filter(|s| !s.is_empty())
            .map(|s| s.parse().ok())
            .collect::<Option<_>>()?
    };
    let [year, month, day] = numbers[..] else {
        return None;
    };
    if !(1..=64).contains(&year) {
        return None;
    }
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let date = JstDay::new(era.first_year() + year - 1, month, day).ok()?;
    let (real, _) = Era::of(date)?;
    // An era's last and next era's first year are one year; a later era than written is a slip
    // of the pen only within that year.
    let same_year = real.first_year() == date.year();
    (real == era || (real > era && same_year) || (real < era && date.year() == era.first_year()))
        .then_some(date)
}
