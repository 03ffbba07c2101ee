//! Signatures that a key was found to have made. One assertion serves a whole fan-out and every message
//! of its user until it ends: its bytes are hashed each time, and the curve is worked on once.
//!
//! What is remembered is the outcome of a pure function: this key, this method, these bytes, this
//! signature. Whether the assertion is believed now — its digest, time, audience, community — is looked
//! at each time by who asks.

use ring::digest::{Context, SHA256};
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Signatures remembered for a key; beyond it the oldest is forgotten.
const KEPT_MAX: usize = 1_024;

/// SHA-256 over all that a verification is of, but the key.
pub(super) type Question = [u8; 32];

#[derive(Debug, Default)]
struct Kept {
    known: HashSet<Question>,
    order: VecDeque<Question>,
}

/// What one key has made.
#[derive(Debug, Clone, Default)]
pub(super) struct Proven(Arc<Mutex<Kept>>);

/// It says nothing of which key it is.
impl PartialEq for Proven {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Proven {}

impl Proven {
    /// What is asked: each part with its length, so that no two questions are one.
    pub(super) fn question(parts: [&[u8]; 3]) -> Question {
        let mut context = Context::new(&SHA256);
        for part in parts {
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part);
        }
        let mut question = [0; 32];
        question.copy_from_slice(context.finish().as_ref());
        question
    }

    pub(super) fn knows(&self, question: &Question) -> bool {
        self.kept().known.contains(question)
    }

    /// The signature was found good.
    pub(super) fn keep(&self, question: Question) {
        let mut kept = self.kept();
        if kept.known.insert(question) {
            kept.order.push_back(question);
        }
        if kept.order.len() > KEPT_MAX
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.known.remove(&oldest);
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded_and_the_oldest_goes() {
        let proven = Proven::default();
        let question = |n: usize| Proven::question([&n.to_le_bytes(), b"", b""]);
        (0..=KEPT_MAX).for_each(|n| proven.keep(question(n)));
        assert!(!proven.knows(&question(0)));
        assert!(proven.knows(&question(1)) && proven.knows(&question(KEPT_MAX)));
        assert_eq!(proven.kept().known.len(), KEPT_MAX);
    }

    #[test]
    fn where_a_part_ends_is_part_of_the_question() {
        let question = Proven::question;
        assert_ne!(question([b"ab", b"c", b""]), question([b"a", b"bc", b""]));
        assert_ne!(question([b"", b"a", b"b"]), question([b"", b"b", b"a"]));
    }
}
