//! What the audit trail is told of a request: one event for every ending of a page.

use crate::pages::Page;
use crate::terminals;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::audit::{Action, Actor, AuditEvent, Ending};
use tasuki_core::{Code, Fault};

/// The event of a page that was refused to where it was asked from.
pub(super) fn refused_at(
    page: Option<&Page>,
    visit: &Visit<'_>,
    fault: &Fault,
) -> Option<AuditEvent> {
    let (action, ending) = terminals::refusal(page, visit)?;
    Some(AuditEvent {
        ending,
        code: Some(fault.code.id().to_owned()),
        detail: terminals::named(&visit.terminal),
        ..begun(action, page.map_or("terminal", |page| page.name), visit)
    })
}

/// An event of whoever asks.
fn begun(action: Action, page: &'static str, visit: &Visit<'_>) -> AuditEvent {
    let actor = match visit.who.as_ref().or(visit.waiting.as_ref()) {
        Some(who) => Actor::User {
            user: who.account.id.clone(),
            role: who.session.membership.role,
            facility: who.facility.id.clone(),
        },
        None => Actor::Anyone {
            name: visit.ask.form("name").map(|n| n.chars().take(64).collect()),
        },
    };
    AuditEvent {
        actor,
        request: visit.ask.request_id.clone(),
        ..AuditEvent::of_process(visit.now, action, "portal", page)
    }
}

/// The audit event of a page, for every ending.
pub(super) fn event_of(
    page: &Page,
    visit: &Visit<'_>,
    result: &Result<Reply, Stop>,
) -> Option<AuditEvent> {
    let action = page.audit?;
    if result.as_ref().is_ok_and(|reply| reply.audited) {
        return None;
    }
    let mut event = begun(action, page.name, visit);
    event.purpose = visit.who.as_ref().map(|_| visit.purpose());
    match result {
        Ok(reply) => {
            event.person = reply.person.clone();
            event.detail = reply.detail.clone();
            if let Some((action, receipt)) = reply.egress.receipt() {
                event.action = *action;
                event.patients = receipt.patients.clone();
                event.items = receipt.items;
                event.digest = receipt.digest.clone();
                event.copies = visit.seen.told();
            } else if reply.status >= 400 {
                event.ending = Ending::Refused;
            }
        }
        // Nobody was signed in and nothing was done: the sign-in that follows is the event.
        Err(Stop::SignIn) => return None,
        Err(Stop::Refused) => {
            event.ending = Ending::Refused;
            event.code = Some(Code::NotFoundOrWithheld.id().to_owned());
            event.detail = Some(visit.ask.path.clone());
        }
        Err(Stop::Fault(fault)) => {
            event.ending = Ending::Fault;
            event.code = Some(fault.code.id().to_owned());
        }
    }
    if action == Action::SignIn {
        let said = event.detail.take().into_iter();
        let said: Vec<String> = said.chain(terminals::named(&visit.terminal)).collect();
        event.detail = (!said.is_empty()).then(|| said.join(", "));
    }
    Some(event)
}
