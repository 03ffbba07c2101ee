//! One message of the feed as we write it.

use super::plan::Stated;
use crate::exchange::labelled_record;
use crate::gateway::{Audited, Request};
use crate::soap::message_id;
use crate::xds::patient::subject;
use tasuki_core::policy::{Scope, System, decide_system};
use tasuki_core::{Code, Fault, Released};
use tasuki_model::{CommunityId, Demographics, Instant, Oid, XadPid};
use tasuki_wire::hl7v3::{Event, Feed, Header, Ii, Reply};

/// Who states, to whom.
pub(super) struct Line<'a> {
    pub own: &'a CommunityId,
    pub authority: &'a Oid,
    pub manager: &'a CommunityId,
    pub now: Instant,
}

/// What is said of one ID.
pub(super) enum Statement<'a> {
    Stated(&'a Stated),
    Merged(&'a XadPid, &'a Stated),
    Withdrawn(&'a XadPid),
}

impl Line<'_> {
    /// The request. What it says of a patient is released for the manager; that an ID is no longer
    /// stated says nothing of anybody.
    pub fn request(&self, statement: &Statement<'_>) -> Result<Request, Fault> {
        let (event, id, patient) = match statement {
            Statement::Stated(patient) => (Event::Revised, &patient.id, Some(*patient)),
            Statement::Merged(prior, patient) => {
                let prior = vec![self.ii(prior)];
                (Event::Merged(prior), &patient.id, Some(*patient))
            }
            Statement::Withdrawn(id) => (Event::Withdrawn, *id, None),
        };
        let interaction = match event {
            Event::Merged(_) => "urn:hl7-org:v3:PRPA_IN201304UV02",
            _ => "urn:hl7-org:v3:PRPA_IN201302UV02",
        };
        let ids = vec![self.ii(id)];
        let audited = Audited {
            patients: ids.iter().map(Ii::cx).collect(),
            ..Audited::default()
        };
        let body = self.released(patient)?.map(|said| {
            let feed = Feed {
                header: Header::default(),
                event,
                ids,
                others: Vec::new(),
                demographics: said.unwrap_or_default(),
            };
            let id = message_id();
            let reply = Reply {
                id: id.trim_start_matches("urn:uuid:"),
                at: self.now,
                sender: &Ii::new(self.own.as_str(), ""),
                receiver: &Ii::new(self.manager.as_str(), ""),
            };
            let told = feed.event != Event::Withdrawn;
            feed.encode(&reply, told)
        });
        Ok(Request {
            coming: 0,
            transaction: "ITI-44",
            action: interaction,
            body,
            mtom: false,
            audited,
        })
    }

    fn ii(&self, id: &XadPid) -> Ii {
        Ii::new(self.authority.as_str(), id.as_str())
    }

    fn released(&self, patient: Option<&Stated>) -> Result<Released<Option<Demographics>>, Fault> {
        let system = System {
            name: self.manager.as_str().into(),
            queries: true,
            visits: false,
            scope: Scope::Community,
        };
        let one = patient.and_then(|p| p.registrations.first());
        let subjects: Vec<_> = one
            .into_iter()
            .map(|record| subject(record, self.now))
            .collect();
        let refused = |_| Fault::new(Code::SystemMayNotAsk, "the pix-manager");
        let grant = decide_system(&system, &subjects).map_err(refused)?;
        let items = one.into_iter().cloned().map(labelled_record).collect();
        let released = grant.release(items);
        Ok(released.map(|records| records.into_iter().next().map(|r| r.demographics)))
    }
}
