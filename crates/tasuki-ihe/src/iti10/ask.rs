//! What a consumer has still to be told, and what became of it.

use super::message::{acknowledged, write};
use crate::continuation::random_id;
use crate::exchange::{labelled, subject};
use crate::network::Network;
use crate::v2::ReplyCharset;
use std::collections::BTreeMap;
use tasuki_core::audit::{Action, Actor, AuditEvent, Ending};
use tasuki_core::policy::{System, decide_system};
use tasuki_core::ports::{PersonIdentifier, feed_queue};
use tasuki_core::release::Body;
use tasuki_core::{Code, Egress, Fault};
use tasuki_model::{PatientKey, PersonId};

/// Who is told.
#[derive(Debug, Clone)]
pub struct Consumer {
    /// What it may be told; its name is that of its queue.
    pub system: System,
    /// MSH-5.
    pub application: String,
    /// MSH-6.
    pub facility: String,
}

/// One message that is to be sent.
#[derive(Debug)]
pub struct Notice {
    /// What goes to the socket. Its audit event is durable.
    pub egress: Egress,
    control_id: String,
    told: Vec<(PatientKey, i64)>,
}

/// What a consumer made of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It has it; the queue forgets it.
    Yes,
    /// It refused it: to be sent again later, or given up.
    Refused,
    /// Its answer was none to this message.
    Unclear,
}

/// Changed registrations with the stamp of their change, by person.
pub(crate) type Waiting = BTreeMap<PersonId, (Vec<(PatientKey, i64)>, Vec<PersonIdentifier>)>;

impl Network {
    /// Says who is told from now on: these, and the pix-managers of the directory in force (ITI-44).
    /// What waits for anybody else is dropped.
    ///
    /// # Errors
    /// Those of the store.
    pub fn set_consumers(&self, consumers: &[Consumer]) -> Result<(), Fault> {
        let directory = self.members.directory();
        let managers = directory.iter().flat_map(|d| d.managers());
        let queues = managers.map(|c| feed_queue(&c.home_community_id));
        let names = consumers.iter().map(|c| c.system.name.to_string());
        let names: Vec<String> = names.chain(queues).collect();
        self.store.writing(|tx| tx.set_consumers(&names))
    }

    /// What a consumer is to be told, oldest change first, of at most `limit` registrations; one
    /// message a person. Their audit events are durable on return.
    ///
    /// # Errors
    /// Those of the store.
    pub fn notices(&self, consumer: &Consumer, limit: u32) -> Result<Vec<Notice>, Fault> {
        let name = &*consumer.system.name;
        let (waiting, gone) = self.waiting(name, limit)?;
        let mut notices = Vec::new();
        let mut events = Vec::new();
        let mut settled = gone;
        for (told, ids) in waiting.into_values() {
            match self.notice(consumer, &told, ids)? {
                Some((notice, event)) => {
                    notices.push(notice);
                    events.push(event);
                }
                // Nothing of this person may be told to this consumer.
                None => settled.extend(told),
            }
        }
        if !settled.is_empty() {
            self.store.writing(|tx| tx.notified(name, &settled))?;
        }
        self.store.append_audit(&events)?;
        Ok(notices)
    }

    pub(crate) fn waiting(
        &self,
        name: &str,
        limit: u32,
    ) -> Result<(Waiting, Vec<(PatientKey, i64)>), Fault> {
        self.store.reading(|tx| {
            let mut waiting = Waiting::new();
            let mut gone = Vec::new();
            for (patient, stamp) in tx.changed(name, limit)? {
                let Some(record) = tx.registration(&patient)? else {
                    gone.push((patient, stamp));
                    continue;
                };
                if let Some((told, _)) = waiting.get_mut(&record.person) {
                    told.push((patient, stamp));
                    continue;
                }
                let ids = tx.identifiers_of(&record.person)?;
                waiting.insert(record.person, (vec![(patient, stamp)], ids));
            }
            Ok((waiting, gone))
        })
    }

