//! How many people another community may look for in an emergency within a minute. One emergency is one question;
//! a community that asks much more tries names, and is told to wait. The first question too many of a minute is
//! an alarm in the log, each of them an event with its code in the audit trail.

use std::collections::HashMap;
use std::sync::Mutex;
use tasuki_model::{CommunityId, Instant};

/// Questions within so many seconds count together.
const WINDOW_SECONDS: i64 = 60;

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paced {
    Go,
    Wait,
    /// The first of its minute that waits.
    Alarm,
}

/// Questions of the last minute by community: of those of the directory, who are few.
#[derive(Default)]
pub(crate) struct Pace(Mutex<HashMap<CommunityId, (Instant, u32)>>);

impl Pace {
    /// Counts a question.
    pub(super) fn asks(&self, community: &CommunityId, most: u32, now: Instant) -> Paced {
        let Ok(mut counts) = self.0.lock() else {
            return Paced::Wait;
        };
        counts.retain(|_, (since, _)| now.seconds_since(*since) < WINDOW_SECONDS);
        let (_, asked) = counts.entry(community.clone()).or_insert((now, 0));
        *asked = asked.saturating_add(1);
        match *asked {
            n if n <= most => Paced::Go,
            n if n == most.saturating_add(1) => Paced::Alarm,
            _ => Paced::Wait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_community_waits_and_another_does_not() {
        let (pace, now) = (Pace::default(), Instant::from_micros(0));
        let id = |id: &str| CommunityId::new(id).unwrap();
        let asks = |who: &str, now| pace.asks(&id(who), 2, now);
        let first = [(); 4].map(|()| asks("2.25.1", now));
        assert_eq!(first, [Paced::Go, Paced::Go, Paced::Alarm, Paced::Wait]);
        assert_eq!(asks("2.25.2", now), Paced::Go);
        assert_eq!(asks("2.25.1", now.plus_seconds(59)), Paced::Wait);
        assert_eq!(asks("2.25.1", now.plus_seconds(60)), Paced::Go);
    }
}
