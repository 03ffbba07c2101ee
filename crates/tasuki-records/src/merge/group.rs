//! Facts that share a key stand together, directly or through others: a medicine that one hospital
//! names by HOT9 and another by name alone is one where a third gives both.

use super::Fact;
use std::collections::HashMap;
use std::hash::Hash;

/// Groups facts by the keys that each has. A fact without a key stands alone. The groups and the
/// facts in them are sorted by origin, so that the outcome does not depend on the order given.
pub fn group<T, K: Hash + Eq>(
    mut facts: Vec<Fact<T>>,
    keys: impl Fn(&Fact<T>) -> Vec<K>,
) -> Vec<Vec<Fact<T>>> {
    facts.sort_by(|a, b| a.place().cmp(&b.place()));
    let mut heads: Vec<usize> = (0..facts.len()).collect();
    let mut first: HashMap<K, usize> = HashMap::new();
    for (n, fact) in facts.iter().enumerate() {
        for key in keys(fact) {
            let other = *first.entry(key).or_insert(n);
            let (a, b) = (head(&mut heads, n), head(&mut heads, other));
            // The earlier one leads: a group stands where its first fact stands.
            if let Some(led) = heads.get_mut(a.max(b)) {
                *led = a.min(b);
            }
        }
    }
    let mut place: HashMap<usize, usize> = HashMap::new();
    let mut groups: Vec<Vec<Fact<T>>> = Vec::new();
    for (n, fact) in facts.into_iter().enumerate() {
        let at = *place.entry(head(&mut heads, n)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(fact),
            None => groups.push(vec![fact]),
        }
    }
    groups
}

/// Who leads the group of `n`. Paths are halved on the way, so that long chains stay cheap.
fn head(heads: &mut [usize], mut n: usize) -> usize {
    while let Some(&next) = heads.get(n) {
        if next == n {
            break;
        }
        let over = heads.get(next).copied().unwrap_or(next);
        if let Some(own) = heads.get_mut(n) {
            *own = over;
        }
        n = over;
    }
    n
}
