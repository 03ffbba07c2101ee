//! ITI-38 Cross Gateway Query (ITI TF-2 3.38): what another community holds of a patient.
//!
//! Here so far: the initiating side.

mod ask;
mod check;
mod query;

pub use ask::{Documents, ask};
pub use check::RemoteEntry;

/// `wsa:Action` of the request and of its answer.
pub(crate) const QUERY: (&str, &str) = (
    "urn:ihe:iti:2007:CrossGatewayQuery",
    "urn:ihe:iti:2007:CrossGatewayQueryResponse",
);
