//! Where a message goes, by the home community id that it names (ITI TF-2 3.18.4.1.3, 3.43.4.1.3).

use super::Across;
use tasuki_core::directory::Community;
use tasuki_model::CommunityId;

/// Whom a message asks.
pub(super) enum Route {
    /// It does not say.
    Unsaid,
    /// Us.
    Ours,
    /// Another community.
    Other(Box<Community>),
    /// Nobody whom the directory knows.
    Unknown,
}

impl Across<'_> {
    /// Whom a home community id means; systems write it with and without `urn:oid:`.
    pub(super) fn route(&self, home: Option<&str>) -> Route {
        let Some(home) = home.map(str::trim).filter(|home| !home.is_empty()) else {
            return Route::Unsaid;
        };
        let Ok(home) = CommunityId::new(home.strip_prefix("urn:oid:").unwrap_or(home)) else {
            return Route::Unknown;
        };
        if home == self.registry.home {
            return Route::Ours;
        }
        let directory = self.initiating.communities.directory();
        let found = directory.as_ref().and_then(|d| d.community(&home));
        found.map_or(Route::Unknown, |found| {
            Route::Other(Box::new(found.clone()))
        })
    }
}
