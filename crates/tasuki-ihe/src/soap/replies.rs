//! Where answers to our own requests come in that go on a connection of their own. One that is taken
//! leaves no event here: its request does, when the answer has been read. Every other is refused and
//! audited like a request.

use super::asking::Received;
use super::enclose::Enclosing;
use super::ended::Replying;
use super::event::{told, unread};
use super::fault::Problem;
use super::pipeline::{Answered, Arrived, message_id};
use crate::network::Network;
use tasuki_core::Egress;
use tasuki_core::audit::{Actor, AuditEvent};
use tasuki_core::release::{Body, NonClinical};
use tasuki_wire::soap::{self, Envelope};

impl Network {
    /// Takes an answer to a request of ours. Blocks where the audit event of a refusal has to become
    /// durable.
    #[must_use]
    pub fn take_reply(&self, mut arrived: Arrived<'_>) -> Answered {
        let mut event = unread(self.clock.now(), arrived.endpoint, arrived.address);
        event.actor = self.sender(&arrived);
        let envelope = match Envelope::decode(arrived.envelope) {
            Ok(envelope) => envelope,
            Err(error) => return self.refuse_reply(None, event, &(&error).into()),
        };
        told(&mut event, &envelope, None, None);
        let addressing = &envelope.addressing;
        let taken = self
            .awaited
            .take(&addressing.relates_to, arrived.certificate);
        match taken {
            Err(code) => {
                let problem = Problem::new(code, "wsa:RelatesTo");
                self.refuse_reply(Some(&envelope), event, &problem)
            }
            Ok(waiting) => {
                let attachments = arrived.attachments.take().unwrap_or_default();
                let received = Received {
                    envelope,
                    attachments,
                };
                match waiting.try_send(received) {
                    Ok(()) => thanks(),
                    // Whoever waited has given up just now.
                    Err(_) => {
                        let late = Problem::new(tasuki_core::Code::AnswerUnawaited, "late");
                        self.refuse_reply(None, event, &late)
                    }
                }
            }
        }
    }

    fn refuse_reply(
        &self,
        envelope: Option<&Envelope>,
        event: AuditEvent,
        problem: &Problem,
    ) -> Answered {
        let message_id = message_id();
        let addressing = envelope.map(|e| &e.addressing);
        let replying = Replying {
            reply: addressing.map_or(soap::Reply::unread(&message_id), |a| {
                soap::Reply::to(a, &message_id)
            }),
            enclosing: Enclosing::Inline,
        };
        self.finish_soap(replying.refusal(event, problem), &replying, None)
    }

    /// Whose certificate it comes with; what it says of itself is not asked.
    fn sender(&self, arrived: &Arrived<'_>) -> Actor {
        let directory = self.members.directory();
        let community = directory.as_ref().and_then(|directory| {
            let community = directory.by_certificate(arrived.certificate?);
            community.map(|c| c.home_community_id.clone())
        });
        match community {
            None => Actor::Anyone { name: None },
            Some(community) => Actor::Peer {
                community,
                user: None,
                organisation: None,
                role: None,
            },
        }
    }
}

fn thanks() -> Answered {
    let nothing = Body::new("", Vec::new());
    Answered {
        status: 202,
        egress: Egress::non_clinical(NonClinical::Notice(nothing)),
        elsewhere: None,
    }
}
