//! Problem lists of several sources as one: the same disease is one line with every source's own
//! wording beneath. Where sources say different things of its state, the line says so and stays with
//! the state that needs more attention; which one is right is not decided here.

#[cfg(test)]
mod tests;

use super::sameness::keys;
pub use super::state::State;
use super::{Disease, ProblemList};
use crate::merge::{Fact, Origin, facts_of, group};
use crate::v2::Staff;
use std::collections::BTreeMap;
use tasuki_core::gather::Source;
use tasuki_model::JstTime;

/// One disease as one source states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The whole name as sent.
    pub name: String,
    /// The disease, with codes.
    pub disease: Disease,
    /// How it stands.
    pub state: State,
    /// 発症日, else 診断日.
    pub start: Option<JstTime>,
    /// 転帰日.
    pub end: Option<JstTime>,
    /// Who stated it, as sent.
    pub author: String,
}

/// One disease, whoever states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemLine {
    /// Its name: the shortest that a source gives, for that is what they share.
    pub name: String,
    /// The state that needs most attention.
    pub state: State,
    /// 主診断 somewhere.
    pub main: bool,
    /// What each source says.
    pub entries: Vec<Fact<Stated>>,
}

/// The diseases of one list, wherever it was found. What the source took back is left out.
#[must_use]
pub fn stated(list: &ProblemList, origins: &[Origin]) -> Vec<Fact<Stated>> {
    let valid = list.entries.iter().filter(|disease| !disease.is_deleted());
    let values = valid.map(|disease| Stated {
        name: disease.name(),
        state: State::of(disease),
        start: disease.onset.clone().or_else(|| disease.diagnosed.clone()),
        end: disease
            .resolved
            .clone()
            .or_else(|| disease.outcome_time.clone()),
        author: disease
            .order
            .requester
            .as_ref()
            .map(Staff::display)
            .unwrap_or_default(),
        disease: disease.clone(),
    });
    facts_of(origins, values).collect()
}

/// Puts diseases into lines: what is active first, the newest beginning first. None is lost; the
/// outcome does not depend on their order.
#[must_use]
pub fn problems(facts: Vec<Fact<Stated>>) -> Vec<ProblemLine> {
    let groups = group(facts, |fact| keys(&fact.value));
    let mut lines: Vec<ProblemLine> = groups.into_iter().map(line).collect();
    let begun = |line: &ProblemLine| line.since().map(JstTime::start);
    lines.sort_by(|a, b| {
        let own = (a.state, !a.main, std::cmp::Reverse(begun(a)), &a.name);
        own.cmp(&(b.state, !b.main, std::cmp::Reverse(begun(b)), &b.name))
    });
    lines
}

fn line(entries: Vec<Fact<Stated>>) -> ProblemLine {
    let names = entries.iter().map(|entry| entry.value.name.as_str());
    let name = names
        .filter(|name| !name.is_empty())
        .min_by_key(|name| (name.chars().count(), *name));
    ProblemLine {
        name: name.unwrap_or_default().to_owned(),
        state: entries
            .iter()
            .map(|entry| entry.value.state)
            .min()
            .unwrap_or(State::Active),
        main: entries.iter().any(|entry| entry.value.disease.is_main()),
        entries,
    }
}

impl ProblemLine {
    /// The earliest beginning that a source names.
    #[must_use]
    pub fn since(&self) -> Option<&JstTime> {
        let starts = self
            .entries
            .iter()
            .filter_map(|entry| entry.value.start.as_ref());
        starts.min_by_key(|start| start.start())
    }

    /// The latest end that a source names.
    #[must_use]
    pub fn until(&self) -> Option<&JstTime> {
        let ends = self
            .entries
            .iter()
            .filter_map(|entry| entry.value.end.as_ref());
        ends.max_by_key(|end| end.start())
    }

    /// What each source says of its state, where they do not say the same; else nothing. A source
    /// that lists it twice, ended once and active again, does not contradict itself.
    #[must_use]
    pub fn conflict(&self) -> Vec<(Source, State)> {
        let mut states: BTreeMap<Source, State> = BTreeMap::new();
        for entry in &self.entries {
            for source in entry.sources() {
                let state = states.entry(source.clone()).or_insert(entry.value.state);
                *state = (*state).min(entry.value.state);
            }
        }
        let mut all: Vec<State> = states.values().copied().collect();
        all.dedup();
        if all.len() > 1 {
            states.into_iter().collect()
        } else {
            Vec::new()
        }
    }
}
