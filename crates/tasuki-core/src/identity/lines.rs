//! The lines that a clerk has to see: one for each two clusters, the strongest pair between them.
//!
//! Of three lines that close a circle the weakest waits: the answers to the other two settle it,
//! and if they do not, it comes up then. No line where a person has said "not the same", and none
//! between clusters that may not be compared: there would be nothing to decide.

use super::edges::{Edge, Tie};
use super::index::Index;
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Questions of one cluster that are looked at; weaker ones come up when these are answered. Only a
/// feed gone wrong makes more.
const QUESTIONS_MAX: usize = 64;

/// Lines, each cluster looked at once.
pub(super) struct Lines<'a> {
    index: &'a Index,
    /// Clusters, by their first members, with the strongest pair that leads to each.
    known: HashMap<u32, BTreeMap<u32, Edge>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(index: &'a Index) -> Self {
        Self {
            index,
            known: HashMap::new(),
        }
    }

    /// Every question between a cluster and others.
    fn of(&mut self, cluster: u32) -> &BTreeMap<u32, Edge> {
        let index = self.index;
        self.known
            .entry(cluster)
            .or_insert_with(|| questions(index, cluster))
    }

    /// Members of clusters that some pair leads to from these, a question now or one that was: what
    /// is no question any more lets another one come up.
    pub(super) fn beside(&self, slots: &[u32]) -> Vec<u32> {
        let index = self.index;
        let edges = slots.iter().flat_map(|s| {
            let edges = index.edges.at(*s);
            edges.map(|(_, e)| index.persons.of(e.other(*s)))
        });
        let beside: BTreeSet<u32> = edges.collect();
        beside
            .into_iter()
            .flat_map(|c| index.persons.members(c))
            .collect()
    }

    /// The lines of a cluster that a clerk sees now.
    pub(super) fn open(&mut self, cluster: u32) -> Vec<Edge> {
        let index = self.index;
        let mine = self.of(cluster).clone();
        let mut open = Vec::new();
        for (other, line) in &mine {
            let theirs = self.of(*other);
            let waits = mine.iter().any(|(third, x)| {
                theirs
                    .get(third)
                    .is_some_and(|y| index.order(x, line).is_lt() && index.order(y, line).is_lt())
            });
            if !waits {
                open.push(*line);
            }
        }
        open
    }
}

fn questions(index: &Index, cluster: u32) -> BTreeMap<u32, Edge> {
    let mut lines: BTreeMap<u32, Edge> = BTreeMap::new();
    let all = |cluster: u32| index.persons.members(cluster).collect::<Vec<u32>>();
    let shared = index.any_shared(&all(cluster));
    for member in index.persons.members(cluster) {
        for (_, edge) in index.edges.at(member) {
            let other = index.persons.of(edge.other(member));
            if other == cluster || edge.tie == Tie::Said {
                continue;
            }
            // The disclosed are asked about by what they say themselves.
            if !edge.shared && shared && index.any_shared(&all(other)) {
                continue;
            }
            let line = lines.entry(other).or_insert(edge);
            if index.order(&edge, line).is_lt() {
                *line = edge;
            }
        }
    }
    let settled = |other: u32| {
        // Nor does the undisclosed answer for the disclosed beside it.
        let both = shared && index.any_shared(&all(other));
        let of = |c: u32| {
            let members = index.persons.members(c);
            members.filter(move |s| !both || index.any_shared(&[*s]))
        };
        of(cluster).any(|x| of(other).any(|y| index.parted(x, y) || !index.roll.comparable(x, y)))
    };
    lines.retain(|other, _| !settled(*other));
    if lines.len() > QUESTIONS_MAX {
        let mut strongest: Vec<(u32, Edge)> = lines.into_iter().collect();
        strongest.sort_by(|x, y| index.order(&x.1, &y.1));
        strongest.truncate(QUESTIONS_MAX);
        lines = strongest.into_iter().collect();
    }
    lines
}
