//! ITI-57 Update Document Set (ITI TF-2, 3.57): new versions of metadata, changes of status,
//! associations of their own ([`crate::xds::update`]).

use crate::soap::{Change, Exchange, Handler, Message, Stop, Transaction};
use crate::xds::update;
use tasuki_core::audit::Action;
use tasuki_wire::ebrim::SubmitObjects;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-57",
    title: "Update Document Set",
    actions: &[(
        "urn:ihe:iti:2010:UpdateDocumentSet",
        "urn:ihe:iti:2010:UpdateDocumentSetResponse",
    )],
    bytes_max: 16 * 1024 * 1024,
    attachments_max: 0,
    audit: Action::Import,
    handler: Handler::Feed(read),
};

fn read(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let read = SubmitObjects::decode(message.body)?.read;
    update(exchange, message, read, false)
}
