//! Injections: each bottle that was ordered, with what was given of it beneath. What was given without
//! an order that is known here stands by itself, and says so.
//!
//! An order number is one facility's own; it joins an order with what was given only where both came
//! from the same source.

#[cfg(test)]
mod tests;

use super::{Injection, Mixture};
use crate::merge::{Fact, Origin, facts_of};
use crate::prescription::Administration;
use crate::prescription::drug::{DrugKey, keys};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tasuki_model::{Coded, JstTime, SmolStr};

/// One bottle of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bottle {
    /// The facility's number of the order (ORC-2).
    pub order: SmolStr,
    /// When it is to be given, else when it was ordered.
    pub at: Option<JstTime>,
    /// Who ordered it, as sent.
    pub author: String,
    /// Taken back by its source.
    pub cancelled: bool,
    /// What is in it and how it is given.
    pub mixture: Mixture,
}

/// One drug given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The facility's number of the order (ORC-2).
    pub order: SmolStr,
    /// What was given, when, by whom.
    pub administration: Administration,
}

/// A bottle with what was given of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InjectionLine {
    /// The order; nothing where none is known here.
    pub bottle: Option<Fact<Bottle>>,
    /// What was given, in its order of time.
    pub given: Vec<Fact<Given>>,
}

/// The bottles and the drugs given of one document, wherever it was found.
#[must_use]
pub fn facts(
    injection: &Injection,
    origins: &[Origin],
    service: Option<&JstTime>,
) -> (Vec<Fact<Bottle>>, Vec<Fact<Given>>) {
    let order = &injection.order;
    let whole = order.is_cancelled();
    let bottle = |mixture: &Mixture| Bottle {
        order: order.placer.clone(),
        at: mixture
            .timing
            .start
            .clone()
            .or_else(|| service.cloned())
            .or_else(|| order.entered.clone()),
        author: injection.author().unwrap_or_default(),
        cancelled: whole || matches!(mixture.control.as_str(), "CA" | "DC" | "OC"),
        mixture: mixture.clone(),
    };
    let given = |administration: &Administration| Given {
        order: order.placer.clone(),
        administration: administration.clone(),
    };
    let bottles = facts_of(origins, injection.groups.iter().map(bottle)).collect();
    (
        bottles,
        facts_of(origins, injection.given.iter().map(given)).collect(),
    )
}

/// Puts what was given under what was ordered, the newest first. None is lost; the outcome does not
/// depend on their order.
#[must_use]
pub fn injections(
    mut bottles: Vec<Fact<Bottle>>,
    mut given: Vec<Fact<Given>>,
) -> Vec<InjectionLine> {
    bottles.sort_by(|a, b| a.place().cmp(&b.place()));
    given.sort_by(|a, b| a.place().cmp(&b.place()));
    let mut by_order: BTreeMap<SmolStr, Vec<usize>> = BTreeMap::new();
    for (n, bottle) in bottles.iter().enumerate() {
        by_order
            .entry(bottle.value.order.clone())
            .or_default()
            .push(n);
    }
    let mut under: BTreeMap<usize, Vec<Fact<Given>>> = BTreeMap::new();
    let mut alone: Vec<InjectionLine> = Vec::new();
    for fact in given {
        let numbered = by_order
            .get(&fact.value.order)
            .filter(|_| !fact.value.order.is_empty());
        let candidates = numbered
            .into_iter()
            .flatten()
            .filter_map(|n| Some((*n, bottles.get(*n)?)));
        match best(candidates, &fact) {
            Some(n) => under.entry(n).or_default().push(fact),
            None => alone.push(InjectionLine {
                bottle: None,
                given: vec![fact],
            }),
        }
    }
    let ordered = bottles
        .into_iter()
        .enumerate()
        .map(|(n, bottle)| InjectionLine {
            given: under.remove(&n).unwrap_or_default(),
            bottle: Some(bottle),
        });
    let mut lines: Vec<InjectionLine> = ordered.chain(alone).collect();
    for line in &mut lines {
        line.given.sort_by_key(|given| {
            given
                .value
                .administration
                .start
                .as_ref()
                .map(JstTime::start)
        });
    }
    lines.sort_by_key(|line| Reverse(line.at().map(JstTime::start)));
    lines
}

/// The bottle that something given belongs to: of its order and source, by the number of the group,
/// else by the drug; of several the one whose time is nearest.
fn best<'b>(
    bottles: impl Iterator<Item = (usize, &'b Fact<Bottle>)>,
    given: &Fact<Given>,
) -> Option<usize> {
    let told = &given.value.administration;
    let start = told.start.as_ref().map(|start| start.start().micros());
    let same_source =
        |bottle: &Fact<Bottle>| bottle.sources().any(|s| given.sources().any(|o| o == s));
    let fitting = bottles
        .filter(|(_, bottle)| same_source(bottle))
        .filter_map(|(n, bottle)| {
            let mixture = &bottle.value.mixture;
            let number = !told.group.is_empty() && mixture.number == told.group;
            let drug = mixture.drugs().iter().any(|drug| alike(drug, &told.drug));
            let at = bottle.value.at.as_ref().map(|at| at.start().micros());
            let apart = start.zip(at).map_or(i64::MAX, |(a, b)| (a - b).abs());
            (number || drug).then_some(((!number, !drug, apart, n), n))
        });
    fitting.min().map(|(_, n)| n)
}

fn alike(one: &Coded, two: &Coded) -> bool {
    let other: Vec<DrugKey> = keys(two);
    keys(one).iter().any(|key| other.contains(key))
}

impl InjectionLine {
    /// When it was given, else when it is to be.
    #[must_use]
    pub fn at(&self) -> Option<&JstTime> {
        let given = self
            .given
            .iter()
            .find_map(|given| given.value.administration.start.as_ref());
        given.or_else(|| self.bottle.as_ref()?.value.at.as_ref())
    }
}
