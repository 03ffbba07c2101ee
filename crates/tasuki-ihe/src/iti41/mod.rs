//! ITI-41 Provide and Register Document Set-b (ITI TF-2, 3.41): documents with their metadata.
//! Registry and repository are one process here, so both are told in one transaction: a document is
//! kept and registered, or neither.

use crate::soap::{Change, Exchange, Handler, Message, Stop, Transaction};
use crate::xds::submit::Documents;
use crate::xds::{Submitting, submit};
use tasuki_core::audit::Action;
use tasuki_core::ports::Incoming;
use tasuki_wire::ebrim::{EbrimError, SubmitObjects, names};
use tasuki_wire::mtom::Content;

/// Bytes of the envelope; contents inside it are base64.
const BYTES_MAX: usize = 16 * 1024 * 1024;
/// Bytes of the message with its attachments.
const ATTACHMENTS_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// Documents of one message.
const DOCUMENTS_MAX: usize = 1_000;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-41",
    title: "Provide and Register Document Set-b",
    actions: &[(
        "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
        "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse",
    )],
    bytes_max: BYTES_MAX,
    attachments_max: ATTACHMENTS_MAX,
    audit: Action::Import,
    handler: Handler::Feed(read),
};

fn read(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let body = message.body;
    let name = "ProvideAndRegisterDocumentSetRequest";
    if *body.name != *name || *body.namespace != *names::XDS.uri {
        return Err(EbrimError::Unexpected {
            expected: name,
            found: body.name.chars().take(60).collect(),
        }
        .into());
    }
    let mut parts = body.elements();
    let submission = parts.find(|e| *e.namespace == *names::LCM.uri);
    let what = "lcm:SubmitObjectsRequest";
    let submission = submission.ok_or(EbrimError::Missing { what })?;
    let read = SubmitObjects::decode(submission)?.read;
    let mut documents = Vec::new();
    for element in body.all("Document") {
        if documents.len() >= DOCUMENTS_MAX {
            let (what, limit) = ("documents", DOCUMENTS_MAX);
            return Err(EbrimError::TooMany { what, limit }.into());
        }
        let what = "the id of a document";
        let id = element
            .attribute("id")
            .ok_or(EbrimError::Missing { what })?;
        let content = match message.attachments.take(element)? {
            Content::Inline(bytes) => Incoming::Here(bytes),
            Content::Part(part) => part,
        };
        documents.push((id.to_owned(), content));
    }
    let documents = Documents::carried(documents);
    submit(exchange, message, read, documents, Submitting::Provide)
}
