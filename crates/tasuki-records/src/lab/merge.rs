//! Lab reports of several sources as one table: items down, takings across, newest first.
//!
//! Each value keeps its own unit, range, flag and method. Values of an item that differ in unit,
//! method or kind of result are of different [`Measure`]s: they share a row, and no line.

#[cfg(test)]
mod tests;

use super::item::{ItemGroup, ItemKey};
pub use super::measure::Measure;
pub use super::measured::{Measured, measured};
use crate::merge::{Fact, Origin, sources_of};
use std::collections::BTreeMap;
use tasuki_core::gather::Source;
use tasuki_model::{JstTime, SmolStr};

/// One taking: what a source took at one time. A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taking {
    /// When; nothing for results without a time.
    pub at: Option<JstTime>,
    /// By whom.
    pub sources: Vec<Source>,
    /// The reports it stands in.
    pub documents: Vec<SmolStr>,
}

/// Values, each with its column.
pub type Values = Vec<(usize, Fact<Measured>)>;

/// One item: a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// What makes it one item.
    pub key: ItemKey,
    /// Under which head it stands.
    pub group: ItemGroup,
    /// Its names as sent, the most frequent first.
    pub names: Vec<String>,
    /// The measure of most of its values.
    pub main: Measure,
    /// The unit of `main` as sent.
    pub unit: String,
    /// Its values, newest first, each with its column.
    pub values: Values,
}

/// Every result of several reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabTable {
    /// The columns, newest first; takings without a time last.
    pub takings: Vec<Taking>,
    /// The rows, by group and code.
    pub rows: Vec<ItemRow>,
}

/// Puts results into one table. None is lost; the outcome does not depend on their order.
#[must_use]
pub fn lab_table(mut facts: Vec<Fact<Measured>>) -> LabTable {
    let start = |fact: &Fact<Measured>| fact.value.at.as_ref().map(JstTime::start);
    // Newest first; what has no time comes last.
    facts.sort_by(|a, b| (start(b), a.place()).cmp(&(start(a), b.place())));
    let mut takings: Vec<Taking> = Vec::new();
    let mut columns = BTreeMap::new();
    let mut rows: BTreeMap<(ItemGroup, ItemKey), Values> = BTreeMap::new();
    for fact in facts {
        let sources = sources_of([&fact]);
        let next = takings.len();
        let column = *columns
            .entry((start(&fact), sources.clone()))
            .or_insert(next);
        if column == next {
            takings.push(Taking {
                at: fact.value.at.clone(),
                sources,
                documents: Vec::new(),
            });
        }
        if let Some(taking) = takings.get_mut(column) {
            let new = |origin: &&Origin| !taking.documents.contains(&origin.document);
            let documents: Vec<_> = fact
                .origins
                .iter()
                .take(1)
                .filter(new)
                .map(|o| o.document.clone())
                .collect();
            taking.documents.extend(documents);
        }
        let source = fact.origins.first().map(|origin| origin.source.clone());
        let Some(source) = source else { continue };
        let key = ItemKey::of(&fact.value.observation.item, &fact.value.material, &source);
        rows.entry((key.group(), key))
            .or_default()
            .push((column, fact));
    }
    let rows = rows
        .into_iter()
        .map(|((group, key), values)| row(group, key, values));
    LabTable {
        takings,
        rows: rows.collect(),
    }
}

fn row(group: ItemGroup, key: ItemKey, values: Values) -> ItemRow {
    let observations = || values.iter().map(|(_, fact)| &fact.value.observation);
    let names = by_frequency(observations().map(|o| o.item.display().to_owned()));
    let main = by_frequency(observations().map(Measure::of))
        .into_iter()
        .next()
        .unwrap_or_default();
    let of_main = observations().find(|o| Measure::of(o).unit == main.unit);
    let unit = of_main
        .map(|o| o.unit.display().to_owned())
        .unwrap_or_default();
    ItemRow {
        key,
        group,
        names,
        main,
        unit,
        values,
    }
}

/// Each once, the most frequent first, equals in their own order.
fn by_frequency<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    let mut counts: Vec<(T, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().map(|(one, _)| one).collect()
}
