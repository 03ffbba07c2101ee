//! Reading the audit trail: for the auditor, and for a patient who asks who looked.

use crate::Fault;
use crate::audit::{Action, AuditEvent};
use tasuki_model::{Instant, PatientKey, PersonId, UserId};

/// One event and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its stream.
    pub stream: String,
    /// Its position in the stream.
    pub seq: u64,
    /// The event.
    pub event: AuditEvent,
}

/// A row of the audit trail on its way to somewhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its stream.
    pub stream: String,
    /// Its position in the stream.
    pub seq: u64,
    /// The event; nothing where the row was tampered with, which verification will name.
    pub event: Option<AuditEvent>,
}

/// What an auditor looks for. Every field given must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditSearch {
    /// Only what this user did.
    pub user: Option<UserId>,
    /// Only what touched this person.
    pub person: Option<PersonId>,
    /// Only what touched this registration.
    pub patient: Option<PatientKey>,
    /// Only this action.
    pub action: Option<Action>,
    /// Only from this moment on.
    pub from: Option<Instant>,
    /// Only before this moment.
    pub to: Option<Instant>,
}

/// Reading the audit trail through its search index, which is built after the rows.
pub trait AuditTrail {
    /// Events that fit, newest first, at most `limit`.
    fn find_events(&self, search: &AuditSearch, limit: u32) -> Result<Vec<AuditLine>, Fault>;

    /// Events that a named cursor has not passed yet, in the order of each stream; at most `limit`.
    fn audit_after(&self, cursor: &str, limit: u32) -> Result<Vec<AuditRow>, Fault>;

    /// How many rows the search index is behind: shown beside every search.
    fn audit_lag(&self) -> Result<u64, Fault>;
}

/// How far the audit trail has been sent to each destination.
pub trait AuditCursors {
    /// A named cursor has passed a position of a stream. It never goes back.
    fn pass_audit(&self, cursor: &str, stream: &str, seq: u64) -> Result<(), Fault>;

    /// Where a named cursor stands in a stream; 0 where it has never been.
    fn passed_audit(&self, cursor: &str, stream: &str) -> Result<u64, Fault>;
}

/// Where the events of emergency reads go while the audit trail is away: bounded, durable, and brought
/// into the trail later, in their order and once. For nothing else: everything else is refused then.
pub trait AuditSpooling: Send + Sync {
    /// Keeps an event; durable on return.
    ///
    /// # Errors
    /// `AUD-…` where it is full or cannot be written: nothing is answered then.
    fn keep(&self, event: &AuditEvent) -> Result<(), Fault>;

    /// Whether events wait here for the trail: whatever follows them goes behind them.
    fn waiting(&self) -> bool;
}
