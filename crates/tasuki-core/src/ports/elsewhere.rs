//! Identity beyond the community: what the network's pix-manager was told of us, and what it told us
//! last, so that a chart need not wait for it while it is away.

use crate::Fault;
use serde::{Deserialize, Serialize};
use tasuki_model::{CommunityId, Instant, PatientKey, Registration, XadPid};

/// The name of the queue ([`ChangedIdentities`](super::ChangedIdentities)) that feeds a manager. Such
/// a queue begins with everybody who is disclosed, and hears of changed demographics too.
#[must_use]
pub fn feed_queue(manager: &CommunityId) -> String {
    format!("feed:{manager}")
}

/// The ids that other communities have for a person of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownElsewhere {
    /// The ids, each with the authority of the community that issued it.
    pub ids: Vec<Registration>,
    /// When that was answered or notified: its age is shown with whatever it brings.
    pub answered: Instant,
}

/// The stored form of the ids, versioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownBody {
    /// Version of this shape.
    pub version: u32,
    /// The ids.
    pub ids: Vec<Registration>,
    /// The registrations that ours stood for when it was asked.
    pub stood_for: Vec<PatientKey>,
}

/// Reading it.
pub trait Elsewhere {
    /// What was last known of a person by our id. Nothing once a registration has left that person
    /// since: whoever kept two apart (a decision "not the same", a disclosure withdrawn) outranks
    /// what a manager said before.
    fn known_elsewhere(&self, id: &XadPid) -> Result<Option<KnownElsewhere>, Fault>;

    /// Under which id a registration stands at a manager.
    fn fed_as(&self, manager: &str, patient: &PatientKey) -> Result<Option<XadPid>, Fault>;

    /// The registrations that stand at a manager under an id.
    fn fed_under(&self, manager: &str, id: &XadPid) -> Result<Vec<PatientKey>, Fault>;
}

/// Writing it.
pub trait ElsewhereWrite {
    /// Keeps an answer in the place of the one before; one that is older changes nothing.
    fn put_known_elsewhere(&self, id: &XadPid, known: &KnownElsewhere) -> Result<(), Fault>;

    /// Notes under which id a registration stands at a manager; none where it was withdrawn.
    fn put_fed(
        &self,
        manager: &str,
        patient: &PatientKey,
        id: Option<&XadPid>,
    ) -> Result<(), Fault>;
}
