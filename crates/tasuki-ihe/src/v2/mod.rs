//! What every HL7 v2 transaction shares: the header, identifiers, problems with their places, the
//! beginning of a reply.

mod header;
mod identifier;
mod problem;
mod reply;

pub(crate) use header::Header;
pub use identifier::StatedId;
pub use problem::{Place, Problem, Severity};
pub(crate) use reply::{Reply, ReplyCharset};
