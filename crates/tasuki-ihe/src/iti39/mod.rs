//! ITI-39 Cross Gateway Retrieve (ITI TF-2 3.39): documents of another community, and ours for
//! others: as ITI-43, each asked for in our home community.

mod ask;

pub use ask::{Fetched, Wanted, ask};
pub(crate) use ask::{one, parts, size, together};

use crate::iti43;
use crate::soap::{Handler, Transaction};

/// `wsa:Action` of the request and of its answer.
pub(crate) const RETRIEVE: (&str, &str) = (
    "urn:ihe:iti:2007:CrossGatewayRetrieve",
    "urn:ihe:iti:2007:CrossGatewayRetrieveResponse",
);

/// The responding side.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-39",
    title: "Cross Gateway Retrieve",
    actions: &[RETRIEVE],
    handler: Handler::Query(iti43::respond_as_gateway),
    ..iti43::TRANSACTION
};
