//! The registry: every transaction over SOAP.

use super::exchange::{Answer, Change, Exchange, Message, Stop};
use crate::transaction::Side;
use crate::{
    iti18, iti38, iti39, iti41, iti42, iti43, iti44, iti45, iti46, iti47, iti55, iti57, iti61,
    iti62, iti86, iti92, statement,
};
use tasuki_core::audit::Action;

/// Reads what is stated. It is written afterwards, in one transaction with its audit event.
pub type Feeding = fn(&Exchange<'_>, &mut Message<'_>) -> Result<Box<dyn Change>, Stop>;
/// Reads what is asked and answers it.
pub type Answering = fn(&Exchange<'_>, &mut Message<'_>) -> Result<Answer, Stop>;

/// What answers a transaction.
#[derive(Clone, Copy)]
pub enum Handler {
    /// Something is stated.
    Feed(Feeding),
    /// Something is asked: what is found is released, audited, sent.
    Query(Answering),
    /// We are the one who sends.
    Sent,
}

/// One transaction.
#[derive(Clone, Copy)]
pub struct Transaction {
    /// Its number, such as `ITI-18`.
    pub id: &'static str,
    /// Its name in the framework.
    pub title: &'static str,
    /// `wsa:Action` of each request it takes or sends, and of the answer to it.
    pub actions: &'static [(&'static str, &'static str)],
    /// Bytes of one envelope, contents inside it included.
    pub bytes_max: usize,
    /// Bytes of one message with its attachments; 0 where it takes none.
    pub attachments_max: u64,
    /// What the audit trail calls it.
    pub audit: Action,
    /// What answers it.
    pub handler: Handler,
}

impl Transaction {
    /// On which side we stand.
    #[must_use]
    pub const fn side(&self) -> Side {
        match self.handler {
            Handler::Feed(_) | Handler::Query(_) => Side::Answers,
            Handler::Sent => Side::Asks,
        }
    }

    /// Whether a node sends it of itself: no user feeds identities, notifies of them or states anything to
    /// another Tasuki.
    pub(crate) fn is_by_node(&self) -> bool {
        matches!(self.id, "ITI-44" | "ITI-46" | "TASUKI-1")
    }

    /// The transaction that takes an action, and the action of its answer.
    pub(crate) fn of(
        registry: &'static [Self],
        action: &str,
    ) -> Option<(&'static Self, &'static str)> {
        let mut taken = registry.iter().filter(|t| t.side() == Side::Answers);
        taken.find_map(|transaction| {
            let mut actions = transaction.actions.iter();
            let found = actions.find(|(asked, _)| *asked == action);
            found.map(|(_, answer)| (transaction, *answer))
        })
    }
}

/// Every transaction over SOAP, in the order of the framework.
pub const TRANSACTIONS: &[Transaction] = &[
    iti18::TRANSACTION,
    iti38::TRANSACTION,
    iti39::TRANSACTION,
    iti41::TRANSACTION,
    iti42::TRANSACTION,
    iti43::TRANSACTION,
    iti44::TRANSACTION,
    iti45::TRANSACTION,
    iti46::TRANSACTION,
    iti47::TRANSACTION,
    iti18::MULTI_PATIENT,
    iti55::TRANSACTION,
    iti57::TRANSACTION,
    iti61::TRANSACTION,
    iti62::TRANSACTION,
    iti86::TRANSACTION,
    iti92::TRANSACTION,
    statement::TRANSACTION,
];
