//! Where we are the one who asks: one request to one community, and what becomes of it.
//!
//! What leaves is [`Released`] like every answer: a request names a patient. What comes back is
//! believed only as far as it answers what was asked: the message it relates to, and, in the
//! transactions, the patient, the community and the documents (`iti38`, `iti39`). Each request leaves
//! one audit event, and its answer is used only once that is durable.
//!
//! Nothing here is retried: a query may be asked again by whoever wants to, within its patience.

mod later;
mod no_answer;
mod waiting;

pub use no_answer::NoAnswer;

use crate::dialect::{self, Headers};
use crate::network::Network;
use crate::soap::{Asking, Awaited, Received, Recipient, message_id};
use std::sync::Arc;
use std::time::Duration;
use tasuki_core::audit::{self, AuditEvent, AuditedDocument, AuditedQuery, Ending};
use tasuki_core::breaker::Breakers;
use tasuki_core::directory::{Community, Endpoint};
use tasuki_core::pressure::time_for;
use tasuki_core::release::Body;
use tasuki_core::{Code, Egress, Fault, Released};
use tasuki_model::CommunityId;
use tasuki_wire::mtom::Frame;
use tasuki_wire::soap::{MEDIA_TYPE, Outgoing};
use tasuki_wire::xml::Document;

/// Asks other communities.
pub struct Gateway {
    network: Arc<Network>,
    asking: Arc<dyn Asking>,
    breakers: Breakers<CommunityId>,
    awaited: Arc<Awaited>,
}

/// On whose behalf is asked.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Who, what for, whose record: what the audit event of every request of a visit begins with.
    pub event: AuditEvent,
    /// The user's assertion (XUA) as a header block; one serves a whole fan-out.
    pub assertion: Option<Document>,
    /// How long an answer is waited for until it begins.
    pub patience: Duration,
}

/// One request.
pub(crate) struct Request {
    /// The transaction's number.
    pub transaction: &'static str,
    /// `wsa:Action` of the request.
    pub action: &'static str,
    /// The body.
    pub body: Released<Document>,
    /// Whether it goes, and is answered, as MTOM.
    pub mtom: bool,
    /// How many bytes of documents its answer may bring.
    pub coming: u64,
    /// What the auditor is told of it.
    pub audited: Audited,
}

/// What a request says of itself to the audit trail.
#[derive(Default)]
pub(crate) struct Audited {
    /// Patient IDs (CX).
    pub patients: Vec<String>,
    /// What is asked.
    pub query: Option<AuditedQuery>,
    /// Documents fetched.
    pub documents: Vec<AuditedDocument>,
}

impl Gateway {
    /// A gateway that asks by this.
    #[must_use]
    pub fn new(network: Arc<Network>, asking: Arc<dyn Asking>) -> Self {
        Self {
            awaited: Arc::clone(&network.awaited),
            network,
            asking,
            breakers: Breakers::new(),
        }
    }

    /// The same where what it asks asynchronously is answered to another network of this node, the one
    /// that has the address for replies.
    #[must_use]
    pub fn answered_to(self, other: &Network) -> Self {
        let awaited = Arc::clone(&other.awaited);
        Self { awaited, ..self }
    }

    /// The transactions that it shares directory, clock and audit trail with.
    #[must_use]
    pub fn network(&self) -> &Arc<Network> {
        &self.network
    }

    /// Asks one community once.
    pub(crate) fn ask(
        &self,
        to: &Community,
        visit: &Visit,
        request: Request,
    ) -> Result<Received, NoAnswer> {
        let id = &to.home_community_id;
        let recipient = &Recipient::of(to, request.transaction)
            .ok_or_else(|| NoAnswer::new(Code::PeerDoesNotOffer, request.transaction))?;
        let asked = self.network.clock.now();
        self.breakers.admit(id, asked).map_err(|since| NoAnswer {
            since: Some(since),
            ..NoAnswer::new(Code::PeerLeftAlone, "")
        })?;
        let message_id = message_id();
        let event = event_of(to, recipient, visit, &request, &message_id);
        let answered = self.exchange(to, recipient, visit, request, &message_id);
        let answered = self.close(event, answered);
        match &answered {
            Ok(_) => self.breakers.answered(id),
            Err(no) if no.is_trouble() => {
                let since = Some(self.breakers.failed(id, asked, self.network.clock.now()));
                let (code, what) = (no.code, no.what.clone());
                tracing::warn!(code = code.id(), community = %id, what, "no answer");
                return Err(NoAnswer { code, what, since });
            }
            Err(_) => self.breakers.answered(id),
        }
        answered
    }

