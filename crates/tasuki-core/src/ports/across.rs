//! 連携登録 between communities: a request of another community's facility as it stands on a desk here, what has
//! still to be told, and the ties that came of it.

use super::{LinkRequest, RequestEnd, RequestState, Signer};
use crate::Fault;
use serde::{Deserialize, Serialize};
use tasuki_model::{
    CommunityId, Demographics, FacilityId, Instant, JstDay, PatientKey, Registration, RequestId,
};

/// A request of ours that goes to a facility of another community.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Across {
    /// Which community.
    pub community: CommunityId,
    /// The facility there, by its 医療機関コード.
    pub facility: Box<str>,
    /// When the community has taken the request; nothing while it could not be told.
    #[serde(default)]
    pub taken: Option<Instant>,
}

/// A request of a facility of another community, to one of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignRequest {
    /// Its id here.
    pub id: RequestId,
    /// Its id where it was made.
    pub named: RequestId,
    /// The community that asks.
    pub community: CommunityId,
    /// The facility that asks, by name.
    pub facility: Box<str>,
    /// Its telephone; may be empty.
    pub phone: Box<str>,
    /// Who is asked.
    pub to: FacilityId,
    /// The patient's ID where it was made.
    pub own_id: Box<str>,
    /// The four items.
    pub demographics: Demographics,
    /// The ID here, as far as who asks knows it.
    pub their_id: Option<String>,
    /// The day on which the patient agreed.
    pub agreed: JstDay,
    /// Who signed.
    pub signer: Signer,
    /// The facilities that may see by this agreement, by name.
    pub viewers: Vec<String>,
    /// Where it stands.
    pub state: RequestState,
    /// When it came.
    pub at: Instant,
    /// How it ended.
    pub end: Option<RequestEnd>,
}

/// Which request is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkSide {
    /// One of ours: asked, or taken back.
    Own,
    /// One of theirs: how it ended.
    Foreign,
    /// One of theirs to a facility that is not here, by its id there.
    Unknown,
}

impl LinkSide {
    /// The stable word stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Foreign => "foreign",
            Self::Unknown => "unknown",
        }
    }

    /// The side of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [Self::Own, Self::Foreign, Self::Unknown];
        all.into_iter().find(|side| side.code() == code)
    }
}

/// A request whose present state has still to be told to a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkWaiting {
    /// Whom.
    pub peer: CommunityId,
    /// Which.
    pub request: RequestId,
    /// Whose.
    pub side: LinkSide,
    /// Since when.
    pub at: Instant,
}

/// Reading requests between communities.
pub trait LinksAcross {
    /// One request of another community.
    ///
    /// # Errors
    /// Those of the store, as for all of these.
    fn foreign_request(&self, id: &RequestId) -> Result<Option<ForeignRequest>, Fault>;

    /// Those that wait for a facility of ours, the oldest first.
    fn foreign_requests_to(
        &self,
        facility: &FacilityId,
        limit: u32,
    ) -> Result<Vec<ForeignRequest>, Fault>;

    /// Whether a community has so many requests waiting here.
    fn foreign_requests_full(&self, community: &CommunityId, most: u32) -> Result<bool, Fault>;

    /// What a community has still to be told, the oldest first.
    fn links_waiting(&self, peer: &CommunityId, limit: u32) -> Result<Vec<LinkWaiting>, Fault>;

    /// Under which IDs other communities' clerks have tied a registration.
    fn tied_elsewhere(&self, patient: &PatientKey) -> Result<Vec<Registration>, Fault>;
}

/// Writing them.
pub trait LinksAcrossWrite {
    /// Adds a request of another community, or puts it in the place of the one with its id.
    ///
    /// # Errors
    /// Those of the store, as for all of these.
    fn put_foreign_request(&self, request: &ForeignRequest) -> Result<(), Fault>;

    /// From now on the present state of a request waits to be told.
    fn put_link_waiting(&self, waiting: &LinkWaiting) -> Result<(), Fault>;

    /// A community has been told; what came after it still waits.
    fn link_told(&self, told: &LinkWaiting) -> Result<(), Fault>;

    /// Ties a registration of ours to a patient of another community.
    fn put_tie(&self, patient: &PatientKey, with: &Registration, at: Instant) -> Result<(), Fault>;
}

impl LinkRequest {
    /// Whether its answer comes on paper, and is written down by who asks.
    #[must_use]
    pub const fn on_paper(&self) -> bool {
        self.beyond.is_some() && self.across.is_none()
    }
}
