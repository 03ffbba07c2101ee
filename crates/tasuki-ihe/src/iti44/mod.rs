//! ITI-44 Patient Identity Feed HL7 V3 (ITI TF-2 3.44): a system of our community states who its
//! patients are. What is stated is taken as ITI-8 takes it, with the same refusals; what is wrong is
//! told in the details of the acknowledgement.
//!
//! The pix-manager of a network takes the same messages from the nodes of its communities, each for
//! its own community's IDs; what is stated to it is disclosed, until it is withdrawn. The asking
//! side, by which a node feeds the manager, is [`feed`].

mod plan;
mod statement;
mod tell;

pub use tell::{Told, feed};

use crate::exchange::{Stated as Taken, Stating, Stop as V2Stop};
use crate::iti8;
use crate::manager::member_facility;
use crate::soap::{Change, Exchange, Handler, Message, Stated, Stop, Transaction};
use crate::v2::{Place, Problem};
use crate::v3::{Replying, details, stated, unreadable};
use std::collections::BTreeSet;
use tasuki_core::Code;
use tasuki_core::audit::Action;
use tasuki_core::ports::Writing;
use tasuki_model::{FacilityId, JstTime, LocalPatientId};
use tasuki_wire::hl7v3::{Event, Feed, Ii};

const ACKNOWLEDGED: &str = "urn:hl7-org:v3:MCCI_IN000002UV01";

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-44",
    title: "Patient Identity Feed HL7 V3",
    actions: &[
        ("urn:hl7-org:v3:PRPA_IN201301UV02", ACKNOWLEDGED),
        ("urn:hl7-org:v3:PRPA_IN201302UV02", ACKNOWLEDGED),
        ("urn:hl7-org:v3:PRPA_IN201304UV02", ACKNOWLEDGED),
    ],
    bytes_max: 256 * 1024,
    attachments_max: 0,
    audit: Action::Identity,
    handler: Handler::Feed(read),
};

/// A feed that has been read.
struct Read {
    feed: Feed,
    meant: iti8::Feed,
}

fn read(_: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let feed = Feed::decode(message.body).map_err(unreadable)?;
    message.audited.patients = feed.ids.iter().map(Ii::cx).collect();
    let all = |ids: &[_], element| {
        let numbered = ids.iter().enumerate();
        numbered.map(|(n, id)| stated(id, element, n)).collect()
    };
    let event = match &feed.event {
        Event::Added | Event::Revised | Event::Withdrawn => iti8::Event::Revised,
        Event::Merged(prior) => {
            let prior_ids: Vec<_> = prior.iter().map(Ii::cx).collect();
            message.audited.patients.extend(prior_ids);
            iti8::Event::Merged(all(prior, "priorRegisteredRole"))
        }
    };
    let mut demographics = feed.demographics.clone();
    if let iti8::Event::Merged(_) = event {
        // A merge says which IDs are one; a name in it is often none (IHE's own example).
        demographics = tasuki_model::Demographics::default();
    }
    let meant = iti8::Feed {
        event,
        ids: all(&feed.ids, "patient"),
        demographics,
        deleted: Vec::new(),
        visit: None,
        stated: JstTime::parse_hl7(&feed.header.created).ok(),
    };
    message.audited.detail = feed.header.interaction.clone();
    Ok(Box::new(Read { feed, meant }))
}

impl Change for Read {
    fn write(&self, exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop> {
        let replying = Replying::to(&self.feed.header, exchange.now)?;
        match self.take(exchange, tx) {
            Ok(taken) => Ok(Stated {
                body: replying.acknowledge("CA", details(&taken.warnings)),
                items: taken.patients.len() as u64,
                patients: taken.patients,
                settles: true,
            }),
            Err(V2Stop::Fault(fault)) => Err(fault.into()),
            Err(V2Stop::Wrong(problems)) => Err(Stop::Refused {
                body: replying.acknowledge("CE", details(&problems)),
                code: problems.first().map_or(Code::InternalFault, |p| p.code),
            }),
        }
    }
}

impl Read {
    fn take(&self, exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Taken, V2Stop> {
        let system = exchange.caller.system();
        let community = exchange.caller.caller().community();
        let managed = exchange.network.pix_manager && system.is_none();
        let feeds: BTreeSet<FacilityId> = match system {
            Some(system) => system.feeds.clone(),
            None if managed => member_facility(community).into_iter().collect(),
            None => BTreeSet::new(),
        };
        if managed && self.feed.event == Event::Withdrawn {
            return self.withdraw(&feeds, tx);
        }
        let domains = exchange.network.domains()?;
        let stating = Stating {
            feeds: &feeds,
            name: system.map_or(community.as_str(), |system| &system.system.name),
            transaction: "ITI-44 merge",
            message: &self.feed.header.id.root,
            domains: &domains,
            now: exchange.now,
        };
        let named = !self.meant.demographics.name.display().trim().is_empty();
        if self.meant.event == iti8::Event::Revised && !named {
            return Err(missing_name().into());
        }
        let taken = iti8::take(&stating, &self.meant, tx)?;
        if managed && self.meant.event == iti8::Event::Revised {
            for patient in &taken.patients {
                tx.set_disclosed(patient, true)?;
            }
        }
        Ok(taken)
    }

    /// A community no longer states somebody: nobody is told of that ID from now on. One that is
    /// not known is withdrawn already.
    fn withdraw(&self, feeds: &BTreeSet<FacilityId>, tx: &dyn Writing) -> Result<Taken, V2Stop> {
        let mut taken = Taken::default();
        for facility in feeds {
            for id in &self.feed.ids {
                let Ok(local) = LocalPatientId::new(&id.extension) else {
                    continue;
                };
                if let Some(known) = tx.find_registration(facility, &local)? {
                    tx.set_disclosed(&known.patient_key, false)?;
                    taken.patients.push(known.patient_key);
                }
            }
        }
        Ok(taken)
    }
}

fn missing_name() -> Problem {
    Problem::error(Code::V3Missing, Place::segment("patient"))
}
