//! Written once for every transaction over SOAP: limits → caller → transaction → audit → answer.
//! A feed is written together with its audit event, and an answer leaves only after its event is
//! durable; where that cannot be, nothing is answered but that.

use super::asking::Recipient;
use super::enclose::Enclosing;
use super::ended::{Ended, Replying};
use super::event::{told, unread};
use super::exchange::Exchange;
use super::fault::{Problem, status};
use super::members::{Credentials, Verified};
use super::transaction::{TRANSACTIONS, Transaction};
use crate::continuation::random_id;
use crate::network::Network;
use crate::peers::Fingerprint;
use tasuki_core::policy::PeerSubject;
use tasuki_core::ports::Incoming;
use tasuki_core::{Code, Egress};
use tasuki_model::Instant;
use tasuki_wire::mtom::{Attachments, Frame};
use tasuki_wire::soap::{self, Envelope, Subcode};

/// One message as it came.
#[derive(Debug)]
pub struct Arrived<'a> {
    /// The envelope.
    pub envelope: &'a [u8],
    /// The action that the `Content-Type` names, where it does.
    pub action: Option<&'a str>,
    /// The parts beside the envelope; nothing where the message was not multipart.
    pub attachments: Option<Attachments<Incoming>>,
    /// The certificate of the connection, where it has one.
    pub certificate: Option<&'a Fingerprint>,
    /// The address it was sent to, as we know ourselves.
    pub endpoint: &'a str,
    /// The network address it came from.
    pub address: &'a str,
}

/// The answer to a message.
#[derive(Debug)]
pub struct Answered {
    /// Status of the HTTP response.
    pub status: u16,
    /// What to send. Its audit event is durable.
    pub egress: Egress,
    /// Where to send it, where that is not the connection of the request: an endpoint that the
    /// directory names for this caller. The connection then gets an empty 202.
    pub elsewhere: Option<Recipient>,
}

impl Network {
    /// Answers one message. Blocks until its audit event is durable.
    #[must_use]
    pub fn answer_soap(&self, arrived: Arrived<'_>) -> Answered {
        self.answer_from(TRANSACTIONS, arrived)
    }

    /// A fault for a message that came to no envelope: its frame is broken, it is too large, there
    /// is no place. Its audit event is durable.
    #[must_use]
    pub fn refuse_soap(&self, endpoint: &str, address: &str, problem: &Problem) -> Answered {
        let message_id = message_id();
        let replying = Replying {
            reply: soap::Reply::unread(&message_id),
            enclosing: Enclosing::Inline,
        };
        let event = unread(self.clock.now(), endpoint, address);
        self.finish_soap(replying.refusal(event, problem), &replying, None)
    }

    /// As [`Network::answer_soap`], with another registry.
    #[must_use]
    pub fn answer_from(&self, registry: &'static [Transaction], arrived: Arrived<'_>) -> Answered {
        let now = self.clock.now();
        let message_id = message_id();
        let frame = Frame::new(&message_id);
        let enclosing = match arrived.attachments {
            Some(_) => Enclosing::Parts(&frame),
            None => Enclosing::Inline,
        };
        let envelope = match Envelope::decode(arrived.envelope) {
            Ok(envelope) => envelope,
            Err(error) => {
                let reply = soap::Reply::unread(&message_id);
                let replying = Replying { reply, enclosing };
                let event = unread(now, arrived.endpoint, arrived.address);
                return self.finish_soap(
                    replying.refusal(event, &(&error).into()),
                    &replying,
                    None,
                );
            }
        };
        let replying = Replying {
            reply: soap::Reply::to(&envelope.addressing, &message_id),
            enclosing,
        };
        self.receive_soap(registry, arrived, &envelope, &replying, now)
    }

    fn receive_soap(
        &self,
        registry: &'static [Transaction],
        mut arrived: Arrived<'_>,
        envelope: &Envelope,
        replying: &Replying<'_>,
        now: Instant,
    ) -> Answered {
        let mut event = unread(now, arrived.endpoint, arrived.address);
        let found = Transaction::of(registry, &envelope.addressing.action);
        let verified = self.members.verify(&Credentials {
            certificate: arrived.certificate,
            envelope,
            bytes: arrived.envelope,
            addressed: arrived.endpoint,
            by_node: found.is_some_and(|(transaction, _)| transaction.is_by_node()),
            now,
        });
        told(
            &mut event,
            envelope,
            verified.as_ref().ok(),
            found.map(|f| f.0),
        );
        let allowed = verified.and_then(|caller| {
            self.allow_soap(&arrived, envelope, &caller, found, now)
                .map(|elsewhere| (caller, elsewhere))
        });
        let ((caller, elsewhere), (transaction, action)) = match (allowed, found) {
            (Ok(allowed), Some(found)) => (allowed, found),
            (Err(problem), _) => {
                return self.finish_soap(replying.refusal(event, &problem), replying, None);
            }
            (Ok(_), None) => {
                let problem = not_supported(envelope);
                return self.finish_soap(replying.refusal(event, &problem), replying, None);
            }
        };
        let exchange = Exchange {
            network: self,
            transaction,
            envelope,
            caller: &caller,
            enclosing: replying.enclosing,
            now,
        };
        let attachments = arrived.attachments.take().unwrap_or_default();
        let ended = self.run_soap(&exchange, attachments, replying, action, event);
        self.finish_soap(ended, replying, elsewhere)
    }

