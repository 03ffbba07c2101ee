//! ITI-44 Patient Identity Feed HL7 V3 (ITI TF-2 3.44): a system of our community states who its
//! patients are. What is stated is taken as ITI-8 takes it, with the same refusals; what is wrong is
//! told in the details of the acknowledgement.

use crate::exchange::{Stated as Taken, Stating, Stop as V2Stop};
use crate::iti8;
use crate::soap::{Change, Exchange, Handler, Message, Stated, Stop, Transaction};
use crate::v2::{Place, Problem};
use crate::v3::{Replying, details, stated, unreadable};
use std::collections::BTreeSet;
use tasuki_core::Code;
use tasuki_core::audit::Action;
use tasuki_core::ports::Writing;
use tasuki_model::{FacilityId, JstTime};
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
        Event::Added | Event::Revised => iti8::Event::Revised,
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
        let nothing: BTreeSet<FacilityId> = BTreeSet::new();
        let system = exchange.caller.system();
        let domains = exchange.network.domains()?;
        let stating = Stating {
            feeds: system.map_or(&nothing, |system| &system.feeds),
            name: system.map_or("", |system| &system.system.name),
            transaction: "ITI-44 merge",
            message: &self.feed.header.id.root,
            domains: &domains,
            now: exchange.now,
        };
        let named = !self.meant.demographics.name.display().trim().is_empty();
        if self.meant.event == iti8::Event::Revised && !named {
            return Err(missing_name().into());
        }
        iti8::take(&stating, &self.meant, tx)
    }
}

fn missing_name() -> Problem {
    Problem::error(Code::V3Missing, Place::segment("patient"))
}
