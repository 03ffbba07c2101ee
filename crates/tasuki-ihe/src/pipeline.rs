//! Written once for every HL7 v2 transaction: limits → text → caller → transaction → audit →
//! answer. A transaction cannot skip its audit event: a feed is written together with it, and an
//! answer exists only after it is durable. Where it cannot be written, nothing is answered but that.

use crate::ended::{Ended, MEDIA_TYPE, broken, notice, refusal, reply_to};
use crate::exchange::{Exchange, Stop};
use crate::network::Network;
use crate::peers::{Fingerprint, Peer};
use crate::transaction::{Handler, MESSAGE_BYTES_MAX, Transaction};
use crate::v2::{Header, Place, Problem, Reply, ReplyCharset};
use std::borrow::Cow;
use tasuki_core::audit::{self, Action, Actor, AuditEvent, AuditedQuery, Ending, Node, Side};
use tasuki_core::release::{Body, Receipt};
use tasuki_core::{Code, Egress, Fault};
use tasuki_model::{Instant, Purpose};
use tasuki_wire::charset::Charset;
use tasuki_wire::hl7::{Hl7Error, Limits, Message, Text};

/// Characters of a query that the audit trail keeps.
const DETAIL_MAX: usize = 512;
/// Fields of QPD that a query has here: its name, its tag, what is asked for, and in which domains.
const QPD_FIELDS: usize = 8;

const LIMITS: Limits = Limits {
    bytes: MESSAGE_BYTES_MAX,
    segments: 1_000,
    fields: 200,
};

/// One message as it came.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The message, without its frame.
    pub bytes: &'a [u8],
    /// The certificate of the connection, where it has one.
    pub certificate: Option<&'a Fingerprint>,
    /// The network address it came from.
    pub address: &'a str,
}

impl Network {
    /// Answers one message. Blocks until its audit event is durable.
    #[must_use]
    pub fn answer(&self, arrival: &Arrival<'_>) -> Egress {
        let now = self.clock.now();
        match self.read(arrival.bytes) {
            Ok(text) => match text.parse(&LIMITS) {
                Ok(message) => self.receive(arrival, &message, text.charset(), now),
                Err(error) => self.unreadable(arrival, &error, now),
            },
            Err(error) => self.unreadable(arrival, &error, now),
        }
    }

