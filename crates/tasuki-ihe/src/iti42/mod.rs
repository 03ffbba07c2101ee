//! ITI-42 Register Document Set-b (ITI TF-2, 3.42): a repository elsewhere tells our registry of
//! documents that it keeps. The message and the rules are those of every submission
//! ([`crate::xds::submit`]).

use crate::soap::{Change, Exchange, Handler, Message, Stop, Transaction};
use crate::xds::submit::Documents;
use crate::xds::{Submitting, submit};
use tasuki_core::audit::Action;
use tasuki_wire::ebrim::SubmitObjects;

/// Bytes of one message: metadata of a thousand documents.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-42",
    title: "Register Document Set-b",
    actions: &[(
        "urn:ihe:iti:2007:RegisterDocumentSet-b",
        "urn:ihe:iti:2007:RegisterDocumentSet-bResponse",
    )],
    bytes_max: BYTES_MAX,
    attachments_max: 0,
    audit: Action::Import,
    handler: Handler::Feed(read),
};

fn read(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let read = SubmitObjects::decode(message.body)?.read;
    let documents = Documents::elsewhere();
    submit(exchange, message, read, documents, Submitting::Register)
}
