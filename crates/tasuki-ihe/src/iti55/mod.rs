//! ITI-55 Cross Gateway Patient Discovery (ITI TF-2 3.55): another community asks whether somebody
//! of that name, birth date and sex is known here.
//!
//! Answered only to communities with which the directory says it is agreed. One person who fits
//! everything is told, as the community's own patient ID, and nothing of who else might be meant: two
//! are as good as nobody. IDs that the asker has for the patient are its own and are not looked for;
//! nothing of the question is kept. What is told is not a link: the asker shows it as unconfirmed.
//! In an emergency (`urgent`) communities that take part are answered too, about patients who are not
//! disclosed as well, and with nothing but what they asked with; so many a minute of each community (`pace`).

mod ask;
mod pace;
mod urgent;

pub(crate) use pace::Pace;

pub use ask::{Discovered, ask, decode, question};

use self::pace::Paced;
use crate::exchange::{Asking, Stop as V2Stop};
use crate::iti21::{Kind, Line, PdqQuery as Meant, found, told};
use crate::soap::{self, Answer, Exchange, Handler, Message, Reply, Stop, Transaction};
use crate::v2::{Place, Problem};
use crate::v3::{Replying, details, system, unreadable};
use crate::xds::Registry;
use tasuki_core::audit::{Action, AuditedQuery};
use tasuki_core::{Code, Released};
use tasuki_wire::hl7v3::{Found, Ii, PatientAnswer, PdqQuery};
use tasuki_wire::xml::Document;

/// `wsa:Action` of a question and of its answer.
const ACTION: (&str, &str) = (
    "urn:hl7-org:v3:PRPA_IN201305UV02:CrossGatewayPatientDiscovery",
    "urn:hl7-org:v3:PRPA_IN201306UV02:CrossGatewayPatientDiscovery",
);

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-55",
    title: "Cross Gateway Patient Discovery",
    actions: &[ACTION],
    bytes_max: 256 * 1024,
    attachments_max: 0,
    audit: Action::PatientSearch,
    handler: Handler::Query(respond),
};

