//! ITI-10 PIX Update Notification (ITI TF-2 3.10): a consumer is told when the identifiers of a
//! person change.
//!
//! Here we are the one who sends. What has to be told waits in the store, one row a registration, so
//! that the newest state wins and nothing is lost while a consumer is away. A message tells the
//! identifiers as they are at the moment it is made, released anew; a registration that is not
//! disclosed stands in none. Connections, retries and their pauses are the node's.

mod ask;
mod message;

pub use ask::{Consumer, Notice, NoticeId, Taken};

use crate::transaction::{Handler, MESSAGE_BYTES_MAX, Transaction};
use tasuki_core::audit::Action;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-10",
    title: "PIX Update Notification",
    messages: &[("ADT", "A31")],
    bytes_max: MESSAGE_BYTES_MAX,
    audit: Action::Identity,
    handler: Handler::Sent,
};
