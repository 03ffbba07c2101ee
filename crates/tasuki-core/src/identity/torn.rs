//! Torn registrations: one that fits two others by itself, while those two cannot be one person, is
//! nobody's until a person has looked. It is mostly a registration in kana alone, or one that says
//! little, and it fits both of two twins or namesakes; by its strongest edge it would be given to
//! one of them, which is right about as often as not.
//!
//! Judged pair by pair, by rows alone, so that neither the order of arrival nor what else has been
//! joined plays a part. What is not disclosed tears nothing that is.

use super::edges::{Edge, Tie};
use super::index::Index;
use hashbrown::HashMap;

/// Edges of one registration that are looked at, the strongest; more is a feed gone wrong.
const EDGES_MAX: usize = 64;

/// What the engine links by the pair itself, torn or not.
fn by_itself(edge: &Edge) -> bool {
    matches!(edge.tie, Tie::Automatic | Tie::Torn)
}

/// Registrations, each looked at once.
struct Tearing<'a> {
    index: &'a Index,
    /// Whom each is linked with by the pair itself or by a person's word, in order.
    linked: HashMap<u32, Vec<u32>>,
    /// The edges of each that are torn there, by their other ends.
    torn: HashMap<u32, Vec<u32>>,
}

impl Tearing<'_> {
    fn are_linked(&mut self, a: u32, b: u32) -> bool {
        let edges = &self.index.edges;
        let linked = self.linked.entry(a).or_insert_with(|| {
            let linked = edges.at(a).map(|(_, e)| e);
            let linked = linked.filter(|e| by_itself(e) || e.tie == Tie::Said);
            let mut linked: Vec<u32> = linked.map(|e| e.other(a)).collect();
            linked.sort_unstable();
            linked
        });
        linked.binary_search(&b).is_ok()
    }

    /// Whether an edge is torn at this end of it.
    fn at(&mut self, slot: u32, edge: &Edge) -> bool {
        if !self.torn.contains_key(&slot) {
            let torn = self.torn_at(slot);
            self.torn.insert(slot, torn);
        }
        let other = edge.other(slot);
        self.torn.get(&slot).is_some_and(|t| t.contains(&other))
    }

    /// Those whom the registration fits, while it also fits somebody whom they cannot be.
    fn torn_at(&mut self, slot: u32) -> Vec<u32> {
        let index = self.index;
        let mut beside: Vec<Edge> = index.edges.at(slot).map(|(_, e)| e).collect();
        beside.retain(by_itself);
        if beside.len() > EDGES_MAX {
            beside.sort_unstable_by(|x, y| index.order(x, y));
            beside.truncate(EDGES_MAX);
        }
        let mut torn = Vec::new();
        let mut rest = &beside[..];
        while let Some((one, others)) = rest.split_first() {
            let a = one.other(slot);
            for two in others {
                let b = two.other(slot);
                if !self.are_linked(a, b) && index.apart(a, b, false) {
                    torn.extend((two.shared || !one.shared).then_some(a));
                    torn.extend((one.shared || !two.shared).then_some(b));
                }
            }
            rest = others;
        }
        torn
    }
}

impl Index {
    /// Judges anew which edges at these registrations are torn; returns the ends of those for which
    /// that changed.
    pub(super) fn tear(&mut self, slots: impl IntoIterator<Item = u32>) -> Vec<u32> {
        let mut tearing = Tearing {
            index: self,
            linked: HashMap::new(),
            torn: HashMap::new(),
        };
        let mut changed = Vec::new();
        for slot in slots {
            let edges = tearing.index.edges.at(slot);
            for (number, edge) in edges.filter(|(_, e)| by_itself(e)) {
                let [a, b] = edge.ends;
                let tie = if tearing.at(a, &edge) || tearing.at(b, &edge) {
                    Tie::Torn
                } else {
                    Tie::Automatic
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
}
