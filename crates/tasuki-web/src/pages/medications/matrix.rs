//! Drugs by dates, as the viewers of today show prescriptions: who ordered what on which day, for how
//! many days. Newest left.

use crate::chart::badges::Badges;
use crate::chart::merged::View;
use std::collections::BTreeMap;
use tasuki_core::gather::Source;
use tasuki_model::JstDay;
use tasuki_records::prescription::merge::Medicine;

/// Dates at most; the page says how many there are besides.
const DATES_MAX: usize = 14;

/// The matrix as it is printed.
#[derive(Default)]
pub(super) struct Matrix {
    pub heads: Vec<(String, Badges)>,
    pub rows: Vec<(String, Vec<Vec<String>>)>,
    pub more: usize,
}

/// Puts the orders of lines into a matrix.
pub(super) fn matrix(view: &View<'_>, lines: &[&Medicine]) -> Matrix {
    type Key = (std::cmp::Reverse<JstDay>, Vec<Source>);
    let orders = |line: &Medicine| -> Vec<(Key, String)> {
        let order =
            |supply: &tasuki_records::merge::Fact<tasuki_records::prescription::merge::Supply>| {
                let sources = supply.sources().cloned().collect();
                let days = supply
                    .value
                    .days
                    .map(|days| view.w.count_days(days).into_owned());
                let dose = if supply.value.daily.is_empty() {
                    &supply.value.dose
                } else {
                    &supply.value.daily
                };
                let words = [Some(dose.clone()), days].into_iter().flatten();
                let words = words
                    .filter(|w| !w.is_empty())
                    .collect::<Vec<_>>()
                    .join(" ");
                Some(((std::cmp::Reverse(supply.value.start?), sources), words))
            };
        line.valid().filter_map(order).collect()
    };
    let mut dates: BTreeMap<Key, usize> = BTreeMap::new();
    for (key, _) in lines.iter().flat_map(|line| orders(line)) {
        dates.insert(key, 0);
    }
    for (n, place) in dates.values_mut().enumerate() {
        *place = n;
    }
    let heads = dates
        .keys()
        .take(DATES_MAX)
        .map(|(day, sources)| (day.0.to_string(), view.badges(sources)));
    let shown = dates.len().min(DATES_MAX);
    let row = |line: &&Medicine| {
        let mut cells = vec![Vec::new(); shown];
        for (key, words) in orders(line) {
            if let Some(cell) = dates.get(&key).and_then(|place| cells.get_mut(*place)) {
                cell.push(words);
            }
        }
        (line.name.clone(), cells)
    };
    let rows = lines
        .iter()
        .map(row)
        .filter(|(_, cells)| cells.iter().any(|cell: &Vec<String>| !cell.is_empty()));
    Matrix {
        heads: heads.collect(),
        rows: rows.collect(),
        more: dates.len() - shown,
    }
}
