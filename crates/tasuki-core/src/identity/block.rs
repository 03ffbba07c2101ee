//! Which pairs are worth comparing: twelve keys, each a hash of what must be equal.

use super::row::{Row, hash64};

/// How many keys there are.
pub const KEYS: usize = 12;
/// Registrations under one key beyond which it no longer leads to pairs: such a key says too
/// little, and every true pair under it is under another key as well.
pub const BLOCK_MAX: usize = 400;

fn key(kind: u8, parts: [u64; 2]) -> u64 {
    if parts.contains(&0) {
        return 0;
    }
    let mut bytes = [0u8; 17];
    if let Some((first, rest)) = bytes.split_first_mut() {
        *first = kind;
        for (slot, part) in rest.chunks_exact_mut(8).zip(parts) {
            slot.copy_from_slice(&part.to_be_bytes());
        }
    }
    hash64(&bytes)
}

/// The keys of a registration; 0 where it has not what a key needs.
#[must_use]
pub fn keys(r: &Row) -> [u64; KEYS] {
    let (fk, gk) = (u64::from(r.family_kana), u64::from(r.given_kana));
    let (f, g) = (u64::from(r.family), u64::from(r.given));
    let (birth, postal) = (u64::from(r.birth), u64::from(r.postal));
    [
        // Sorted, so that exchanged names meet.
        key(0, [fk.min(gk), fk.max(gk)]),
        key(1, [f.min(g), f.max(g)]),
        key(2, [birth, gk]),
        key(3, [birth, fk]),
        key(4, [birth, g]),
        key(5, [r.household, gk]),
        key(6, [r.phone, gk]),
        key(7, [r.place, gk]),
        key(8, [birth, r.household]),
        key(9, [birth, r.phone]),
        key(10, [birth, postal]),
        key(11, [r.place, g]),
    ]
}
