//! The IDs that other communities have for a person of ours: asked of the network's pix-manager, and
//! kept, so that a chart need not wait for it while it is away.

use super::ask::{PixAnswer, decode, question};
use crate::gateway::{Audited, Gateway, NoAnswer, Request, Visit};
use crate::network::Network;
use crate::soap::message_id;
use crate::xds::Registry;
use tasuki_core::audit::AuditedQuery;
use tasuki_core::directory::Community;
use tasuki_core::ports::KnownElsewhere;
use tasuki_core::{Code, Fault, Released};
use tasuki_model::{Instant, LocalPatientId, Oid, PersonId, Registration, XadPid};
use tasuki_wire::hl7v3::{Ii, Reply};

/// What is known of a person elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The IDs, each with the authority of its community; none where nobody else knows the person.
    pub ids: Vec<Registration>,
    /// When the manager said so, where it did not answer now.
    pub since: Option<Instant>,
}

/// Asks for the IDs of a person in every other community of the directory. While the manager is away
/// whoever stands by for it is asked, and then its last answer holds, with its age, unless a registration has left the person since: then
/// somebody has said that it was another's.
///
/// # Errors
/// [`NoAnswer`] where the manager is away and nothing is known; `NET-…` as everywhere, or
/// [`Code::PeerDoesNotOffer`] where the network has no manager.
pub fn elsewhere(
    gateway: &Gateway,
    person: &Released<PersonId>,
    visit: &Visit,
) -> Result<Elsewhere, NoAnswer> {
    let network = gateway.network();
    let registry = Registry::of(network)?;
    let absent = || NoAnswer::new(Code::PeerDoesNotOffer, "no pix-manager");
    let directory = network.members().directory().ok_or_else(absent)?;
    let others = directory.others(&registry.home);
    let wanted: Vec<Oid> = others.map(|c| c.patient_authority.clone()).collect();
    let cx = registry.xad_cx(person.view())?;
    let wrong = |_| NoAnswer::new(Code::InternalFault, "a patient id");
    let id = XadPid::new(&cx.id).map_err(wrong)?;
    let known = Registration {
        authority: registry.authority.clone(),
        local_id: LocalPatientId::new(&cx.id).map_err(wrong)?,
    };
    let named = person.clone().map(|_| known);
    let mut away = absent();
    // Who stands by is fed like the manager and knows as much.
    for manager in directory.managers() {
        match ask(gateway, manager, &registry, named.clone(), &wanted, visit) {
            Ok(ids) => {
                keep(network, &id, &ids)?;
                return Ok(Elsewhere { ids, since: None });
            }
            Err(no) => away = no,
        }
    }
    match network.store.reading(|tx| tx.known_elsewhere(&id))? {
        Some(known) => Ok(Elsewhere {
            ids: known.ids,
            since: Some(known.answered),
        }),
        None => Err(away),
    }
}

/// Whether a manager answers: it is asked for an ID that nobody has.
///
/// # Errors
/// Those of the store, and [`Code::RegistryOff`] where we exchange no IDs.
pub(crate) fn asks(
    gateway: &Gateway,
    manager: &Community,
    nobody: Released<LocalPatientId>,
    visit: &Visit,
) -> Result<Result<(), NoAnswer>, Fault> {
    let registry = Registry::of(gateway.network())?;
    let authority = registry.authority.clone();
    let named = nobody.map(|local_id| Registration {
        authority,
        local_id,
    });
    let wanted = [manager.patient_authority.clone()];
    Ok(ask(gateway, manager, &registry, named, &wanted, visit).map(drop))
}

/// The IDs that our community has for whom another has an ID: the question the other way round.
/// Asked now or not at all, for an old answer may be about somebody else by now.
///
/// # Errors
/// As [`elsewhere`].
pub(crate) fn here(
    gateway: &Gateway,
    theirs: &Released<Registration>,
    visit: &Visit,
) -> Result<Vec<Registration>, NoAnswer> {
    let network = gateway.network();
    let registry = Registry::of(network)?;
    let absent = || NoAnswer::new(Code::PeerDoesNotOffer, "no pix-manager");
    let directory = network.members().directory().ok_or_else(absent)?;
    let wanted = [registry.authority.clone()];
    let mut away = absent();
    for manager in directory.managers() {
        match ask(gateway, manager, &registry, theirs.clone(), &wanted, visit) {
            Ok(ids) => return Ok(ids),
            Err(no) => away = no,
        }
    }
    Err(away)
}

fn keep(network: &Network, id: &XadPid, ids: &[Registration]) -> Result<(), Fault> {
    let known = KnownElsewhere {
        ids: ids.to_vec(),
        answered: network.clock.now(),
    };
    network
        .store
        .writing(|tx| tx.put_known_elsewhere(id, &known))
}

fn ask(
    gateway: &Gateway,
    manager: &Community,
    registry: &Registry,
    named: Released<Registration>,
    wanted: &[Oid],
    visit: &Visit,
) -> Result<Vec<Registration>, NoAnswer> {
    let known = named.view();
    let patient = Ii::new(known.authority.as_str(), known.local_id.as_str()).cx();
    let (id, query_id) = (message_id(), message_id());
    let part = |urn: &str| urn.trim_start_matches("urn:uuid:").to_owned();
    let (id, query_id) = (part(&id), part(&query_id));
    let body = named.map(|known| {
        let reply = Reply {
            id: &id,
            at: gateway.network().clock.now(),
            sender: &Ii::new(registry.home.as_str(), ""),
            receiver: &Ii::new(manager.home_community_id.as_str(), ""),
        };
        question(&reply, &query_id, &known, wanted)
    });
    let request = Request {
        transaction: "ITI-45",
        action: super::TRANSACTION.actions.first().map_or("", |a| a.0),
        coming: 0,
        audited: Audited {
            patients: vec![patient],
            query: Some(AuditedQuery {
                id: query_id.clone(),
                text: body.view().as_str().to_owned(),
                home: None,
            }),
            ..Audited::default()
        },
        body,
        mtom: false,
    };
    let answer = gateway.ask(manager, visit, request)?;
    match decode(&answer.envelope.body, wanted).map_err(NoAnswer::garbled)? {
        PixAnswer::Known(ids) => Ok(ids),
        PixAnswer::Unknown => Ok(Vec::new()),
        // Its words may quote what was asked.
        PixAnswer::Failed(_) => Err(NoAnswer::new(Code::PeerFaults, "queryResponseCode")),
    }
}
