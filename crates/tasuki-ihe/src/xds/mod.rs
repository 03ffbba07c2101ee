//! The document registry and repository (ITI TF-1, 10.1.1.3 and 10.1.1.4): what their transactions
//! share.
//!
//! - [`affinity`]: the codes of the affinity domain, as data.
//! - [`validate`]: what metadata may be submitted (ITI TF-3, 4.2.3).
//! - [`submit`]: what a submission does to the registry; all of it or nothing.
//! - [`query`]: stored queries over what was submitted and what was imported.
//! - [`patient`]: patient ids of the exchange and registrations.
//!
//! [`XdsProblem`] is the one form in which something wrong is told to another system.

pub mod affinity;
pub mod patient;
mod problem;
pub mod query;
mod render;
pub mod submit;
pub mod validate;

pub use affinity::{AffinityDomain, Profile};
pub use problem::{Refused, XdsCode, XdsProblem};

use crate::peers::Domains;
use std::sync::Arc;
use tasuki_core::Clock;
use tasuki_core::ports::Store;
use tasuki_model::{CommunityId, Oid, RepositoryId};

/// A registry and its repository, as the transactions see them.
pub struct Registry {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The node's clock.
    pub clock: Arc<dyn Clock>,
    /// Our community.
    pub home: CommunityId,
    /// The assigning authority of the patient ids that the community issues for XDS.
    pub authority: Oid,
    /// Our repository.
    pub repository: RepositoryId,
    /// The codes and the profile of the affinity domain.
    pub affinity: AffinityDomain,
    /// The assigning authorities of the facilities.
    pub domains: Arc<Domains>,
}

impl Registry {
    /// The home community id as it is exchanged.
    #[must_use]
    pub fn home_urn(&self) -> String {
        format!("urn:oid:{}", self.home)
    }

    /// The present moment as XDS writes it, to the second.
    #[must_use]
    pub fn now(&self) -> String {
        tasuki_model::xds::utc_text(self.clock.now())
    }
}
