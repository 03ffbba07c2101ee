//! The document registry and repository (ITI TF-1, 10.1.1.3 and 10.1.1.4): what their transactions
//! share.
//!
//! - [`affinity`]: the codes of the affinity domain, as data.
//! - [`validate`]: what metadata may be submitted (ITI TF-3, 4.2.3).
//! - [`submit`]: what a submission does to the registry; all of it or nothing.
//! - [`query`]: stored queries over what was submitted and what was imported.
//! - `on_demand`: the summary that is made when it is retrieved.
//! - `publish`: what the portal writes becomes a submission of our own.
//! - [`consents`]: what a patient has agreed to, as a document for other systems.
//! - `emergency`: whom an emergency of another community opens, and who is told of it.
//! - [`patient`]: patient ids of the exchange and registrations.
//!
//! [`XdsProblem`] is the one form in which something wrong is told to another system.

pub mod affinity;
pub mod consents;
pub(crate) mod emergency;
mod feed;
mod home;
pub(crate) mod on_demand;
pub mod patient;
mod problem;
mod publish;
pub mod query;
mod render;
pub mod submit;
pub mod update;
pub mod validate;

pub use affinity::{AffinityDomain, Profile};
pub use on_demand::OnDemandSource;
pub use problem::{Refused, XdsCode, XdsProblem};
pub use publish::NotePublishing;

pub(crate) use feed::{Submitting, ended, registry_response, submit, update};

use crate::network::Network;
use crate::peers::Domains;
use std::sync::Arc;
use tasuki_core::policy::PeerEmergencies;
use tasuki_core::ports::{NewObject, Store, Writing};
use tasuki_core::{Clock, Code, Fault};
use tasuki_model::xds::{ObjectType, RegistryObject};
use tasuki_model::{CommunityId, Oid, RepositoryId};
use tasuki_wire::ebrim::Written;

/// What a node's configuration says of its registry and repository.
#[derive(Debug, Clone)]
pub struct RegistrySettings {
    /// Our community.
    pub home: CommunityId,
    /// The assigning authority of the patient ids that the community issues for XDS.
    pub authority: Oid,
    /// Our repository.
    pub repository: RepositoryId,
    /// The codes and the profile of the affinity domain.
    pub affinity: Arc<AffinityDomain>,
    /// How emergencies of other communities' users are answered.
    pub emergencies: PeerEmergencies,
    /// For how many people another community may look in an emergency within a minute.
    pub discoveries_a_minute: u32,
}

/// A registry and its repository, as one message finds them.
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
    pub affinity: Arc<AffinityDomain>,
    /// How emergencies of other communities' users are answered.
    pub emergencies: PeerEmergencies,
    /// What makes summaries on demand; nothing where they are not offered.
    pub on_demand: Option<OnDemandSource>,
    /// The assigning authorities of the facilities.
    pub domains: Arc<Domains>,
    /// Whether whoever asks may do so over every patient who fits.
    pub population: bool,
}

/// Keeps a new object; a stable document entry with the form in which queries tell it.
///
/// # Errors
/// Those of the store.
pub(crate) fn keep(tx: &dyn Writing, new: &NewObject) -> Result<(), Fault> {
    tx.put_object(new, written(new).as_deref())
}

/// The form in which queries tell a stable document entry.
fn written(new: &NewObject) -> Option<Vec<u8>> {
    match &new.object {
        RegistryObject::Entry(entry) if entry.object_type == ObjectType::Stable => {
            Written::of(entry).map(|written| written.pack())
        }
        _ => None,
    }
}

impl Registry {
    /// The registry of a node.
    ///
    /// # Errors
    /// [`Code::RegistryOff`] where the node has none; those of the store.
    pub fn of(network: &Network) -> Result<Self, Fault> {
        Self::within(network, network.domains()?)
    }

    /// The same with assigning authorities that are read already.
    ///
    /// # Errors
    /// [`Code::RegistryOff`] where the node has none.
    pub fn within(network: &Network, domains: Arc<Domains>) -> Result<Self, Fault> {
        let settings = network.registry.as_ref();
        let off = || Fault::new(Code::RegistryOff, "this node has no registry");
        let settings = settings.ok_or_else(off)?;
        Ok(Self {
            store: Arc::clone(&network.store),
            clock: Arc::clone(&network.clock),
            home: settings.home.clone(),
            authority: settings.authority.clone(),
            repository: settings.repository.clone(),
            affinity: Arc::clone(&settings.affinity),
            emergencies: settings.emergencies,
            on_demand: network.on_demand.clone(),
            domains,
            population: false,
        })
    }

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
