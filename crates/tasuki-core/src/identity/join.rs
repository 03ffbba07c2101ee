//! Joining, with constraints: before two groups become one, no pair across them may conflict. One
//! bad edge must not merge a family.

use super::edges::{Edge, Tie};
use super::index::Index;
use std::cmp::Ordering;

/// Groups that are being joined.
struct Joining {
    /// Every registration with its group, in the order of registrations.
    places: Vec<(u32, u32)>,
    up: Vec<u32>,
    groups: Vec<Vec<u32>>,
}

impl Joining {
    fn new(groups: Vec<Vec<u32>>) -> Self {
        let mut places: Vec<(u32, u32)> = (0u32..)
            .zip(&groups)
            .flat_map(|(at, group)| group.iter().map(move |slot| (*slot, at)))
            .collect();
        places.sort_unstable();
        Self {
            places,
            up: (0..groups.len() as u32).collect(),
            groups,
        }
    }

    /// The group that a registration is in now.
    fn of(&self, slot: u32) -> Option<u32> {
        // With everyone there, everyone stands at their own number.
        let mut place = self.places.get(slot as usize).filter(|p| p.0 == slot);
        if place.is_none() {
            let at = self.places.binary_search_by_key(&slot, |p| p.0).ok()?;
            place = self.places.get(at);
        }
        let mut group = place?.1;
        while let Some(&up) = self.up.get(group as usize).filter(|up| **up != group) {
            group = up;
        }
        Some(group)
    }

    fn members(&self, group: u32) -> &[u32] {
        self.groups.get(group as usize).map_or(&[], Vec::as_slice)
    }

    fn join(&mut self, a: u32, b: u32) {
        let (small, large) = if self.members(a).len() < self.members(b).len() {
            (a, b)
        } else {
            (b, a)
        };
        if let Some(up) = self.up.get_mut(small as usize) {
            *up = large;
        }
        let moved = self.groups.get_mut(small as usize).map(std::mem::take);
        if let Some(group) = self.groups.get_mut(large as usize) {
            group.extend(moved.unwrap_or_default());
        }
    }
}

impl Index {
    /// The order in which edges join: what is disclosed first, so that the undisclosed changes
    /// nothing for it; what a person has said before what the engine found; then by strength, and
    /// ties by patient number, so that the order of arrival plays no part.
    pub(super) fn order(&self, x: &Edge, y: &Edge) -> Ordering {
        let rank = |e: &Edge| (!e.shared, e.tie != Tie::Said);
        let patients = |e: &Edge| e.ends.map(|end| self.roll.patient(end));
        rank(x)
            .cmp(&rank(y))
            .then(y.bits.total_cmp(&x.bits))
            .then_with(|| patients(x).cmp(&patients(y)))
    }

    /// Joins groups along edges; what conflicts stays apart.
    pub(super) fn join(&self, groups: Vec<Vec<u32>>, mut edges: Vec<Edge>) -> Vec<Vec<u32>> {
        edges.sort_unstable_by(|x, y| self.order(x, y));
        let mut joining = Joining::new(groups);
        for edge in edges {
            let [a, b] = edge.ends.map(|end| joining.of(end));
            let (Some(a), Some(b)) = (a, b) else {
                continue;
            };
            if a != b && !self.conflicts(&edge, joining.members(a), joining.members(b)) {
                joining.join(a, b);
            }
        }
        joining.groups.retain(|g| !g.is_empty());
        joining.groups
    }

    /// Whether one of them is disclosed.
    pub(super) fn any_shared(&self, slots: &[u32]) -> bool {
        slots.iter().any(|s| self.roll.both_shared(*s, *s))
    }

    fn conflicts(&self, edge: &Edge, a: &[u32], b: &[u32]) -> bool {
        // What links two automatically is no conflict of theirs.
        if edge.tie == Tie::Automatic && a.len() == 1 && b.len() == 1 {
            return false;
        }
        // What is not disclosed joins nobody who is: they are joined by what they say themselves.
        if !edge.shared && self.any_shared(a) && self.any_shared(b) {
            return true;
        }
        let by_a_person = edge.tie == Tie::Said;
        a.iter()
            .any(|x| b.iter().any(|y| self.apart(*x, *y, by_a_person)))
    }
}
