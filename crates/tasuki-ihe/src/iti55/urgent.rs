//! Discovery in an emergency: one person whom all four items fit exactly, disclosed or not, by our own
//! rule; never a list, nothing but what was asked with, and nobody who has refused emergencies.

use super::{Line, Meant, PdqQuery, V2Stop, meant};
use crate::exchange::labelled_record;
use crate::soap::Exchange;
use crate::xds::Registry;
use crate::xds::patient::subject;
use std::collections::BTreeSet;
use tasuki_core::policy::{PeerEmergencies, decide_peer};
use tasuki_core::ports::{DemographicsQuery, PatientRecord, Pattern};
use tasuki_core::{Code, Fault, Released};
use tasuki_model::Demographics;

/// Registrations that are looked at: more is nobody in particular.
const HITS_MAX: u32 = 50;

/// What is told in an emergency: who is disclosed, else the one whom our rule opens.
pub(super) fn or_one(
    exchange: &Exchange<'_>,
    query: &PdqQuery,
    disclosed: Released<Vec<Line>>,
) -> Result<Released<Vec<Line>>, V2Stop> {
    let caller = exchange.caller.caller();
    if caller.in_emergency().is_none() {
        return Ok(disclosed);
    }
    if !disclosed.view().is_empty() {
        return Ok(disclosed.map(|lines| lines.into_iter().map(bare).collect()));
    }
    let registry = Registry::of(exchange.network)?;
    let records = match registry.emergencies.answered {
        true => fit(&registry, &wanted(&meant(query)?))?,
        false => Vec::new(),
    };
    let records = one(records, registry.emergencies);
    let subjects = records.iter().map(|r| subject(r, exchange.now)).collect();
    let refused = |_| V2Stop::Fault(Fault::new(Code::InternalFault, "was let in before"));
    let grant = decide_peer(caller, &registry.opened_to(caller, subjects)).map_err(refused)?;
    let released = grant.release(records.into_iter().map(labelled_record).collect());
    Ok(released.map(|records| {
        let line = |record| Line {
            record,
            ids: Vec::new(),
            visit: None,
        };
        records.into_iter().take(1).map(line).map(bare).collect()
    }))
}

/// The four items, and people whom nobody discloses too.
fn wanted(meant: &Meant) -> DemographicsQuery {
    let said = |field: &str| {
        let mut parameters = meant.parameters.iter();
        let found = parameters.find(|(name, _)| name == field);
        found.map(|(_, value)| value.clone())
    };
    DemographicsQuery {
        family: said("@PID.5.1").map(Pattern),
        given: said("@PID.5.2").map(Pattern),
        birth: said("@PID.7"),
        sex: said("@PID.8"),
        undisclosed: true,
        ..DemographicsQuery::default()
    }
}

fn fit(registry: &Registry, query: &DemographicsQuery) -> Result<Vec<PatientRecord>, Fault> {
    let store = &registry.store;
    let found = store.reading(|tx| tx.query_demographics(query, HITS_MAX))?;
    Ok(match found.too_many {
        true => Vec::new(),
        false => found.records,
    })
}

/// All of one person; nobody where it is several, or somebody who has refused is among them.
fn one(records: Vec<PatientRecord>, rule: PeerEmergencies) -> Vec<PatientRecord> {
    let persons: BTreeSet<_> = records.iter().map(|r| &r.person).collect();
    let refused = records.iter().any(|r| !r.terms.let_emergency());
    match persons.len() == 1 && (rule.despite_refusal || !refused) {
        true => records,
        false => Vec::new(),
    }
}

/// Only what was asked with: name, birth date, sex.
fn bare(line: Line) -> Line {
    let said = line.record.demographics;
    Line {
        record: PatientRecord {
            demographics: Demographics {
                name: said.name,
                birth: said.birth,
                birth_text: said.birth_text,
                sex: said.sex,
                ..Demographics::default()
            },
            ..line.record
        },
        ..line
    }
}
