//! The transaction itself: a query is answered, a feed is read, checked, and written together with
//! its audit event.

use super::ended::{Ended, Replying};
use super::event::noted;
use super::exchange::{Answer, Audited, Exchange, Message, Stop};
use super::pipeline::not_supported;
use super::transaction::{Feeding, Handler};
use crate::network::Network;
use tasuki_core::audit::AuditEvent;
use tasuki_core::ports::Incoming;
use tasuki_core::{Code, Fault};
use tasuki_wire::mtom::Attachments;
use tasuki_wire::xml::Document;

enum Done {
    Answer(Answer),
    Written(Document, Box<AuditEvent>),
}

impl Network {
    pub(super) fn run_soap(
        &self,
        exchange: &Exchange<'_>,
        mut attachments: Attachments<Incoming>,
        replying: &Replying<'_>,
        action: &str,
        mut event: AuditEvent,
    ) -> Ended {
        let mut audited = Audited::default();
        let mut message = Message {
            body: &exchange.envelope.body,
            attachments: &mut attachments,
            audited: &mut audited,
        };
        let done = match exchange.transaction.handler {
            Handler::Query(respond) => self
                .settled()
                .and_then(|()| respond(exchange, &mut message))
                .and_then(|answer| attachments.finish().map(|()| answer).map_err(Stop::from))
                .map(Done::Answer),
            Handler::Feed(read) => {
                let written = self.feed_soap(exchange, read, &mut message, &event);
                written.map(|(body, event)| Done::Written(body, Box::new(event)))
            }
            Handler::Sent => Err(Stop::Wrong(not_supported(exchange.envelope))),
        };
        noted(&mut event, audited);
        match done {
            Ok(Done::Answer(answer)) => replying.answer(answer, action, event),
            Ok(Done::Written(body, event)) => replying.told(action, &body, *event, true),
            Err(Stop::Refused { body, code }) => replying.refused(action, &body, event, code),
            Err(Stop::Wrong(problem)) => replying.refusal(event, &problem),
            Err(Stop::Fault(fault)) => replying.broken(event, &fault),
        }
    }

    /// Brings persons up to date, where anything is due.
    fn settled(&self) -> Result<(), Stop> {
        let due = self.store.reading(|tx| tx.identity_due(None, 1))?;
        match due.is_empty() {
            true => Ok(()),
            false => Ok(self.cross.settle()?),
        }
    }

    fn feed_soap(
        &self,
        exchange: &Exchange<'_>,
        read: Feeding,
        message: &mut Message<'_>,
        event: &AuditEvent,
    ) -> Result<(Document, AuditEvent), Stop> {
        let change = read(exchange, message)?;
        message.attachments.finish()?;
        let mut event = event.clone();
        noted(&mut event, message.audited.clone());
        let mut stop = None;
        let written = self.store.writing(|tx| {
            stop = None;
            match change.write(exchange, tx) {
                Ok(stated) => {
                    let mut event = event.clone();
                    event.patients.clone_from(&stated.patients);
                    event.items = stated.items;
                    tx.append_audit(&event)?;
                    Ok((stated, event))
                }
                Err(Stop::Fault(fault)) => Err(fault),
                Err(other) => {
                    stop = Some(other);
                    Err(Fault::new(Code::SoapShape, "a feed that is refused"))
                }
            }
        });
        if let Some(stop) = stop {
            return Err(stop);
        }
        let (stated, event) = written?;
        if stated.settles {
            self.cross.settle()?;
        }
        Ok((stated.body, event))
    }
}
