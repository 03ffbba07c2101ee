//! What the identity engine keeps in the store: the durable copy of its index, what is still due,
//! and the clerk's queue. Links themselves are events ([`LinkEvent`](super::LinkEvent)).

use super::{LinkDecision, PatientRecord};
use crate::Fault;
use tasuki_model::{FacilityId, Instant, PatientKey, PersonId, ReviewId, UserId};

/// A registration in the index of identities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexRow {
    /// Which registration.
    pub patient: PatientKey,
    /// Its facility.
    pub facility: FacilityId,
    /// Whether it stands in the community's index; else only in its own facility's.
    pub shared: bool,
    /// Its normalised keys with their version, as the engine writes them.
    pub keys: Vec<u8>,
}

/// A registration that has to be looked at again, since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What its facility says now.
    pub record: PatientRecord,
    /// Stamp of the newest change; taken off only if no newer one came meanwhile.
    pub stamp: i64,
}

/// How far a line of the queue has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReviewState {
    /// Waits for a clerk.
    Open,
    /// Put back: the hospital has been asked.
    Asked,
    /// One clerk has decided, a second one has to confirm.
    Proposed,
    /// Decided by a person.
    Decided,
    /// The engine no longer sees a question.
    Settled,
}

impl ReviewState {
    /// Whether someone has still to decide.
    #[must_use]
    pub fn waits(self) -> bool {
        matches!(self, Self::Open | Self::Asked | Self::Proposed)
    }
}

/// A decision on a line, by whom and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewDecision {
    /// Same or not the same.
    pub decision: LinkDecision,
    /// Who decided.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// A line of the clerk's queue: two registrations that may be one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its handle; stands in addresses, so it is random.
    pub id: ReviewId,
    /// One registration, the smaller key.
    pub a: PatientKey,
    /// The other.
    pub b: PatientKey,
    /// Posterior in hundredths of a bit, for the order.
    pub centibits: i64,
    /// The engine's [`Explanation`](crate::identity::explain::Explanation) as JSON.
    pub evidence: String,
    /// How far it has come.
    pub state: ReviewState,
    /// Since when it waits.
    pub opened: Instant,
    /// What was decided last, where a person has.
    pub decision: Option<ReviewDecision>,
}

/// Numbers of the identity desk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IdentityCounts {
    /// Registrations.
    pub registrations: u64,
    /// Registrations in the community's index.
    pub shared: u64,
    /// Persons they are projected to.
    pub persons: u64,
    /// Lines that wait for a person.
    pub open: u64,
    /// Registrations still due.
    pub due: u64,
}

/// Reading what the engine keeps.
pub trait Identities {
    /// Registrations that are due, oldest first, after a stamp and key, at most `limit`.
    fn identity_due(
        &self,
        after: Option<(i64, &PatientKey)>,
        limit: u32,
    ) -> Result<Vec<Due>, Fault>;

    /// The durable copy of the index in the order of keys, after one, at most `limit` rows.
    fn index_rows(&self, after: Option<&PatientKey>, limit: u32) -> Result<Vec<IndexRow>, Fault>;

    /// One row of the index.
    fn index_row(&self, patient: &PatientKey) -> Result<Option<IndexRow>, Fault>;

    /// Every registration with the person it is projected to, in the order of persons, after one
    /// pair, at most `limit`.
    fn projected(
        &self,
        after: Option<(&PersonId, &PatientKey)>,
        limit: u32,
    ) -> Result<Vec<(PersonId, PatientKey)>, Fault>;

    /// Pairs on which the newest word of a person stands: `Same`, `NotSame` or `Merged`.
    fn human_decisions(&self) -> Result<Vec<(PatientKey, PatientKey, LinkDecision)>, Fault>;

    /// Lines that wait for a person, oldest first: of one facility's registrations or of all.
    fn open_reviews(&self, facility: Option<&FacilityId>, limit: u32)
    -> Result<Vec<Review>, Fault>;

    /// Lines decided by a person, newest first: for undoing one.
    fn decided_reviews(
        &self,
        facility: Option<&FacilityId>,
        limit: u32,
    ) -> Result<Vec<Review>, Fault>;

    /// How many lines of a facility's registrations are in each state; states without one are left
    /// out.
    fn review_counts(&self, facility: &FacilityId) -> Result<Vec<(ReviewState, u64)>, Fault>;

    /// One line.
    fn review(&self, id: &ReviewId) -> Result<Option<Review>, Fault>;

    /// Every line that touches a registration.
    fn reviews_of(&self, patient: &PatientKey) -> Result<Vec<Review>, Fault>;

    /// The numbers of the desk.
    fn identity_counts(&self) -> Result<IdentityCounts, Fault>;
}

/// Writing what the engine keeps.
pub trait IdentitiesWrite {
    /// Marks a registration as due. Changes of demographics and of disclosure do it themselves.
    fn mark_due(&self, patient: &PatientKey) -> Result<(), Fault>;

    /// Marks every registration as due: the whole index is made anew.
    fn mark_all_due(&self) -> Result<u64, Fault>;

    /// Takes off what was settled, each only if its stamp is still the one seen.
    fn clear_due(&self, settled: &[(PatientKey, i64)]) -> Result<(), Fault>;

    /// Puts a row of the index in the place of the one before.
    fn put_index_row(&self, row: &IndexRow) -> Result<(), Fault>;

    /// Adds or changes a line of the queue.
    fn put_review(&self, review: &Review) -> Result<(), Fault>;

    /// Takes the lease of the one identity writer until a moment, or renews it; returns its
    /// fencing epoch, or nothing while another process holds it.
    fn take_identity_lease(&self, until: Instant) -> Result<Option<i64>, Fault>;

    /// Fails with `conflict` unless this process still holds the lease under that epoch.
    fn check_identity_lease(&self, epoch: i64) -> Result<(), Fault>;

    /// Gives the lease back.
    fn give_identity_lease(&self, epoch: i64) -> Result<(), Fault>;
}
