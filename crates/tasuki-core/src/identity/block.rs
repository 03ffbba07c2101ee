//! Which registrations are worth comparing: twelve keys, each of two values that must be equal.
//! Three more keys, of one value each, tell who shares a household.

use super::row::{GENERAL, Row};

/// Keys that lead to pairs.
pub const PAIRING: usize = 12;
/// Keys in all: those and place, telephone and household alone.
pub const KINDS: usize = 15;
/// Registrations under one key beyond which it no longer leads to pairs: such a key says too
/// little, and every true pair under it is under another key as well.
pub const BLOCK_MAX: usize = 400;

/// The kind of key that a value of household alone makes, by its place in [`Row::homes`].
pub const ALONE: usize = 12;

/// Which of [`Row::homes`] a kind of key is made of, if any.
#[must_use]
pub fn home_of(kind: usize) -> Option<usize> {
    match kind {
        7 | 11 | 12 => Some(0),
        6 | 9 | 13 => Some(1),
        5 | 8 | 14 => Some(2),
        _ => None,
    }
}

/// The two values of a key; a zero among them means that the registration has no such key. With
/// `former`, the value of the household is the former one, and kinds without one have no key.
#[must_use]
pub fn values(row: &Row, kind: usize, former: bool) -> [u64; 2] {
    let (fk, gk) = (u64::from(row.family_kana), u64::from(row.given_kana));
    let (f, g) = (u64::from(row.family), u64::from(row.given));
    let birth = u64::from(row.birth);
    let homes = row.homes();
    let home = home_of(kind)
        .and_then(|h| homes.get(h))
        .map_or(0, |[now, before]| if former { *before } else { *now });
    if former && home == 0 {
        return [0, 0];
    }
    if row.has(GENERAL) && (5..PAIRING).contains(&kind) {
        return super::general::key(row, kind - 5);
    }
    match kind {
        // Sorted, so that exchanged names meet.
        0 => [fk.min(gk), fk.max(gk)],
        1 => [f.min(g), f.max(g)],
        2 => [birth, gk],
        3 => [birth, fk],
        4 => [birth, g],
        5..=7 => [home, gk],
        8 | 9 => [birth, home],
        10 => [birth, u64::from(row.postal)],
        11 => [home, g],
        _ => [home, 1],
    }
}

/// A key as one number; 0 where the registration has none.
#[must_use]
pub fn key(row: &Row, kind: usize, former: bool) -> u64 {
    key_of(kind, values(row, kind, former))
}

/// The key of two values; 0 if one of them is.
#[must_use]
pub fn key_of(kind: usize, [x, y]: [u64; 2]) -> u64 {
    if x == 0 || y == 0 {
        return 0;
    }
    let mixed = (x ^ (kind as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_mul(0xbf58_476d_1ce4_e5b9)
        .rotate_left(31)
        ^ y.wrapping_mul(0x94d0_49bb_1331_11eb);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    (mixed ^ (mixed >> 32)).max(1)
}

/// Whether two registrations share a key of this kind, now or formerly.
#[must_use]
pub fn shared(a: &Row, b: &Row, kind: usize) -> bool {
    let both = |x: [u64; 2], y: [u64; 2]| x == y && !x.contains(&0);
    let (now_a, now_b) = (values(a, kind, false), values(b, kind, false));
    if both(now_a, now_b) || home_of(kind).is_none() {
        return both(now_a, now_b);
    }
    let (old_a, old_b) = (values(a, kind, true), values(b, kind, true));
    both(now_a, old_b) || both(old_a, now_b) || both(old_a, old_b)
}
