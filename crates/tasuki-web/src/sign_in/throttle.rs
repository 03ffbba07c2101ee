//! Who has guessed too often waits, and nobody else: failures are counted by (name, address), so that
//! guesses from elsewhere lock no one out of their own account. What is counted by the address alone only
//! decides who hashes first ([`super::lane`]). Kept in memory: a restart forgives.

use std::collections::HashMap;
use std::sync::Mutex;
use tasuki_model::Instant;

/// After so many failures from one address for one name …
const FAILURES_MAX: u32 = 10;
/// … that pair waits this long, and its address comes after others for as long.
const WAIT_SECONDS: i64 = 600;
/// Failures of an address that are taken for typing errors, of however many people behind it.
const TYPING_ERRORS: u32 = 5;
/// Pairs, and addresses, remembered at most; those whose time is over go first.
const KNOWN_MAX: usize = 10_000;

type Failures<K> = HashMap<K, (u32, Instant)>;

/// Failed sign-ins by (name, address) and by address.
#[derive(Default)]
pub(crate) struct Throttle {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    pairs: Failures<(String, String)>,
    addresses: Failures<String>,
}

impl Throttle {
    /// Whether this pair has to wait.
    pub(crate) fn waits(&self, name: &str, address: &str, now: Instant) -> bool {
        let Ok(known) = self.known.lock() else {
            return true;
        };
        count(&known.pairs, &(name.to_owned(), address.to_owned()), now) >= FAILURES_MAX
    }

    /// Whether more failures came from this address than typing explains.
    pub(super) fn guessed(&self, address: &str, now: Instant) -> bool {
        let Ok(known) = self.known.lock() else {
            return true;
        };
        count(&known.addresses, &address.to_owned(), now) > TYPING_ERRORS
    }

    /// Notes how an attempt ended.
    pub(crate) fn note(&self, name: &str, address: &str, now: Instant, success: bool) {
        let Ok(mut known) = self.known.lock() else {
            return;
        };
        let key = (name.to_owned(), address.to_owned());
        if success {
            known.pairs.remove(&key);
            return;
        }
        add(&mut known.pairs, key, now);
        add(&mut known.addresses, address.to_owned(), now);
    }
}

fn count<K: std::hash::Hash + Eq>(known: &Failures<K>, key: &K, now: Instant) -> u32 {
    known
        .get(key)
        .filter(|(_, last)| now.seconds_since(*last) < WAIT_SECONDS)
        .map_or(0, |(failures, _)| *failures)
}

fn add<K: std::hash::Hash + Eq>(known: &mut Failures<K>, key: K, now: Instant) {
    if known.len() >= KNOWN_MAX {
        known.retain(|_, (_, last)| now.seconds_since(*last) < WAIT_SECONDS);
    }
    if known.len() < KNOWN_MAX || known.contains_key(&key) {
        let failures = count(known, &key, now);
        known.insert(key, (failures.saturating_add(1), now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pair_that_guesses_waits_and_others_do_not() {
        let at = |seconds: i64| Instant::from_micros(seconds * 1_000_000);
        let throttle = Throttle::default();
        for n in 0..10 {
            assert!(!throttle.waits("doctor", "10.0.0.1", at(n)));
            throttle.note("doctor", "10.0.0.1", at(n), false);
        }
        assert!(throttle.waits("doctor", "10.0.0.1", at(10)));
        assert!(throttle.guessed("10.0.0.1", at(10)));
        assert!(!throttle.waits("doctor", "10.0.0.2", at(10)));
        assert!(!throttle.waits("clerk", "10.0.0.1", at(10)));
        assert!(!throttle.guessed("10.0.0.2", at(10)));
        assert!(!throttle.waits("doctor", "10.0.0.1", at(10 + 600)));
        throttle.note("clerk", "10.0.0.1", at(11), false);
        throttle.note("clerk", "10.0.0.1", at(12), true);
        assert!(!throttle.waits("clerk", "10.0.0.1", at(12)));
    }
}
