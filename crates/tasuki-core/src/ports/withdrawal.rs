//! Withdrawals beyond the community: whom a facility discloses no more, or less than before, is told to the
//! communities that may hold copies; and what such a community does when it is told.
//!
//! A notice names a patient as other communities know them: by our XAD-PID. It says nothing of what was
//! agreed; whoever is told drops what it has, and asks again where it may.

use crate::Fault;
use tasuki_model::{CommunityId, Instant, PatientKey, Registration, XadPid};

/// A notice that has still to be told to one community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Our ID of the patient.
    pub id: XadPid,
    /// The registration that is disclosed no more, for the audit trail.
    pub patient: PatientKey,
    /// Since when.
    pub at: Instant,
}

/// How far one community has been told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawalQueue {
    /// Which.
    pub peer: CommunityId,
    /// Notices that wait for it.
    pub waiting: u64,
    /// Notices that were given up: it was away for longer than its copies live.
    pub given_up: u64,
    /// Since when the oldest of them waits.
    pub oldest: Option<Instant>,
}

/// Reading them.
pub trait Withdrawals {
    /// What a community has still to be told, the oldest first.
    ///
    /// # Errors
    /// Those of the store, as for all of these.
    fn withdrawals_to(&self, peer: &CommunityId, limit: u32) -> Result<Vec<Withdrawal>, Fault>;

    /// How far every community has been told, by its id; those for whom nothing waits are left out.
    fn withdrawal_queues(&self) -> Result<Vec<WithdrawalQueue>, Fault>;

    /// When another community last told that a patient of its own is disclosed no more, or less.
    fn withdrawn_elsewhere(&self, patient: &Registration) -> Result<Option<Instant>, Fault>;
}

/// Writing them.
pub trait WithdrawalsWrite {
    /// Who is told from now on; for whom there is no telling any more, nothing waits.
    ///
    /// # Errors
    /// Those of the store, as for all of these.
    fn set_withdrawal_peers(&self, peers: &[CommunityId]) -> Result<(), Fault>;

    /// A community has been told this; what came after it still waits.
    fn withdrawal_told(&self, peer: &CommunityId, told: &Withdrawal) -> Result<(), Fault>;

    /// Gives up what has waited for a community since before; gives how many there were. They stay for
    /// the operator to see until the community is told of that patient again.
    fn give_up_withdrawals(&self, peer: &CommunityId, before: Instant) -> Result<u64, Fault>;

    /// Notes that a statement of a community has come; false where it came before. Those that came
    /// before `forget` are forgotten: they are too old to be taken anyway.
    fn first_statement(
        &self,
        from: &CommunityId,
        id: &str,
        now: Instant,
        forget: Instant,
    ) -> Result<bool, Fault>;

    /// Drops every copy of a patient of another community's, at once, and what was found out about how
    /// that community calls them; gives the registrations that held copies.
    fn take_withdrawal(
        &self,
        source: &CommunityId,
        patient: &Registration,
        at: Instant,
    ) -> Result<Vec<PatientKey>, Fault>;
}
