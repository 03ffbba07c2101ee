//! Answers that come on a connection of their own (WS-Addressing core §3.4, ITI TF-2 V.5): which requests
//! of ours wait for one, for how long, and from whom.
//!
//! An answer is for the request that it relates to, and only over a connection with a certificate of whom
//! that request went to. It is taken once; a stranger's leaves the request waiting. What it says is not
//! looked at here.

use super::asking::Received;
use crate::peers::Fingerprint;
use std::collections::HashMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tasuki_core::Code;

/// Requests that wait at once. Each is a thread that waits, so this is beyond what a node can have.
const AWAITED_MAX: usize = 1_024;

/// One request that waits.
struct Waiting {
    /// Who may answer it.
    certificates: Vec<Fingerprint>,
    answer: SyncSender<Received>,
}

/// Every request that waits, by its message id.
#[derive(Default)]
pub(crate) struct Awaited(Mutex<HashMap<String, Waiting>>);

/// The place of one request; given up when this is dropped.
pub(crate) struct Expected<'a> {
    awaited: &'a Awaited,
    message_id: String,
    answer: Receiver<Received>,
}

impl Awaited {
    fn waiting(&self) -> MutexGuard<'_, HashMap<String, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Before a request leaves: its answer may be here before it is said to be taken. Nothing where too
    /// many wait.
    pub fn expect(&self, message_id: &str, from: &[Fingerprint]) -> Option<Expected<'_>> {
        let mut waiting = self.waiting();
        if waiting.len() >= AWAITED_MAX {
            return None;
        }
        let (send, answer) = sync_channel(1);
        let entry = Waiting {
            certificates: from.to_vec(),
            answer: send,
        };
        waiting.insert(message_id.to_owned(), entry);
        Some(Expected {
            awaited: self,
            message_id: message_id.to_owned(),
            answer,
        })
    }

    /// Who waits for an answer to one of these, if whoever sends it may answer.
    ///
    /// # Errors
    /// `GTW-016` where nobody waits for it, `GTW-017` where it is not this one's to give.
    pub(super) fn take(
        &self,
        relates_to: &[String],
        certificate: Option<&Fingerprint>,
    ) -> Result<SyncSender<Received>, Code> {
        let mut waiting = self.waiting();
        let mut related = relates_to.iter();
        let id = related.find(|id| waiting.contains_key(*id));
        let id = id.ok_or(Code::AnswerUnawaited)?;
        let asked = |w: &Waiting| certificate.is_some_and(|c| w.certificates.contains(c));
        if !waiting.get(id).is_some_and(asked) {
            return Err(Code::AnswerOfStranger);
        }
        let taken = waiting.remove(id).ok_or(Code::AnswerUnawaited)?;
        Ok(taken.answer)
    }
}

impl Expected<'_> {
    /// Waits for the answer so long; one that comes later finds nobody.
    pub fn within(self, time: Duration) -> Option<Received> {
        self.answer.recv_timeout(time).ok()
    }
}

impl Drop for Expected<'_> {
    fn drop(&mut self) {
        self.awaited.waiting().remove(&self.message_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_wait_and_no_more_and_each_gives_up_its_place() {
        let awaited = Awaited::default();
        let expect = |n: usize| awaited.expect(&n.to_string(), &[[1; 32]]);
        let mut held: Vec<_> = (0..AWAITED_MAX).map(|n| expect(n).unwrap()).collect();
        assert!(expect(AWAITED_MAX).is_none());
        drop(held.pop());
        assert!(expect(AWAITED_MAX).is_some());
    }
}
