//! ITI-38 Cross Gateway Query (ITI TF-2 3.38): what another community holds of a patient, and what
//! we tell others.

mod ask;
mod check;
mod query;
mod respond;

pub use ask::{Documents, ask};
pub use check::RemoteEntry;
pub(crate) use check::same_patient;

use crate::soap::{Handler, Transaction};
use tasuki_core::audit::Action;

/// `wsa:Action` of the request and of its answer.
pub(crate) const QUERY: (&str, &str) = (
    "urn:ihe:iti:2007:CrossGatewayQuery",
    "urn:ihe:iti:2007:CrossGatewayQueryResponse",
);

/// The responding side.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-38",
    title: "Cross Gateway Query",
    actions: &[QUERY],
    bytes_max: 1024 * 1024,
    attachments_max: 0,
    audit: Action::DocumentView,
    handler: Handler::Query(respond::respond),
};
