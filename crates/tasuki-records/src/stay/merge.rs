//! Stays of several sources: the events of each put together to stays. An admission begins one, a
//! discharge ends it; what happens between belongs to it. Nothing is guessed: a discharge without an
//! admission is a stay whose beginning is not known, and stays of two hospitals are never joined.

#[cfg(test)]
mod tests;

use super::{StayChange, StayEvent};
use crate::merge::{Fact, Origin};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tasuki_core::gather::Source;
use tasuki_model::{JstDay, JstTime};

/// One stay at one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Where.
    pub sources: Vec<Source>,
    /// Its events, oldest first, plans and cancellations included.
    pub events: Vec<Fact<StayEvent>>,
}

/// The event of one document, wherever it was found.
#[must_use]
pub fn event(event: &StayEvent, origins: &[Origin]) -> Fact<StayEvent> {
    Fact {
        origins: origins.to_vec(),
        item: 0,
        value: event.clone(),
    }
}

fn at(fact: &Fact<StayEvent>) -> Option<JstTime> {
    let event = &fact.value;
    event.at.clone().or_else(|| event.recorded.clone())
}

/// Puts events into stays, the newest first. None is lost; the outcome does not depend on their order.
#[must_use]
pub fn stays(mut facts: Vec<Fact<StayEvent>>) -> Vec<Stay> {
    // On one day the admission comes before all else, and the discharge after it.
    let rank = |fact: &Fact<StayEvent>| match fact.value.change {
        StayChange::AdmissionPlanned => 0,
        StayChange::Admitted => 1,
        StayChange::Discharged => 3,
        _ => 2,
    };
    let when = |fact: &Fact<StayEvent>| at(fact).map(|at| (at.day(), rank(fact), at.start()));
    facts.sort_by(|a, b| (when(a), a.place()).cmp(&(when(b), b.place())));
    let mut open: BTreeMap<Vec<Source>, Stay> = BTreeMap::new();
    let mut done = Vec::new();
    for fact in facts {
        let sources: Vec<Source> = fact.sources().cloned().collect();
        let (change, holds) = (fact.value.change, !fact.value.cancelled);
        // A new admission begins a new stay, though nobody has written the end of the last one.
        let begins = holds && change == StayChange::Admitted;
        if begins
            && open
                .get(&sources)
                .is_some_and(|stay| stay.admitted().is_some())
        {
            done.extend(open.remove(&sources));
        }
        let stay = open.entry(sources.clone()).or_insert_with(|| Stay {
            sources: sources.clone(),
            events: Vec::new(),
        });
        stay.events.push(fact);
        if holds && change == StayChange::Discharged {
            done.extend(open.remove(&sources));
        }
    }
    done.extend(open.into_values());
    done.sort_by_key(|stay| Reverse((stay.last_day(), stay.sources.clone())));
    done
}

impl Stay {
    fn when(&self, change: StayChange) -> Option<JstTime> {
        let holds = |fact: &&Fact<StayEvent>| fact.value.change == change && !fact.value.cancelled;
        self.events.iter().filter(holds).find_map(at)
    }

    /// When it began: its admission, else what its discharge says of it (PV1-44).
    #[must_use]
    pub fn admitted(&self) -> Option<JstTime> {
        let said = || {
            self.events
                .iter()
                .find_map(|fact| fact.value.admitted.clone())
        };
        self.when(StayChange::Admitted).or_else(said)
    }

    /// When it ended.
    #[must_use]
    pub fn discharged(&self) -> Option<JstTime> {
        self.when(StayChange::Discharged)
    }

    /// The day of its last event.
    #[must_use]
    pub fn last_day(&self) -> Option<JstDay> {
        self.events.iter().filter_map(at).map(|at| at.day()).max()
    }

    /// Only planned, or taken back: nobody has been admitted.
    #[must_use]
    pub fn is_planned(&self) -> bool {
        self.admitted().is_none() && self.discharged().is_none()
    }
}
