//! The six answers of ITI TF-2 3.9.4.2.2.6: found; found but nowhere else; the ID unknown; its
//! domain unknown; a wanted domain unknown; nothing asked.

use super::message::{PixQuery, write_identifiers};
use crate::exchange::{Answer, Asking, Exchange, Stop, labelled, subject};
use crate::peers::Domain;
use crate::v2::{Place, Problem};
use std::collections::BTreeSet;
use tasuki_core::policy::{SystemGrant, decide_system};
use tasuki_core::ports::PersonIdentifier;
use tasuki_core::{Code, Released};
use tasuki_model::FacilityId;

const RESPONSE: [&str; 3] = ["RSP", "K23", "RSP_K23"];

pub(super) fn respond(exchange: &Exchange<'_>) -> Result<Answer, Stop> {
    let query = PixQuery::decode(exchange.message)?;
    let nobody = decide_system(&exchange.peer.system, &[])
        .map_err(|_| Problem::error(Code::SystemMayNotAsk, Place::segment("QPD")))?;
    Ok(match found(&exchange.asking(), &query)? {
        Ok(ids) => answer(exchange, &query, ids, &[]),
        Err(problems) => answer(exchange, &query, nobody.release(Vec::new()), &problems),
    })
}

/// IDs, or what is wrong with the question.
pub(crate) type Found = Result<Released<Vec<PersonIdentifier>>, Vec<Problem>>;

/// What is known of an ID, for whoever asks.
pub(crate) fn found(asking: &Asking<'_>, query: &PixQuery) -> Result<Found, Stop> {
    let domain = match query.id.domain(asking.domains) {
        Ok(domain) => domain,
        Err(problem) => return Ok(Err(vec![problem])),
    };
    let local_id = match query.id.local_id() {
        Ok(id) => id,
        Err(problem) => return Ok(Err(vec![problem])),
    };
    let wanted = match wanted(asking, query) {
        Ok(wanted) => wanted,
        Err(problems) => return Ok(Err(problems)),
    };
    let store = &asking.network.store;
    let known = store.reading(|tx| tx.person_identifiers(&domain.facility, &local_id))?;
    let now = asking.network.clock.now();
    let subjects: Vec<_> = known.iter().map(|id| subject(id, now)).collect();
    let grant = decide_system(asking.system, &subjects)
        .map_err(|_| Problem::error(Code::SystemMayNotAsk, Place::segment("QPD")))?;
    let unknown = Problem::error(Code::UnknownPatientId, query.id.place.component(1));
    if !tells(&grant, known.first()) {
        return Ok(Err(vec![unknown]));
    }
    let told = known
        .into_iter()
        .enumerate()
        .filter(|(n, id)| match &wanted {
            Some(wanted) => wanted.contains(&id.facility),
            // All other IDs: the one that was sent is known to whoever sent it.
            None => *n > 0,
        });
    Ok(Ok(grant.release(told.map(|(_, id)| labelled(id)).collect())))
}

/// Whether the ID that was sent is itself one that may be told of.
fn tells(grant: &SystemGrant, id: Option<&PersonIdentifier>) -> bool {
    let item = id.cloned().map(labelled);
    !grant.release(item.into_iter().collect()).view().is_empty()
}

/// The facilities of QPD-4. One that the peer takes no part in is as unknown as one that is none.
fn wanted(
    asking: &Asking<'_>,
    query: &PixQuery,
) -> Result<Option<BTreeSet<FacilityId>>, Vec<Problem>> {
    let mut wanted = BTreeSet::new();
    let mut problems = Vec::new();
    let scope = &asking.system.scope;
    for (authority, place) in &query.domains {
        match asking.domains.resolve(authority) {
            Some(domain) if scope.holds(&domain.facility) => {
                wanted.insert(domain.facility.clone());
            }
            _ => problems.push(Problem::error(Code::UnknownAuthority, *place)),
        }
    }
    if problems.is_empty() {
        Ok((!query.domains.is_empty()).then_some(wanted))
    } else {
        Err(problems)
    }
}

fn answer(
    exchange: &Exchange<'_>,
    query: &PixQuery,
    ids: Released<Vec<PersonIdentifier>>,
    problems: &[Problem],
) -> Answer {
    let domain =
        |id: &PersonIdentifier| -> Option<Domain> { exchange.domains.of(&id.facility).cloned() };
    let reply = ids.map(|ids| {
        let (code, status) = match (problems.is_empty(), ids.is_empty()) {
            (false, _) => ("AE", "AE"),
            (true, true) => ("AA", "NF"),
            (true, false) => ("AA", "OK"),
        };
        let mut message = exchange.reply.begin(RESPONSE, code, problems);
        message
            .segment("QAK")
            .set(1, query.tag.as_str())
            .set(2, status);
        if let Some(qpd) = exchange.message.first("QPD") {
            message.copy(qpd);
        }
        if !ids.is_empty() {
            write_identifiers(&mut message, &ids, domain);
        }
        message
    });
    let qpd = exchange.message.first("QPD");
    Answer {
        reply,
        code: problems.first().map(|problem| problem.code),
        detail: qpd.map_or_else(String::new, |qpd| qpd.field(3).raw().to_owned()),
    }
}
