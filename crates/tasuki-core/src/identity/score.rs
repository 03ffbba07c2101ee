//! Bits for a pair: Fellegi–Sunter with name frequencies, household evidence counted once.

use super::dictionary::Dictionary;
use super::levels::{BirthLevel, Equal, HomeLevel, Levels, NameLevel};
use super::row::{PERSONAL, Row};
use super::weights::{Birth, NameWeights, Weights};
use serde::{Deserialize, Serialize};

/// Bits of each comparison, and their sum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bits {
    /// Family name.
    pub family: f32,
    /// Given name.
    pub given: f32,
    /// Birth date.
    pub birth: f32,
    /// Sex.
    pub sex: f32,
    /// Household.
    pub home: f32,
    /// 枝番.
    pub branch: f32,
    /// log2(2 / registrations): how unlikely any two are one person.
    pub prior: f32,
}

impl Bits {
    /// The posterior in bits.
    #[must_use]
    pub fn total(&self) -> f32 {
        self.family + self.given + self.birth + self.sex + self.home + self.branch + self.prior
    }
}

/// What scoring needs to know of the population, as of the last time the whole index was settled.
pub struct Population<'a> {
    /// Names and how often they stand.
    pub names: &'a Dictionary,
    /// Registrations in all.
    pub registrations: u32,
    /// The table.
    pub weights: &'a Weights,
}

impl Population<'_> {
    /// Surprise of meeting a value that so many of all registrations have.
    pub(super) fn surprise(&self, holders_log2: f32) -> f32 {
        (self.registrations.max(1) as f32).log2() - holders_log2.max(1.0)
    }

    fn name(
        &self,
        w: &NameWeights,
        level: NameLevel,
        writing: u32,
        reading: u32,
        woman: bool,
    ) -> f32 {
        let surprise = |count: u32| {
            self.surprise((count.max(2) as f32).log2())
                .min(w.frequency_max)
        };
        match level {
            NameLevel::Unknown => 0.0,
            NameLevel::Both => w.both + surprise(writing),
            NameLevel::OtherCharacter => w.other_character + surprise(writing),
            NameLevel::Kanji => w.kanji + surprise(writing),
            NameLevel::KanaOnly => w.kana_only + surprise(reading),
            NameLevel::KanaOtherKanji => w.kana_other_kanji + surprise(reading),
            NameLevel::Swapped => self.weights.swapped.bits / 2.0 + surprise(writing.max(reading)),
            NameLevel::Close => w.close,
            NameLevel::Differ => w.differ_woman.filter(|_| woman).unwrap_or(w.differ),
        }
    }

    fn home(&self, a: &Row, b: &Row, level: HomeLevel) -> f32 {
        let w = &self.weights.home;
        let mut best = 0.0f32;
        let mut agreements = 0.0f32;
        for holders in shared_by(a, b).into_iter().flatten() {
            best = best.max(self.surprise(f32::from(holders) / 8.0));
            agreements += 1.0;
        }
        if agreements > 0.0 {
            return (best + (agreements - 1.0) * w.further).min(w.max);
        }
        if level.near {
            return w.near;
        }
        if level.insurer == Equal::Yes && !b.has(PERSONAL) {
            return w.insurer;
        }
        if level.differs() { w.differ } else { 0.0 }
    }

    /// The bits of a compared pair.
    #[must_use]
    pub fn bits(&self, a: &Row, b: &Row, levels: &Levels) -> Bits {
        let w = self.weights;
        let woman = a.sex == 2 && b.sex == 2;
        let family_writing = self
            .names
            .kanji
            .as_family(a.family)
            .max(self.names.kanji.as_family(b.family));
        let given_writing = self
            .names
            .kanji
            .as_given(a.given)
            .max(self.names.kanji.as_given(b.given));
        Bits {
            family: self.name(
                &w.family,
                levels.family,
                family_writing,
                self.names.kana.as_family(a.family_kana),
                woman,
            ),
            given: self.name(
                &w.given,
                levels.given,
                given_writing,
                self.names.kana.as_given(a.given_kana),
                woman,
            ),
            birth: birth(&w.birth, levels.birth),
            sex: match levels.sex {
                Equal::Unknown => 0.0,
                Equal::Yes => w.sex.equal,
                Equal::No => w.sex.differ,
            },
            home: self.home(a, b, levels.home),
            branch: match levels.branch {
                Equal::Unknown => 0.0,
                Equal::Yes => w.branch.equal,
                Equal::No => w.branch.differ,
            },
            prior: 1.0 - (self.registrations.max(2) as f32).log2(),
        }
    }
}

/// The bits of birth dates.
pub(super) fn birth(w: &Birth, level: BirthLevel) -> f32 {
    match level {
        BirthLevel::Unknown => 0.0,
        BirthLevel::Equal => w.equal,
        BirthLevel::Era => w.era,
        BirthLevel::MonthDay => w.month_day,
        BirthLevel::OneDigit => w.one_digit,
        BirthLevel::DayUnknown => w.day_unknown,
        BirthLevel::TwoDigits => w.two_digits,
        BirthLevel::Differ => w.differ,
    }
}

/// Of place, telephone and household: how many hold the value that both have, now or formerly, in
/// eighths of log2; of several the rarest. Nothing where they share none.
fn shared_by(a: &Row, b: &Row) -> [Option<u8>; 3] {
    let mut shared = [None; 3];
    let sides = a
        .homes()
        .into_iter()
        .zip(a.holders)
        .zip(b.homes().into_iter().zip(b.holders));
    for (slot, ((values_a, holders_a), (values_b, holders_b))) in shared.iter_mut().zip(sides) {
        for (x, of_x) in values_a.into_iter().zip(holders_a) {
            for (y, of_y) in values_b.into_iter().zip(holders_b) {
                if x != 0 && x == y {
                    let holders = of_x.max(of_y);
                    *slot = Some(slot.map_or(holders, |s: u8| s.min(holders)));
                }
            }
        }
    }
    shared
}
