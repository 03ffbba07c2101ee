//! How long a message may take on its way: an end to waiting for its first byte, an end to waiting for
//! the next one, and an end to all of it that moves on only with what has come. So a document of any
//! size comes as long as it comes, and whoever stops, or sends a byte now and then, is let go.

use std::time::Duration;
use tasuki_core::pressure::time_for;
use tokio::time::Instant;

/// How long the next piece is waited for at most.
const IDLE: Duration = Duration::from_secs(30);
/// One message under way.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    begun: Instant,
    patience: Duration,
    last: Option<Instant>,
    bytes: u64,
}

impl Pace {
    /// From now on, with so much patience for what does not depend on its size.
    pub fn begin(now: Instant, patience: Duration) -> Self {
        Self {
            begun: now,
            patience,
            last: None,
            bytes: 0,
        }
    }

    /// So many bytes have come, or left.
    pub fn moved(&mut self, now: Instant, bytes: usize) {
        self.bytes += bytes as u64;
        self.last = Some(now);
    }

    /// Until when the next ones have to.
    pub fn due(&self) -> Instant {
        let whole = self.begun + self.patience + time_for(self.bytes);
        match self.last {
            Some(last) => whole.min(last + IDLE.min(self.patience)),
            None => whole,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);
    const SECOND: Duration = Duration::from_secs(1);
    const GIBIBYTE: usize = 1 << 30;

    #[test]
    fn what_comes_steadily_may_take_as_long_as_its_size() {
        let begun = Instant::now();
        let mut pace = Pace::begin(begun, PATIENCE);
        for second in 1..1_000 {
            let now = begun + SECOND * second;
            assert!(now < pace.due(), "{second}");
            pace.moved(now, GIBIBYTE / 1_024);
        }
    }

    #[test]
    fn whoever_stops_is_waited_for_no_longer_than_for_the_first_byte() {
        let begun = Instant::now();
        let mut pace = Pace::begin(begun, PATIENCE);
        assert_eq!(pace.due(), begun + PATIENCE);
        pace.moved(begun + SECOND, GIBIBYTE);
        assert_eq!(pace.due(), begun + SECOND + PATIENCE);
        let mut patient = Pace::begin(begun, Duration::from_secs(600));
        patient.moved(begun + SECOND, GIBIBYTE);
        assert_eq!(patient.due(), begun + SECOND + IDLE);
    }

    #[test]
    fn a_byte_now_and_then_is_no_message() {
        let begun = Instant::now();
        let mut pace = Pace::begin(begun, PATIENCE);
        let steps = (1..).map(|second| begun + SECOND * second);
        let until = steps.take_while(|now| {
            let waited_for = *now < pace.due();
            pace.moved(*now, 1);
            waited_for
        });
        assert!(until.count() <= 5);
    }
}