    fn exchange(
        &self,
        to: &Community,
        recipient: &Recipient,
        visit: &Visit,
        request: Request,
        message_id: &str,
    ) -> Result<Received, NoAnswer> {
        let assertion = visit.assertion.as_ref().filter(|_| to.assertions.is_some());
        let headers: &[Document] = assertion.map_or(&[], std::slice::from_ref);
        let (action, mtom, coming) = (request.action, request.mtom, request.coming);
        let order = dialect::of(&to.dialect)?.asks.headers;
        let replies = self.replies_of(to)?;
        let body = request.body.map(|body| {
            let outgoing =
                Outgoing::request(action, message_id, recipient.endpoint.as_str(), &body);
            let envelope = Outgoing {
                headers,
                headers_first: order == Headers::SecurityFirst,
                reply_to: replies.as_ref().map(Endpoint::as_str).or(outgoing.reply_to),
                ..outgoing
            }
            .encode();
            framed(action, mtom, message_id, envelope.as_str())
        });
        let egress = Egress::released(visit.event.action, body);
        let patience = visit.patience;
        let answer = match replies {
            None => waiting::wait(self.asking.ask(recipient, egress, patience))?,
            Some(_) => {
                let whole = patience + time_for(coming);
                self.hand_over(recipient, egress, message_id, [patience, whole])?
            }
        };
        if let Some(fault) = answer.envelope.fault() {
            return Err((&fault).into());
        }
        let related = &answer.envelope.addressing.relates_to;
        // An answer to something else may be about somebody else.
        if related.iter().any(|id| id == message_id) {
            Ok(answer)
        } else {
            Err(NoAnswer::new(Code::AnswerUnrelated, "wsa:RelatesTo"))
        }
    }

    /// The event becomes durable; an answer without it is not used.
    fn close(
        &self,
        mut event: AuditEvent,
        answered: Result<Received, NoAnswer>,
    ) -> Result<Received, NoAnswer> {
        if let Err(no) = &answered {
            event.ending = match no.is_trouble() {
                true => Ending::Fault,
                false => Ending::Refused,
            };
            event.code = Some(no.code.id().to_owned());
        }
        let written: Result<(), Fault> = self.network.audit.append(&*self.network.store, event);
        match written {
            Ok(()) => answered,
            Err(fault) => {
                tracing::error!(code = Code::AuditAway.id(), "{}", fault.inside);
                Err(NoAnswer::new(Code::AuditAway, ""))
            }
        }
    }
}

fn framed(action: &str, mtom: bool, message_id: &str, envelope: &str) -> Body {
    if mtom {
        let frame = Frame::new(message_id);
        let mut bytes = frame.envelope(envelope);
        bytes.extend(frame.end());
        return Body::new(frame.content_type(action), bytes);
    }
    let media_type = format!("{MEDIA_TYPE}; charset=UTF-8; action=\"{action}\"");
    Body::new(media_type, envelope.as_bytes().to_vec())
}

fn event_of(
    to: &Community,
    recipient: &Recipient,
    visit: &Visit,
    request: &Request,
    message_id: &str,
) -> AuditEvent {
    let node = |id: &str, address: &str| audit::Node {
        id: id.to_owned(),
        address: address.to_owned(),
    };
    let own = node(tasuki_wire::soap::ANONYMOUS, "");
    let peer = node(recipient.endpoint.as_str(), recipient.endpoint.host());
    let exchange = audit::Exchange {
        community: Some(to.home_community_id.clone()),
        patients: request.audited.patients.clone(),
        query: request.audited.query.clone(),
        documents: request.audited.documents.clone(),
        message_id: message_id.to_owned(),
        ..audit::Exchange::new(request.transaction, audit::Side::Asked, own, peer)
    };
    AuditEvent {
        subject: request.transaction.to_owned(),
        patients: request.body.receipt().patients.clone(),
        exchange: Some(Box::new(exchange)),
        ..visit.event.clone()
    }
}
