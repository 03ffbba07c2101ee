//! ITI-61 Register On-Demand Document Entry (ITI TF-2, 3.61): an entry whose document is made when
//! it is asked for, by a repository elsewhere. The rules are those of every submission but for the
//! type of entry.

use crate::soap::{Change, Exchange, Handler, Message, Stop, Transaction};
use crate::xds::submit::Documents;
use crate::xds::{Submitting, submit};
use tasuki_core::audit::Action;
use tasuki_wire::ebrim::SubmitObjects;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-61",
    title: "Register On-Demand Document Entry",
    actions: &[(
        "urn:ihe:iti:2010:RegisterOnDemandDocumentEntry",
        "urn:ihe:iti:2010:RegisterOnDemandDocumentEntryResponse",
    )],
    bytes_max: 16 * 1024 * 1024,
    attachments_max: 0,
    audit: Action::Import,
    handler: Handler::Feed(read),
};

fn read(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let read = SubmitObjects::decode(message.body)?.read;
    let documents = Documents::elsewhere();
    submit(exchange, message, read, documents, Submitting::OnDemand)
}
