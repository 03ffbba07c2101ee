//! Statements that a community has refused: each is set aside and told again later, so that it holds up none of the
//! others. What is kept is only when; the statement itself stays in its queue, and a restart tries it at once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tasuki_model::{CommunityId, Instant};

/// It is told again after so many seconds; doubled with every further refusal.
const AGAIN_SECONDS: i64 = 2;
/// The longest that it waits.
const AGAIN_SECONDS_MAX: i64 = 3_600;
/// Statements to one community that are set aside. Where there are more, the community takes nothing: the next one
/// that it refuses ends the round.
const ASIDE_MAX: usize = 1_000;

#[derive(Debug, Clone, Copy)]
struct Aside {
    times: u32,
    again: Instant,
}

/// What each community has refused, by what each statement is called here.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<HashMap<CommunityId, HashMap<String, Aside>>>);

impl Refusals {
    fn with<T>(
        &self,
        peer: &CommunityId,
        work: impl FnOnce(&mut HashMap<String, Aside>) -> T,
    ) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_it = all.entry(peer.clone()).or_default();
        let done = work(of_it);
        if of_it.is_empty() {
            all.remove(peer);
        }
        done
    }

    /// Whether a statement waits until it is told again.
    pub fn waits(&self, peer: &CommunityId, name: &str, now: Instant) -> bool {
        self.with(peer, |aside| {
            aside.get(name).is_some_and(|one| now < one.again)
        })
    }

    /// How many of a kind are set aside: so many more are read of its queue.
    pub fn aside(&self, peer: &CommunityId, kind: &str) -> u32 {
        let of_kind = |name: &&String| name.starts_with(kind);
        let count = self.with(peer, |aside| aside.keys().filter(of_kind).count());
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Sets a statement aside; false where there is no room.
    pub fn refused(&self, peer: &CommunityId, name: &str, now: Instant) -> bool {
        self.with(peer, |aside| {
            if !aside.contains_key(name) && aside.len() >= ASIDE_MAX {
                return false;
            }
            let times = aside.get(name).map_or(0, |one| one.times);
            let pause = AGAIN_SECONDS << times.min(16);
            let one = Aside {
                times: times + 1,
                again: now.plus_seconds(pause.min(AGAIN_SECONDS_MAX)),
            };
            aside.insert(name.to_owned(), one);
            true
        })
    }

    /// It waits no more: it was taken, or given up.
    pub fn over(&self, peer: &CommunityId, name: &str) {
        self.with(peer, |aside| aside.remove(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
    }

    #[test]
    fn one_is_told_again_later_and_later_and_never_later_than_an_hour() {
        let (refusals, peer) = (Refusals::default(), CommunityId::new("2.25.1").unwrap());
        let waits = |seconds| refusals.waits(&peer, "withdrawal 1", at(seconds));
        assert!(!waits(0));
        assert!(refusals.refused(&peer, "withdrawal 1", at(0)));
        assert_eq!((waits(1), waits(2)), (true, false));
        assert!(refusals.refused(&peer, "withdrawal 1", at(2)));
        assert_eq!((waits(5), waits(6)), (true, false));
        for _ in 0..40 {
            assert!(refusals.refused(&peer, "withdrawal 1", at(10)));
        }
        assert_eq!((waits(3_609), waits(3_610)), (true, false));
        assert!(!refusals.waits(&peer, "withdrawal 2", at(10)));
        refusals.over(&peer, "withdrawal 1");
        assert!(!waits(11));
    }

    #[test]
    fn so_many_are_set_aside_and_no_more() {
        let (refusals, peer) = (Refusals::default(), CommunityId::new("2.25.1").unwrap());
        for n in 0..ASIDE_MAX {
            assert!(refusals.refused(&peer, &format!("link {n}"), at(0)));
        }
        assert!(!refusals.refused(&peer, "link more", at(0)));
        assert!(refusals.refused(&peer, "link 7", at(0)), "known");
        assert_eq!(refusals.aside(&peer, "link "), 1_000);
        assert_eq!(refusals.aside(&peer, "withdrawal "), 0);
        let other = CommunityId::new("2.25.2").unwrap();
        assert!(refusals.refused(&other, "link more", at(0)));
    }
}
