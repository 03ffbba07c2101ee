//! The pairs of a whole index at once, on two threads: the first link of a hospital, and whenever
//! everything is settled anew.

use super::block::{self, ALONE, BLOCK_MAX, KINDS, PAIRING};
use super::edges::Edge;
use super::index::{Index, Said};
use super::postings::Entry;
use super::row::{Former, LIVE};

/// Threads.
const LANES: usize = 2;

/// Those who stand under one key, one block after another: of one kind of key.
#[derive(Default)]
struct Blocks {
    members: Vec<u32>,
    ends: Vec<usize>,
    /// Registrations whose key of this kind is too common.
    crowded: Vec<u32>,
}

impl Blocks {
    fn of(keyed: &[(u64, Entry)]) -> Self {
        let mut blocks = Self::default();
        for block in keyed.chunk_by(|a, b| a.0 == b.0) {
            let slots = block.iter().map(|(_, entry)| entry.slot());
            if block.len() > BLOCK_MAX {
                blocks.crowded.extend(slots);
            } else if block.len() > 1 {
                blocks.members.extend(slots);
                blocks.ends.push(blocks.members.len());
            }
        }
        blocks
    }

    /// This lane's share of the blocks.
    fn half(&self, lane: usize) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .skip(lane)
            .step_by(LANES)
            .filter_map(|(start, end)| self.members.get(start..*end))
    }
}

impl Index {
    /// Enters everyone under all keys, and finds every edge of the index, in the order of their
    /// ends; and how many pairs were compared.
    pub(super) fn all_edges(&mut self) -> (Vec<Edge>, u64) {
        let mut blocks = Vec::with_capacity(PAIRING);
        self.postings.clear(self.roll.rows.len());
        for first in (0..KINDS).step_by(LANES) {
            let keyed = each_lane(|lane| self.keyed(first + lane));
            for (kind, keyed) in (first..KINDS).zip(&keyed) {
                self.postings.fill(&self.roll.rows, kind, keyed);
                if kind < PAIRING {
                    blocks.push(Blocks::of(keyed));
                } else {
                    self.roll.count_holders(kind - ALONE, keyed);
                }
            }
        }
        let mut crowded = vec![0u16; self.roll.rows.len()];
        for (kind, blocks) in blocks.iter().enumerate() {
            for slot in &blocks.crowded {
                if let Some(kinds) = crowded.get_mut(*slot as usize) {
                    *kinds |= 1 << kind;
                }
            }
        }
        let found = each_lane(|lane| {
            let mut found = (Vec::new(), 0);
            for (kind, blocks) in blocks.iter().enumerate() {
                self.pairs_of(kind, blocks.half(lane), &crowded, &mut found);
            }
            found
        });
        let compared = found.iter().map(|(_, compared)| compared).sum();
        let mut edges: Vec<Edge> = found.into_iter().flat_map(|(edges, _)| edges).collect();
        edges.extend(self.said_pairs());
        edges.sort_unstable_by_key(|e| e.ends);
        edges.dedup_by_key(|e| e.ends);
        (edges, compared)
    }

    /// Pairs of which a person has said that they are the same, whether keys bring them together
    /// or not.
    fn said_pairs(&self) -> Vec<Edge> {
        let mut edges = Vec::new();
        for (patient, list) in &self.said {
            for (other, said) in list {
                let slots = (self.roll.slot(*patient), self.roll.slot(*other));
                if let ((Some(i), Some(j)), Said::Same) = (slots, said) {
                    edges.extend(self.judge(i, j));
                }
            }
        }
        edges
    }

    /// Everyone's keys of one kind, in the order of keys.
    fn keyed(&self, kind: usize) -> Vec<(u64, Entry)> {
        let mut keyed: Vec<(u64, Entry)> = Vec::with_capacity(self.roll.len());
        let live = (0u32..).zip(&self.roll.rows).filter(|(_, r)| r.has(LIVE));
        for (slot, row) in live.filter(|_| kind < KINDS) {
            for former in [false, true] {
                let has = !former || row.former != Former::default();
                let key = if has {
                    block::key(row, kind, former)
                } else {
                    0
                };
                if key != 0 {
                    keyed.push((key, Entry::new(slot, former)));
                }
            }
        }
        keyed.sort_unstable();
        keyed
    }

    /// Compares the pairs that one kind of key brings together and no earlier kind has.
    fn pairs_of<'a>(
        &self,
        kind: usize,
        blocks: impl Iterator<Item = &'a [u32]>,
        crowded: &[u16],
        found: &mut (Vec<Edge>, u64),
    ) {
        for block in blocks {
            for (at, &i) in block.iter().enumerate() {
                let common = crowded.get(i as usize).copied().unwrap_or(0);
                for &j in block.get(at + 1..).unwrap_or(&[]) {
                    let (Some(a), Some(b)) = (self.roll.row(i), self.roll.row(j)) else {
                        continue;
                    };
                    // A key too common to be followed has brought nobody together.
                    let earlier = |k: usize| common & (1 << k) == 0 && block::shared(a, b, k);
                    if !(0..kind).any(earlier) {
                        found.1 += 1;
                        found.0.extend(self.judge(i, j));
                    }
                }
            }
        }
    }
}

/// Runs the lanes side by side.
fn each_lane<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES)
            .map(|lane| scope.spawn(move || work(lane)))
            .collect();
        lanes.into_iter().filter_map(|l| l.join().ok()).collect()
    })
}