    /// What is checked before a transaction sees the message. Gives where the answer goes, where
    /// that is not the connection.
    fn allow_soap(
        &self,
        arrived: &Arrived<'_>,
        envelope: &Envelope,
        caller: &Verified,
        found: Option<(&'static Transaction, &'static str)>,
        now: Instant,
    ) -> Result<Option<Recipient>, Problem> {
        let addressing = &envelope.addressing;
        let (transaction, _) = found.ok_or_else(|| not_supported(envelope))?;
        // RFC 3902: a URI. What some clients send where they know none is not (zeep sends "None").
        let said = arrived.action.filter(|action| action.contains(':'));
        if said.is_some_and(|action| action != addressing.action) {
            let problem = Problem::new(Code::SoapActionMismatch, "Content-Type action");
            return Err(problem.with(Subcode::addressing("ActionMismatch")));
        }
        let understood = self.members.understands();
        let unknown = envelope.not_understood(understood);
        let unknown = unknown.map(|e| (e.namespace.to_string(), e.name.to_string()));
        let not_understood: Vec<_> = unknown.collect();
        if !not_understood.is_empty() {
            return Err(Problem {
                not_understood,
                ..Problem::new(Code::SoapNotUnderstood, "soap:Header")
            });
        }
        fits(arrived, transaction)?;
        let Some(id) = &addressing.message_id else {
            let problem = Problem::new(Code::AddressingMissing, "wsa:MessageID");
            return Err(problem.with(Subcode::addressing("MessageAddressingHeaderRequired")));
        };
        let elsewhere = match addressing.reply_elsewhere() {
            None => None,
            Some(asked) => Some(caller.replies_at(&asked.address).ok_or_else(|| {
                let problem = Problem::new(Code::ReplyToStranger, "wsa:ReplyTo");
                problem.with(Subcode::addressing("InvalidAddressingHeader"))
            })?),
        };
        if let PeerSubject::User(_) = caller.caller().subject()
            && !self
                .seen
                .first(caller.caller().community().as_str(), id, now)
        {
            return Err(Problem::new(Code::MessageRepeated, "wsa:MessageID"));
        }
        Ok(elsewhere)
    }

    /// The audit event becomes durable; without it there is no answer.
    pub(super) fn finish_soap(
        &self,
        ended: Ended,
        replying: &Replying<'_>,
        elsewhere: Option<Recipient>,
    ) -> Answered {
        let durable = match ended.written {
            true => Ok(()),
            false => self.audit.append(&*self.store, ended.event),
        };
        match durable {
            Ok(()) => Answered {
                status: ended.status,
                egress: ended.egress,
                elsewhere,
            },
            Err(fault) => {
                tracing::error!(code = Code::AuditAway.id(), "{}", fault.inside);
                let fault = Problem::new(Code::AuditAway, "").fault();
                Answered {
                    status: status(&fault),
                    egress: replying.notice(soap::SOAP_FAULT, replying.reply.fault(&fault)),
                    elsewhere: None,
                }
            }
        }
    }
}

/// The limits of a transaction; those of any message were kept when it was taken apart.
fn fits(arrived: &Arrived<'_>, transaction: &Transaction) -> Result<(), Problem> {
    let parts = arrived.attachments.iter().flat_map(Attachments::parts);
    let beside: u64 = parts.map(Incoming::size).sum();
    let limit = match transaction {
        t if arrived.envelope.len() > t.bytes_max => t.bytes_max as u64,
        t if beside > t.attachments_max => t.attachments_max,
        _ => return Ok(()),
    };
    Err(Problem::new(
        Code::SoapTooLarge,
        format!("at most {limit} bytes"),
    ))
}

pub(super) fn not_supported(envelope: &Envelope) -> Problem {
    // An action is a URI of the framework, or of whoever sent it: nothing of a patient.
    let action: String = envelope.addressing.action.chars().take(120).collect();
    Problem::new(Code::ActionNotSupported, action).with(Subcode::addressing("ActionNotSupported"))
}

/// A new message id. Without randomness it is only new; nothing is guarded by it.
pub(crate) fn message_id() -> String {
    let half = || random_id().unwrap_or_else(|_| "0000000000000000".to_owned());
    let hex: Vec<char> = half().chars().chain(half().chars()).collect();
    let part =
        |from: usize, to: usize| -> String { hex.iter().skip(from).take(to - from).collect() };
    // Version 4, variant 1 (RFC 9562 §5.4).
    format!(
        "urn:uuid:{}-{}-4{}-a{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}
