//! Joining, with constraints: before two clusters become one, no pair across them may conflict.
//! One bad edge must not merge a family.

use super::row::Row;

/// An automatic edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// One registration, the smaller number.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Posterior bits.
    pub bits: f32,
}

/// The clusters of a set of registrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    parent: Vec<u32>,
    members: Vec<Vec<u32>>,
}

impl Clusters {
    /// Everyone alone.
    #[must_use]
    pub fn alone(count: usize) -> Self {
        Self {
            parent: (0..count as u32).collect(),
            members: (0..count as u32).map(|i| vec![i]).collect(),
        }
    }

    /// The cluster of a registration, named by one of its members.
    #[must_use]
    pub fn of(&self, mut i: u32) -> u32 {
        while let Some(&p) = self.parent.get(i as usize) {
            if p == i {
                break;
            }
            i = p;
        }
        i
    }

    /// The members of a cluster.
    #[must_use]
    pub fn members(&self, cluster: u32) -> &[u32] {
        self.members
            .get(cluster as usize)
            .map_or(&[], Vec::as_slice)
    }

    fn join(&mut self, a: u32, b: u32) {
        let (small, large) = if self.members(a).len() < self.members(b).len() {
            (a, b)
        } else {
            (b, a)
        };
        if let Some(p) = self.parent.get_mut(small as usize) {
            *p = large;
        }
        let moved = self
            .members
            .get_mut(small as usize)
            .map(std::mem::take)
            .unwrap_or_default();
        if let Some(m) = self.members.get_mut(large as usize) {
            m.extend(moved);
        }
    }
}

impl Clusters {
    /// Joins along edges in the order of their strength; ties go by number, so that the result
    /// does not depend on the order in which registrations arrived. Returns the edges whose
    /// clusters conflict.
    pub fn join_along(
        &mut self,
        mut edges: Vec<Edge>,
        rows: &[Row],
        conflict: impl Fn(&Row, &Row) -> bool,
    ) -> Vec<Edge> {
        edges.sort_by(|x, y| {
            y.bits
                .total_cmp(&x.bits)
                .then(x.a.cmp(&y.a))
                .then(x.b.cmp(&y.b))
        });
        let mut held = Vec::new();
        for edge in edges {
            let (a, b) = (self.of(edge.a), self.of(edge.b));
            if a == b {
                continue;
            }
            let at = |i: &u32| rows.get(*i as usize);
            let conflicts = self.members(a).iter().filter_map(at).any(|x| {
                self.members(b)
                    .iter()
                    .filter_map(at)
                    .any(|y| conflict(x, y))
            });
            if conflicts {
                held.push(edge);
            } else {
                self.join(a, b);
            }
        }
        held
    }
}
