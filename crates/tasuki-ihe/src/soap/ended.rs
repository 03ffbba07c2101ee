//! How an exchange ends: its answer, and what the audit trail says of it.

use super::enclose::Enclosing;
use super::exchange::{Answer, Reply};
use super::fault::{Problem, status};
use tasuki_core::audit::{AuditEvent, Ending};
use tasuki_core::fault::Category;
use tasuki_core::release::NonClinical;
use tasuki_core::{Code, Egress, Fault};
use tasuki_wire::soap;
use tasuki_wire::xml::Document;

/// How an exchange ends.
pub(super) struct Ended {
    pub event: AuditEvent,
    pub egress: Egress,
    pub status: u16,
    /// The event is in the store already, with the change.
    pub written: bool,
}

/// What every answer to one message needs.
pub(super) struct Replying<'a> {
    pub reply: soap::Reply<'a>,
    pub enclosing: Enclosing<'a>,
}

impl Replying<'_> {
    pub fn notice(&self, action: &str, envelope: Document) -> Egress {
        let text = envelope.into_string();
        let body = self.enclosing.message(action, text);
        Egress::non_clinical(NonClinical::Notice(body))
    }

    pub fn refusal(&self, mut event: AuditEvent, problem: &Problem) -> Ended {
        let fault = problem.fault();
        event.ending = Ending::Refused;
        event.code = Some(problem.code.id().to_owned());
        Ended {
            egress: self.notice(soap::SOAP_FAULT, self.reply.fault(&fault)),
            status: status(&fault),
            event,
            written: false,
        }
    }

    pub fn broken(&self, event: AuditEvent, fault: &Fault) -> Ended {
        if fault.code.category() == Category::Fault {
            tracing::error!(code = fault.code.id(), "{}", fault.inside);
        }
        let mut ended = self.refusal(event, &Problem::new(fault.code, ""));
        ended.event.ending = Ending::Fault;
        ended
    }

    /// A notice in the transaction's own words: an acknowledgement, or why it is refused.
    pub fn told(&self, action: &str, body: &Document, event: AuditEvent, written: bool) -> Ended {
        Ended {
            egress: self.notice(action, self.reply.encode(action, body)),
            status: 200,
            event,
            written,
        }
    }

    /// The same where it says that what was sent is refused.
    pub fn refused(
        &self,
        action: &str,
        body: &Document,
        mut event: AuditEvent,
        code: Code,
    ) -> Ended {
        event.ending = Ending::Refused;
        event.code = Some(code.id().to_owned());
        self.told(action, body, event, false)
    }

    /// What was released leaves.
    pub fn answer(&self, answer: Answer, action: &str, mut event: AuditEvent) -> Ended {
        let receipt = answer.reply.receipt();
        (event.patients, event.items) = (receipt.patients.clone(), receipt.items);
        event.digest.clone_from(&receipt.digest);
        if let Some(code) = answer.code {
            event.ending = Ending::Refused;
            event.code = Some(code.id().to_owned());
        }
        let stream = answer.reply.map(|reply: Reply| {
            let envelope = self.reply.around(action, &reply.body);
            self.enclosing.stream(action, envelope, reply)
        });
        Ended {
            egress: Egress::streamed(event.action, stream),
            status: 200,
            event,
            written: false,
        }
    }
}
