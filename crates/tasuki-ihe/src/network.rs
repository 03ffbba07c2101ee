//! What a transaction stands on: the store, the clock, the identity engine, the configuration.

use crate::continuation::Continuations;
use crate::initiating::Initiating;
use crate::peers::{Domains, Peers};
use crate::soap::{Awaited, Members, Seen};
use crate::together::Together;
use crate::xds::{OnDemandSource, RegistrySettings};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, Weak};
use tasuki_core::identity::cross_reference::CrossReference;
use tasuki_core::ports::Store;
use tasuki_core::{Clock, Code, Fault};
use tasuki_model::{FacilityId, Instant};

/// The identity engine as the transactions see it.
pub trait CrossReferenced: Send + Sync {
    /// Brings persons up to date with everything committed.
    ///
    /// # Errors
    /// Those of the store.
    fn settle(&self) -> Result<(), Fault>;

    /// False while its index is being loaded: the answer is `busy` until then.
    fn ready(&self) -> bool;
}

impl CrossReferenced for CrossReference {
    fn settle(&self) -> Result<(), Fault> {
        match Self::settle(self) {
            // Another process of the community settles; it comes by within a second.
            Err(fault) if fault.code == Code::IdentityElsewhere => Ok(()),
            settled => settled.map(drop),
        }
    }

    fn ready(&self) -> bool {
        Self::ready(self)
    }
}

/// Persons as the link events in the store project them: nothing is ever due.
#[derive(Debug, Clone, Copy, Default)]
pub struct AsProjected;

impl CrossReferenced for AsProjected {
    fn settle(&self) -> Result<(), Fault> {
        Ok(())
    }

    fn ready(&self) -> bool {
        true
    }
}

/// What the configuration says.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Our name in MSH-3, where a message does not address us by one.
    pub application: String,
    /// Our name in MSH-4.
    pub facility: String,
    /// Who may speak to us.
    pub peers: Peers,
    /// Namespaces of assigning authorities.
    pub namespaces: BTreeMap<Box<str>, FacilityId>,
}

/// What every transaction shares.
pub struct Network {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) cross: Arc<dyn CrossReferenced>,
    pub(crate) settings: Settings,
    pub(crate) continuations: Continuations,
    pub(crate) audit: Together,
    pub(crate) members: Members,
    pub(crate) seen: Seen,
    /// Answers that come on a connection of their own.
    pub(crate) awaited: Arc<Awaited>,
    pub(crate) registry: Option<RegistrySettings>,
    /// What makes summaries on demand, and who is said to have written them.
    pub(crate) on_demand: Option<OnDemandSource>,
    /// Emergency discoveries of other communities.
    pub(crate) discoveries: crate::iti55::Pace,
    pub(crate) pix_manager: bool,
    /// Asks on, for systems of ours; it holds this network, so that it is held weakly here.
    pub(crate) initiating: OnceLock<Weak<Initiating>>,
    domains: RwLock<(Instant, Arc<Domains>)>,
}

/// Facilities come and go at the console of a running node; after so long they are read anew.
const DOMAINS_SECONDS: i64 = 2;

impl Network {
    /// Transactions on a store.
    ///
    /// # Errors
    /// Those of the store, which is asked for the facilities.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        cross: Arc<dyn CrossReferenced>,
        settings: Settings,
    ) -> Result<Self, Fault> {
        let facilities = store.reading(|tx| tx.facilities())?;
        let domains = Arc::new(Domains::new(&facilities, &settings.namespaces));
        Ok(Self {
            domains: RwLock::new((clock.now(), domains)),
            store,
            clock,
            cross,
            settings,
            continuations: Continuations::default(),
            audit: Together::default(),
            // Until it is said who may speak, nobody may.
            members: Members::nobody(),
            seen: Seen::default(),
            awaited: Arc::default(),
            registry: None,
            on_demand: None,
            discoveries: crate::iti55::Pace::default(),
            pix_manager: false,
            initiating: OnceLock::new(),
        })
    }

    /// The same with those who may speak SOAP.
    #[must_use]
    pub fn with_members(self, members: Members) -> Self {
        Self { members, ..self }
    }

    /// The same with a document registry and repository.
    #[must_use]
    pub fn with_registry(self, registry: RegistrySettings) -> Self {
        Self {
            registry: Some(registry),
            ..self
        }
    }

    /// The same offering a summary that is made on demand.
    #[must_use]
    pub fn with_on_demand(self, source: OnDemandSource) -> Self {
        Self {
            on_demand: Some(source),
            ..self
        }
    }

    /// The same as the patient index of the whole network (role `pix-manager`): its domains are the
    /// communities, each fed by its own nodes.
    #[must_use]
    pub fn as_pix_manager(self) -> Self {
        Self {
            pix_manager: true,
            ..self
        }
    }

    /// Sends on by this what systems of ours ask of other communities. Said once, at the start.
    pub fn set_initiating(&self, initiating: &Arc<Initiating>) {
        let said = self.initiating.set(Arc::downgrade(initiating));
        if said.is_err() {
            tracing::warn!("the initiating gateway was set already");
        }
    }

    /// What the transactions stand on.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Who may speak SOAP.
    #[must_use]
    pub const fn members(&self) -> &Members {
        &self.members
    }

    /// The assigning authorities of the community.
    ///
    /// # Errors
    /// Those of the store.
    pub fn domains(&self) -> Result<Arc<Domains>, Fault> {
        let now = self.clock.now();
        let (read, domains) = self
            .domains
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        // A clock that stepped back makes them old too.
        if (0..DOMAINS_SECONDS).contains(&now.seconds_since(read)) && now >= read {
            return Ok(domains);
        }
        self.fresh_domains()
    }

    /// The same, read now.
    pub(crate) fn fresh_domains(&self) -> Result<Arc<Domains>, Fault> {
        let now = self.clock.now();
        let facilities = self.store.reading(|tx| tx.facilities())?;
        let fresh = Arc::new(Domains::new(&facilities, &self.settings.namespaces));
        let mut kept = self.domains.write().unwrap_or_else(PoisonError::into_inner);
        *kept = (now, Arc::clone(&fresh));
        Ok(fresh)
    }
}
