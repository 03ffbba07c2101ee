//! ITI-45 PIXV3 Query (ITI TF-2 3.45): which other IDs the person has whom one ID stands for. The
//! question is the one of ITI-9 and is answered by it; a community that asks is told what any system
//! of ours may be told.

mod ask;
mod elsewhere;

pub use ask::{PixAnswer, decode, question};
pub use elsewhere::{Elsewhere, elsewhere};
pub(crate) use elsewhere::{asks, here};

use crate::exchange::{Asking, Stop as V2Stop};
use crate::iti9;
use crate::peers::Domains;
use crate::soap::{Answer, Exchange, Handler, Message, Reply, Stop, Transaction};
use crate::v2::{Place, Problem};
use crate::v3::{Replying, authority, details, stated, system, unreadable};
use tasuki_core::audit::{Action, AuditedQuery};
use tasuki_core::policy::{System, decide_system};
use tasuki_core::ports::PersonIdentifier;
use tasuki_core::{Code, Fault, Released};
use tasuki_wire::hl7v3::{Found, Ii, PatientAnswer, PixQuery};
use tasuki_wire::xml::Document;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-45",
    title: "PIXV3 Query",
    actions: &[(
        "urn:hl7-org:v3:PRPA_IN201309UV02",
        "urn:hl7-org:v3:PRPA_IN201310UV02",
    )],
    bytes_max: 256 * 1024,
    attachments_max: 0,
    audit: Action::PatientSearch,
    handler: Handler::Query(respond),
};

fn respond(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Answer, Stop> {
    let query = PixQuery::decode(message.body).map_err(unreadable)?;
    message.audited.patients = vec![query.patient.cx()];
    message.audited.query = Some(AuditedQuery {
        id: query.query_id.extension.clone(),
        text: Document::of(message.body).as_str().to_owned(),
        home: None,
    });
    let system = system(exchange)?;
    let domains = exchange.network.domains()?;
    let asking = Asking {
        network: exchange.network,
        system: &system,
        domains: &domains,
    };
    let sources = query.sources.iter().enumerate();
    let place = |n: usize| Place::segment("dataSource").repetition(n + 1);
    let asked = iti9::PixQuery {
        tag: query.query_id.extension.clone(),
        id: stated(&query.patient, "patientIdentifier", 0),
        domains: sources.map(|(n, id)| (authority(id), place(n))).collect(),
    };
    let found = match iti9::found(&asking, &asked) {
        Ok(found) => found,
        Err(V2Stop::Wrong(problems)) => Err(problems),
        Err(V2Stop::Fault(fault)) => return Err(fault.into()),
    };
    let replying = Replying::to(&query.header, exchange.now)?;
    let (ids, problems) = match found {
        Ok(ids) => (ids, Vec::new()),
        Err(problems) => (nothing(&system)?, problems),
    };
    let reply = ids.map(|ids| write(&query, &replying, &domains, &ids, &problems));
    Ok(Answer {
        reply: reply.map(Reply::from),
        code: problems.first().map(|problem| problem.code),
    })
}

fn nothing(system: &System) -> Result<Released<Vec<PersonIdentifier>>, Stop> {
    let refused = |_| Fault::new(Code::SystemMayNotAsk, "a system that may not ask");
    Ok(decide_system(system, &[])
        .map_err(refused)?
        .release(Vec::new()))
}

fn write(
    query: &PixQuery,
    replying: &Replying<'_>,
    domains: &Domains,
    ids: &[PersonIdentifier],
    problems: &[Problem],
) -> Document {
    let ids: Vec<Ii> = ids
        .iter()
        .filter_map(|id| {
            let domain = domains.of(&id.facility)?;
            let mut ii = Ii::new(domain.authority.as_str(), id.local_id.as_str());
            ii.authority = domain.namespace.to_string();
            Some(ii)
        })
        .collect();
    let found = match (problems.is_empty(), ids.is_empty()) {
        (false, _) => Found::Error,
        (true, true) => Found::Nothing,
        (true, false) => Found::Data,
    };
    let patient = PatientAnswer {
        ids,
        others: Vec::new(),
        said: None,
        degree: None,
    };
    let patient = (found == Found::Data).then_some(&patient);
    query.answer(&replying.reply(), found, patient, details(problems))
}
