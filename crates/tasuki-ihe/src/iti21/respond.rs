//! Finding, releasing and sending a part at a time (ITI TF-2 3.21.4.1.3, 3.21.4.2.2).

use super::message::{Continuation, PdqQuery};
use super::parameters;
use super::write::{Line, write};
use crate::continuation::Rest;
use crate::exchange::{
    Answer, Asking, Exchange, Stop, labelled, labelled_record, labelled_visit, subject,
};
use crate::v2::{Place, Problem};
use std::collections::BTreeSet;
use tasuki_core::policy::{Scope, decide_system};
use tasuki_core::ports::{PatientRecord, PersonIdentifier, StatedVisit};
use tasuki_core::{Code, Released};
use tasuki_model::{FacilityId, PatientKey};

/// Which of the two queries.
pub(crate) struct Kind {
    /// MSH-9 of the answer.
    pub response: [&'static str; 3],
    /// Whether visits are asked for and told.
    pub visits: bool,
}

impl Kind {
    pub const DEMOGRAPHICS: Self = Self {
        response: ["RSP", "K22", "RSP_K21"],
        visits: false,
    };
}

/// Persons that one query may find.
const FOUND_MAX: u32 = 1_000;
/// Persons in one answer, where RCP-2 says nothing or more.
const PART_MAX: usize = 100;

pub(crate) fn respond_as(exchange: &Exchange<'_>, kind: &Kind) -> Result<Answer, Stop> {
    let query = PdqQuery::decode(exchange.message)?;
    decide_system(&exchange.peer.system, &[])
        .map_err(|_| Problem::error(Code::SystemMayNotAsk, Place::segment("QPD")))?;
    match part(exchange, &query, kind) {
        Ok(part) => Ok(answer(exchange, &query, kind, part, &[])),
        Err(Stop::Wrong(problems)) => {
            let nothing = told(&exchange.asking(), &[], &None, kind)?;
            let part = (nothing, Counts::default(), None);
            Ok(answer(exchange, &query, kind, part, &problems))
        }
        Err(fault) => Err(fault),
    }
}

/// How many there are in all, and after this part.
#[derive(Default)]
struct Counts {
    all: usize,
    left: usize,
}

type Part = (Released<Vec<Line>>, Counts, Option<String>);

fn part(exchange: &Exchange<'_>, query: &PdqQuery, kind: &Kind) -> Result<Part, Stop> {
    let network = exchange.network;
    let peer = &exchange.peer.system.name;
    let mut rest = match &query.continuation {
        Some(Continuation(pointer)) => {
            let open = network.continuations.find(peer, pointer, exchange.now);
            let gone = Problem::error(Code::ContinuationGone, Place::field("DSC", 1));
            open.filter(|open| open.tag == query.tag).ok_or(gone)?.rest
        }
        None => found(&exchange.asking(), query, kind)?,
    };
    let all = rest.patients.len();
    let size = query.quantity.unwrap_or(PART_MAX).min(PART_MAX);
    let later = rest.patients.split_off(size.min(all));
    let lines = told(&exchange.asking(), &rest.patients, &rest.domains, kind)?;
    let left = later.len();
    let pointer = if later.is_empty() {
        None
    } else {
        let rest = Rest {
            patients: later,
            domains: rest.domains,
        };
        let kept = network
            .continuations
            .keep(peer, &query.tag, rest, exchange.now);
        Some(kept?)
    };
    Ok((lines, Counts { all, left }, pointer))
}

/// Whoever fits, one registration a person, and only persons with an ID in the wanted domains.
pub(crate) fn found(asking: &Asking<'_>, query: &PdqQuery, kind: &Kind) -> Result<Rest, Stop> {
    let mut wanted = parameters::read(query, asking.domains, kind.visits)?;
    let domains = wanted_domains(asking, query)?;
    let scope = &asking.system.scope;
    if let Scope::Facilities(facilities) = scope {
        wanted.query.facilities = facilities.iter().cloned().collect();
        wanted.nobody |= facilities.is_empty();
    }
    if wanted.nobody {
        return Ok(Rest::default());
    }
    let mut patients = Vec::new();
    let mut too_many = false;
    let store = &asking.network.store;
    store.reading(|tx| {
        patients.clear();
        let found = tx.query_demographics(&wanted.query, FOUND_MAX)?;
        too_many = found.too_many;
        let mut seen = BTreeSet::new();
        for record in found.records {
            let fits = crate::iti22::visit_fits(tx, &record.patient_key, &wanted.visit)?;
            if !fits || !seen.insert(record.person.clone()) {
                continue;
            }
            let ids = tx.identifiers_of(&record.person)?;
            let told = |id: &PersonIdentifier| {
                id.disclosed && scope.holds(&id.facility) && within(&domains, &id.facility)
            };
            if ids.iter().any(told) {
                patients.push(record.patient_key);
            }
        }
        Ok(())
    })?;
    if too_many {
        let place = Place::field("QPD", 3);
        return Err(Problem::error(Code::QueryTooWide, place).into());
    }
    Ok(Rest { patients, domains })
}

fn within(domains: &Option<BTreeSet<FacilityId>>, facility: &FacilityId) -> bool {
    domains
        .as_ref()
        .is_none_or(|named| named.contains(facility))
}

/// QPD-8. A domain that the peer takes no part in is as unknown as one that is none.
fn wanted_domains(
    asking: &Asking<'_>,
    query: &PdqQuery,
) -> Result<Option<BTreeSet<FacilityId>>, Stop> {
    let mut wanted = BTreeSet::new();
    let mut problems = Vec::new();
    let scope = &asking.system.scope;
    for (n, authority) in query.domains.iter().enumerate() {
        match asking.domains.resolve(authority) {
            Some(domain) if scope.holds(&domain.facility) => {
                wanted.insert(domain.facility.clone());
            }
            _ => {
                let place = Place::field("QPD", 8).repetition(n + 1);
                problems.push(Problem::error(Code::UnknownAuthority, place));
            }
        }
    }
    if problems.is_empty() {
        Ok((!query.domains.is_empty()).then_some(wanted))
    } else {
        Err(Stop::Wrong(problems))
    }
}

/// Reads some registrations anew and releases what may be told of them at this moment.
pub(crate) fn told(
    asking: &Asking<'_>,
    patients: &[PatientKey],
    domains: &Option<BTreeSet<FacilityId>>,
    kind: &Kind,
) -> Result<Released<Vec<Line>>, Stop> {
    let store = &asking.network.store;
    let (records, ids, visits) = store.reading(|tx| {
        let (mut records, mut ids, mut visits) = (Vec::new(), Vec::new(), Vec::new());
        for patient in patients {
            let Some(record) = tx.registration(patient)? else {
                continue;
            };
            ids.extend(tx.identifiers_of(&record.person)?);
            if let Some(visit) = tx.stated_visit(patient)?.filter(|_| kind.visits) {
                visits.push(labelled_visit(&record, visit));
            }
            records.push(labelled_record(record));
        }
        Ok((records, ids, visits))
    })?;
    let now = asking.network.clock.now();
    let subjects: Vec<_> = ids.iter().map(|id| subject(id, now)).collect();
    let grant = decide_system(asking.system, &subjects)
        .map_err(|_| Problem::error(Code::SystemMayNotAsk, Place::segment("QPD")))?;
    let wanted = ids.into_iter().filter(|id| within(domains, &id.facility));
    let ids = grant.release(wanted.map(labelled).collect());
    let released = grant.release(records).zip(ids).zip(grant.release(visits));
    Ok(released.map(|((records, ids), visits)| lines(records, &ids, &visits)))
}

fn lines(
    records: Vec<PatientRecord>,
    ids: &[PersonIdentifier],
    visits: &[(PatientKey, StatedVisit)],
) -> Vec<Line> {
    let line = |record: PatientRecord| {
        let own = ids.iter().filter(|id| id.person == record.person);
        let visit = visits.iter().find(|(key, _)| *key == record.patient_key);
        Line {
            ids: own.cloned().collect(),
            visit: visit.map(|(_, visit)| visit.clone()),
            record,
        }
    };
    let lines = records.into_iter().map(line);
    lines.filter(|line| !line.ids.is_empty()).collect()
}

fn answer(
    exchange: &Exchange<'_>,
    query: &PdqQuery,
    kind: &Kind,
    (lines, counts, pointer): Part,
    problems: &[Problem],
) -> Answer {
    let qpd = exchange.message.first("QPD");
    let reply = lines.map(|lines| {
        let (code, status) = match (problems.is_empty(), lines.is_empty()) {
            (false, _) => ("AE", "AE"),
            (true, true) => ("AA", "NF"),
            (true, false) => ("AA", "OK"),
        };
        let mut message = exchange.reply.begin(kind.response, code, problems);
        let qak = message.segment("QAK");
        qak.set(1, query.tag.as_str()).set(2, status);
        if status == "OK" {
            qak.set(4, counts.all.to_string())
                .set(5, lines.len().to_string())
                .set(6, counts.left.to_string());
        }
        if let Some(qpd) = qpd {
            message.copy(qpd);
        }
        for (n, line) in lines.iter().enumerate() {
            write(&mut message, exchange, kind, n + 1, line);
        }
        if let Some(pointer) = &pointer {
            message.segment("DSC").set(1, pointer.as_str()).set(2, "I");
        }
        message
    });
    Answer {
        reply,
        code: problems.first().map(|problem| problem.code),
        detail: qpd.map_or_else(String::new, |qpd| qpd.field(3).raw().to_owned()),
    }
}

/// QCN^J01: the rest of an answer is not wanted. Done also where there is none left.
pub(super) fn cancel(exchange: &Exchange<'_>) -> Result<Answer, Stop> {
    let missing = Problem::error(Code::Hl7FieldMissing, Place::field("QID", 1));
    let tag = exchange
        .message
        .first("QID")
        .and_then(|qid| qid.field(1).value().text())
        .ok_or(missing)?;
    let open = &exchange.network.continuations;
    open.cancel(&exchange.peer.system.name, &tag, exchange.now);
    let nobody = decide_system(&exchange.peer.system, &[])
        .map_err(|_| Problem::error(Code::SystemMayNotAsk, Place::segment("QID")))?;
    let nothing: Released<Vec<()>> = nobody.release(Vec::new());
    Ok(Answer {
        reply: nothing.map(|_| exchange.reply.acknowledge("AA", &[])),
        code: None,
        detail: tag.into_owned(),
    })
}
