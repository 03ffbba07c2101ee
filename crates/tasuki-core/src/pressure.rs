//! Bounds on work at once: a full place answers `busy`, nothing queues without end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Bytes a second that a content has to move with on average: a slow line between hospitals has ten
/// times as much.
const RATE: u64 = 128 * 1024;

/// How long so many bytes may take on their way, beside what waiting for the first one may.
#[must_use]
pub const fn time_for(bytes: u64) -> Duration {
    Duration::from_millis(bytes.saturating_mul(1_000) / RATE)
}

/// So many at once and no more.
#[derive(Debug, Clone)]
pub struct Gate {
    taken: Arc<AtomicUsize>,
    places: usize,
}

/// A place in a [`Gate`]; given back when dropped.
#[derive(Debug)]
pub struct Place {
    taken: Arc<AtomicUsize>,
}

impl Gate {
    /// A gate with so many places.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self {
            taken: Arc::new(AtomicUsize::new(0)),
            places,
        }
    }

    /// A place, or nothing when all are taken: the caller answers `busy`.
    #[must_use]
    pub fn enter(&self) -> Option<Place> {
        let before = self.taken.fetch_add(1, Ordering::AcqRel);
        if before >= self.places {
            self.taken.fetch_sub(1, Ordering::AcqRel);
            return None;
        }
        Some(Place {
            taken: Arc::clone(&self.taken),
        })
    }

    /// How many places are taken, for metrics.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Acquire)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.taken.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;

    #[test]
    fn a_full_gate_lets_nobody_in_until_a_place_is_free() {
        let gate = Gate::new(2);
        let a = gate.enter();
        let _b = gate.enter();
        assert!(a.is_some() && gate.enter().is_none());
        drop(a);
        assert!(gate.enter().is_some());
        assert_eq!(gate.taken(), 1);
    }
}
