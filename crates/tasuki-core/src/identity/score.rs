//! Bits for a pair: Fellegi–Sunter with name frequencies, household evidence counted once.

use super::levels::{BirthLevel, Equal, HomeLevel, Levels, NameLevel};
use super::row::{Names, PERSONAL, Row};
use super::weights::{NameWeights, Weights};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How often shared values occur.
#[derive(Debug, Default)]
pub struct Counts {
    /// Registrations in all.
    pub registrations: u32,
    place: HashMap<u64, u32>,
    phone: HashMap<u64, u32>,
    household: HashMap<u64, u32>,
    insurer: HashMap<u32, u32>,
}

impl Counts {
    /// Counts a registration. Only values that occur at least twice need a place in memory, but
    /// which will is not known at once.
    pub fn add(&mut self, row: &Row) {
        self.registrations += 1;
        for (map, key) in [
            (&mut self.place, row.place),
            (&mut self.phone, row.phone),
            (&mut self.household, row.household),
        ] {
            if key != 0 {
                *map.entry(key).or_insert(0) += 1;
            }
        }
        if row.insurer != 0 {
            *self.insurer.entry(row.insurer).or_insert(0) += 1;
        }
    }

    /// Surprise of meeting a value that so many of all registrations have.
    fn bits(&self, count: u32) -> f32 {
        (self.registrations.max(1) as f32 / count.max(2) as f32).log2()
    }

    fn of(map: &HashMap<u64, u32>, key: u64) -> u32 {
        map.get(&key).copied().unwrap_or(1)
    }

    /// Share of registrations with this insurer.
    #[must_use]
    pub fn insurer_share(&self, insurer: u32) -> f32 {
        self.insurer.get(&insurer).copied().unwrap_or(1) as f32 / self.registrations.max(1) as f32
    }

    /// Bytes in use, for the printed figure.
    #[must_use]
    pub fn bytes(&self) -> usize {
        (self.place.capacity() + self.phone.capacity() + self.household.capacity()) * 17
            + self.insurer.capacity() * 9
    }
}

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

/// What scoring needs to know of the population.
pub struct Population<'a> {
    /// Readings.
    pub kana: &'a Names,
    /// Writings.
    pub kanji: &'a Names,
    /// Shared values.
    pub counts: &'a Counts,
    /// The table.
    pub weights: &'a Weights,
}

impl Population<'_> {
    fn name(
        &self,
        w: &NameWeights,
        level: NameLevel,
        writing: u32,
        reading: u32,
        woman: bool,
    ) -> f32 {
        let surprise = |count: u32| self.counts.bits(count).min(w.frequency_max);
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
        for (agrees, map, key) in [
            (level.insurance, &self.counts.household, a.household),
            (level.phone, &self.counts.phone, a.phone),
            (level.place, &self.counts.place, a.place),
        ] {
            if agrees == Equal::Yes {
                best = best.max(self.counts.bits(Counts::of(map, key)));
                agreements += 1.0;
            }
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
            .kanji
            .as_family(a.family)
            .max(self.kanji.as_family(b.family));
        let given_writing = self
            .kanji
            .as_given(a.given)
            .max(self.kanji.as_given(b.given));
        Bits {
            family: self.name(
                &w.family,
                levels.family,
                family_writing,
                self.kana.as_family(a.family_kana),
                woman,
            ),
            given: self.name(
                &w.given,
                levels.given,
                given_writing,
                self.kana.as_given(a.given_kana),
                woman,
            ),
            birth: match levels.birth {
                BirthLevel::Unknown => 0.0,
                BirthLevel::Equal => w.birth.equal,
                BirthLevel::Era => w.birth.era,
                BirthLevel::MonthDay => w.birth.month_day,
                BirthLevel::OneDigit => w.birth.one_digit,
                BirthLevel::DayUnknown => w.birth.day_unknown,
                BirthLevel::TwoDigits => w.birth.two_digits,
                BirthLevel::Differ => w.birth.differ,
            },
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
            prior: 1.0 - (self.counts.registrations.max(2) as f32).log2(),
        }
    }
}
