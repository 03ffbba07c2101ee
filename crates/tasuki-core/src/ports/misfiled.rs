//! Documents that name another patient inside than the one they were given for. They are never shown and
//! never merged; the clerks of both sides are told, until somebody says that it has been dealt with.

use crate::Fault;
use serde::{Deserialize, Serialize};
use tasuki_model::{CommunityId, CopyId, FacilityId, Instant, PatientKey, SmolStr, UserId};

/// Which side of it we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MisfiledSide {
    /// Another community gave it to us.
    Received,
    /// Another community says that one of ours is so.
    Given,
}

/// Who has dealt with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dealt {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Instant,
    /// What was done, in the clerk's words.
    pub words: String,
}

/// One such document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misfiled {
    /// The copy by which it was noticed first.
    pub id: CopyId,
    /// Which side we are.
    pub side: MisfiledSide,
    /// The facility of ours whose clerks are told.
    pub facility: FacilityId,
    /// Whose document it was said to be, by the registration of that facility.
    pub patient: PatientKey,
    /// The other community.
    pub community: CommunityId,
    /// `DocumentEntry.uniqueId`.
    pub document: SmolStr,
    /// The institution of its author, as its metadata name it; may be empty.
    pub institution: SmolStr,
    /// When it was noticed.
    pub at: Instant,
    /// When the other community has taken the report; nothing where it has not, or cannot.
    pub told: Option<Instant>,
    /// Who has dealt with it here.
    pub dealt: Option<Dealt>,
}

/// Reading them.
pub trait MisfiledDocuments {
    /// Those of a facility, open ones first, then the newest; at most `limit`.
    fn misfiled(&self, facility: &FacilityId, limit: u32) -> Result<Vec<Misfiled>, Fault>;

    /// One.
    fn misfiled_one(&self, id: &CopyId) -> Result<Option<Misfiled>, Fault>;

    /// Those that this community gave and has not been told of, the oldest first.
    fn misfiled_untold(&self, community: &CommunityId, limit: u32) -> Result<Vec<Misfiled>, Fault>;
}

/// Writing them.
pub trait MisfiledDocumentsWrite {
    /// Reports a document; one that is reported already for this patient stays as it is.
    fn report_misfiled(&self, misfiled: &Misfiled) -> Result<(), Fault>;

    /// Puts the present state of a report in its place.
    fn put_misfiled(&self, misfiled: &Misfiled) -> Result<(), Fault>;
}
