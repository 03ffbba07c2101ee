//! How an exchange ends: its answer, and what the audit trail says of it.

use crate::continuation::random_id;
use crate::v2::{Header, Place, Problem, Reply, ReplyCharset};
use tasuki_core::audit::{AuditEvent, Ending};
use tasuki_core::fault::Category;
use tasuki_core::release::{Body, NonClinical};
use tasuki_core::{Code, Egress, Fault};
use tasuki_model::Instant;
use tasuki_wire::hl7::MessageBuilder;

/// Media type of a message, for the body of an [`Egress`].
pub(crate) const MEDIA_TYPE: &str = "x-application/hl7-v2+er7";
/// What is said of a message in the audit trail, and its answer.
pub(crate) struct Ended {
    pub event: AuditEvent,
    pub egress: Egress,
    /// The event is in the store already, with the change.
    pub written: bool,
}

/// The reply of a listener that takes nothing: no place is left, or no message can be made of what came.
#[must_use]
pub fn refuse(now: Instant, code: Code) -> Egress {
    let header = Header::unreadable();
    let reply = reply_to(&header, ["TASUKI", ""], now, ReplyCharset::AsNeeded);
    let problem = Problem::error(code, Place::segment("MSH"));
    notice(
        &reply.acknowledge(problem.acknowledgement(), &[problem]),
        &reply,
    )
}

pub(crate) fn reply_to<'a>(
    header: &'a Header,
    own: [&'a str; 2],
    now: Instant,
    charset: ReplyCharset,
) -> Reply<'a> {
    Reply {
        header,
        own,
        now,
        // Without randomness the reply has the time as its id; nothing is guarded by it.
        control_id: random_id().unwrap_or_else(|_| now.micros().to_string()),
        charset,
    }
}

pub(crate) fn notice(message: &MessageBuilder, reply: &Reply<'_>) -> Egress {
    // What cannot be encoded here is an echo of the sender's own header; without it there is still
    // an acknowledgement.
    let bytes = reply
        .charset
        .encode(message)
        .unwrap_or_else(|_| b"MSH|^~\\&|||||||ACK|0|P|2.5\rMSA|AE|UNKNOWN\r".to_vec());
    Egress::non_clinical(NonClinical::Notice(Body::new(MEDIA_TYPE, bytes)))
}

pub(crate) fn refusal(reply: &Reply<'_>, mut event: AuditEvent, problems: &[Problem]) -> Ended {
    event.ending = Ending::Refused;
    event.code = problems.first().map(|p| p.code.id().to_owned());
    let code = problems.first().map_or("AE", |p| p.acknowledgement());
    Ended {
        egress: notice(&reply.acknowledge(code, problems), reply),
        event,
        written: false,
    }
}

pub(crate) fn broken(reply: &Reply<'_>, mut event: AuditEvent, fault: &Fault) -> Ended {
    if fault.code.category() == Category::Fault {
        tracing::error!(code = fault.code.id(), "{}", fault.inside);
    }
    event.ending = Ending::Fault;
    event.code = Some(fault.code.id().to_owned());
    let problem = Problem::error(fault.code, Place::segment("MSH"));
    Ended {
        egress: notice(&reply.acknowledge("AE", &[problem]), reply),
        event,
        written: false,
    }
}