    /// Bytes to text: by MSH-18, else by what is configured for whoever sends, else as JIS.
    fn read<'b>(&self, bytes: &'b [u8]) -> Result<Text<'b>, Hl7Error> {
        let text = Text::decode(bytes, &LIMITS)?;
        if text.problems().losses() > 0
            && let Some(charset) = self.configured_charset(&text, bytes)
        {
            return Text::decode_as(charset, bytes, &LIMITS)?.lossless();
        }
        text.lossless()
    }

    fn configured_charset(&self, text: &Text<'_>, bytes: &[u8]) -> Option<Charset> {
        if ReplyCharset::of(bytes, None) != ReplyCharset::AsNeeded {
            return None;
        }
        let message = text.parse(&LIMITS).ok()?;
        let [application, facility] = Header::sender_fields(&message)?;
        let mut peers = self.settings.peers.0.iter();
        peers
            .find(|peer| peer.says(application, facility))
            .and_then(|peer| peer.charset)
    }

    fn unreadable(&self, arrival: &Arrival<'_>, error: &Hl7Error, now: Instant) -> Egress {
        let text = Text::decode_as(Charset::Iso2022, arrival.bytes, &LIMITS).ok();
        let message = text.as_ref().and_then(|text| text.parse(&LIMITS).ok());
        let header = message.map_or_else(Header::unreadable, |m| Header::of(&m));
        let place = match error {
            Hl7Error::Characters { .. } | Hl7Error::UnknownCharset { .. } => {
                Place::field("MSH", 18)
            }
            _ => Place::segment("MSH"),
        };
        let code = Code::from_id(error.code()).unwrap_or(Code::InternalFault);
        let reply = reply_to(&header, self.own_names(), now, ReplyCharset::AsNeeded);
        let event = self.event(arrival, now, None, None, &header);
        self.close(
            refusal(&reply, event, &[Problem::error(code, place)]),
            &reply,
        )
    }

    fn own_names(&self) -> [&str; 2] {
        [&self.settings.application, &self.settings.facility]
    }

    fn receive(
        &self,
        arrival: &Arrival<'_>,
        message: &Message<'_>,
        charset: Charset,
        now: Instant,
    ) -> Egress {
        let header = Header::of(message);
        let declared = ReplyCharset::of(arrival.bytes, None);
        let charset = match (declared, charset) {
            // Not declared, and read in what is configured for the peer.
            (ReplyCharset::AsNeeded, other) if other != Charset::Iso2022 => {
                ReplyCharset::Given(other)
            }
            _ => declared,
        };
        let reply = reply_to(&header, self.own_names(), now, charset);
        let transaction = Transaction::of(&header.code, &header.trigger);
        let peer = Header::sender_fields(message).and_then(|[application, facility]| {
            let peers = &self.settings.peers;
            peers.verify(application, facility, arrival.certificate)
        });
        let mut event = self.event(arrival, now, transaction, peer, &header);
        if let Some(exchange) = &mut event.exchange {
            exchange.query = asked(message);
        }
        let ended = match self.allowed(peer, transaction, &header) {
            Err(problem) => refusal(&reply, event, &[problem]),
            Ok((peer, transaction)) => self.run(message, &reply, peer, transaction, event),
        };
        self.close(ended, &reply)
    }

    fn allowed<'p>(
        &self,
        peer: Option<&'p Peer>,
        transaction: Option<&'static Transaction>,
        header: &Header,
    ) -> Result<(&'p Peer, &'static Transaction), Problem> {
        let unknown = Problem::error(Code::UnknownSender, Place::field("MSH", 3));
        let peer = peer.ok_or(unknown)?;
        header.check()?;
        let place = Place::field("MSH", 9).repetition(1);
        let place = match Transaction::takes(&header.code) {
            true => place.component(2),
            false => place.component(1),
        };
        let not_offered = Problem::error(Code::MessageNotOffered, place);
        let transaction = transaction.ok_or(not_offered)?;
        if !self.cross.ready() {
            return Err(Problem::error(Code::IdentityLoading, Place::segment("MSH")));
        }
        Ok((peer, transaction))
    }

    fn run(
        &self,
        message: &Message<'_>,
        reply: &Reply<'_>,
        peer: &Peer,
        transaction: &Transaction,
        event: AuditEvent,
    ) -> Ended {
        let failed = event.clone();
        let done = self.domains().map_err(Stop::Fault).and_then(|domains| {
            let exchange = Exchange {
                network: self,
                message,
                header: reply.header,
                peer,
                domains,
                reply,
                now: reply.now,
            };
            match transaction.handler {
                Handler::Feed(respond) => self.feed(&exchange, respond, event),
                Handler::Query(respond) => self.query(&exchange, respond, event),
                Handler::Sent => Err(Stop::Wrong(vec![Problem::error(
                    Code::MessageNotOffered,
                    Place::field("MSH", 9),
                )])),
            }
        });
        match done {
            Ok(ended) => ended,
            Err(Stop::Wrong(problems)) => refusal(reply, failed, &problems),
            Err(Stop::Fault(fault)) => broken(reply, failed, &fault),
        }
    }

    fn feed(
        &self,
        exchange: &Exchange<'_>,
        respond: super::transaction::Feeding,
        event: AuditEvent,
    ) -> Result<Ended, Stop> {
        let mut stop = None;
        let written = self.store.writing(|tx| {
            stop = None;
            match respond(exchange, tx) {
                Ok(stated) => {
                    let mut event = event.clone();
                    event.patients.clone_from(&stated.patients);
                    event.items = stated.patients.len() as u64;
                    event.detail = Some(bounded(&stated.detail));
                    if let Some(exchange) = &mut event.exchange {
                        exchange.links.clone_from(&stated.links);
                        exchange.submission_sets.clone_from(&stated.submission_sets);
                    }
                    tx.append_audit(&event)?;
                    Ok((stated, event))
                }
                Err(Stop::Fault(fault)) => Err(fault),
                Err(wrong) => {
                    stop = Some(wrong);
                    Err(Fault::new(Code::Hl7FieldWrong, "a feed that is refused"))
                }
            }
        });
        if let Some(wrong) = stop {
            return Err(wrong);
        }
        let (stated, event) = written?;
        self.cross.settle()?;
        let reply = exchange.reply;
        let acknowledged = reply.acknowledge("AA", &stated.warnings);
        Ok(Ended {
            event,
            egress: notice(&acknowledged, reply),
            written: true,
        })
    }

    fn query(
        &self,
        exchange: &Exchange<'_>,
        respond: super::transaction::Answering,
        mut event: AuditEvent,
    ) -> Result<Ended, Stop> {
        let due = self.store.reading(|tx| tx.identity_due(None, 1))?;
        if !due.is_empty() {
            self.cross.settle()?;
        }
        let answer = respond(exchange)?;
        let charset = exchange.reply.charset;
        let body = answer.reply.try_map(|message| {
            let bytes = charset
                .encode(&message)
                .map_err(|error| Fault::new(Code::InternalFault, format!("an answer: {error}")))?;
            Ok::<_, Fault>(Body {
                media_type: Cow::Borrowed(MEDIA_TYPE),
                bytes: Cow::Owned(bytes),
            })
        })?;
        let Receipt {
            patients, items, ..
        } = body.receipt().clone();
        (event.patients, event.items) = (patients, items);
        event.detail = Some(bounded(&answer.detail));
        if let Some(code) = answer.code {
            event.ending = Ending::Refused;
            event.code = Some(code.id().to_owned());
        }
        Ok(Ended {
            egress: Egress::released(event.action, body),
            event,
            written: false,
        })
    }

    /// The audit event becomes durable; without it there is no answer.
    fn close(&self, ended: Ended, reply: &Reply<'_>) -> Egress {
        if ended.written {
            return ended.egress;
        }
        match self.audit.append(&*self.store, ended.event) {
            Ok(()) => ended.egress,
            Err(fault) => {
                tracing::error!(code = Code::AuditAway.id(), "{}", fault.inside);
                let problem = Problem::error(Code::AuditAway, Place::segment("MSH"));
                notice(&reply.acknowledge("AE", &[problem]), reply)
            }
        }
    }

    fn event(
        &self,
        arrival: &Arrival<'_>,
        now: Instant,
        transaction: Option<&'static Transaction>,
        peer: Option<&Peer>,
        header: &Header,
    ) -> AuditEvent {
        let name = peer.map(|peer| peer.system.name.to_string());
        let [application, facility] = self.own_names();
        let own = Node {
            id: format!("{facility}|{application}"),
            address: String::new(),
        };
        let [application, facility] = &header.sender_names;
        let sender = Node {
            id: bounded(&format!("{facility}|{application}")),
            address: arrival.address.to_owned(),
        };
        let id = transaction.map_or("", |t| t.id);
        let exchange = audit::Exchange {
            message_id: header.control_id.clone(),
            ..audit::Exchange::new(id, Side::Answered, own, sender)
        };
        let action = transaction.map_or(Action::Identity, |t| t.audit);
        let subject = transaction.map_or("HL7 v2", |t| t.id);
        AuditEvent {
            actor: match name {
                Some(name) => Actor::System { name },
                None => Actor::Anyone { name: None },
            },
            purpose: Some(Purpose::Treatment),
            request: header.control_id.clone(),
            exchange: Some(Box::new(exchange)),
            ..AuditEvent::of_process(now, action, "mllp", subject)
        }
    }
}

/// The query of a message, where it is one (ITI TF-2 3.9.5.1: QPD as it came).
fn asked(message: &Message<'_>) -> Option<AuditedQuery> {
    let query = message.first("QPD")?;
    let fields = (1..=QPD_FIELDS).map(|n| query.field(n).raw());
    let text: Vec<&str> = std::iter::once("QPD").chain(fields).collect();
    Some(AuditedQuery {
        id: query.field(2).raw().to_owned(),
        text: text.join("|").trim_end_matches('|').to_owned(),
        home: None,
    })
}

fn bounded(text: &str) -> String {
    text.chars().take(DETAIL_MAX).collect()
}
