//! What settling reports: the clusters as they are now, what holds them, and what to ask a clerk.

use super::edges::{Edge, Tie};
use super::explain::Explanation;
use super::index::Index;
use super::lines::Lines;
use std::collections::{BTreeMap, BTreeSet};

/// One cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its registrations, by patient number.
    pub members: Vec<u128>,
    /// The automatic edges that hold it together, the strongest first and none too many: with what
    /// persons have said they connect all members.
    pub edges: Vec<(u128, u128, Explanation)>,
}

/// What settling found. The caller compares it with what the store holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settlement {
    /// The cluster of everyone concerned, also of those who are alone now, by the first member.
    pub groups: Vec<Group>,
    /// Every line that a clerk has to see and that touches one of these clusters, the strongest
    /// first; a line of theirs that is not among them is settled.
    pub reviews: Vec<(u128, u128, Explanation)>,
}

impl Index {
    /// Reports the clusters of these registrations.
    pub(super) fn settlement(&self, slots: Vec<u32>) -> Settlement {
        let clusters: BTreeSet<u32> = slots.iter().map(|s| self.persons.of(*s)).collect();
        let mut groups: Vec<Group> = clusters.iter().map(|c| self.group(*c)).collect();
        groups.sort_by(|x, y| x.members.cmp(&y.members));
        let mut lines = Lines::new(self);
        let mut open: Vec<Edge> = clusters.iter().flat_map(|c| lines.open(*c)).collect();
        open.sort_unstable_by(|x, y| self.order(x, y));
        open.dedup_by_key(|e| e.ends);
        Settlement {
            groups,
            reviews: open.iter().filter_map(|e| self.explained(e)).collect(),
        }
    }

    fn explained(&self, edge: &Edge) -> Option<(u128, u128, Explanation)> {
        let [a, b] = edge.ends.map(|end| self.roll.patient(end));
        Some((a, b, self.explain(a, b)?))
    }

    fn group(&self, cluster: u32) -> Group {
        let slots: Vec<u32> = self.persons.members(cluster).collect();
        let mut members: Vec<u128> = slots.iter().map(|s| self.roll.patient(*s)).collect();
        members.sort_unstable();
        let mut edges: Vec<Edge> = slots
            .iter()
            .flat_map(|s| {
                self.edges
                    .at(*s)
                    .map(|(_, e)| e)
                    .filter(|e| e.ends[0] == *s)
            })
            .filter(|e| !matches!(e.tie, Tie::Lacking | Tie::Review | Tie::Torn))
            .filter(|e| self.persons.of(e.ends[1]) == cluster)
            .collect();
        edges.sort_unstable_by(|x, y| self.order(x, y));
        // The strongest that connect: each edge that joins two parts.
        let mut part: BTreeMap<u32, u32> = slots.iter().map(|s| (*s, *s)).collect();
        edges.retain(|e| {
            let [a, b] = e.ends.map(|end| part.get(&end).copied());
            if a != b {
                for p in part.values_mut().filter(|p| Some(**p) == b) {
                    *p = a.unwrap_or(*p);
                }
            }
            a != b
        });
        edges.retain(|e| e.tie != Tie::Said);
        Group {
            members,
            edges: edges.iter().filter_map(|e| self.explained(e)).collect(),
        }
    }

    /// Every registration with the first member of its cluster, by patient number.
    #[must_use]
    pub fn clusters(&self) -> Vec<(u128, u128)> {
        let first = |slot: u32| {
            let members = self.persons.members(slot).map(|s| self.roll.patient(s));
            members.min().unwrap_or_default()
        };
        let patient = |slot| self.roll.patient(slot);
        let mut clusters: Vec<(u128, u128)> = self
            .roll
            .live()
            .map(|slot| (patient(slot), first(slot)))
            .collect();
        clusters.sort_unstable();
        clusters
    }

    /// Every line that a clerk has to see, the strongest first.
    #[must_use]
    pub fn lines(&self) -> Vec<(u128, u128)> {
        let mut lines = Lines::new(self);
        let clusters = self.roll.live().filter(|s| self.persons.of(*s) == *s);
        let mut open: Vec<Edge> = clusters.flat_map(|c| lines.open(c)).collect();
        open.sort_unstable_by(|x, y| self.order(x, y));
        open.dedup_by_key(|e| e.ends);
        let patients = |e: &Edge| e.ends.map(|end| self.roll.patient(end)).into();
        open.iter().map(patients).collect()
    }

    /// Who might be taken for a patient: other persons of the same folded name, and twins — the
    /// same birth date and household, another given name. At most [`ALIKE_MAX`] of them.
    #[must_use]
    pub fn alike(&self, patient: u128) -> Vec<u128> {
        use super::block::{ALONE, BLOCK_MAX, KINDS};
        let Some((slot, row)) = self
            .roll
            .slot(patient)
            .and_then(|s| Some((s, self.roll.row(s)?)))
        else {
            return Vec::new();
        };
        let mut found = BTreeSet::new();
        let other = |o: &u32| {
            self.persons.of(*o) != self.persons.of(slot) && self.roll.comparable(slot, *o)
        };
        let rows = &self.roll.rows;
        self.postings
            .beside(rows, slot, 0..2, BLOCK_MAX * 4, |list| {
                let same = |o: &u32| {
                    self.roll.row(*o).is_some_and(|r| {
                        let kana =
                            (r.family_kana, r.given_kana) == (row.family_kana, row.given_kana);
                        let kanji = (r.family, r.given) == (row.family, row.given);
                        (kana && r.given_kana != 0) || (kanji && r.given != 0)
                    })
                };
                found.extend(list.iter().filter(|o| other(o) && same(o)));
            });
        self.postings
            .beside(rows, slot, ALONE..KINDS, BLOCK_MAX, |list| {
                let twin = |o: &u32| {
                    self.roll.row(*o).is_some_and(|r| {
                        r.birth == row.birth && row.birth != 0 && r.given_kana != row.given_kana
                    })
                };
                found.extend(list.iter().filter(|o| other(o) && twin(o)));
            });
        let patients = found.iter().map(|s| self.roll.patient(*s));
        patients.take(ALIKE_MAX).collect()
    }
}

/// Names of a warning; more would not be read.
pub const ALIKE_MAX: usize = 50;
