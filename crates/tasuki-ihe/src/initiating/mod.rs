//! Initiating Gateway for systems of our own (XCA, ITI TF-1 18.1.1, with the XDS Affinity Domain
//! option, 18.2.1): their ITI-18 and ITI-43 go on to other communities as ITI-38 and ITI-39, and come
//! back as one answer with our own part in it. What any community did not answer stands in it as an
//! error of that community.
//!
//! It is for systems that the configuration names facilities for: others are asked on behalf of
//! these, and only about patients whom one of them discloses. What comes back is released like an
//! answer of our own, under the registration of that facility. Persons found by name alone (XCPD) are
//! not asked about: a system has nobody who could see that it is unconfirmed.
//!
//! - [`mod@query`]: ITI-18. - [`mod@retrieve`]: ITI-43.
//! - `whose`: which patient, and whether others may be told.
//! - `forward`: one stored query to one community. - `fan`: all at once, with an end.
//! - `several`: retrieves from a community that takes few documents in one.
//! - `gap`: what is missing, in the words of ebRS. - `part`: answers become one.

mod fan;
mod forward;
mod gap;
mod part;
mod query;
mod retrieve;
mod route;
mod several;
mod whose;

pub(crate) use retrieve::Brought;

use crate::communities::{Communities, GatherSettings, Spawn};
use crate::gateway::{Gateway, Visit};
use crate::soap::{Exchange, Problem, Stop};
use crate::xds::Registry;
use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::policy::{PeerCaller, decide_peer};
use tasuki_core::pressure::{Gate, Place};
use tasuki_core::{Code, Fault, Labelled, Released};
use tasuki_model::FacilityId;

/// Messages of our systems that wait for others at once; a further one is told to come again.
const AT_ONCE: usize = 24;
/// Retrieves under way beside the first one for each of these messages at each community, of all of them.
const FURTHER: usize = 32;

/// Sends on what systems of ours ask. There is one of it in a node.
pub struct Initiating {
    communities: Arc<Communities>,
    settings: GatherSettings,
    spawn: Spawn,
    gate: Gate,
    further: Gate,
}

impl Initiating {
    /// Asks these communities, each answer within `settings.patience`, all of them within
    /// `settings.deadline`; large documents have more, by their size.
    #[must_use]
    pub fn new(communities: Arc<Communities>, settings: GatherSettings, spawn: Spawn) -> Self {
        Self {
            communities,
            settings,
            spawn,
            gate: Gate::new(AT_ONCE),
            further: Gate::new(FURTHER),
        }
    }
}

/// One message of a system that may ask others.
pub(crate) struct Across<'a> {
    initiating: Arc<Initiating>,
    exchange: &'a Exchange<'a>,
    registry: Registry,
    facilities: &'a BTreeSet<FacilityId>,
    _place: Place,
}

/// The gateway for a message, where its sender is a system that the configuration lets ask others.
///
/// # Errors
/// `SOP-…` while too many wait; those of the store.
pub(crate) fn of<'a>(exchange: &'a Exchange<'a>) -> Result<Option<Across<'a>>, Stop> {
    let facilities = exchange.caller.system().map(|system| &system.across);
    let initiating = exchange.network.initiating.get().and_then(Weak::upgrade);
    let (Some(facilities), Some(initiating)) = (facilities, initiating) else {
        return Ok(None);
    };
    if facilities.is_empty() {
        return Ok(None);
    }
    let full = || Problem::new(Code::SoapFull, "");
    let place = initiating.gate.enter().ok_or_else(full)?;
    Ok(Some(Across {
        registry: Registry::of(exchange.network)?,
        initiating,
        exchange,
        facilities,
        _place: place,
    }))
}

impl Across<'_> {
    fn gateway(&self) -> &Gateway {
        self.initiating.communities.gateway()
    }

    fn caller(&self) -> &PeerCaller {
        self.exchange.caller.caller()
    }

    /// On whose behalf others are asked: the user whom the system asserts is asserted to them by us;
    /// for a system that asserts nobody we ask as an organisation.
    fn visit(&self) -> Result<Visit, Fault> {
        let event = AuditEvent {
            actor: self.caller().actor(),
            purpose: Some(self.caller().purpose()),
            request: (self.exchange.envelope.addressing.message_id)
                .clone()
                .unwrap_or_default(),
            ..AuditEvent::of_process(self.exchange.now, Action::DocumentView, "gateway", "XCA")
        };
        let behalf = self.exchange.caller.colleague();
        let patience = self.initiating.settings.patience;
        self.initiating.communities.visit(behalf, event, patience)
    }

    /// Something in which there is no patient, for the caller.
    fn nothing<T>(&self, of: T) -> Result<Released<T>, Stop> {
        let empty: Vec<Labelled<()>> = Vec::new();
        let released = decide_peer(self.caller(), &[])?.release(empty);
        Ok(released.map(|_| of))
    }
}
