//! Answers that go on: what is left of a query, by pointer (HL7 v2.5 §5.6.3, DSC).
//!
//! Only keys are kept, never data: each part is read and released anew, under the policy of the
//! moment it is sent. Bounded in number and time; a caller's oldest goes first.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tasuki_core::Fault;
use tasuki_core::release::hex;
use tasuki_model::{FacilityId, Instant, PatientKey};

/// Queries that may be open at once.
const OPEN_MAX: usize = 1_024;
/// A pointer holds for so long.
const SECONDS_MAX: i64 = 300;

/// What is left to be sent: keys of registrations, and the domains whose IDs are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rest {
    pub patients: Vec<PatientKey>,
    pub domains: Option<BTreeSet<FacilityId>>,
}

/// One query that goes on.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub pointer: String,
    pub peer: Box<str>,
    pub tag: String,
    pub rest: Rest,
    pub until: Instant,
}

/// Every open query of a node.
#[derive(Debug, Default)]
pub(crate) struct Continuations(Mutex<VecDeque<Open>>);

impl Continuations {
    fn open(&self, now: Instant) -> MutexGuard<'_, VecDeque<Open>> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|one| one.until > now);
        open
    }

    /// Keeps what is left; returns the pointer.
    pub fn keep(&self, peer: &str, tag: &str, rest: Rest, now: Instant) -> Result<String, Fault> {
        let pointer = random_id()?;
        let mut open = self.open(now);
        if open.len() >= OPEN_MAX {
            let own = open.iter().position(|one| *one.peer == *peer);
            open.remove(own.unwrap_or(0));
        }
        open.push_back(Open {
            pointer: pointer.clone(),
            peer: peer.into(),
            tag: tag.to_owned(),
            rest,
            until: now.plus_seconds(SECONDS_MAX),
        });
        Ok(pointer)
    }

    /// What a pointer of this peer stands for. It stays valid: an answer that was lost on the way
    /// can be asked for again.
    pub fn find(&self, peer: &str, pointer: &str, now: Instant) -> Option<Open> {
        let open = self.open(now);
        let mut own = open.iter().filter(|one| *one.peer == *peer);
        own.find(|one| one.pointer == pointer).cloned()
    }

    /// Forgets a query by its tag (QCN^J01); returns whether there was one.
    pub fn cancel(&self, peer: &str, tag: &str, now: Instant) -> bool {
        let mut open = self.open(now);
        let before = open.len();
        open.retain(|one| !(*one.peer == *peer && one.tag == tag));
        open.len() < before
    }
}

/// Sixteen hex digits that nobody can guess.
pub(crate) fn random_id() -> Result<String, Fault> {
    let mut bytes = [0u8; 8];
    ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes)
        .map_err(|_| Fault::new(tasuki_core::Code::InternalFault, "no randomness"))?;
    Ok(hex(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_belong_to_a_peer_end_in_time_and_are_cancelled_by_tag() {
        let open = Continuations::default();
        let now = Instant::from_micros(0);
        let pointer = open.keep("a", "tag", Rest::default(), now).unwrap();
        assert!(open.find("a", &pointer, now).is_some());
        assert!(open.find("b", &pointer, now).is_none());
        assert!(open.find("a", &pointer, now.plus_seconds(300)).is_none());
        let pointer = open.keep("a", "tag", Rest::default(), now).unwrap();
        assert!(!open.cancel("b", "tag", now) && open.cancel("a", "tag", now));
        assert!(open.find("a", &pointer, now).is_none());
    }

    #[test]
    fn the_number_of_open_queries_is_bounded() {
        let open = Continuations::default();
        let now = Instant::from_micros(0);
        let first = open.keep("b", "tag", Rest::default(), now).unwrap();
        for _ in 0..2 * OPEN_MAX {
            open.keep("a", "tag", Rest::default(), now).unwrap();
        }
        assert_eq!(open.open(now).len(), OPEN_MAX);
        assert!(open.find("b", &first, now).is_some());
    }
}
