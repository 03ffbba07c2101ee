//! Facts from several sources: what each kind's `merge` module stands on.
//!
//! A [`Fact`] is a value with every place it was found in. Merging puts facts side by side under one
//! line; it never drops one, never picks one, and never depends on the order in which answers came.
//! Where sources disagree the line says so; deciding is the reader's. Nothing here does I/O, and
//! nothing knows what a page looks like.

mod group;
mod name;
mod routes;
#[cfg(test)]
pub(crate) mod tests;

pub use group::group;
pub use name::normal_name;
pub use routes::{Routed, routes};

use tasuki_core::gather::Source;
use tasuki_model::SmolStr;

/// Where a fact was found: a source, and the document that states it there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// A facility of ours, or another community.
    pub source: Source,
    /// The document's `uniqueId` (ITI TF-3, 4.2.3.2.26).
    pub document: SmolStr,
}

/// One thing that a document states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<T> {
    /// Every place it was found in, sorted; never empty.
    pub origins: Vec<Origin>,
    /// Its place within the document, from 0.
    pub item: u32,
    /// What is stated.
    pub value: T,
}

impl<T> Fact<T> {
    /// The sources that state it, each once.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let mut last = None;
        self.origins
            .iter()
            .map(|origin| &origin.source)
            .filter(move |source| {
                let new = last != Some(*source);
                last = Some(*source);
                new
            })
    }

    /// Where facts of equal value stand in an order that does not depend on when they came.
    pub(crate) fn place(&self) -> (&[Origin], u32) {
        (&self.origins, self.item)
    }
}

/// The sources of several facts, each once, sorted.
pub fn sources_of<'f, T: 'f>(facts: impl IntoIterator<Item = &'f Fact<T>>) -> Vec<Source> {
    let mut sources: Vec<Source> = facts
        .into_iter()
        .flat_map(|fact| fact.sources().cloned())
        .collect();
    sources.sort();
    sources.dedup();
    sources
}

/// Collects the facts of one document in the order in which it states them.
pub(crate) fn facts_of<T>(
    origins: &[Origin],
    values: impl IntoIterator<Item = T>,
) -> impl Iterator<Item = Fact<T>> {
    let origins = origins.to_vec();
    (0..).zip(values).map(move |(item, value)| Fact {
        origins: origins.clone(),
        item,
        value,
    })
}
