//! Messages that a user's assertion has stood behind lately. One assertion serves many messages for
//! as long as it is valid; a message that comes a second time is a replay (WS-Addressing core §3.2:
//! a message id is never used again).

use crate::network::Network;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use tasuki_core::Fault;
use tasuki_core::audit::{Actor, AuditEvent, Side};
use tasuki_core::ports::AuditSearch;
use tasuki_model::Instant;

/// Longer than any assertion is valid, skew included.
const SECONDS: i64 = 15 * 60;
/// Characters of a message id that count: as many as the audit trail keeps.
const ID_MAX: usize = 512;
/// Messages kept. Beyond it the oldest are forgotten before their time, which is logged.
const MESSAGES_MAX: usize = 200_000;

/// What has been seen.
#[derive(Default)]
pub(crate) struct Seen {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    digests: HashMap<[u8; 32], Instant>,
    order: VecDeque<([u8; 32], Instant)>,
}

impl Seen {
    /// Notes a message of a sender; false if it was there already.
    pub fn first(&self, sender: &str, message_id: &str, now: Instant) -> bool {
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        context.update(sender.as_bytes());
        context.update(&[0]);
        let id: String = message_id.chars().take(ID_MAX).collect();
        context.update(id.as_bytes());
        let mut digest = [0; 32];
        digest.copy_from_slice(context.finish().as_ref());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(&(oldest, at)) = kept.order.front() {
            let full = kept.order.len() >= MESSAGES_MAX;
            if !full && now.seconds_since(at) < SECONDS {
                break;
            }
            if full && now.seconds_since(at) < SECONDS {
                tracing::warn!(
                    "more than {MESSAGES_MAX} messages in {SECONDS} s: replays of old ones pass"
                );
            }
            kept.order.pop_front();
            kept.digests.remove(&oldest);
        }
        if kept.digests.contains_key(&digest) {
            return false;
        }
        kept.digests.insert(digest, now);
        kept.order.push_back((digest, now));
        true
    }
}

/// Audit events read at once.
const PAGE: u32 = 5_000;

impl Network {
    /// Remembers the messages of before a restart: the audit trail has each that was answered, and
    /// was durable before its answer left. So nothing that came to this process's store within the
    /// time of an assertion is taken a second time.
    ///
    /// # Errors
    /// Those of the store.
    pub fn recall_messages(&self) -> Result<(), Fault> {
        let now = self.clock.now();
        let from = now.plus_seconds(-SECONDS);
        // The search index may be behind the rows.
        while self.store.index_audit(PAGE)? == PAGE {}
        let mut came = Vec::new();
        let mut to = None;
        while came.len() < MESSAGES_MAX {
            let search = AuditSearch {
                from: Some(from),
                to,
                ..AuditSearch::default()
            };
            let page = self.store.reading(|tx| tx.find_events(&search, PAGE))?;
            let Some(oldest) = page.last().map(|line| line.event.at) else {
                break;
            };
            let whole = page.len() < PAGE as usize;
            came.extend(page.into_iter().filter_map(|line| asserted(line.event)));
            // Others of the same microsecond may be on the next page.
            let next = Instant::from_micros(oldest.micros() + 1);
            if whole || to.is_some_and(|to| next >= to) {
                break;
            }
            to = Some(next);
        }
        for (sender, id, at) in came.into_iter().rev() {
            self.seen.first(&sender, &id, at);
        }
        Ok(())
    }
}

/// Sender, message id and time of a message that a user of another community stood behind.
fn asserted(event: AuditEvent) -> Option<(String, String, Instant)> {
    let at = event.at;
    let Actor::Peer {
        user: Some(_),
        community,
        ..
    } = event.actor
    else {
        return None;
    };
    let exchange = event.exchange.filter(|e| e.side == Side::Answered)?;
    Some((community.to_string(), exchange.message_id, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_is_good_once_for_one_sender_for_its_time() {
        let seen = Seen::default();
        let now = Instant::from_micros(0);
        assert!(seen.first("a", "urn:uuid:1", now));
        assert!(!seen.first("a", "urn:uuid:1", now.plus_seconds(SECONDS - 1)));
        assert!(seen.first("b", "urn:uuid:1", now));
        assert!(seen.first("a", "urn:uuid:1", now.plus_seconds(SECONDS)));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let seen = Seen::default();
        for n in 0..MESSAGES_MAX + 10 {
            assert!(seen.first("a", &n.to_string(), Instant::from_micros(0)));
        }
        assert_eq!(seen.kept.lock().unwrap().digests.len(), MESSAGES_MAX);
    }
}
