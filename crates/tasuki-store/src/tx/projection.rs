//! Persons as a projection over link events (architecture §3.1–3.3).
//!
//! For each pair of registrations the newest human decision holds, else the newest automatic one;
//! a later automatic link never undoes what a human said, and a human who takes a decision back
//! leaves the pair to the engine. Human links are joined first; then automatic ones, each only if
//! it brings no two registrations together that a human has kept apart. Consent comes before
//! identity: across facilities a link counts only while both disclose the patient. Nothing clinical
//! moves: only `registration.person_id` changes.

use super::rows::id;
use std::collections::{BTreeMap, BTreeSet};
use tasuki_core::Fault;
use tasuki_core::ports::{LinkDecision, LinkEvent, PatientRecord};
use tasuki_model::{PatientKey, PersonId};

/// One person and the registrations that are theirs.
pub(super) struct Group {
    pub(super) person: PersonId,
    /// Each registration and the person it was projected to before.
    pub(super) members: Vec<(PatientKey, PersonId)>,
}

type Pair<'a> = (&'a PatientKey, &'a PatientKey);

/// Projects persons over registrations that events tie together. `events` are in order.
pub(super) fn project(
    members: &[PatientRecord],
    events: &[LinkEvent],
) -> Result<Vec<Group>, Fault> {
    let standing = LinkEvent::standing(events);
    let apart: Vec<Pair<'_>> = pairs(&standing, LinkDecision::NotSame);
    let by_key: BTreeMap<&PatientKey, &PatientRecord> =
        members.iter().map(|m| (&m.patient_key, m)).collect();
    let may_meet = |(a, b): &Pair<'_>| match (by_key.get(a), by_key.get(b)) {
        (Some(a), Some(b)) => a.facility == b.facility || (a.disclosed && b.disclosed),
        _ => false,
    };
    let mut sets: Vec<BTreeSet<&PatientKey>> = members
        .iter()
        .map(|m| BTreeSet::from([&m.patient_key]))
        .collect();
    // IDs that became one at their facility are one whatever else is said.
    for (a, b) in pairs(&standing, LinkDecision::Merged) {
        join(&mut sets, a, b, &[]);
    }
    for decision in [LinkDecision::Same, LinkDecision::Automatic] {
        for (a, b) in pairs(&standing, decision).into_iter().filter(&may_meet) {
            join(&mut sets, a, b, &apart);
        }
    }
    // The person of the oldest registration stays; keys are made in the order of time.
    sets.sort();
    let mut taken = BTreeSet::new();
    let mut groups = Vec::with_capacity(sets.len());
    for set in sets {
        let known = set
            .iter()
            .filter_map(|key| by_key.get(key))
            .map(|m| &m.person)
            .find(|p| !taken.contains(*p));
        let person = match known {
            Some(person) => person.clone(),
            None => id(&uuid::Uuid::new_v4().simple().to_string(), PersonId::new)?,
        };
        if let Some(known) = known {
            taken.insert(known);
        }
        groups.push(Group {
            person,
            members: set
                .into_iter()
                .filter_map(|key| by_key.get(key))
                .map(|m| (m.patient_key.clone(), m.person.clone()))
                .collect(),
        });
    }
    Ok(groups)
}

fn pairs<'a>(standing: &BTreeMap<Pair<'a>, LinkDecision>, wanted: LinkDecision) -> Vec<Pair<'a>> {
    standing
        .iter()
        .filter(|(_, decision)| **decision == wanted)
        .map(|(pair, _)| *pair)
        .collect()
}

/// Joins the sets of two registrations, unless that brings a pair of `apart` together.
fn join<'a>(
    sets: &mut Vec<BTreeSet<&'a PatientKey>>,
    a: &'a PatientKey,
    b: &'a PatientKey,
    apart: &[Pair<'a>],
) {
    let place = |key| sets.iter().position(|s| s.contains(key));
    let (Some(one), Some(other)) = (place(a), place(b)) else {
        return;
    };
    if one == other {
        return;
    }
    let (low, high) = (one.min(other), one.max(other));
    let moved = sets.swap_remove(high);
    let Some(stays) = sets.get_mut(low) else {
        return;
    };
    let forbidden = apart.iter().any(|(x, y)| {
        (stays.contains(x) && moved.contains(y)) || (stays.contains(y) && moved.contains(x))
    });
    if forbidden {
        sets.push(moved);
    } else {
        stays.extend(moved);
    }
}
