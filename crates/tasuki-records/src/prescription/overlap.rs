//! Orders of two sources that reach the same days: the same medicine, or the same ingredient under
//! another name. It is said as information; whether it is meant so only the prescribers know.

use super::drug::ingredient;
use super::merge::{Medicine, Supply};
use crate::merge::Fact;
use std::collections::BTreeMap;
use tasuki_core::gather::Source;
use tasuki_model::JstDay;

/// Two lines and two sources.
type Pair = ((usize, usize), (Source, Source));

/// Orders overlap by a few days whenever somebody comes before the last tablet; only more is said.
const USUAL_DAYS: i64 = 3;

/// Two sources whose orders reach the same days.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Overlap {
    /// The lines it is about, as places in the list; equal where it is one medicine.
    pub lines: (usize, usize),
    /// The sources, sorted.
    pub sources: (Source, Source),
    /// First and last common day of the latest stretch.
    pub days: (JstDay, JstDay),
}

/// The overlaps among lines, for every pair of lines and sources the latest.
#[must_use]
pub fn overlaps(lines: &[Medicine]) -> Vec<Overlap> {
    let mut same: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (n, line) in lines.iter().enumerate() {
        let stem = line
            .supplies
            .iter()
            .find_map(|supply| ingredient(&supply.value.drug));
        same.entry(stem.unwrap_or_else(|| format!("={n}")))
            .or_default()
            .push(n);
    }
    let mut found: BTreeMap<Pair, (JstDay, JstDay)> = BTreeMap::new();
    for places in same.values() {
        let of = |n: usize| {
            lines
                .get(n)
                .into_iter()
                .flat_map(Medicine::valid)
                .map(move |s| (n, s))
        };
        let all: Vec<(usize, &Fact<Supply>)> = places.iter().copied().flat_map(of).collect();
        for (at, one) in all.iter().enumerate() {
            for two in all.iter().skip(at + 1) {
                let Some((key, days)) = common(one, two) else {
                    continue;
                };
                let latest = found.entry(key).or_insert(days);
                *latest = (*latest).max(days);
            }
        }
    }
    let overlap = |((lines, sources), days)| Overlap {
        lines,
        sources,
        days,
    };
    found.into_iter().map(overlap).collect()
}

fn common(
    one: &(usize, &Fact<Supply>),
    two: &(usize, &Fact<Supply>),
) -> Option<(Pair, (JstDay, JstDay))> {
    let (a, b) = (&one.1.value, &two.1.value);
    let from = a.start?.max(b.start?);
    let to = a.end()?.min(b.end()?);
    if to.epoch_days() - from.epoch_days() <= USUAL_DAYS {
        return None;
    }
    // One document by two routes is one order, and no overlap with itself.
    let other = |source: &&Source| !one.1.sources().any(|own| own == *source);
    let second = two.1.sources().find(other)?.clone();
    let first = one
        .1
        .sources()
        .find(|source| !two.1.sources().any(|other| other == *source))?
        .clone();
    let sources = if first <= second {
        (first, second)
    } else {
        (second, first)
    };
    let lines = (one.0.min(two.0), one.0.max(two.0));
    Some(((lines, sources), (from, to.plus_days(-1))))
}
