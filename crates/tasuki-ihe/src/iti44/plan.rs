//! What a manager has still to be told. It follows from how things are now and what was told last,
//! so that whatever breaks off in between may be told again.

use crate::network::Network;
use std::collections::{BTreeMap, BTreeSet};
use tasuki_core::Fault;
use tasuki_core::ports::{PatientRecord, Reading, feed_queue};
use tasuki_model::{CommunityId, PatientKey, PersonId, XadPid};

/// Somebody of ours under the ID that the manager is told.
#[derive(Debug, Clone)]
pub(super) struct Stated {
    pub id: XadPid,
    /// The disclosed registrations that it stands for; the first is the one that spoke last.
    pub registrations: Vec<PatientRecord>,
}

/// What is said, in this order: who is who comes before who is no longer.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub stated: Vec<Stated>,
    /// IDs no longer in use, and the person they were found to be.
    pub merged: Vec<(XadPid, Stated)>,
    pub withdrawn: Vec<XadPid>,
    /// Registrations with the stamp of their change: off the queue when all is told.
    pub told: Vec<(PatientKey, i64)>,
    /// Under which ID each of them then stands.
    pub fed: Vec<(PatientKey, Option<XadPid>)>,
}

/// What one snapshot of the store says.
#[derive(Default)]
struct Seen {
    told: Vec<(PatientKey, i64)>,
    /// Persons of what changed, with their disclosed registrations.
    persons: BTreeMap<PersonId, Vec<PatientRecord>>,
    /// Where each registration that changed is now.
    of: Vec<(PatientKey, PersonId)>,
    /// IDs that were told before, each with everybody whose registrations stood under it.
    former: BTreeMap<XadPid, (Option<PersonId>, BTreeSet<PersonId>)>,
}

impl Network {
    /// What is to be told of at most `limit` registrations that changed.
    pub(super) fn plan(&self, manager: &CommunityId, limit: u32) -> Result<Plan, Fault> {
        let queue = feed_queue(manager);
        let seen = self.store.reading(|tx| look(tx, &queue, limit))?;
        let mut ids = BTreeMap::new();
        for person in seen.persons.iter().filter(|(_, known)| !known.is_empty()) {
            let known = self.store.reading(|tx| tx.xad_pid(person.0))?;
            let id = match known {
                Some(id) => id,
                None => self.store.writing(|tx| tx.issue_xad_pid(person.0))?,
            };
            ids.insert(person.0.clone(), id);
        }
        Ok(plan(seen, &ids))
    }
}

fn look(tx: &dyn Reading, queue: &str, limit: u32) -> Result<Seen, Fault> {
    let mut seen = Seen {
        told: tx.changed(queue, limit)?,
        ..Seen::default()
    };
    for (key, _) in seen.told.clone() {
        let Some(record) = tx.registration(&key)? else {
            continue;
        };
        person(tx, &mut seen, &record.person)?;
        seen.of.push((key.clone(), record.person));
        let Some(former) = tx.fed_as(queue, &key)? else {
            continue;
        };
        let owner = tx.person_of_xad_pid(&former)?;
        if let Some(owner) = &owner {
            person(tx, &mut seen, owner)?;
        }
        let mut now = BTreeSet::new();
        for key in tx.fed_under(queue, &former)? {
            if let Some(record) = tx.registration(&key)? {
                person(tx, &mut seen, &record.person)?;
                now.insert(record.person);
            }
        }
        seen.former.insert(former, (owner, now));
    }
    Ok(seen)
}

fn person(tx: &dyn Reading, seen: &mut Seen, id: &PersonId) -> Result<(), Fault> {
    if seen.persons.contains_key(id) {
        return Ok(());
    }
    let mut known = tx.registrations_of(id)?;
    let named = |r: &PatientRecord| !r.demographics.name.display().trim().is_empty();
    known.retain(|r| r.disclosed && r.survivor.is_none() && named(r));
    let at = |r: &PatientRecord| r.stated.as_ref().map(|stated| stated.start());
    known.sort_by(|a, b| {
        at(b)
            .cmp(&at(a))
            .then_with(|| a.patient_key.cmp(&b.patient_key))
    });
    seen.persons.insert(id.clone(), known);
    Ok(())
}

fn plan(seen: Seen, ids: &BTreeMap<PersonId, XadPid>) -> Plan {
    let stated = |person: &PersonId| {
        let registrations = seen.persons.get(person).filter(|known| !known.is_empty())?;
        Some(Stated {
            id: ids.get(person)?.clone(),
            registrations: registrations.clone(),
        })
    };
    let mut plan = Plan {
        stated: seen.persons.keys().filter_map(stated).collect(),
        ..Plan::default()
    };
    for (former, (owner, now)) in &seen.former {
        if owner.as_ref().and_then(stated).is_some() {
            continue;
        }
        let mut others = now.iter().filter_map(stated);
        match (others.next(), others.next()) {
            (Some(one), None) => plan.merged.push((former.clone(), one)),
            _ => plan.withdrawn.push(former.clone()),
        }
    }
    for (key, person) in &seen.of {
        let held = stated(person).filter(|s| s.registrations.iter().any(|r| r.patient_key == *key));
        plan.fed.push((key.clone(), held.map(|s| s.id)));
    }
    plan.told = seen.told;
    plan
}