    fn notice(
        &self,
        consumer: &Consumer,
        told: &[(PatientKey, i64)],
        ids: Vec<PersonIdentifier>,
    ) -> Result<Option<(Notice, AuditEvent)>, Fault> {
        let now = self.clock.now();
        let subjects: Vec<_> = ids.iter().map(|id| subject(id, now)).collect();
        let Ok(grant) = decide_system(&consumer.system, &subjects) else {
            return Ok(None);
        };
        let released = grant.release(ids.into_iter().map(labelled).collect());
        if released.view().is_empty() {
            return Ok(None);
        }
        let now = self.clock.now();
        let control_id = random_id()?;
        let domains = self.domains()?;
        let own = [
            self.settings.application.as_str(),
            self.settings.facility.as_str(),
        ];
        let body = released.try_map(|ids| {
            let message = write(consumer, own, now, &control_id, &ids, &domains);
            let bytes = ReplyCharset::AsNeeded
                .encode(&message)
                .map_err(|e| Fault::new(Code::InternalFault, format!("a notification: {e}")))?;
            Ok::<_, Fault>(Body::new("x-application/hl7-v2+er7", bytes))
        })?;
        let mut event = self.notice_event(consumer, &control_id);
        event.patients.clone_from(&body.receipt().patients);
        event.items = body.receipt().items;
        let notice = Notice {
            egress: Egress::released(Action::Identity, body),
            control_id,
            told: told.to_vec(),
        };
        Ok(Some((notice, event)))
    }

    fn notice_event(&self, consumer: &Consumer, control_id: &str) -> AuditEvent {
        AuditEvent {
            actor: Actor::System {
                name: consumer.system.name.to_string(),
            },
            request: control_id.to_owned(),
            ..AuditEvent::of_process(self.clock.now(), Action::Identity, "mllp", "ITI-10")
        }
    }

    /// Reads the answer to a notice; a notice that was taken leaves the queue, unless its person
    /// has changed again meanwhile.
    ///
    /// # Errors
    /// Those of the store.
    pub fn noticed(
        &self,
        consumer: &Consumer,
        notice: &NoticeId,
        answer: &[u8],
    ) -> Result<Taken, Fault> {
        match acknowledged(answer, &notice.control_id).as_deref() {
            Some("AA" | "CA") => {
                let name = &*consumer.system.name;
                self.store.writing(|tx| tx.notified(name, &notice.told))?;
                Ok(Taken::Yes)
            }
            Some(_) => Ok(Taken::Refused),
            None => Ok(Taken::Unclear),
        }
    }

    /// Gives a notice up that its consumer has refused again and again; said in the audit trail.
    ///
    /// # Errors
    /// Those of the store.
    pub fn give_up(&self, consumer: &Consumer, notice: &NoticeId) -> Result<(), Fault> {
        let mut event = self.notice_event(consumer, &notice.control_id);
        event.ending = Ending::Fault;
        event.code = Some(Code::ConsumerAway.id().to_owned());
        event.patients = notice.told.iter().map(|(key, _)| key.clone()).collect();
        let name = &*consumer.system.name;
        self.store.writing(|tx| {
            tx.notified(name, &notice.told)?;
            tx.append_audit(&event)
        })
    }
}

/// A notice that has left: what is needed to understand its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeId {
    control_id: String,
    told: Vec<(PatientKey, i64)>,
}

impl NoticeId {
    /// Registrations it is about: the same again when it is sent again.
    #[must_use]
    pub fn patients(&self) -> Vec<PatientKey> {
        self.told.iter().map(|(key, _)| key.clone()).collect()
    }
}

impl Notice {
    /// What to send, and what to keep for its answer.
    #[must_use]
    pub fn split(self) -> (Egress, NoticeId) {
        let id = NoticeId {
            control_id: self.control_id,
            told: self.told,
        };
        (self.egress, id)
    }
}
