//! What a transaction over SOAP is given, and what it gives back.

use super::enclose::{Enclosed, Enclosing};
use super::fault::Problem;
use super::members::Verified;
use super::transaction::Transaction;
use crate::network::Network;
use tasuki_core::audit::{AuditedDocument, AuditedQuery};
use tasuki_core::policy::Refusal;
use tasuki_core::ports::{Incoming, Writing};
use tasuki_core::{Code, Fault, Released};
use tasuki_model::{Instant, PatientKey};
use tasuki_wire::mtom::{Attachments, MtomError};
use tasuki_wire::soap::Envelope;
use tasuki_wire::xml::{Document, Element};

/// One message of a verified caller.
pub struct Exchange<'a> {
    /// What every transaction shares.
    pub network: &'a Network,
    /// Which transaction this is.
    pub transaction: &'static Transaction,
    /// The message: its addressing, its other headers. The body comes in [`Message`] too.
    pub envelope: &'a Envelope,
    /// Who asks.
    pub caller: &'a Verified,
    /// How contents go into the answer.
    pub enclosing: Enclosing<'a>,
    /// When it came.
    pub now: Instant,
}

/// The content of a message, to be taken apart.
pub struct Message<'a> {
    /// The body element.
    pub body: &'a Element,
    /// The parts beside the envelope. Every one has to be taken, or the message is refused.
    pub attachments: &'a mut Attachments<Incoming>,
    /// What the audit trail is told of it, also where it is refused.
    pub audited: &'a mut Audited,
}

/// What a transaction says of a message to the audit trail: as it stood on the wire.
#[derive(Debug, Clone, Default)]
pub struct Audited {
    /// Patient IDs (CX).
    pub patients: Vec<String>,
    /// What was asked.
    pub query: Option<AuditedQuery>,
    /// Documents sent or fetched.
    pub documents: Vec<AuditedDocument>,
    /// Unique ids of submission sets.
    pub submission_sets: Vec<String>,
    /// Objects to be removed, by their ids.
    pub objects: Vec<String>,
    /// In words.
    pub detail: String,
}

/// A feed that has been read and checked, and is yet to be written.
pub trait Change: Send + Sync {
    /// Writes it. May be run again after a serialisation failure; has no effect outside `tx`.
    ///
    /// # Errors
    /// [`Stop`]; nothing of it is written then.
    fn write(&self, exchange: &Exchange<'_>, tx: &dyn Writing) -> Result<Stated, Stop>;
}

/// A feed that was taken.
pub struct Stated {
    /// The body of the answer: an acknowledgement, nothing of a patient.
    pub body: Document,
    /// Registrations it changed or brought something for.
    pub patients: Vec<PatientKey>,
    /// How many items came.
    pub items: u64,
    /// Whether it may have changed who is who: identity is settled before the answer.
    pub settles: bool,
}

/// An answer to a query.
pub struct Answer {
    /// What was released.
    pub reply: Released<Reply>,
    /// Why it is not, or not all, what was asked for.
    pub code: Option<Code>,
}

/// The body of an answer, and the contents that it refers to in the order of their numbers.
pub struct Reply {
    /// The body element.
    pub body: Document,
    /// Contents that [`Enclosing::write`] has put a reference to into the body.
    pub enclosed: Vec<Enclosed>,
}

impl From<Document> for Reply {
    fn from(body: Document) -> Self {
        Self {
            body,
            enclosed: Vec::new(),
        }
    }
}

/// Why a transaction ends without what was asked for.
#[derive(Debug)]
pub enum Stop {
    /// Refused in the transaction's own words: a `RegistryResponse`, an acknowledgement. It tells
    /// nothing of a patient that the caller may not know.
    Refused {
        /// The body of the answer.
        body: Document,
        /// Why, for the audit trail.
        code: Code,
    },
    /// Refused by a SOAP fault: the message is wrong, or not allowed.
    Wrong(Problem),
    /// Ours.
    Fault(Fault),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Wrong(problem)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Wrong(refusal.into())
    }
}

impl From<MtomError> for Stop {
    fn from(error: MtomError) -> Self {
        Self::Wrong(error.into())
    }
}
