//! What state a terminal is in, in one word.

use crate::words::Words;
use tasuki_core::ports::{Terminal, TerminalCertificate};
use tasuki_model::Instant;

/// The state of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Another administrator has to approve it.
    ToApprove,
    /// Its certificate waits to be taken.
    Waiting,
    /// Its code was not used in its time.
    Missed,
    /// A certificate of it counts.
    InUse,
    /// Its certificate has ended.
    Expired,
    /// It was revoked.
    Revoked,
}

impl State {
    /// The state that follows from what is stored; `four_eyes`: a second administrator has to approve.
    pub fn of(
        terminal: &Terminal,
        certificates: &[TerminalCertificate],
        waits: Option<Instant>,
        four_eyes: bool,
        now: Instant,
    ) -> Self {
        let counts = |c: &TerminalCertificate| c.ended.is_none() && now < c.until;
        let waits = waits.is_some_and(|until| now < until);
        match certificates {
            _ if terminal.revoked.is_some() => Self::Revoked,
            [] if waits => Self::Waiting,
            [] if four_eyes && terminal.approved.is_none() => Self::ToApprove,
            [] => Self::Missed,
            some if some.iter().any(counts) => Self::InUse,
            _ => Self::Expired,
        }
    }

    pub fn words(self, w: Words) -> String {
        match self {
            Self::ToApprove => w.terminals_to_approve(),
            Self::Waiting => w.terminals_waiting(),
            Self::Missed => w.terminals_missed(),
            Self::InUse => w.terminals_in_use(),
            Self::Expired => w.terminals_expired(),
            Self::Revoked => w.terminals_revoked(),
        }
        .into_owned()
    }
}
