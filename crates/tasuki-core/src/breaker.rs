//! A breaker for each source: after several failures in a row it is left alone for a while, so that
//! one hospital that is away costs a chart no time. Then one request at a time is let through.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use tasuki_model::Instant;

/// Failures in a row after which a source is left alone.
const FAILURES: u32 = 3;
/// How long it is left alone at first, in seconds; doubled with every further failure.
const PAUSE_SECONDS: i64 = 5;
/// The longest it is left alone.
const PAUSE_SECONDS_MAX: i64 = 120;

#[derive(Debug, Clone, Copy)]
struct Trouble {
    /// The first failure of this row.
    since: Instant,
    failures: u32,
    /// The last one of them that counted.
    last: Instant,
    /// Until when nobody asks.
    until: Instant,
}

/// The breakers of a node, by source.
#[derive(Debug, Default)]
pub struct Breakers<K>(Mutex<BTreeMap<K, Trouble>>);

impl<K: Ord + Clone> Breakers<K> {
    /// No source is in trouble yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// Whether a source may be asked now; else since when it has not answered. After its pause one
    /// caller is let through, and the next only when that one has failed or the pause is over again.
    ///
    /// # Errors
    /// Since when it has not answered.
    pub fn admit(&self, source: &K, now: Instant) -> Result<(), Instant> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(trouble) = all.get_mut(source) else {
            return Ok(());
        };
        if trouble.failures < FAILURES {
            return Ok(());
        }
        if now < trouble.until {
            return Err(trouble.since);
        }
        trouble.until = now.plus_seconds(PAUSE_SECONDS);
        Ok(())
    }

    /// It has answered.
    pub fn answered(&self, source: &K) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(source);
    }

    /// It has not answered what it was asked then, or not with anything that could be read. Returns since
    /// when. Several are asked at once: what went out before a source was known to be away says nothing
    /// new of it, and does not make its pause longer.
    pub fn failed(&self, source: &K, asked: Instant, now: Instant) -> Instant {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let trouble = all.entry(source.clone()).or_insert(Trouble {
            since: now,
            failures: 0,
            last: now,
            until: now,
        });
        if trouble.failures >= FAILURES && asked < trouble.last {
            return trouble.since;
        }
        trouble.last = now;
        trouble.failures = trouble.failures.saturating_add(1);
        let doublings = trouble.failures.saturating_sub(FAILURES).min(6);
        let pause = (PAUSE_SECONDS << doublings).min(PAUSE_SECONDS_MAX);
        trouble.until = now.plus_seconds(pause);
        trouble.since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_in_trouble_is_left_alone_and_then_tried_by_one() {
        let breakers = Breakers::new();
        let at = |seconds| Instant::from_micros(0).plus_seconds(seconds);
        for second in 0..3 {
            assert_eq!(breakers.admit(&"c", at(second)), Ok(()));
            assert_eq!(breakers.failed(&"c", at(second), at(second)), at(0));
        }
        assert_eq!(breakers.admit(&"c", at(3)), Err(at(0)), "left alone");
        assert_eq!(breakers.admit(&"d", at(3)), Ok(()), "others are not");
        assert_eq!(breakers.admit(&"c", at(7)), Ok(()), "one tries");
        assert_eq!(breakers.admit(&"c", at(8)), Err(at(0)), "only one");
        breakers.failed(&"c", at(9), at(9));
        assert_eq!(breakers.admit(&"c", at(18)), Err(at(0)), "longer now");
        assert_eq!(breakers.admit(&"c", at(19)), Ok(()));
        breakers.answered(&"c");
        assert_eq!(breakers.admit(&"c", at(20)), Ok(()));
        assert_eq!(breakers.failed(&"c", at(20), at(21)), at(21), "a new row");
    }

    #[test]
    fn the_pause_has_an_end() {
        let breakers = Breakers::new();
        let start = Instant::from_micros(0);
        for _ in 0..100 {
            breakers.failed(&1, start, start);
        }
        assert!(breakers.admit(&1, start.plus_seconds(119)).is_err());
        assert!(breakers.admit(&1, start.plus_seconds(120)).is_ok());
    }

    #[test]
    fn what_was_asked_at_once_and_failed_together_makes_no_longer_pause() {
        let breakers = Breakers::new();
        let at = |seconds| Instant::from_micros(0).plus_seconds(seconds);
        for second in 1..=8 {
            assert_eq!(breakers.failed(&"c", at(0), at(second)), at(1));
        }
        assert!(breakers.admit(&"c", at(7)).is_err(), "three were enough");
        assert!(
            breakers.admit(&"c", at(8)).is_ok(),
            "five seconds after the third"
        );
    }
}
