//! ITI-21 Patient Demographics Query (ITI TF-2 3.21): whom a hospital may mean by a name, a birth
//! date, an ID.
//!
//! One PID per person, with the IDs in the wanted domains; only registrations that are disclosed.
//! A long answer goes on by pointer (DSC) and ends by itself, in time, or by `QCN^J01`.
//!
//! Deliberately not: the pediatric parameters (mother's maiden name, multiple birth), which no
//! registration here has; scores between 0 and 100, for what fits, fits.

mod message;
mod parameters;
mod respond;
mod write;

pub use message::{Continuation, PdqQuery};
pub(crate) use respond::{Kind, found, respond_as, told};
pub(crate) use write::Line;

use crate::exchange::{Answer, Exchange, Stop};
use crate::transaction::{Handler, MESSAGE_BYTES_MAX, Transaction};
use tasuki_core::audit::Action;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-21",
    title: "Patient Demographics Query",
    messages: &[("QBP", "Q22")],
    bytes_max: MESSAGE_BYTES_MAX,
    audit: Action::PatientSearch,
    handler: Handler::Query(respond),
};

/// The end of a query before its answer has ended (ITI TF-2 3.21.4.3).
pub const CANCEL: Transaction = Transaction {
    id: "ITI-21/22 cancel",
    title: "Cancel Query",
    messages: &[("QCN", "J01")],
    bytes_max: MESSAGE_BYTES_MAX,
    audit: Action::PatientSearch,
    handler: Handler::Query(respond::cancel),
};

fn respond(exchange: &Exchange<'_>) -> Result<Answer, Stop> {
    respond_as(exchange, &Kind::DEMOGRAPHICS)
}
