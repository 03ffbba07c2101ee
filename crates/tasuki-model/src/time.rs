//! Time. Each type says its zone.
//!
//! SS-MIX2 and HL7 v2 local times are Japan standard time; XDS times are UTC. Japan has had no
//! daylight saving since 1951, and records here are younger, so JST is a fixed nine hours.
//! The text and the precision in which a time came are kept: a day-only value stays a day and
//! never moves to the day before when it is written in UTC.

use serde::{Deserialize, Serialize};
use std::fmt;

mod era;
mod jst;
#[cfg(test)]
mod tests;

pub use era::{Era, parse_era_day};
pub use jst::{JstDay, JstTime, Precision, TimeError};

/// Microseconds in a second.
pub const MICROS: i64 = 1_000_000;
/// What JST is ahead of UTC, in seconds.
pub const JST_AHEAD_SECONDS: i64 = 9 * 3600;

/// A moment in UTC, in microseconds since 1970-01-01T00:00:00Z. What the store keeps.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Instant(pub i64);

impl Instant {
    /// A moment by microseconds since the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This moment moved by seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS)))
    }

    /// Whole seconds from an earlier moment to this one.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / MICROS
    }

    /// The same moment as a clock in Japan shows it, to the second.
    #[must_use]
    pub fn in_jst(self) -> JstTime {
        JstTime::from_instant(self)
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, to the millisecond.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(t) => write!(f, "{t:.3}"),
            Err(_) => write!(f, "{}µs", self.0),
        }
    }
}
