//! Link events, and the persons projected over them.

use super::projection::{Group, project};
use super::rows::id;
use super::{Tx, damaged, fresh_id};
use std::collections::BTreeMap;
use tasuki_core::Fault;
use tasuki_core::ports::{LinkDecision, LinkEvent, PatientRecord, Patients};
use tasuki_model::{Instant, PatientKey, PersonId, UserId};

/// The most events read for one registration.
const EVENTS_MAX: u32 = 10_000;

const DECISIONS: [(LinkDecision, &str); 5] = [
    (LinkDecision::Automatic, "automatic"),
    (LinkDecision::Same, "same"),
    (LinkDecision::NotSame, "not-same"),
    (LinkDecision::Unlink, "unlink"),
    (LinkDecision::Merged, "merged"),
];

fn word(decision: LinkDecision) -> &'static str {
    let found = DECISIONS.iter().find(|(d, _)| *d == decision);
    found.map_or("unlink", |(_, word)| word)
}

fn decision(word: &str) -> Result<LinkDecision, Fault> {
    let found = DECISIONS.iter().find(|(_, w)| *w == word);
    found
        .map(|(d, _)| *d)
        .ok_or_else(|| damaged("link decision"))
}

impl Tx<'_> {
    /// The events that touch a registration with their numbers, which order them.
    pub(super) fn numbered_events(
        &self,
        key: &PatientKey,
    ) -> Result<Vec<(String, LinkEvent)>, Fault> {
        let sql = format!(
            "SELECT link_id, patient_a, patient_b, decision, decided_by, decided, evidence
             FROM link_event WHERE community_id = $1 AND (patient_a = $2 OR patient_b = $2)
             ORDER BY link_id LIMIT {EVENTS_MAX}"
        );
        self.all(&sql, &[self.community(), key.as_str().into()], |row| {
            let event = LinkEvent {
                a: id(row.text(1)?, PatientKey::new)?,
                b: id(row.text(2)?, PatientKey::new)?,
                decision: decision(row.text(3)?)?,
                by: row.opt_text(4)?.map(|u| id(u, UserId::new)).transpose()?,
                at: Instant::from_micros(row.int(5)?),
                evidence: row.text(6)?.to_owned(),
            };
            Ok((row.text(0)?.to_owned(), event))
        })
    }

    /// Appends an event and projects anew whoever it ties together.
    pub(super) fn link(&self, event: &LinkEvent) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO link_event (community_id, link_id, patient_a, patient_b, decision,
             decided_by, decided, evidence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                self.community(),
                fresh_id().as_str().into(),
                event.a.as_str().into(),
                event.b.as_str().into(),
                word(event.decision).into(),
                event.by.as_ref().map(UserId::as_str).into(),
                event.at.micros().into(),
                event.evidence.as_str().into(),
            ],
        )?;
        let (members, events) = self.linked_with(&event.a, &event.b)?;
        for Group { person, members } in project(&members, &events)? {
            for key in members {
                self.set_person(&key, &person)?;
            }
        }
        Ok(())
    }

    /// Every registration that any event ties to these two, however it decided, and the events in
    /// order.
    fn linked_with(
        &self,
        a: &PatientKey,
        b: &PatientKey,
    ) -> Result<(Vec<PatientRecord>, Vec<LinkEvent>), Fault> {
        let mut waiting = vec![a.clone(), b.clone()];
        let mut members: BTreeMap<PatientKey, PatientRecord> = BTreeMap::new();
        let mut events: BTreeMap<String, LinkEvent> = BTreeMap::new();
        while let Some(key) = waiting.pop() {
            if members.contains_key(&key) {
                continue;
            }
            let Some(record) = self.registration(&key)? else {
                return Err(damaged("a link to an unknown registration"));
            };
            members.insert(key.clone(), record);
            for (number, event) in self.numbered_events(&key)? {
                waiting.extend([event.a.clone(), event.b.clone()]);
                events.insert(number, event);
            }
        }
        Ok((
            members.into_values().collect(),
            events.into_values().collect(),
        ))
    }

    fn set_person(&self, key: &PatientKey, person: &PersonId) -> Result<(), Fault> {
        self.execute(
            "UPDATE registration SET person_id = $1 WHERE community_id = $2 AND patient_key = $3",
            &[
                person.as_str().into(),
                self.community(),
                key.as_str().into(),
            ],
        )
        .map(drop)
    }
}
