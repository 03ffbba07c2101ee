//! Corroboration by kin: two registrations of one name and birth date, and nothing else in common,
//! are one person after all if both shared a household with the same third person. Families move
//! together; two strangers of one name do not both live with her.

use super::cluster::{Clusters, Edge};
use super::row::Row;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A value that more people share than a household has is a home, a dormitory, a switchboard: it
/// makes nobody kin.
const HOUSEHOLD_MAX: usize = 8;

/// Who shares a household with whom.
struct Households {
    of_cluster: HashMap<u32, Vec<u64>>,
    members: HashMap<u64, BTreeSet<u32>>,
}

impl Households {
    fn new(clusters: &Clusters, rows: &[Row]) -> Self {
        let mut members: HashMap<u64, BTreeSet<u32>> = HashMap::new();
        for (i, row) in rows.iter().enumerate() {
            let cluster = clusters.of(i as u32);
            // Kinds are told apart by a multiplier: a telephone number is no hash of an address.
            for (kind, value) in [(3, row.place), (5, row.phone), (7, row.household)] {
                if value != 0 {
                    members
                        .entry(
                            value
                                .wrapping_mul(2)
                                .wrapping_add(kind)
                                .rotate_left(kind as u32),
                        )
                        .or_default()
                        .insert(cluster);
                }
            }
        }
        members.retain(|_, m| (2..=HOUSEHOLD_MAX).contains(&m.len()));
        let mut of_cluster: HashMap<u32, Vec<u64>> = HashMap::new();
        for (value, clusters) in &members {
            for c in clusters {
                of_cluster.entry(*c).or_default().push(*value);
            }
        }
        Self {
            of_cluster,
            members,
        }
    }

    fn kin(&self, cluster: u32) -> BTreeSet<u32> {
        self.of_cluster
            .get(&cluster)
            .into_iter()
            .flatten()
            .filter_map(|v| self.members.get(v))
            .flatten()
            .copied()
            .filter(|c| *c != cluster)
            .collect()
    }
}

/// The edges, among those that only lack corroboration, that kin corroborate: a third person known
/// in both households, or a second pair of one name and birth date between the same two.
#[must_use]
pub fn corroborated(clusters: &Clusters, rows: &[Row], lacking: &[Edge]) -> Vec<Edge> {
    let households = Households::new(clusters, rows);
    let pair = |a: u32, b: u32| (a.min(b), a.max(b));
    let pairs: HashSet<(u32, u32)> = lacking
        .iter()
        .map(|e| pair(clusters.of(e.a), clusters.of(e.b)))
        .collect();
    lacking
        .iter()
        .filter(|e| {
            let (x, y) = (clusters.of(e.a), clusters.of(e.b));
            let (of_x, of_y) = (households.kin(x), households.kin(y));
            x != y
                && (of_x.iter().any(|s| *s != y && of_y.contains(s))
                    || of_x.iter().filter(|s| **s != y).any(|s| {
                        of_y.iter()
                            .any(|t| *t != x && s != t && pairs.contains(&pair(*s, *t)))
                    }))
        })
        .copied()
        .collect()
}