fn respond(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Answer, Stop> {
    let query = PdqQuery::decode(message.body).map_err(unreadable)?;
    message.audited.patients = query.ids.iter().map(Ii::cx).collect();
    message.audited.query = Some(AuditedQuery {
        id: query.query_id.extension.clone(),
        text: Document::of(message.body).as_str().to_owned(),
        home: None,
    });
    agreed(exchange)?;
    paced(exchange)?;
    let system = system(exchange)?;
    let domains = exchange.network.domains()?;
    let asking = Asking {
        network: exchange.network,
        system: &system,
        domains: &domains,
    };
    let replying = Replying::to(&query.header, exchange.now)?;
    let found = one(&asking, &query).and_then(|lines| urgent::or_one(exchange, &query, lines));
    let (lines, problems) = match found {
        Ok(lines) => (lines, Vec::new()),
        Err(V2Stop::Fault(fault)) => return Err(fault.into()),
        Err(V2Stop::Wrong(problems)) => (nobody(&asking)?, problems),
    };
    let registry = Registry::of(exchange.network)?;
    // The ID is issued only for somebody who is told of.
    let id = match lines.view().first() {
        Some(line) => Some(registry.xad_cx(&line.record.person)?),
        None => None,
    };
    let reply = lines.map(|lines| {
        let patient = lines.first().zip(id).map(|(line, id)| PatientAnswer {
            ids: vec![Ii::new(&id.authority, &id.id)],
            others: Vec::new(),
            said: Some(line.record.demographics.clone()),
            degree: Some(100),
        });
        let found = match (problems.is_empty(), patient.is_some()) {
            (false, _) => Found::Error,
            (true, true) => Found::Data,
            (true, false) => Found::Nothing,
        };
        let home = registry.home.as_str();
        let details = details(&problems);
        query.discovered(&replying.reply(), found, patient.as_ref(), home, details)
    });
    Ok(Answer {
        reply: reply.map(Reply::from),
        code: problems.first().map(|problem| problem.code),
    })
}

/// Whether the directory says that discovery is agreed with the caller's community, for an emergency at
/// least.
fn agreed(exchange: &Exchange<'_>) -> Result<(), Stop> {
    if exchange.caller.caller().in_emergency().is_some() {
        return Ok(());
    }
    let directory = exchange.network.members().directory();
    let community = exchange.caller.caller().community();
    let entry = directory.as_ref().and_then(|d| d.community(community));
    match entry {
        Some(entry) if entry.discovery => Ok(()),
        _ => Err(soap::Problem::new(Code::DiscoveryNotAgreed, "certificate").into()),
    }
}

/// Refuses a community that asks in more emergencies than there can be.
fn paced(exchange: &Exchange<'_>) -> Result<(), Stop> {
    let (network, caller) = (exchange.network, exchange.caller.caller());
    let settings = network.registry.as_ref();
    let Some(most) = settings.map(|s| s.discoveries_a_minute) else {
        return Ok(());
    };
    if caller.in_emergency().is_none() {
        return Ok(());
    }
    let community = caller.community();
    let paced = network.discoveries.asks(community, most, exchange.now);
    if paced == Paced::Alarm {
        tracing::warn!(
            code = Code::DiscoveriesTooMany.id(),
            community = community.as_str(),
            "more emergency discoveries within a minute than are answered"
        );
    }
    match paced {
        Paced::Go => Ok(()),
        _ => Err(soap::Problem::new(Code::DiscoveriesTooMany, "soap:Body").into()),
    }
}

fn nobody(asking: &Asking<'_>) -> Result<Released<Vec<Line>>, Stop> {
    let none = told(asking, &[], &None, &Kind::DEMOGRAPHICS);
    none.map_err(|stop| match stop {
        V2Stop::Fault(fault) => fault.into(),
        V2Stop::Wrong(_) => soap::Problem::new(Code::SystemMayNotAsk, "certificate").into(),
    })
}

/// The one person who fits, as far as it may be told.
fn one(asking: &Asking<'_>, query: &PdqQuery) -> Result<Released<Vec<Line>>, V2Stop> {
    let rest = match found(asking, &meant(query)?, &Kind::DEMOGRAPHICS) {
        Ok(rest) => rest,
        // So many that it is nobody in particular.
        Err(V2Stop::Wrong(problems)) if problems.iter().any(|p| p.code == Code::QueryTooWide) => {
            return told(asking, &[], &None, &Kind::DEMOGRAPHICS);
        }
        Err(stop) => return Err(stop),
    };
    let patients = match rest.patients.as_slice() {
        [_] => rest.patients,
        _ => Vec::new(),
    };
    told(asking, &patients, &rest.domains, &Kind::DEMOGRAPHICS)
}

/// Family and given name, the day of birth, the sex: less than that is a fishing rod.
fn meant(query: &PdqQuery) -> Result<Meant, Problem> {
    let missing = |element| Problem::error(Code::V3Missing, Place::segment(element));
    let name = query.name.as_ref().ok_or(missing("livingSubjectName"))?;
    let whole = |text: &str| !text.is_empty() && !text.contains('*');
    if !whole(&name.family) || !whole(&name.given) {
        return Err(missing("livingSubjectName"));
    }
    let birth = query.birth.as_deref().and_then(|birth| birth.get(..8));
    let birth = birth.ok_or(missing("livingSubjectBirthTime"))?;
    let gender = query.gender.as_deref();
    let gender = gender.ok_or(missing("livingSubjectAdministrativeGender"))?;
    let said = |field: &str, value: &str| (field.to_owned(), value.to_owned());
    Ok(Meant {
        tag: query.query_id.extension.clone(),
        parameters: vec![
            said("@PID.5.1", &name.family),
            said("@PID.5.2", &name.given),
            said("@PID.7", birth),
            said("@PID.8", gender),
        ],
        ..Meant::default()
    })
}
