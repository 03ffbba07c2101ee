//! ITI-9 PIX Query (ITI TF-2 3.9): which IDs other facilities have for a patient.
//!
//! Identifiers only, and only those that are disclosed. An ID that is unknown, undisclosed or
//! merged away is answered in the same way, so that nobody learns more than that it is of no use.

mod message;
mod respond;

pub use message::PixQuery;
pub(crate) use message::write_identifiers;
pub(crate) use respond::found;

use crate::transaction::{Handler, MESSAGE_BYTES_MAX, Transaction};
use tasuki_core::audit::Action;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-9",
    title: "PIX Query",
    messages: &[("QBP", "Q23")],
    bytes_max: MESSAGE_BYTES_MAX,
    audit: Action::PatientSearch,
    handler: Handler::Query(respond::respond),
};
