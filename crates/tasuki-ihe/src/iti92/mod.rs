//! ITI-92 Restricted Update Document Set (ITI TF-2, 3.92): an entry's descriptive metadata, by a
//! system that is not the one that owns it. What binds an entry to patient and document stays.

use crate::soap::{Change, Exchange, Handler, Message, Stop, Transaction};
use crate::xds::update;
use tasuki_core::audit::Action;
use tasuki_wire::ebrim::SubmitObjects;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-92",
    title: "Restricted Update Document Set",
    actions: &[(
        "urn:ihe:iti:2018:RestrictedUpdateDocumentSet",
        "urn:ihe:iti:2018:RestrictedUpdateDocumentSetResponse",
    )],
    bytes_max: 16 * 1024 * 1024,
    attachments_max: 0,
    audit: Action::Import,
    handler: Handler::Feed(read),
};

fn read(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let read = SubmitObjects::decode(message.body)?.read;
    update(exchange, message, read, true)
}
