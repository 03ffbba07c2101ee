//! Asking a manager of identities who fits what is said of somebody: the question, and what the answer
//! means.

use crate::gateway::{Audited, Gateway, NoAnswer, Request, Visit};
use crate::v3::{asking_id, between};
use tasuki_core::audit::AuditedQuery;
use tasuki_core::directory::Community;
use tasuki_core::{Code, Released};
use tasuki_model::{Demographics, LocalPatientId, Oid, Registration};
use tasuki_wire::hl7v3::{Ii, PdqQuery, QueryAnswer, Reply};

/// Persons of an answer that are read.
const PERSONS_MAX: usize = 100;
/// IDs of one person.
const IDS_MAX: usize = 1_000;

/// Asks a manager; the IDs of each person who fits.
///
/// # Errors
/// [`NoAnswer`] where it did not answer, or with something that cannot be read.
pub fn ask(
    gateway: &Gateway,
    manager: &Community,
    named: &Released<Demographics>,
    visit: &Visit,
) -> Result<Vec<Vec<Registration>>, NoAnswer> {
    let (own, other) = between(gateway, manager);
    let (id, query_id) = (asking_id(), asking_id());
    let reply = Reply {
        id: &id,
        at: gateway.network().clock.now(),
        sender: &own,
        receiver: &other,
    };
    let query = Ii::new(&query_id, "");
    let body = named.clone();
    let body = body.map(|said| PdqQuery::encode(&reply, &query, &said, None));
    let request = Request {
        coming: 0,
        transaction: "ITI-47",
        action: super::TRANSACTION.actions.first().map_or("", |a| a.0),
        mtom: false,
        audited: Audited {
            query: Some(AuditedQuery {
                id: query_id.clone(),
                text: body.view().as_str().to_owned(),
                home: None,
            }),
            ..Audited::default()
        },
        body,
    };
    let answer = gateway.ask(manager, visit, request)?;
    let answer = QueryAnswer::decode(&answer.envelope.body).map_err(NoAnswer::garbled)?;
    if !matches!(answer.response.as_str(), "OK" | "NF") {
        // Its words may quote what was asked.
        return Err(NoAnswer::new(Code::PeerFaults, "queryResponseCode"));
    }
    let persons = answer.patients.iter().take(PERSONS_MAX);
    Ok(persons
        .map(|person| person.ids.iter().take(IDS_MAX).filter_map(registration))
        .map(Iterator::collect)
        .collect())
}

fn registration(id: &Ii) -> Option<Registration> {
    Some(Registration {
        authority: Oid::new(&id.root).ok()?,
        local_id: LocalPatientId::new(&id.extension).ok()?,
    })
}
