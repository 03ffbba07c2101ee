//! The one clock port. Order is by sequence numbers, never by this clock; it can step back.

use tasuki_model::Instant;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Instant;
}

/// The clock of the machine.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        match std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) {
            Ok(d) => Instant::from_micros(i64::try_from(d.as_micros()).unwrap_or(i64::MAX)),
            // Before 1970: the machine's clock is unset. The watch reports it as a step back.
            Err(_) => Instant::from_micros(0),
        }
    }
}

/// How far a clock may step back before it is a health fault, in seconds.
pub const STEP_BACK_SECONDS_MAX: i64 = 2;

/// Watches a clock for steps back.
#[derive(Debug, Default)]
pub struct ClockWatch {
    latest: std::sync::atomic::AtomicI64,
}

impl ClockWatch {
    /// Notes a reading; returns by how many seconds the clock has gone back, if by too many.
    pub fn note(&self, now: Instant) -> Option<i64> {
        let before = self
            .latest
            .fetch_max(now.micros(), std::sync::atomic::Ordering::Relaxed);
        let back = Instant::from_micros(before).seconds_since(now);
        (back > STEP_BACK_SECONDS_MAX).then_some(back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_back_of_more_than_two_seconds_is_told() {
        let watch = ClockWatch::default();
        let t = Instant::from_micros(1_000_000_000);
        assert_eq!(watch.note(t), None);
        assert_eq!(watch.note(t.plus_seconds(-2)), None);
        assert_eq!(watch.note(t.plus_seconds(-5)), Some(5));
    }
}
