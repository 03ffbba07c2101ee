//! Audit messages between systems: the `AuditMessage` of DICOM PS3.15 A.5 (with `PurposeOfUse` of
//! ITI TF-2 3.20.7.8), and the syslog frame it travels in (RFC 5424, RFC 5425; ITI TF-2 3.20).
//!
//! What an event says is not decided here: see `tasuki_ihe::atna`.

mod decode;
mod encode;
mod error;
mod message;
pub mod syslog;
#[cfg(test)]
mod tests;

pub use error::AtnaError;
pub use message::{Access, Coded, Detail, Message, Object, Outcome, Participant, Source};

use crate::xml::Limits;

/// What one message may cost a receiver.
pub const LIMITS: Limits = Limits {
    bytes: 256 * 1024,
    depth: 16,
    nodes: 20_000,
    attributes: 24,
};
