//! How far the clocks of others are off, by the `Date` of their answers (RFC 9110 §6.6.1), to the
//! second. Assertions and audit trails of both sides are read by their clocks.

use http::{HeaderMap, header};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tasuki_core::Clock;
use tasuki_core::clock::SystemClock;
use tasuki_ihe::soap::Recipient;
use tasuki_model::Instant;

/// Hosts that are remembered; a directory has a few dozen.
const HOSTS_MAX: usize = 4_096;

/// What was seen last of each host.
#[derive(Default)]
pub(super) struct Clocks(Mutex<HashMap<(Box<str>, u16), i64>>);

fn key(of: &Recipient) -> (Box<str>, u16) {
    (of.endpoint.host().into(), of.endpoint.port())
}

impl Clocks {
    /// Notes what an answer says.
    pub fn note(&self, from: &Recipient, headers: &HeaderMap) {
        let said = headers
            .get(header::DATE)
            .and_then(|date| date.to_str().ok());
        let said = said.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
        let Some(said) = said else {
            return;
        };
        let said = Instant::from_micros(said.timestamp().as_microsecond());
        let off = said.seconds_since(SystemClock.now());
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < HOSTS_MAX {
            known.insert(key(from), off);
        }
    }

    /// Seconds by which its clock is ahead of ours; nothing where it has not said.
    pub fn off(&self, of: &Recipient) -> Option<i64> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&key(of)).copied()
    }
}
