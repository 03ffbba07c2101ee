//! Disaster mode (災害時モード): declared by one operator, confirmed by another, for some facilities and
//! some hours. It is a row that is read in the snapshot in which is decided, so that its end holds at once.

use crate::Fault;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tasuki_model::{DisasterId, FacilityId, Instant, UserId};

/// A declaration that nobody has confirmed within so many seconds is void.
pub const CONFIRM_SECONDS: i64 = 3_600;
/// The longest time, in hours; after it the mode is declared anew.
pub const DISASTER_HOURS_MAX: u32 = 72;

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// One disaster as declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disaster {
    /// Its id.
    pub id: DisasterId,
    /// The facilities at which it holds.
    pub area: BTreeSet<FacilityId>,
    /// What has happened, in words.
    pub words: Box<str>,
    /// For so many hours from the confirmation.
    pub hours: u32,
    /// Who declared it.
    pub declared: Done,
    /// Who confirmed it: somebody else.
    pub confirmed: Option<Done>,
    /// Who ended it before its time.
    pub ended: Option<Done>,
    /// Its end is in the audit trail.
    pub closed: bool,
}

impl Disaster {
    /// When it ends, or has ended; nothing while it is not confirmed.
    #[must_use]
    pub fn until(&self) -> Option<Instant> {
        let confirmed = self.confirmed.as_ref()?;
        let until = confirmed.at.plus_seconds(i64::from(self.hours) * 3_600);
        let ended = self.ended.as_ref().map(|ended| ended.at);
        Some(ended.map_or(until, |ended| ended.min(until)))
    }

    /// Whether it is in force anywhere.
    #[must_use]
    pub fn in_force(&self, now: Instant) -> bool {
        self.until().is_some_and(|until| now < until)
    }

    /// Whether it holds for people of a facility.
    #[must_use]
    pub fn holds_at(&self, facility: &FacilityId, now: Instant) -> bool {
        self.in_force(now) && self.area.contains(facility)
    }

    /// Whether it waits for its second operator.
    #[must_use]
    pub fn waits(&self, now: Instant) -> bool {
        let since = now.seconds_since(self.declared.at);
        self.confirmed.is_none() && self.ended.is_none() && since < CONFIRM_SECONDS
    }

    /// The same, confirmed by somebody who has not declared it; nothing where it does not wait for them.
    #[must_use]
    pub fn confirmed_by(self, by: &UserId, now: Instant) -> Option<Self> {
        if !self.waits(now) || self.declared.by == *by {
            return None;
        }
        let confirmed = Some(Done {
            by: by.clone(),
            at: now,
        });
        Some(Self { confirmed, ..self })
    }
}

/// Reading declarations.
pub trait Disasters {
    /// Those whose end is not in the audit trail yet, the newest first, at most `limit`.
    ///
    /// # Errors
    /// Those of the store, as for all of these.
    fn open_disasters(&self, limit: u32) -> Result<Vec<Disaster>, Fault>;

    /// Every one, the newest first, at most `limit`.
    fn disasters(&self, limit: u32) -> Result<Vec<Disaster>, Fault>;

    /// One.
    fn disaster(&self, id: &DisasterId) -> Result<Option<Disaster>, Fault>;
}

/// Writing them.
pub trait DisastersWrite {
    /// Adds one or puts its present state in its place.
    ///
    /// # Errors
    /// Those of the store.
    fn put_disaster(&self, disaster: &Disaster) -> Result<(), Fault>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str) -> UserId {
        UserId::new(name).unwrap()
    }

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
    }

    fn declared() -> Disaster {
        Disaster {
            id: DisasterId::new("d1").unwrap(),
            area: [FacilityId::new("near").unwrap()].into(),
            words: "地震".into(),
            hours: 2,
            declared: Done {
                by: user("one"),
                at: at(0),
            },
            confirmed: None,
            ended: None,
            closed: false,
        }
    }

    #[test]
    fn two_operators_switch_it_on_in_an_area_and_it_ends_by_itself() {
        let (near, far) = (
            FacilityId::new("near").unwrap(),
            FacilityId::new("far").unwrap(),
        );
        assert!(!declared().in_force(at(1)) && declared().waits(at(1)));
        assert_eq!(declared().confirmed_by(&user("one"), at(1)), None);
        assert_eq!(
            declared().confirmed_by(&user("two"), at(CONFIRM_SECONDS)),
            None
        );
        let on = declared().confirmed_by(&user("two"), at(10)).unwrap();
        assert!(on.holds_at(&near, at(10)) && !on.holds_at(&far, at(10)));
        assert!(on.holds_at(&near, at(10 + 7_199)) && !on.holds_at(&near, at(10 + 7_200)));
        assert_eq!(on.clone().confirmed_by(&user("three"), at(20)), None);
        let ended = Disaster {
            ended: Some(Done {
                by: user("one"),
                at: at(60),
            }),
            ..on
        };
        assert!(ended.in_force(at(59)) && !ended.in_force(at(60)));
        let void = Disaster {
            ended: ended.ended.clone(),
            ..declared()
        };
        assert!(!void.waits(at(61)), "taken back before it was confirmed");
    }
}
