//! One message of each transaction that is taken: what it leaves at whoever answers, and, where we are
//! the one who asks, at whoever asks; and that its answer is what the schema of the exchange says. The
//! table is over the registry: a transaction without a line fails.

mod audited;
mod between;
pub mod schemas;
mod sent;
mod version_2;

use crate::nist::shared;
use std::sync::Arc;
use tasuki_core::audit::AuditEvent;
use tasuki_core::ports::{AuditSearch, Store};
use tasuki_ihe::Side;
use tasuki_ihe::soap::TRANSACTIONS;
use tasuki_wire::xml::Document;

/// What a message has left.
pub struct Left {
    /// Events at whoever asked, where that is a node of ours.
    asked: Option<Vec<AuditEvent>>,
    /// Events at whoever answered.
    answered: Vec<AuditEvent>,
    /// Events of the same message from somebody without a certificate that is known; nothing where it was
    /// not sent by one.
    refused: Option<Vec<AuditEvent>>,
    /// The patient whose ID stood in the message (CX); empty where none did.
    patient: String,
    /// The body of the answer.
    body: Document,
}

/// `EventID` and `EventActionCode`.
type Event = (&'static str, char);

/// One transaction: how it is sent, and what its events have to be.
struct Line {
    id: &'static str,
    send: fn() -> Left,
    answered: Event,
    asked: Option<Event>,
    /// A word of the query that the auditor sees; none where nothing is asked.
    query: Option<&'static str>,
    /// How many documents and submission sets stand in the event of whoever answers.
    documents: usize,
    sets: usize,
    /// How many objects of the registry by id.
    objects: usize,
}

const QUERY: Event = ("110112", 'E');
const IMPORT: Event = ("110107", 'C');
const EXPORT: Event = ("110106", 'R');
const RECORD: Event = ("110110", 'U');

const fn line(id: &'static str, send: fn() -> Left, answered: Event) -> Line {
    Line {
        id,
        send,
        answered,
        asked: None,
        query: None,
        documents: 0,
        sets: 0,
        objects: 0,
    }
}

impl Line {
    const fn asked(self, asked: Event) -> Self {
        let asked = Some(asked);
        Self { asked, ..self }
    }

    const fn query(self, word: &'static str) -> Self {
        let query = Some(word);
        Self { query, ..self }
    }

    const fn of(self, documents: usize, sets: usize) -> Self {
        Self {
            documents,
            sets,
            ..self
        }
    }

    /// What the event is where nothing of the message was read: that a feed adds, its content says.
    fn read(&self) -> Event {
        match (self.id, self.answered.1) {
            ("ITI-44", _) => RECORD,
            _ => self.answered,
        }
    }

    const fn removing(self, objects: usize) -> Self {
        Self { objects, ..self }
    }
}

#[rustfmt::skip]
const TABLE: &[Line] = &[
    line("ITI-18", sent::find, QUERY).query("14d4debf"),
    line("ITI-38", between::query, QUERY).asked(QUERY).query("14d4debf"),
    line("ITI-39", between::retrieve, EXPORT).asked(IMPORT).of(2, 0),
    line("ITI-41", sent::provide, IMPORT).of(1, 1),
    line("ITI-42", sent::register, IMPORT).of(1, 1),
    line("ITI-43", sent::retrieve, EXPORT).of(1, 0),
    line("ITI-44", between::feed, RECORD).asked(RECORD),
    line("ITI-44", sent::added, ("110110", 'C')),
    line("ITI-44", sent::merged, RECORD),
    line("ITI-45", between::identifiers, QUERY).asked(QUERY).query("patientIdentifier"),
    line("ITI-46", between::notify, RECORD).asked(("110110", 'R')),
    line("ITI-47", sent::demographics, QUERY).query("livingSubjectName"),
    line("ITI-51", sent::multi_patient, QUERY).query("3d1bdb10"),
    line("ITI-55", between::discover, QUERY).asked(QUERY).query("livingSubjectBirthTime"),
    line("ITI-57", sent::update, ("110107", 'U')).of(1, 1),
    line("ITI-61", sent::on_demand, IMPORT).of(1, 1),
    line("ITI-62", sent::remove, ("110110", 'D')).removing(3),
    line("ITI-86", sent::remove_content, ("110110", 'D')).of(1, 0),
    line("ITI-92", sent::restricted_update, ("110107", 'U')).of(1, 1),
];

/// The message of an event, held against the schema.
pub fn valid(event: &AuditEvent) -> tasuki_wire::atna::Message {
    let message = audited::message(event);
    schemas::atna(std::slice::from_ref(&message));
    message
}

/// Every audit event of a store, oldest first.
fn events(store: &Arc<dyn Store>) -> Vec<AuditEvent> {
    while store.index_audit(1_000).unwrap() > 0 {}
    let search = AuditSearch::default();
    let found = store.reading(|tx| tx.find_events(&search, 10_000));
    let mut lines = found.unwrap();
    lines.sort_by_key(|line| line.seq);
    lines.into_iter().map(|line| line.event).collect()
}

/// What exchanges have left since; linking people leaves events of its own.
fn since(store: &Arc<dyn Store>, before: usize) -> Vec<AuditEvent> {
    let mut events = events(store).split_off(before);
    events.retain(|event| event.exchange.is_some());
    events
}

#[test]
fn every_transaction_that_is_answered_has_its_line() {
    // What is not of IHE has no schema to be held against, and is audited in its own tests by `valid`.
    let answered = TRANSACTIONS.iter().filter(|t| t.side() == Side::Answers);
    for transaction in answered.filter(|t| !t.id.starts_with("TASUKI-")) {
        let has = TABLE.iter().any(|line| line.id == transaction.id);
        assert!(has, "{}", transaction.id);
    }
}

#[test]
fn each_leaves_one_valid_event_on_each_side_that_says_who_what_and_whose() {
    let mut messages = Vec::new();
    for line in TABLE {
        messages.extend(audited::told(line, &(line.send)()));
    }
    assert!(messages.len() > TABLE.len());
    schemas::atna(&messages);
}

/// Nothing of a message from a stranger is read but what it is, so nothing else is told of it.
#[test]
fn each_that_is_refused_leaves_one_valid_event_too() {
    let mut messages = Vec::new();
    for line in TABLE {
        let left = (line.send)();
        messages.extend(
            left.refused
                .iter()
                .map(|events| audited::refused(line, events)),
        );
    }
    assert!(messages.len() >= 13, "{}", messages.len());
    schemas::atna(&messages);
}

#[test]
fn each_answer_is_what_its_schema_says() {
    let bodies: Vec<Document> = TABLE.iter().map(|line| (line.send)().body).collect();
    schemas::answers(&bodies);
}
