//! The other communities, as this node asks them: the gateway, and who of us asks.
//!
//! There is one of it in a node. The directory is read from [`Members`](crate::soap::Members) at
//! every use, so that one put in force later is asked from then on; the key of our assertions is
//! put in its place by [`Communities::set_asserting`].

mod check;
mod fetching;
mod gatherer;
mod gathering;
mod identify;
mod labelling;
mod listing;
mod looking;
mod queue;
mod seeking;
mod whom;

pub use check::{Part, Tried};
pub use gatherer::{GatherSettings, Gatherer, Spawn};

use crate::gateway::{Gateway, Visit};
use crate::network::Network;
use crate::soap::Asking;
use crate::statement::{FacilitiesTold, Refusals, Statement, ViewsTold};
use crate::xua::AssertingParty;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tasuki_core::audit::AuditEvent;
use tasuki_core::directory::{Community, Directory};
use tasuki_core::elsewhere::Behalf;
use tasuki_core::policy::AssertedCodes;
use tasuki_core::{Code, Fault};
use tasuki_model::CommunityId;
use tasuki_wire::saml::security_header;
use tasuki_wire::xml::Document;

/// Who signs our assertions, and the codes that they are written in.
pub struct Asserting {
    /// The key and what it is called.
    pub party: AssertingParty,
    /// Codes of roles and purposes.
    pub codes: AssertedCodes,
}

/// Asks other communities on behalf of our users.
pub struct Communities {
    gateway: Gateway,
    own: CommunityId,
    asserting: RwLock<Option<Arc<Asserting>>>,
    facilities_told: FacilitiesTold,
    views_told: ViewsTold,
    refusals: Refusals,
}

impl Communities {
    /// Asks by `asking`, with the directory of the network's members.
    #[must_use]
    pub fn new(network: Arc<Network>, asking: Arc<dyn Asking>, own: CommunityId) -> Self {
        Self {
            gateway: Gateway::new(network, asking),
            own,
            asserting: RwLock::new(None),
            facilities_told: FacilitiesTold::default(),
            views_told: ViewsTold::default(),
            refusals: Refusals::default(),
        }
    }

    /// Signs assertions with this from now on; with nothing, none are sent.
    pub fn set_asserting(&self, asserting: Option<Asserting>) {
        let mut kept = self
            .asserting
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *kept = asserting.map(Arc::new);
    }

    /// What asks.
    #[must_use]
    pub const fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// The directory in force, if there is one.
    #[must_use]
    pub fn directory(&self) -> Option<Arc<Directory>> {
        self.gateway.network().members().directory()
    }

    /// Every community of the directory but our own.
    #[must_use]
    pub fn others(&self) -> Vec<Community> {
        let directory = self.directory();
        directory.map_or_else(Vec::new, |d| d.others(&self.own).cloned().collect())
    }

    /// What each community was told of our facilities.
    pub(crate) const fn facilities_told(&self) -> &FacilitiesTold {
        &self.facilities_told
    }

    /// When each community was told who has viewed copies of its documents.
    pub(crate) const fn views_told(&self) -> &ViewsTold {
        &self.views_told
    }

    /// Which statements were refused, and when each is told again.
    pub(crate) const fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// A statement signed with the key of our assertions, as the body of a message.
    ///
    /// # Errors
    /// `SAM-013` where this node has no such key.
    pub(crate) fn signed(&self, statement: &Statement) -> Result<Document, Fault> {
        let asserting = self.asserting.read();
        let asserting = asserting.unwrap_or_else(PoisonError::into_inner).clone();
        let none = || Fault::new(Code::SigningKeyUnusable, "no key to sign statements with");
        statement.sign(&asserting.ok_or_else(none)?.party.key)
    }

    /// What every request on somebody's behalf begins with. One assertion serves a whole fan-out:
    /// it is made for all communities that take one.
    ///
    /// # Errors
    /// Those of [`AssertingParty::assert`].
    pub fn visit(
        &self,
        behalf: Option<&Behalf>,
        event: AuditEvent,
        patience: Duration,
    ) -> Result<Visit, Fault> {
        let asserting = self.asserting.read();
        let asserting = asserting.unwrap_or_else(PoisonError::into_inner).clone();
        let now = self.gateway.network().clock.now();
        let assertion = match (asserting, behalf) {
            (Some(asserting), Some(who)) => {
                let takers = self.others().into_iter().filter(|c| c.assertions.is_some());
                let audiences = takers.map(|c| c.home_community_id.to_string()).collect();
                let (party, codes) = (&asserting.party, &asserting.codes);
                let (user, purpose, signed_in) = (&who.user, who.purpose, who.signed_in);
                let assertion = party.assert(user, purpose, audiences, codes, signed_in, now)?;
                Some(security_header(&assertion))
            }
            _ => None,
        };
        Ok(Visit {
            event,
            assertion,
            patience,
        })
    }
}
