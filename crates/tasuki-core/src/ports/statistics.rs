//! What the network says of itself in public: counts of this community, frozen when somebody proposes
//! them, and published when somebody else has approved. No patient is in them.

use crate::Fault;
use serde::{Deserialize, Serialize};
use tasuki_model::{Instant, JstDay, UserId};

/// Counts as of a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// 開示施設.
    pub disclosing: u64,
    /// 閲覧施設.
    pub viewing: u64,
    /// Persons whom at least one facility discloses.
    pub registered: u64,
    /// Of them, persons whom two facilities or more disclose.
    pub linked: u64,
    /// 閲覧数: how often somebody opened somebody's chart, a day and a person counted once however many
    /// pages were looked at; as the audit trail has it.
    pub views: u64,
    /// The same by month, the oldest first: first day of the month and count.
    pub by_month: Vec<(JstDay, u64)>,
}

/// Figures that were proposed, and whether they are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// When they were counted; also their name.
    pub as_of: Instant,
    /// The figures.
    pub figures: Figures,
    /// Who proposed them.
    pub proposed_by: UserId,
    /// Who approved them, and when; nothing until then.
    pub approved: Option<(Instant, UserId)>,
}

/// Reading them.
pub trait Statistics {
    /// Counts now, with the months from `first` on.
    fn figures(&self, first: JstDay, now: Instant) -> Result<Figures, Fault>;

    /// What was proposed or published, the newest first.
    fn publications(&self, limit: u32) -> Result<Vec<Publication>, Fault>;

    /// What is published: the newest that was approved.
    fn published(&self) -> Result<Option<Publication>, Fault>;
}

/// Writing them.
pub trait StatisticsWrite {
    /// Proposes figures. One that waits already is replaced: only the newest can be approved.
    fn propose(&self, publication: &Publication) -> Result<(), Fault>;

    /// Publishes what was proposed. Returns whether it was there and somebody else's.
    fn approve(&self, as_of: Instant, by: &UserId, now: Instant) -> Result<bool, Fault>;
}
