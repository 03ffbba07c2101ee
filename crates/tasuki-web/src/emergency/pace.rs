//! How fast one may look for patients in an emergency: a few for each user, more for a facility. Whoever
//! misses several times in a row tries IDs, which is an alarm.

use std::collections::HashMap;
use std::sync::Mutex;
use tasuki_model::{FacilityId, Instant, UserId};

/// Looking within so many seconds counts together.
const WINDOW_SECONDS: i64 = 600;
/// Looks of one user, and of all users of a facility.
const LOOKS_MAX: (u32, u32) = (12, 60);
/// After so many misses of one user an alarm is raised, once in a window.
const MISSES_ALARM: u32 = 4;
/// Users and facilities remembered.
const NAMES_MAX: usize = 10_000;

/// What is counted of one name.
#[derive(Clone, Copy)]
struct Count {
    since: Instant,
    looks: u32,
    misses: u32,
}

/// What became of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paced {
    /// It may go on.
    Go,
    /// Too many: later.
    Wait,
}

/// Looks of the last minutes on this node.
#[derive(Default)]
pub(crate) struct Pace(Mutex<HashMap<String, Count>>);

impl Pace {
    /// Counts a look.
    pub fn look(&self, user: &UserId, facility: &FacilityId, now: Instant) -> Paced {
        let Ok(mut counts) = self.0.lock() else {
            return Paced::Wait;
        };
        if counts.len() >= NAMES_MAX {
            counts.retain(|_, count| now.seconds_since(count.since) < WINDOW_SECONDS);
        }
        if counts.len() >= NAMES_MAX {
            return Paced::Wait;
        }
        let names = [
            (format!("u {user}"), LOOKS_MAX.0),
            (format!("f {facility}"), LOOKS_MAX.1),
        ];
        let mut go = true;
        for (name, max) in names {
            let count = fresh(&mut counts, name, now);
            count.looks = count.looks.saturating_add(1);
            go &= count.looks <= max;
        }
        match go {
            true => Paced::Go,
            false => Paced::Wait,
        }
    }

    /// Counts a miss; whether it is the one that raises the alarm.
    pub fn missed(&self, user: &UserId, now: Instant) -> bool {
        let Ok(mut counts) = self.0.lock() else {
            return true;
        };
        let count = fresh(&mut counts, format!("u {user}"), now);
        count.misses = count.misses.saturating_add(1);
        count.misses == MISSES_ALARM
    }
}

/// The count of a name, begun anew when its window is over.
fn fresh(counts: &mut HashMap<String, Count>, name: String, now: Instant) -> &mut Count {
    let new = Count {
        since: now,
        looks: 0,
        misses: 0,
    };
    let count = counts.entry(name).or_insert(new);
    if now.seconds_since(count.since) >= WINDOW_SECONDS {
        *count = new;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_waits_and_a_row_of_misses_is_one_alarm() {
        let (pace, now) = (Pace::default(), Instant::from_micros(0));
        let user = |name: &str| UserId::new(name).unwrap();
        let home = FacilityId::new("home").unwrap();
        for _ in 0..12 {
            assert_eq!(pace.look(&user("a"), &home, now), Paced::Go);
        }
        assert_eq!(pace.look(&user("a"), &home, now), Paced::Wait);
        assert_eq!(pace.look(&user("b"), &home, now), Paced::Go);
        let alarms: Vec<bool> = (0..6).map(|_| pace.missed(&user("b"), now)).collect();
        assert_eq!(alarms, [false, false, false, true, false, false]);
        let later = now.plus_seconds(600);
        assert_eq!(pace.look(&user("a"), &home, later), Paced::Go);
        assert!(!pace.missed(&user("b"), later));
    }

    #[test]
    fn a_facility_waits_too() {
        let (pace, now) = (Pace::default(), Instant::from_micros(0));
        let home = FacilityId::new("home").unwrap();
        let looks = (0..61).map(|n| {
            let user = UserId::new(&format!("u{n}")).unwrap();
            pace.look(&user, &home, now)
        });
        let waits = looks.filter(|look| *look == Paced::Wait).count();
        assert_eq!(waits, 1);
    }
}
