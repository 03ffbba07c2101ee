//! ITI-46 PIXV3 Update Notification (ITI TF-2 3.46): the pix-manager of the network tells a community
//! that a person has other IDs elsewhere now. What is told takes the place of what was answered last
//! (`known_elsewhere`); it carries no demographics and makes no link.
//!
//! The message is that of ITI-44 for a revised patient, and its action too; what tells them apart is
//! the address, so this transaction has a registry of its own.

mod tell;

pub use tell::notify;

use crate::soap::{Change, Exchange, Handler, Message, Stated, Stop, Transaction};
use crate::v3::{Replying, unreadable};
use crate::xds::Registry;
use tasuki_core::Code;
use tasuki_core::audit::Action;
use tasuki_core::directory::Directory;
use tasuki_core::ports::{KnownElsewhere, Writing};
use tasuki_model::{CommunityId, LocalPatientId, Registration, XadPid};
use tasuki_wire::hl7v3::{Event, Feed, Ii};

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-46",
    title: "PIXV3 Update Notification",
    actions: &[(
        "urn:hl7-org:v3:PRPA_IN201302UV02",
        "urn:hl7-org:v3:MCCI_IN000002UV01",
    )],
    bytes_max: 256 * 1024,
    attachments_max: 0,
    audit: Action::Identity,
    handler: Handler::Feed(read),
};

/// What is taken at the address of notifications.
pub const NOTIFICATIONS: &[Transaction] = &[TRANSACTION];

struct Read(Feed);

fn read(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let feed = Feed::decode(message.body).map_err(unreadable)?;
    message.audited.patients = feed.ids.iter().map(Ii::cx).collect();
    let directory = exchange.network.members.directory();
    let caller = exchange.caller.caller().community();
    let manager = |d: &Directory| d.managers().any(|c| c.home_community_id == *caller);
    if feed.event != Event::Revised || !directory.is_some_and(|d| manager(&d)) {
        let problem = crate::soap::Problem::new(Code::SystemMayNotAsk, "pix_manager");
        return Err(problem.into());
    }
    Ok(Box::new(Read(feed)))
}

impl Change for Read {
    fn write(&self, exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop> {
        let registry = Registry::of(exchange.network)?;
        let directory = exchange.network.members.directory();
        let others = directory
            .iter()
            .flat_map(|d| elsewhere(d, &registry.home, &self.0.ids));
        let known = KnownElsewhere {
            ids: others.collect(),
            answered: exchange.now,
        };
        let own = |id: &&Ii| id.root == registry.authority.as_str();
        let mut items = 0;
        for id in self.0.ids.iter().filter(own) {
            // An ID that we never issued is nobody's, and is kept for nobody.
            if let Ok(id) = XadPid::new(&id.extension)
                && tx.person_of_xad_pid(&id)?.is_some()
            {
                tx.put_known_elsewhere(&id, &known)?;
                items += 1;
            }
        }
        let replying = Replying::to(&self.0.header, exchange.now)?;
        Ok(Stated {
            body: replying.acknowledge("CA", Vec::new()),
            items,
            patients: Vec::new(),
            settles: false,
        })
    }
}

/// The IDs that other communities of the directory issued; those of anybody else are passed over.
fn elsewhere(directory: &Directory, own: &CommunityId, ids: &[Ii]) -> Vec<Registration> {
    let known = |id: &Ii| {
        let mut others = directory.others(own);
        let issued = others.find(|c| c.patient_authority.as_str() == id.root)?;
        Some(Registration {
            authority: issued.patient_authority.clone(),
            local_id: LocalPatientId::new(&id.extension).ok()?,
        })
    };
    ids.iter().filter_map(known).collect()
}
