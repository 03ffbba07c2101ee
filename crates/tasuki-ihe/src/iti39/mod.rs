//! ITI-39 Cross Gateway Retrieve (ITI TF-2 3.39): documents of another community.
//!
//! Here so far: the initiating side.

mod ask;

pub use ask::{Fetched, Wanted, ask};

/// `wsa:Action` of the request and of its answer.
pub(crate) const RETRIEVE: (&str, &str) = (
    "urn:ihe:iti:2007:CrossGatewayRetrieve",
    "urn:ihe:iti:2007:CrossGatewayRetrieveResponse",
);
