//! A community is told of the persons of its own whose IDs have changed.

use crate::exchange::{labelled, subject};
use crate::gateway::{Audited, Gateway, NoAnswer, Request, Visit};
use crate::manager::{member_facility, notice_queue};
use crate::network::Network;
use crate::soap::message_id;
use tasuki_core::directory::Community;
use tasuki_core::policy::{Scope, System, decide_system};
use tasuki_core::ports::PersonIdentifier;
use tasuki_core::{Code, Fault, Released};
use tasuki_model::Instant;
use tasuki_wire::hl7v3::{Acknowledgement, Event, Feed, Header, Ii, Reply};

/// Registrations taken up at once.
const BATCH: u32 = 100;

/// Tells a community of at most a hundred changed registrations; gives how many left its queue. A
/// notification that it refuses is not sent again: it asks (ITI-45) before it shows anything.
///
/// # Errors
/// [`NoAnswer`] where it is away; everything is still in the queue then.
pub fn notify(gateway: &Gateway, to: &Community, visit: &Visit) -> Result<usize, NoAnswer> {
    let network = gateway.network();
    let queue = notice_queue(&to.home_community_id);
    let (waiting, gone) = network.waiting(&queue, BATCH)?;
    let mut settled = gone;
    for (told, ids) in waiting.into_values() {
        for released in released(to, &ids, network.clock.now())? {
            if let Some(request) = network.notification(to, released)? {
                let answer = gateway.ask(to, visit, request)?;
                let said =
                    Acknowledgement::decode(&answer.envelope.body).map_err(NoAnswer::garbled)?;
                if !matches!(said.code.as_str(), "CA" | "AA") {
                    let (code, home) = (Code::ConsumerAway.id(), &to.home_community_id);
                    tracing::warn!(code, community = %home, "a notification was refused");
                }
            }
        }
        settled.extend(told);
    }
    network.store.writing(|tx| tx.notified(&queue, &settled))?;
    Ok(settled.len())
}

/// What it is told: for each ID of its own that is disclosed, that one first and then the others of
/// the person.
fn released(
    to: &Community,
    ids: &[PersonIdentifier],
    now: Instant,
) -> Result<Vec<Released<Vec<PersonIdentifier>>>, Fault> {
    let system = System {
        name: to.home_community_id.as_str().into(),
        queries: true,
        visits: false,
        scope: Scope::Community,
    };
    let own = member_facility(&to.home_community_id);
    let subjects: Vec<_> = ids.iter().map(|id| subject(id, now)).collect();
    let refused = |_| Fault::new(Code::SystemMayNotAsk, "a community");
    let grant = decide_system(&system, &subjects).map_err(refused)?;
    let owned = ids
        .iter()
        .filter(|id| Some(&id.facility) == own.as_ref() && id.disclosed);
    let told = owned.map(|one| {
        let rest = ids.iter().filter(|id| id.patient_key != one.patient_key);
        let ordered = std::iter::once(one).chain(rest).cloned();
        grant.release(ordered.map(labelled).collect())
    });
    Ok(told.collect())
}

impl Network {
    fn notification(
        &self,
        to: &Community,
        ids: Released<Vec<PersonIdentifier>>,
    ) -> Result<Option<Request>, Fault> {
        let Some(own) = self.members.own() else {
            return Ok(None);
        };
        let domains = self.domains()?;
        let ii = |id: &PersonIdentifier| {
            let domain = domains.of(&id.facility)?;
            Some(Ii::new(domain.authority.as_str(), id.local_id.as_str()))
        };
        let ids = ids.map(|ids| ids.iter().filter_map(ii).collect::<Vec<Ii>>());
        let audited = Audited {
            patients: ids.view().iter().take(1).map(Ii::cx).collect(),
            ..Audited::default()
        };
        let id = message_id();
        let body = ids.map(|ids| {
            let feed = Feed {
                header: Header::default(),
                event: Event::Revised,
                ids,
                others: Vec::new(),
                demographics: tasuki_model::Demographics::default(),
            };
            let reply = Reply {
                id: id.trim_start_matches("urn:uuid:"),
                at: self.clock.now(),
                sender: &Ii::new(own.as_str(), ""),
                receiver: &Ii::new(to.home_community_id.as_str(), ""),
            };
            feed.encode(&reply, false)
        });
        Ok(Some(Request {
            coming: 0,
            transaction: "ITI-46",
            action: "urn:hl7-org:v3:PRPA_IN201302UV02",
            body,
            mtom: false,
            audited,
        }))
    }
}
