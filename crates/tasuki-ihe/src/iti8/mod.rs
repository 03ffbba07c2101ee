//! ITI-8 Patient Identity Feed (ITI TF-2 3.8): a hospital states who its patients are.
//!
//! `A01`, `A04`, `A05`, `A08` and `A31` make a registration or bring its demographics up to date;
//! `A40` merges two IDs of one assigning authority. The same messages feed the cross-reference
//! manager and the document registry. What is stated is taken together with its audit event or not
//! at all, and persons are up to date before the acknowledgement.
//!
//! Deliberately not: linking. Two IDs in one PID-3 are what one source believes; whether they are
//! one person is for the identity engine and for people. Nor does a feed disclose anybody.

mod message;
mod respond;

pub use message::{Event, Feed};
pub(crate) use respond::take;

use crate::transaction::{Handler, MESSAGE_BYTES_MAX, Transaction};
use tasuki_core::audit::Action;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-8",
    title: "Patient Identity Feed",
    messages: &[
        ("ADT", "A01"),
        ("ADT", "A04"),
        ("ADT", "A05"),
        ("ADT", "A08"),
        ("ADT", "A31"),
        ("ADT", "A40"),
    ],
    bytes_max: MESSAGE_BYTES_MAX,
    audit: Action::Identity,
    handler: Handler::Feed(respond::respond),
};
