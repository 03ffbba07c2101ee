//! Documents that are made when they are retrieved (on-demand documents, ITI TF-1 10.1.1.6): the port of
//! what makes them. The registry offers one to whoever asks; what stands in it follows from who that is,
//! at that moment, and from nothing that was made before.

use crate::policy::{PeerCaller, PeerEmergencies};
use crate::{Fault, Released};
use tasuki_model::PersonId;

/// What is asked for, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct SummaryAsked<'a> {
    /// Whose.
    pub person: &'a PersonId,
    /// The community's id of the person: a hospital's own number does not stand in what leaves.
    pub patient: &'a str,
    /// Who asks.
    pub caller: &'a PeerCaller,
    /// The community's own rule for emergencies of others' users.
    pub emergencies: PeerEmergencies,
}

/// A summary of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// `mimeType`.
    pub mime_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Makes summaries. Implemented where clinical documents are merged and drawn.
pub trait Summarising: Send + Sync {
    /// Decides, reads and draws in one snapshot; nothing where nothing may be released.
    ///
    /// # Errors
    /// [`crate::Code::XdsMakingBusy`] while too many are made at once, [`crate::Code::FontMissing`] without a
    /// typeface, those of the store.
    fn summary(&self, asked: &SummaryAsked<'_>) -> Result<Released<Option<Summary>>, Fault>;
}
