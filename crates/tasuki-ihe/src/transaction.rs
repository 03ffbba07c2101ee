//! The registry: every transaction, what it is called, what it takes, what it leaves behind.

use crate::exchange::{Answer, Exchange, Stated, Stop};
use crate::{iti8, iti9, iti10, iti21, iti22, iti64};
use tasuki_core::audit::Action;
use tasuki_core::ports::Writing;

/// Bytes of one message. A registration is a few kilobytes.
pub const MESSAGE_BYTES_MAX: usize = 1024 * 1024;

/// Takes a feed in a writing transaction.
pub(crate) type Feeding = fn(&Exchange<'_>, &dyn Writing) -> Result<Stated, Stop>;
/// Answers a query.
pub(crate) type Answering = fn(&Exchange<'_>) -> Result<Answer, Stop>;

/// What answers a transaction.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    /// Something is stated: written together with its audit event.
    Feed(Feeding),
    /// Something is asked: what is found is released, audited, sent.
    Query(Answering),
    /// We are the one who sends.
    Sent,
}

/// On which side of a transaction we stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Others send, we answer.
    Answers,
    /// We send.
    Asks,
}

/// One transaction.
#[derive(Clone, Copy)]
pub struct Transaction {
    /// Its number, such as `ITI-8`.
    pub id: &'static str,
    /// Its name in the framework.
    pub title: &'static str,
    /// The messages it takes, or sends: MSH-9.1 and MSH-9.2.
    pub messages: &'static [(&'static str, &'static str)],
    /// Bytes of one message.
    pub bytes_max: usize,
    /// What the audit trail calls it.
    pub audit: Action,
    pub(crate) handler: Handler,
}

impl Transaction {
    /// On which side we stand.
    #[must_use]
    pub fn side(&self) -> Side {
        match self.handler {
            Handler::Feed(_) | Handler::Query(_) => Side::Answers,
            Handler::Sent => Side::Asks,
        }
    }

    /// The transaction that a message belongs to.
    pub(crate) fn of(code: &str, trigger: &str) -> Option<&'static Self> {
        TRANSACTIONS
            .iter()
            .filter(|t| t.side() == Side::Answers)
            .find(|t| t.messages.contains(&(code, trigger)))
    }

    /// Whether any transaction takes messages of this type at all.
    pub(crate) fn takes(code: &str) -> bool {
        TRANSACTIONS
            .iter()
            .filter(|t| t.side() == Side::Answers)
            .any(|t| t.messages.iter().any(|(known, _)| *known == code))
    }
}

/// Every transaction, in the order of the framework.
pub const TRANSACTIONS: &[Transaction] = &[
    iti8::TRANSACTION,
    iti9::TRANSACTION,
    iti10::TRANSACTION,
    iti21::TRANSACTION,
    iti22::TRANSACTION,
    iti21::CANCEL,
    iti64::TRANSACTION,
];
