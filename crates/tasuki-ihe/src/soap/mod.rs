//! Transactions over SOAP 1.2 (ITI TF-2 Appendix V): what each of them is, and the one pipeline
//! around all of them. The counterpart for HL7 v2 is `pipeline.rs`.
//!
//! - [`TRANSACTIONS`]: the registry. A transaction gives its id, its actions, its limits and a
//!   handler, and everything else follows from that line.
//! - `pipeline`: limits → caller → envelope → transaction → audit → answer.
//! - [`Members`]: who may speak, by the certificate of the connection.
//!
//! - [`Asking`]: the other way round, our requests to others.
//!
//! No sockets: a message comes in as an [`Arrived`] and goes out as an [`Answered`].

mod asking;
mod awaited;
mod enclose;
mod ended;
mod event;
mod exchange;
mod fault;
mod members;
mod pipeline;
mod replies;
mod run;
mod seen;
mod transaction;

pub use asking::{Asked, Asking, Received, Recipient, Unanswered};
pub(crate) use awaited::Awaited;
pub use enclose::{Enclosed, Enclosing};
pub use exchange::{Answer, Audited, Change, Exchange, Message, Reply, Stated, Stop};
pub use fault::Problem;
pub use members::{Credentials, Members, SoapPeer, Verified};
pub(crate) use pipeline::message_id;
pub use pipeline::{Answered, Arrived};
pub(crate) use seen::Seen;
pub use transaction::{Answering, Feeding, Handler, TRANSACTIONS, Transaction};
