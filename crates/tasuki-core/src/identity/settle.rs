//! Bringing the clusters up to date with what has come, gone or been said.
//!
//! Three steps, each only as far as something may have changed: compare the pairs of what is new;
//! join what the engine links by itself; let kin corroborate and join again. With much that is new
//! every registration is done at once, on two threads, with the same result.

use super::edges::{Edge, Tie};
use super::index::{Index, Said};
use super::kin::{self, Kinship};
use super::lines::Lines;
use super::partition::Partition;
use super::settlement::Settlement;
use hashbrown::HashSet;
use std::collections::BTreeSet;

/// Share of the index, as one in so many, from which everything is done at once.
const MANY: usize = 4;
/// Growth of the population, as one in so many, from which frequencies no longer hold.
const DRIFT: u32 = 10;

impl Index {
    /// Whether the population has grown or shrunk by a tenth since everything was settled last:
    /// frequencies of names and shared values, and the threshold, are no longer those of now. The
    /// caller then settles everything ([`settle_all`](Self::settle_all)); until it does, pairs are
    /// scored as of then.
    #[must_use]
    pub fn drifted(&self) -> bool {
        (self.len() as u32).abs_diff(self.population) > self.population / DRIFT
    }

    /// Scores every pair anew with the frequencies of now, and settles everything.
    pub fn settle_all(&mut self) -> Settlement {
        self.link_all();
        self.settlement(self.roll.live().collect())
    }

    /// As [`settle_all`](Self::settle_all), without the report. Returns how many pairs were
    /// compared.
    pub fn link_all(&mut self) -> u64 {
        let compared = self.prepare();
        let everyone: Vec<u32> = self.roll.live().collect();
        self.persons = Partition::default();
        self.persons.grow(self.roll.rows.len());
        self.join_persons(&everyone);
        compared
    }

    /// Compares every pair with the frequencies of now, but leaves the clusters as they are loaded
    /// ([`join_known`](Self::join_known)). Returns how many pairs were compared.
    pub fn prepare(&mut self) -> u64 {
        self.roll.names.settled();
        self.population = self.len() as u32;
        let (edges, compared) = self.all_edges();
        self.edges.clear(self.roll.rows.len());
        for edge in edges {
            self.edges.add(edge);
        }
        self.unscored.clear();
        self.stirred.clear();
        self.prepared = true;
        let everyone: Vec<u32> = self.roll.live().collect();
        self.tear(everyone.iter().copied());
        self.likely = Partition::default();
        self.likely.grow(self.roll.rows.len());
        self.join_likely(&everyone);
        self.corroborate(&everyone);
        compared
    }

    /// Brings the clusters up to date, and reports the clusters of these patients and of everyone
    /// whom the changes since the last time concern.
    ///
    /// With more than a quarter of the index new, or an index that was never settled, everything
    /// is settled and reported.
    pub fn settle(&mut self, touched: &[u128]) -> Settlement {
        let touched: Vec<u32> = touched.iter().filter_map(|p| self.roll.slot(*p)).collect();
        let many = touched.len().max(self.unscored.len()) > self.len() / MANY;
        if !self.prepared || many {
            return self.settle_all();
        }
        let mut seeds: BTreeSet<u32> = touched.into_iter().collect();
        self.score_new(&mut seeds);
        seeds.extend(std::mem::take(&mut self.stirred));
        seeds.retain(|s| self.roll.is_live(*s));
        seeds.extend(self.tear(seeds.iter().copied()));

        let likely = self.region(&seeds, &self.likely, |e| {
            e.shared && matches!(e.tie, Tie::Said | Tie::Automatic)
        });
        self.join_likely(&likely);

        let near: BTreeSet<u32> = likely
            .iter()
            .flat_map(|slot| kin::beside(self, *slot))
            .chain(likely.iter().copied())
            .flat_map(|slot| self.likely.members(slot))
            .collect();
        let near: Vec<u32> = near.into_iter().collect();
        seeds.extend(&likely);
        seeds.extend(self.corroborate(&near));

        let clusters: BTreeSet<u32> = seeds
            .iter()
            .flat_map(|slot| self.likely.members(*slot))
            .collect();
        let persons = self.region(&clusters, &self.persons, joins_persons);
        self.join_persons(&persons);
        let beside = Lines::new(self).beside(&persons);
        self.settlement(persons.into_iter().chain(beside).collect())
    }

