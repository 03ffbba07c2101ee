//! The pairs of a whole index at once, on two threads: the first link of a hospital, and whenever
//! everything is settled anew.

use super::block::{self, BLOCK_MAX, PAIRING};
use super::edges::Edge;
use super::index::{Index, Said};
use super::row::LIVE;

/// Threads, each with its half of the keys.
const LANES: u64 = 2;

/// Those who stand under one key, one block after another.
#[derive(Default)]
struct Blocks {
    members: Vec<u32>,
    ends: Vec<usize>,
    /// Registrations whose key of this kind is too common.
    crowded: Vec<u32>,
}

impl Index {
    /// Every edge of the index, in the order of their ends; and how many pairs were compared.
    pub(super) fn all_edges(&self) -> (Vec<Edge>, u64) {
        let lanes = each_lane(|lane| {
            (0..PAIRING)
                .map(|kind| self.blocks(kind, lane))
                .collect::<Vec<_>>()
        });
        let mut crowded = vec![0u16; self.roll.rows.len()];
        for (kind, blocks) in lanes.iter().flat_map(|l| l.iter().enumerate()) {
            for slot in &blocks.crowded {
                if let Some(kinds) = crowded.get_mut(*slot as usize) {
                    *kinds |= 1 << kind;
                }
            }
        }
        let found = each_lane(|lane| {
            let mut found = (Vec::new(), 0);
            let blocks = lanes.get(lane as usize).into_iter().flatten();
            for (kind, blocks) in blocks.enumerate() {
                self.pairs_of(kind, blocks, &crowded, &mut found);
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

    /// The blocks of one kind whose keys are this lane's.
    fn blocks(&self, kind: usize, lane: u64) -> Blocks {
        let mut keyed: Vec<(u64, u32)> = Vec::new();
        for (slot, row) in (0u32..).zip(&self.roll.rows).filter(|(_, r)| r.has(LIVE)) {
            for former in [false, true] {
                let key = block::key(row, kind, former);
                if key != 0 && (key >> 7) % LANES == lane {
                    keyed.push((key, slot));
                }
            }
        }
        keyed.sort_unstable();
        let mut blocks = Blocks::default();
        for block in keyed.chunk_by(|a, b| a.0 == b.0) {
            let slots = block.iter().map(|(_, slot)| *slot);
            if block.len() > BLOCK_MAX {
                blocks.crowded.extend(slots);
            } else if block.len() > 1 {
                blocks.members.extend(slots);
                blocks.ends.push(blocks.members.len());
            }
        }
        blocks
    }

    /// Compares the pairs that one kind of key brings together and no earlier kind has.
    fn pairs_of(
        &self,
        kind: usize,
        blocks: &Blocks,
        crowded: &[u16],
        found: &mut (Vec<Edge>, u64),
    ) {
        let mut start = 0;
        for &end in &blocks.ends {
            let block = blocks.members.get(start..end).unwrap_or(&[]);
            start = end;
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
fn each_lane<T: Send>(work: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES)
            .map(|lane| scope.spawn(move || work(lane)))
            .collect();
        lanes.into_iter().filter_map(|l| l.join().ok()).collect()
    })
}
