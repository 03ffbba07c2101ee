//! ITI-47 Patient Demographics Query HL7 V3 (ITI TF-2 3.47): who fits what is said of a patient.
//! Found and released as ITI-21 does it. An answer is given in one part: what is more than fits into
//! one is counted and has to be asked for more closely.

mod ask;
mod parameters;

pub use ask::ask;

use crate::exchange::{Asking, Stop as V2Stop};
use crate::iti21::{Kind, Line, found, told};
use crate::peers::Domains;
use crate::soap::{Answer, Exchange, Handler, Message, Reply, Stop, Transaction};
use crate::v2::Problem;
use crate::v3::{Replying, details, system, unreadable};
use tasuki_core::Released;
use tasuki_core::audit::{Action, AuditedQuery};
use tasuki_wire::hl7v3::{Found, Ii, PatientAnswer, PdqQuery};
use tasuki_wire::xml::Document;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-47",
    title: "Patient Demographics Query HL7 V3",
    actions: &[(
        "urn:hl7-org:v3:PRPA_IN201305UV02",
        "urn:hl7-org:v3:PRPA_IN201306UV02",
    )],
    bytes_max: 256 * 1024,
    attachments_max: 0,
    audit: Action::PatientSearch,
    handler: Handler::Query(respond),
};

/// Persons in one answer, where `initialQuantity` says nothing or more.
const PART_MAX: usize = 100;

fn respond(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Answer, Stop> {
    let query = PdqQuery::decode(message.body).map_err(unreadable)?;
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
    let replying = Replying::to(&query.header, exchange.now)?;
    let (lines, counts, problems) = match part(&asking, &query) {
        Ok((lines, counts)) => (lines, counts, Vec::new()),
        Err(V2Stop::Wrong(problems)) => {
            let nobody = told(&asking, &[], &None, &Kind::DEMOGRAPHICS);
            (nobody.map_err(stop)?, (0, 0), problems)
        }
        Err(V2Stop::Fault(fault)) => return Err(fault.into()),
    };
    let reply = lines.map(|lines| write(&query, &replying, &domains, &lines, counts, &problems));
    Ok(Answer {
        reply: reply.map(Reply::from),
        code: problems.first().map(|problem| problem.code),
    })
}

fn stop(stop: V2Stop) -> Stop {
    match stop {
        V2Stop::Fault(fault) => fault.into(),
        V2Stop::Wrong(problems) => {
            let code = problems
                .first()
                .map_or(tasuki_core::Code::InternalFault, |p| p.code);
            Stop::Wrong(crate::soap::Problem::new(code, "queryByParameter"))
        }
    }
}

type Part = (Released<Vec<Line>>, (usize, usize));

fn part(asking: &Asking<'_>, query: &PdqQuery) -> Result<Part, V2Stop> {
    let asked = parameters::meant(query)?;
    let mut rest = found(asking, &asked, &Kind::DEMOGRAPHICS)?;
    let all = rest.patients.len();
    let size = query.quantity.unwrap_or(PART_MAX).min(PART_MAX);
    rest.patients.truncate(size);
    let left = all - rest.patients.len();
    let lines = told(asking, &rest.patients, &rest.domains, &Kind::DEMOGRAPHICS)?;
    Ok((lines, (all, left)))
}

fn write(
    query: &PdqQuery,
    replying: &Replying<'_>,
    domains: &Domains,
    lines: &[Line],
    counts: (usize, usize),
    problems: &[Problem],
) -> Document {
    let patients: Vec<PatientAnswer> = lines
        .iter()
        .map(|line| {
            let id = |id: &tasuki_core::ports::PersonIdentifier| {
                let domain = domains.of(&id.facility)?;
                let mut ii = Ii::new(domain.authority.as_str(), id.local_id.as_str());
                ii.authority = domain.namespace.to_string();
                Some(ii)
            };
            PatientAnswer {
                ids: line.ids.iter().filter_map(id).collect(),
                others: Vec::new(),
                said: Some(line.record.demographics.clone()),
                // Every parameter fits, or the person is not found.
                degree: Some(100),
            }
        })
        .collect();
    let found = match (problems.is_empty(), patients.is_empty()) {
        (false, _) => Found::Error,
        (true, true) => Found::Nothing,
        (true, false) => Found::Data,
    };
    query.answer(
        &replying.reply(),
        found,
        &patients,
        counts,
        details(problems),
    )
}
