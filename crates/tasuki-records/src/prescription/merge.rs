//! Prescriptions of several sources as medicines: one line each, with every order beneath.
//!
//! What is *current* is arithmetic, not a judgement: an order counts from its first day for as many
//! days as it says. Whether somebody takes it nobody here knows.

#[cfg(test)]
mod tests;

use super::class::Class;
use super::drug::{DrugKey, general_name, keys};
pub use super::supply::{Supply, UNSAID_DAYS, supplies};
use crate::merge::{Fact, group, sources_of};
use std::cmp::Reverse;
use tasuki_core::gather::Source;
use tasuki_model::{Coded, JstDay};

/// One medicine, whoever orders it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medicine {
    /// What its orders share; the least of all keys names it.
    pub key: Option<DrugKey>,
    /// The name of the newest order, as sent.
    pub name: String,
    /// Its class, where known.
    pub class: Option<Class>,
    /// The orders, newest first.
    pub supplies: Vec<Fact<Supply>>,
}

impl Medicine {
    /// Orders that hold: all but those taken back.
    pub fn valid(&self) -> impl Iterator<Item = &Fact<Supply>> {
        self.supplies
            .iter()
            .filter(|supply| !supply.value.cancelled)
    }

    /// Whether an order reaches a day, or begins after it.
    #[must_use]
    pub fn is_current(&self, today: JstDay) -> bool {
        let later = |supply: &Supply| supply.start.is_some_and(|start| start > today);
        self.valid()
            .any(|supply| supply.value.covers(today) || later(&supply.value))
    }

    /// The sources of the orders that reach a day; of all orders where none does.
    #[must_use]
    pub fn sources(&self, today: JstDay) -> Vec<Source> {
        let now = sources_of(self.valid().filter(|supply| supply.value.covers(today)));
        if now.is_empty() {
            sources_of(&self.supplies)
        } else {
            now
        }
    }

    /// First day of the oldest order.
    #[must_use]
    pub fn since(&self) -> Option<JstDay> {
        self.valid().filter_map(|supply| supply.value.start).min()
    }

    /// The last day that an order reaches.
    #[must_use]
    pub fn until(&self) -> Option<JstDay> {
        let ends = self.valid().filter_map(|supply| supply.value.end());
        ends.max().map(|end| end.plus_days(-1))
    }
}

/// Puts orders into lines, by the day of the newest order. None is lost; the outcome does not depend
/// on their order.
#[must_use]
pub fn medicines(facts: Vec<Fact<Supply>>) -> Vec<Medicine> {
    let groups = group(facts, |fact| keys(&fact.value.drug));
    let mut lines: Vec<Medicine> = groups.into_iter().map(medicine).collect();
    lines.sort_by(|a, b| {
        (&a.class.is_none(), a.class, &a.name).cmp(&(&b.class.is_none(), b.class, &b.name))
    });
    lines
}

fn medicine(mut supplies: Vec<Fact<Supply>>) -> Medicine {
    supplies.sort_by(|a, b| {
        (Reverse(a.value.start), a.place()).cmp(&(Reverse(b.value.start), b.place()))
    });
    let drugs = || supplies.iter().map(|supply| &supply.value.drug);
    let name = drugs().map(Coded::display).find(|name| !name.is_empty());
    Medicine {
        key: drugs().flat_map(keys).min(),
        name: name.unwrap_or_default().to_owned(),
        class: drugs().find_map(Class::of),
        supplies,
    }
}

impl Medicine {
    /// How else its orders call it, in level writing.
    #[must_use]
    pub fn other_names(&self) -> Vec<&str> {
        let mut known = vec![general_name_of(&self.name)];
        let mut others = Vec::new();
        for supply in &self.supplies {
            let level = general_name(&supply.value.drug);
            if !level.is_empty() && !known.contains(&level) {
                known.push(level);
                others.push(supply.value.drug.display());
            }
        }
        others
    }
}

fn general_name_of(name: &str) -> String {
    general_name(&Coded {
        codings: Vec::new(),
        original_text: Some(name.to_owned()),
    })
}