    /// Compares what is new with everyone; adds all whom that concerns.
    fn score_new(&mut self, seeds: &mut BTreeSet<u32>) {
        let mut unscored = std::mem::take(&mut self.unscored);
        unscored.sort_unstable();
        unscored.dedup();
        // Who came and went again meanwhile has left an empty place.
        unscored.retain(|slot| self.roll.is_live(*slot));
        for slot in unscored {
            seeds.insert(slot);
            seeds.extend(self.edges.remove_at(slot));
            for other in self.candidates(slot) {
                if let Some(edge) = self.judge(slot, other) {
                    self.edges.add(edge);
                    seeds.insert(other);
                }
            }
        }
    }

    /// Everyone worth comparing with a registration.
    fn candidates(&self, slot: u32) -> Vec<u32> {
        use super::block::{BLOCK_MAX, PAIRING};
        let mut others = Vec::new();
        let rows = &self.roll.rows;
        self.postings
            .beside(rows, slot, 0..PAIRING, BLOCK_MAX, |list| {
                others.extend(list)
            });
        let said = self.said.get(&self.roll.patient(slot));
        let same = said.into_iter().flatten().filter(|s| s.1 == Said::Same);
        others.extend(same.filter_map(|(patient, _)| self.roll.slot(*patient)));
        others.sort_unstable();
        others.dedup();
        others.retain(|o| *o != slot);
        others
    }

    /// Everyone whose group may change: over the groups of before and the edges of now.
    fn region(
        &self,
        seeds: &BTreeSet<u32>,
        groups: &Partition,
        follow: impl Fn(&Edge) -> bool,
    ) -> Vec<u32> {
        let mut seen: HashSet<u32> = seeds.iter().copied().collect();
        let mut due: Vec<u32> = seeds.iter().copied().collect();
        while let Some(slot) = due.pop() {
            let over_edges = self.edges.at(slot).map(|(_, e)| e).filter(&follow);
            for next in groups
                .members(slot)
                .chain(over_edges.map(|e| e.other(slot)))
            {
                if seen.insert(next) {
                    due.push(next);
                }
            }
        }
        let mut region: Vec<u32> = seen.into_iter().collect();
        region.sort_unstable();
        region
    }

    /// The edges of a region that are followed, each once.
    fn edges_in(&self, region: &[u32], follow: impl Fn(&Edge) -> bool) -> Vec<Edge> {
        region
            .iter()
            .flat_map(|slot| {
                let edges = self.edges.at(*slot).map(|(_, e)| e);
                edges.filter(move |e| e.ends[0] == *slot)
            })
            .filter(follow)
            .collect()
    }

    /// Joins a region by what needs no kin.
    fn join_likely(&mut self, region: &[u32]) {
        let edges = self.edges_in(region, |e| {
            e.shared && matches!(e.tie, Tie::Said | Tie::Automatic)
        });
        let alone = region.iter().map(|slot| vec![*slot]).collect();
        for group in self.join(alone, edges) {
            self.likely.set(&group);
        }
    }

    /// Judges anew which pairs at these registrations kin corroborate; returns the ends of those
    /// for which that changed.
    fn corroborate(&mut self, near: &[u32]) -> Vec<u32> {
        let mut kinship = Kinship::new(self);
        let mut changed = Vec::new();
        for slot in near {
            for (number, edge) in self.edges.at(*slot) {
                if !matches!(edge.tie, Tie::Lacking | Tie::Kin) {
                    continue;
                }
                let [a, b] = edge.ends;
                let tie = if kinship.corroborate(a, b) {
                    Tie::Kin
                } else {
                    Tie::Lacking
                };
                if tie != edge.tie {
                    changed.push((number, tie, [a, b]));
                }
            }
        }
        for (number, tie, _) in &changed {
            self.edges.set_tie(*number, *tie);
        }
        changed.into_iter().flat_map(|(_, _, ends)| ends).collect()
    }

    /// Joins a region further: by kin, and within one facility what is not disclosed.
    fn join_persons(&mut self, region: &[u32]) {
        let edges = self.edges_in(region, joins_persons);
        let mut groups = Vec::new();
        for slot in region.iter().filter(|s| self.likely.of(**s) == **s) {
            groups.push(self.likely.members(*slot).collect());
        }
        for group in self.join(groups, edges) {
            self.persons.set(&group);
        }
    }
}

/// Edges that join clusters after those that need no kin.
fn joins_persons(edge: &Edge) -> bool {
    edge.tie == Tie::Kin || (!edge.shared && matches!(edge.tie, Tie::Said | Tie::Automatic))
}
