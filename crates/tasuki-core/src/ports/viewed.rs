//! Up to when other communities have reported who has read their copies of our documents.

use crate::Fault;
use tasuki_model::{CommunityId, Instant};

/// What one community has reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewsReported {
    /// Which.
    pub community: CommunityId,
    /// Every view until then has been told.
    pub until: Instant,
}

/// Reading it.
pub trait ViewReports {
    /// Every community that has reported.
    ///
    /// # Errors
    /// Those of the store.
    fn views_reported(&self) -> Result<Vec<ViewsReported>, Fault>;
}

/// Writing it.
pub trait ViewReportsWrite {
    /// A community has reported until then; an earlier time changes nothing.
    ///
    /// # Errors
    /// Those of the store.
    fn put_views_reported(&self, reported: &ViewsReported) -> Result<(), Fault>;
}
