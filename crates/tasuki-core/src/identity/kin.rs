//! Corroboration by kin: two registrations of one name and birth date, and nothing else in common,
//! are one person after all if both shared a household with the same third person. Families move
//! together; two strangers of one name do not both live with her.
//!
//! Kinship is judged by the clusters as they are without it, so that what one link shows does not
//! depend on another that kin gave.

use super::block::{ALONE, KINDS};
use super::edges::Tie;
use super::index::Index;
use super::row::SHARED;
use hashbrown::HashMap;
use std::collections::BTreeSet;

/// A value that more persons share than a household has is a home, a dormitory, a switchboard: it
/// makes nobody kin.
const HOUSEHOLD_MAX: usize = 8;
/// Registrations under a value beyond which nobody counts its persons.
const CHAIN_MAX: usize = 64;

/// Everyone who shares a value of household with a registration, itself among them. One more than
/// counts, so that the last one to come too many is noticed by all.
pub(super) fn beside(index: &Index, slot: u32) -> Vec<u32> {
    let mut all = Vec::new();
    index.postings.beside(
        &index.roll.rows,
        slot,
        ALONE..KINDS,
        CHAIN_MAX + 1,
        |list| all.extend(list),
    );
    all
}

/// Kin of clusters, each looked up once.
pub(super) struct Kinship<'a> {
    index: &'a Index,
    known: HashMap<u32, BTreeSet<u32>>,
}

impl<'a> Kinship<'a> {
    pub(super) fn new(index: &'a Index) -> Self {
        Self {
            index,
            known: HashMap::new(),
        }
    }

    /// The clusters that share a household with one.
    fn of(&mut self, cluster: u32) -> BTreeSet<u32> {
        let index = self.index;
        let kin = self.known.entry(cluster).or_insert_with(|| {
            let mut kin = BTreeSet::new();
            let shared = |s: &u32| index.roll.row(*s).is_some_and(|r| r.has(SHARED));
            for member in index.likely.members(cluster) {
                let rows = &index.roll.rows;
                index
                    .postings
                    .beside(rows, member, ALONE..KINDS, CHAIN_MAX, |list| {
                        let clusters: BTreeSet<u32> = list
                            .iter()
                            .filter(|s| shared(s))
                            .map(|s| index.likely.of(*s))
                            .collect();
                        if (2..=HOUSEHOLD_MAX).contains(&clusters.len()) {
                            kin.extend(clusters);
                        }
                    });
            }
            kin.remove(&cluster);
            // Whoever may be the same person under another name is no third one.
            for member in index.likely.members(cluster) {
                let edges = index.edges.at(member);
                edges.for_each(|(_, e)| {
                    kin.remove(&index.likely.of(e.other(member)));
                });
            }
            kin
        });
        kin.clone()
    }

    /// Whether a pair that lacks only corroboration has it: a third person known in both
    /// households, or a second pair of one name and birth date between the same two.
    pub(super) fn corroborate(&mut self, a: u32, b: u32) -> bool {
        let (x, y) = (self.index.likely.of(a), self.index.likely.of(b));
        if x == y {
            return false;
        }
        let (of_x, of_y) = (self.of(x), self.of(y));
        let others = |s: &&u32| **s != x && **s != y;
        of_x.iter().filter(others).any(|s| of_y.contains(s))
            || of_x.iter().filter(others).any(|s| {
                let beyond = self.alike(*s);
                beyond.iter().filter(others).any(|t| of_y.contains(t))
            })
    }

    /// Clusters that a pair of one name and birth date, and nothing else in common, leads to.
    fn alike(&self, cluster: u32) -> Vec<u32> {
        let likely = &self.index.likely;
        likely
            .members(cluster)
            .flat_map(|member| {
                self.index
                    .edges
                    .at(member)
                    .filter(|(_, e)| matches!(e.tie, Tie::Lacking | Tie::Kin))
                    .map(move |(_, e)| likely.of(e.other(member)))
            })
            .filter(|c| *c != cluster)
            .collect()
    }
}
