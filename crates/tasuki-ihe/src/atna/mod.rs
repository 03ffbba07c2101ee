//! Audit events of this node as other systems' repositories want them (ITI TF-2 3.20, DICOM PS3.15
//! A.5): one message for each event, on whichever side of a transaction we were.
//!
//! What a message says is decided by [`event`] (which kind of event a transaction is, for whom), by
//! the participants and by the objects of it. Nothing is left out that the event holds, and
//! nothing is looked up: an event is told as it was when it happened.

mod event;
mod objects;
mod participants;
#[cfg(test)]
mod tests;

use event::Kind;
use tasuki_core::Code;
use tasuki_core::audit::{AuditEvent, Ending};
use tasuki_core::policy::AssertedCodes;
use tasuki_model::{CommunityId, Purpose};
use tasuki_wire::atna::{Coded, Message, Outcome, Source};

/// Who reports, and in which codes.
#[derive(Debug, Clone)]
pub struct Reporting {
    /// Our community.
    pub home: CommunityId,
    /// Our host, as the network knows it.
    pub host: String,
    /// Which system of the host reports (`AuditSourceID`).
    pub system: String,
    /// Our process id.
    pub process: u32,
    /// The table of roles and purposes.
    pub codes: AssertedCodes,
}

impl Reporting {
    /// The message of an event.
    #[must_use]
    pub fn message(&self, event: &AuditEvent) -> Message {
        let kind = Kind::of(event);
        Message {
            event: kind.event(),
            action: kind.action,
            at: event.at,
            outcome: match event.ending {
                Ending::Success => Outcome::Success,
                Ending::Refused => Outcome::Minor,
                Ending::Fault => Outcome::Serious,
            },
            outcome_text: outcome_text(event),
            types: kind.types(event),
            purposes: event.purpose.iter().map(|p| self.purpose(*p)).collect(),
            participants: self.participants(event, &kind),
            source: Source {
                id: self.system.clone(),
                site: Some(self.home.to_string()),
            },
            objects: objects::objects(event),
        }
    }

    fn purpose(&self, purpose: Purpose) -> Coded {
        match self.codes.of_purpose(purpose) {
            Some(code) => Coded::new(&code.code, &code.system, &code.text),
            None => Coded::new(purpose.code(), "Tasuki", purpose.code()),
        }
    }
}

/// The stable code of what went wrong, and what it means.
fn outcome_text(event: &AuditEvent) -> Option<String> {
    let code = event.code.as_deref()?;
    let meaning = Code::from_id(code).map_or("", |known| known.inside());
    Some(format!("{code} {meaning}").trim_end().to_owned())
}
