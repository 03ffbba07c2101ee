//! ITI-64 Notify XAD-PID Link Change (ITI TF-2 3.64): a hospital's patient ID goes over to another
//! patient of the affinity domain, or is merged into another ID of that hospital. What was registered
//! for it follows as new versions ([`crate::xds::update`]), a merge is the one of ITI-8 A40; both are
//! taken together with the audit event or not at all.
//!
//! Deliberately not: links between registrations under the patient ids that this community issues
//! itself. Who is one person is decided by the identity engine and by people, and a feed that says
//! otherwise is refused.

mod message;
mod parties;
mod respond;

pub use message::LinkChange;

use crate::transaction::{Handler, MESSAGE_BYTES_MAX, Transaction};
use tasuki_core::audit::Action;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-64",
    title: "Notify XAD-PID Link Change",
    messages: &[("ADT", "A43")],
    bytes_max: MESSAGE_BYTES_MAX,
    audit: Action::Identity,
    handler: Handler::Feed(respond::respond),
};
