//! What the audit trail is told of a message.

use super::exchange::Audited;
use super::members::Verified;
use super::transaction::Transaction;
use tasuki_core::audit::{self, Action, Actor, AuditEvent, Node};
use tasuki_model::Instant;
use tasuki_wire::soap::{self, Envelope};

/// Characters of a text that the audit trail keeps.
const DETAIL_MAX: usize = 512;

/// The event of a message of which nothing is known yet.
pub(super) fn unread(now: Instant, endpoint: &str, address: &str) -> AuditEvent {
    let own = Node {
        id: endpoint.to_owned(),
        address: String::new(),
    };
    let peer = Node {
        id: String::new(),
        address: address.to_owned(),
    };
    let exchange = audit::Exchange::new("", audit::Side::Answered, own, peer);
    AuditEvent {
        actor: Actor::Anyone { name: None },
        exchange: Some(Box::new(exchange)),
        ..AuditEvent::of_process(now, Action::Identity, "soap", "SOAP")
    }
}

/// What the headers of a message say, for the auditor.
pub(super) fn told(
    event: &mut AuditEvent,
    envelope: &Envelope,
    caller: Option<&Verified>,
    transaction: Option<&'static Transaction>,
) {
    let addressing = &envelope.addressing;
    let id = addressing.message_id.clone().unwrap_or_default();
    event.request = bounded(&id);
    if let Some(transaction) = transaction {
        event.subject = transaction.id.to_owned();
        event.action = transaction.audit;
    }
    if let Some(caller) = caller {
        event.actor = caller.caller().actor();
        event.purpose = Some(caller.caller().purpose());
    }
    let Some(exchange) = &mut event.exchange else {
        return;
    };
    exchange.transaction = transaction.map_or_else(String::new, |t| t.id.to_owned());
    exchange.message_id = bounded(&id);
    exchange.community = caller.map(|c| c.caller().community().clone());
    exchange.user = caller.and_then(Verified::user).map(str::to_owned);
    let reply_to = addressing.reply_to.as_ref();
    exchange.peer.id = bounded(reply_to.map_or(soap::ANONYMOUS, |to| &to.address));
}

/// What a transaction says of its message, for the auditor.
pub(super) fn noted(event: &mut AuditEvent, audited: Audited) {
    event.detail = Some(bounded(&audited.detail)).filter(|detail| !detail.is_empty());
    if let Some(exchange) = &mut event.exchange {
        exchange.patients = audited.patients;
        exchange.query = audited.query;
        exchange.documents = audited.documents;
        exchange.submission_sets = audited.submission_sets;
        exchange.objects = audited.objects;
    }
}

fn bounded(text: &str) -> String {
    text.chars().take(DETAIL_MAX).collect()
}
