//! What was injected, beside what was prescribed: one row a drug, a long tick on each day on which it was
//! given, a short one where it was only ordered. Orders, bottles and rates stand on the injections' page.

use super::gantt::{Axis, Tick};
use super::now::Row;
use super::wanted::Wanted;
use crate::chart::badges;
use crate::chart::merged::View;
use crate::pages::injections;
use std::collections::BTreeMap;
use tasuki_core::gather::Source;
use tasuki_model::{JstDay, JstTime};
use tasuki_records::injection::merge::InjectionLine;

/// Drugs at most; how many there are besides is said.
const ROWS_MAX: usize = 12;

/// One drug.
#[derive(Default)]
struct Injected {
    route: String,
    ticks: BTreeMap<JstDay, Tick>,
    sources: Vec<Source>,
}

/// Rows of the latest drugs first, and how many more drugs there are.
pub(super) fn rows(view: &View<'_>, wanted: &Wanted, axis: &Axis) -> (Vec<Row>, usize) {
    let mut drugs: BTreeMap<String, Injected> = BTreeMap::new();
    for line in injections::read(view) {
        put(&mut drugs, &line);
    }
    drugs.retain(|_, drug| {
        let codes = drug.sources.iter().map(badges::source_code);
        let mut codes = codes.collect::<Vec<_>>().into_iter();
        wanted
            .source
            .as_ref()
            .is_none_or(|one| codes.any(|code| code == *one))
    });
    let mut drugs: Vec<(String, Injected)> = drugs.into_iter().collect();
    drugs.sort_by_key(|(_, drug)| std::cmp::Reverse(drug.ticks.keys().next_back().copied()));
    let more = drugs.len().saturating_sub(ROWS_MAX);
    let shown = drugs.into_iter().take(ROWS_MAX);
    (
        shown
            .map(|(name, drug)| row(view, axis, name, &drug))
            .collect(),
        more,
    )
}

/// The drugs of a bottle by day. What was given is told by who gave it; an order that nobody has told
/// anything of stands for itself, and what was not given is no tick.
fn put(drugs: &mut BTreeMap<String, Injected>, line: &InjectionLine) {
    let mut tick =
        |name: &str, at: Option<&JstTime>, tick: Tick, route: &str, from: Vec<Source>| {
            let Some(day) = at.map(JstTime::day).filter(|_| !name.is_empty()) else {
                return;
            };
            let drug = drugs.entry(name.to_owned()).or_default();
            let kept = drug.ticks.entry(day).or_insert(tick);
            *kept = (*kept).max(tick);
            route.clone_into(&mut drug.route);
            drug.sources.extend(from);
            drug.sources.sort();
            drug.sources.dedup();
        };
    for fact in &line.given {
        let told = &fact.value.administration;
        if !matches!(told.status.as_str(), "NA" | "RE") {
            let from = fact.sources().cloned().collect();
            tick(
                told.drug.display(),
                told.start.as_ref(),
                Tick::Given,
                told.route.display(),
                from,
            );
        }
    }
    let ordered = line.bottle.as_ref().filter(|_| line.given.is_empty());
    if let Some(fact) = ordered.filter(|fact| !fact.value.cancelled) {
        for ingredient in &fact.value.mixture.ingredients {
            let (at, route) = (fact.value.at.as_ref(), fact.value.mixture.route.display());
            let from = fact.sources().cloned().collect();
            tick(ingredient.drug.display(), at, Tick::Ordered, route, from);
        }
    }
}

fn row(view: &View<'_>, axis: &Axis, name: String, drug: &Injected) -> Row {
    let day = |day: Option<&JstDay>| day.map(ToString::to_string).unwrap_or_default();
    let (first, last) = (
        day(drug.ticks.keys().next()),
        day(drug.ticks.keys().next_back()),
    );
    let says = view.w.meds_ticks(&name, drug.ticks.len(), &first, &last);
    Row {
        href: "injections".to_owned(),
        chosen: false,
        others: Vec::new(),
        usage: drug.route.clone(),
        since: first,
        left: String::new(),
        few: false,
        badges: view.badges(&drug.sources),
        overlaps: false,
        ended: false,
        gantt: axis.ticks(&drug.ticks, &says),
        name,
    }
}
