//! Where a fact comes from: enough to find the original and to say how old it is.

use crate::{CommunityId, DocumentRef, EntryUuid, FacilityId, Instant, JstTime};
use serde::{Deserialize, Serialize};

/// The source of one clinical value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Community that holds the document.
    pub community: CommunityId,
    /// Facility that made it.
    pub facility: FacilityId,
    /// The document it was read from.
    pub document: DocumentRef,
    /// Its entry in the registry.
    pub entry: EntryUuid,
    /// Author as sent, where known.
    pub author: Option<String>,
    /// When the author wrote it, as the source says.
    pub written: Option<JstTime>,
    /// When this network received it.
    pub received: Instant,
}
