//! ITI-43 Retrieve Document Set (ITI TF-2, 3.43): documents of our repository by their ids.
//!
//! Each document is resolved to its registration and decided upon by itself. One that is not there
//! and one that is withheld are told in the same words.

mod respond;

pub(crate) use respond::respond_as_gateway;

use crate::soap::{Handler, Transaction};
use tasuki_core::audit::Action;

/// Bytes of one message.
const BYTES_MAX: usize = 1024 * 1024;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-43",
    title: "Retrieve Document Set",
    actions: &[(
        "urn:ihe:iti:2007:RetrieveDocumentSet",
        "urn:ihe:iti:2007:RetrieveDocumentSetResponse",
    )],
    bytes_max: BYTES_MAX,
    // A request has no attachments of its own; MTOM is how it asks for an answer with some.
    attachments_max: BYTES_MAX as u64,
    audit: Action::DocumentView,
    handler: Handler::Query(respond::respond),
};
