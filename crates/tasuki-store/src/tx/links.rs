//! Link events, and the persons projected over them.

use super::projection::{Group, project};
use super::rows::id;
use super::{Tx, damaged, fresh_id};
use crate::engine::Row;
use std::collections::{BTreeMap, BTreeSet};
use tasuki_core::Fault;
use tasuki_core::ports::{
    ChangedIdentitiesWrite, IdentitiesWrite, LinkDecision, LinkEvent, PatientRecord, Patients,
    ReceivedWrite,
};
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

/// The stored word of a decision.
pub(super) fn word_of(decision: LinkDecision) -> &'static str {
    let found = DECISIONS.iter().find(|(d, _)| *d == decision);
    found.map_or("unlink", |(_, word)| word)
}

/// The decision of a stored word.
pub(super) fn decision_of(word: &str) -> Result<LinkDecision, Fault> {
    let found = DECISIONS.iter().find(|(_, w)| *w == word);
    found
        .map(|(d, _)| *d)
        .ok_or_else(|| damaged("link decision"))
}

/// The columns that [`read_event`] expects.
const COLUMNS: &str = "link_id, patient_a, patient_b, decision, decided_by, decided, evidence";

fn read_event(row: &dyn Row) -> Result<LinkEvent, Fault> {
    Ok(LinkEvent {
        a: id(row.text(1)?, PatientKey::new)?,
        b: id(row.text(2)?, PatientKey::new)?,
        decision: decision_of(row.text(3)?)?,
        by: row.opt_text(4)?.map(|u| id(u, UserId::new)).transpose()?,
        at: Instant::from_micros(row.int(5)?),
        evidence: row.text(6)?.to_owned(),
    })
}

impl Tx<'_> {
    /// The events that touch a registration with their numbers, which order them.
    pub(super) fn numbered_events(
        &self,
        key: &PatientKey,
    ) -> Result<Vec<(String, LinkEvent)>, Fault> {
        // One look-up per index: an OR over both, in the order of ids, would walk the whole log.
        let touching = |column| {
            format!("SELECT {COLUMNS} FROM link_event WHERE community_id = $1 AND {column} = $2")
        };
        let sql = format!(
            "{} UNION {} LIMIT {EVENTS_MAX}",
            touching("patient_a"),
            touching("patient_b")
        );
        let mut events = self.all(&sql, &[self.community(), key.as_str().into()], |row| {
            Ok((row.text(0)?.to_owned(), read_event(row)?))
        })?;
        events.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(events)
    }

    /// What people have decided, in order.
    pub(super) fn human_events(&self) -> Result<Vec<LinkEvent>, Fault> {
        let mut events = self.all(
            &format!(
                "SELECT {COLUMNS} FROM link_event WHERE community_id = $1
                 AND decision IN ('same', 'not-same', 'merged', 'unlink')"
            ),
            &[self.community()],
            |row| Ok((row.text(0)?.to_owned(), read_event(row)?)),
        )?;
        events.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(events
            .into_iter()
            .map(|(_, event)| event)
            .filter(LinkEvent::is_human)
            .collect())
    }

    /// Appends events and projects anew whoever they tie together.
    pub(super) fn link(&self, events: &[LinkEvent]) -> Result<(), Fault> {
        let mut touched = Vec::with_capacity(events.len() * 2);
        for event in events {
            self.append_link(event)?;
            touched.extend([event.a.clone(), event.b.clone()]);
        }
        self.project_anew(&touched)
    }

    fn append_link(&self, event: &LinkEvent) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO link_event (community_id, link_id, patient_a, patient_b, decision,
             decided_by, decided, evidence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                self.community(),
                fresh_id().as_str().into(),
                event.a.as_str().into(),
                event.b.as_str().into(),
                word_of(event.decision).into(),
                event.by.as_ref().map(UserId::as_str).into(),
                event.at.micros().into(),
                event.evidence.as_str().into(),
            ],
        )?;
        if event.is_human() {
            self.mark_due(&event.a)?;
            self.mark_due(&event.b)?;
        }
        let parts = matches!(event.decision, LinkDecision::NotSame | LinkDecision::Unlink);
        if parts && event.is_human() {
            self.unmerge(&event.a, &event.b)?;
        }
        if event.decision == LinkDecision::Merged {
            self.mark_changed(&[event.a.clone(), event.b.clone()])?;
            self.execute(
                "UPDATE registration SET survivor = $1
                 WHERE community_id = $2 AND patient_key = $3",
                &[
                    event.a.as_str().into(),
                    self.community(),
                    event.b.as_str().into(),
                ],
            )?;
        }
        Ok(())
    }

    /// A merge that a person has taken back: the number that was gone is in use again.
    fn unmerge(&self, a: &PatientKey, b: &PatientKey) -> Result<(), Fault> {
        for (gone, survivor) in [(a, b), (b, a)] {
            let freed = self.execute(
                "UPDATE registration SET survivor = NULL
                 WHERE community_id = $1 AND patient_key = $2 AND survivor = $3",
                &[
                    self.community(),
                    gone.as_str().into(),
                    survivor.as_str().into(),
                ],
            )?;
            if freed > 0 {
                self.mark_changed(&[gone.clone(), survivor.clone()])?;
            }
        }
        Ok(())
    }

    /// Projects anew everyone whom any event ties to one of these.
    pub(super) fn project_anew(&self, touched: &[PatientKey]) -> Result<(), Fault> {
        let mut done: BTreeSet<PatientKey> = BTreeSet::new();
        for key in touched {
            if done.contains(key) {
                continue;
            }
            let (members, events) = self.linked_with(key)?;
            done.extend(members.iter().map(|m| m.patient_key.clone()));
            let mut moved = false;
            let all: Vec<PatientKey> = members.iter().map(|m| m.patient_key.clone()).collect();
            for Group { person, members } in project(&members, &events)? {
                for (key, before) in members {
                    if before != person {
                        self.set_person(&key, &person)?;
                        moved = true;
                    }
                }
            }
            if moved {
                self.mark_changed(&all)?;
                // What was fetched may have been fetched under another's IDs.
                all.iter().try_for_each(|key| self.forget_copies(key))?;
            }
        }
        Ok(())
    }

    /// Every registration that any event ties to one, however it decided, and the events in order.
    fn linked_with(
        &self,
        first: &PatientKey,
    ) -> Result<(Vec<PatientRecord>, Vec<LinkEvent>), Fault> {
        let mut waiting = vec![first.clone()];
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
