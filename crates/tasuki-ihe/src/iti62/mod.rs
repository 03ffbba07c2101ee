//! ITI-62 Remove Metadata (ITI TF-2, 3.62): objects of the registry by id, so that nothing that is
//! left refers to what is gone, or belongs to nothing. All of them or none.
//!
//! A document that is ours is sealed away with its entry: without one nobody could say any more to
//! whom it may be given. Rows that a hospital's storage brought are removed there, not here.

mod check;

use crate::soap::{Change, Exchange, Handler, Message, Stated, Stop, Transaction};
use crate::xds::{Registry, registry_response};
use tasuki_core::audit::Action;
use tasuki_core::policy::may_submit;
use tasuki_core::ports::{Reading, Writing};
use tasuki_wire::ebrim::RemoveObjects;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-62",
    title: "Remove Metadata",
    actions: &[(
        "urn:ihe:iti:2010:DeleteDocumentSet",
        "urn:ihe:iti:2010:DeleteDocumentSetResponse",
    )],
    bytes_max: 1024 * 1024,
    attachments_max: 0,
    audit: Action::Import,
    handler: Handler::Feed(read),
};

struct Removal(RemoveObjects);

fn read(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let asked = RemoveObjects::decode(message.body)?;
    message.audited.objects.clone_from(&asked.ids);
    let registry = Registry::of(exchange.network)?;
    may_submit(exchange.caller.caller(), &registry.home)?;
    Ok(Box::new(Removal(asked)))
}

impl Change for Removal {
    fn write(&self, exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop> {
        let reading: &dyn Reading = tx;
        let feeds = exchange.caller.system().map(|system| &system.feeds);
        let going = crate::xds::ended(check::objects(reading, feeds, &self.0.ids))?;
        let mut patients = Vec::new();
        let items = going.len() as u64;
        for (id, patient) in going {
            tx.remove_content(&id, exchange.now)?;
            tx.remove_metadata(&id)?;
            if !patients.contains(&patient) {
                patients.push(patient);
            }
        }
        Ok(Stated {
            body: registry_response(&[]),
            patients,
            items,
            settles: false,
        })
    }
}
