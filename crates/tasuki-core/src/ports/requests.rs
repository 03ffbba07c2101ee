//! 連携登録: a viewing facility has registered a patient under its own ID and asks a disclosing facility to
//! tie it to theirs. The request holds what was written on the form; who the patient is stands in the two
//! registrations.

use super::{Across, Signer};
use crate::Fault;
use serde::{Deserialize, Serialize};
use tasuki_model::{FacilityId, Instant, JstDay, PatientKey, RequestId, UserId};

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestState {
    /// It waits for the disclosing facility.
    Asked,
    /// The IDs are tied and the patient is disclosed.
    Approved,
    /// Sent back, with a reason.
    Returned,
    /// Taken back by who asked.
    Withdrawn,
}

impl RequestState {
    /// The stable word stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestEnd {
    /// Who ended it.
    pub by: UserId,
    /// When.
    pub at: Instant,
    /// Why it was sent back; empty else.
    pub reason: String,
    /// The disclosing facility's registration, where it was approved.
    pub tied: Option<PatientKey>,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRequest {
    /// Its id.
    pub id: RequestId,
    /// Who asks.
    pub from: FacilityId,
    /// Who is asked.
    pub to: FacilityId,
    /// The name of a facility that is no member here and is asked on paper; its answer is written down by who
    /// asks, which `to` then names too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond: Option<String>,
    /// Where the facility beyond is one of another community that is asked by a statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub across: Option<Across>,
    /// The registration at the facility that asks.
    pub patient: PatientKey,
    /// The ID at the facility that is asked, as far as who asks knows it.
    pub their_id: Option<String>,
    /// The day on which the patient agreed.
    pub agreed: JstDay,
    /// Who signed.
    pub signer: Signer,
    /// Where it stands.
    pub state: RequestState,
    /// Who asked.
    pub by: UserId,
    /// When.
    pub at: Instant,
    /// How it ended.
    pub end: Option<RequestEnd>,
}

/// Reading requests.
pub trait LinkRequests {
    /// One request.
    fn link_request(&self, id: &RequestId) -> Result<Option<LinkRequest>, Fault>;

    /// Those that wait for a facility, the oldest first.
    fn requests_to(&self, facility: &FacilityId, limit: u32) -> Result<Vec<LinkRequest>, Fault>;

    /// Those that a facility has made, the newest first, whatever became of them.
    fn requests_from(&self, facility: &FacilityId, limit: u32) -> Result<Vec<LinkRequest>, Fault>;
}

/// Writing requests.
pub trait LinkRequestsWrite {
    /// Adds a request, or puts it in the place of the one with its id.
    fn put_link_request(&self, request: &LinkRequest) -> Result<(), Fault>;
}
