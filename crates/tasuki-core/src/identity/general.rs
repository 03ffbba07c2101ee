//! Comparison of registrations of which only names, birth date, one number of the person's own, a
//! postal code and an address are known, and nothing of households: Latin text with slips, as in
//! the FEBRL sets. For trial runs with a table that has `[general]`; a node never decides by it,
//! for it has no guards: it would join twins.

use super::levels::Levels;
use super::normalise::Keys;
use super::row::{GENERAL, Row};
use super::score::{Bits, Population, birth};
use super::weights::{General, NameWeights};

/// The values that one item alone is a key by: either name, birth date, number, postal code.
#[must_use]
pub fn key(row: &Row, item: usize) -> [u64; 2] {
    let value = match item {
        0 => u64::from(row.family),
        1 => u64::from(row.given),
        2 => u64::from(row.birth),
        3 => row.number,
        4 => u64::from(row.postal),
        _ => 0,
    };
    [value, 1]
}

/// Puts a sketch of the address where place and telephone stand: a bit for each pair of letters.
pub fn sketch(row: &mut Row, keys: &Keys) {
    row.flags |= GENERAL;
    let text = if keys.address.place.is_empty() {
        &keys.address.town
    } else {
        &keys.address.place
    };
    let mut bits = 0u128;
    for pair in text.as_bytes().windows(2) {
        bits |= 1 << (super::row::hash64(pair) % 128);
    }
    (row.place, row.phone) = (bits as u64, (bits >> 64) as u64);
}

/// Share of the letter pairs of two addresses that both have (Dice); nothing if one is not known.
fn alike(a: &Row, b: &Row) -> Option<f32> {
    let ones = |x: u64, y: u64| x.count_ones() + y.count_ones();
    let (of_a, of_b) = (ones(a.place, a.phone), ones(b.place, b.phone));
    let both = ones(a.place & b.place, a.phone & b.phone);
    (of_a > 0 && of_b > 0).then(|| 2.0 * both as f32 / (of_a + of_b) as f32)
}

/// Digits that differ, or neighbours exchanged, between two numbers; three for any more.
fn slips(a: u64, b: u64) -> usize {
    strsim::osa_distance(&a.to_string(), &b.to_string()).min(3)
}

impl Population<'_> {
    /// The bits of a pair, by a table's `[general]`.
    pub(super) fn general(&self, by: &General, a: &Row, b: &Row, levels: &Levels) -> Bits {
        let w = self.weights;
        let straight = [
            self.similar(by, &w.family, a.family, b.family),
            self.similar(by, &w.given, a.given, b.given),
        ];
        let half = w.swapped.bits / 2.0;
        let crossed = [
            self.similar(by, &w.family, a.family, b.given) + half,
            self.similar(by, &w.given, a.given, b.family) + half,
        ];
        let [family, given] = if crossed.iter().sum::<f32>() > straight.iter().sum() {
            crossed
        } else {
            straight
        };
        Bits {
            family,
            given,
            birth: birth(&w.birth, levels.birth),
            sex: 0.0,
            home: number(by, a, b) + postal(by, a, b) + address(by, a, b),
            branch: 0.0,
            prior: 1.0 - (self.registrations.max(2) as f32).log2(),
        }
    }

    fn similar(&self, by: &General, w: &NameWeights, a: u32, b: u32) -> f32 {
        if a == 0 || b == 0 {
            return 0.0;
        }
        let names = &self.names.kanji;
        if a == b {
            let count = names.as_family(a) + names.as_given(a);
            let surprise = self.surprise((count.max(2) as f32).log2());
            return w.both + surprise.min(w.frequency_max);
        }
        let text = |id| String::from_utf8_lossy(names.text(id));
        let (a, b) = (text(a), text(b));
        if strsim::osa_distance(&a, &b) == 1 {
            by.slip
        } else if strsim::jaro_winkler(&a, &b) >= by.similar_from {
            by.similar
        } else {
            w.differ
        }
    }
}

fn number(by: &General, a: &Row, b: &Row) -> f32 {
    if a.number == 0 || b.number == 0 {
        return 0.0;
    }
    let [equal, one, two, more] = by.number;
    match slips(a.number, b.number) {
        0 => equal,
        1 => one,
        2 => two,
        _ => more,
    }
}

fn postal(by: &General, a: &Row, b: &Row) -> f32 {
    if a.postal == 0 || b.postal == 0 {
        return 0.0;
    }
    let [equal, one, more] = by.postal;
    match slips(a.postal.into(), b.postal.into()) {
        0 => equal,
        1 => one,
        _ => more,
    }
}

/// By the first step whose share is reached.
fn address(by: &General, a: &Row, b: &Row) -> f32 {
    let Some(share) = alike(a, b) else {
        return 0.0;
    };
    let mut steps = by.address.iter();
    steps
        .find(|[from, _]| share >= *from)
        .map_or(0.0, |[_, bits]| *bits)
}
