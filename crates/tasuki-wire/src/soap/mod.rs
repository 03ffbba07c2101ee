//! SOAP 1.2 messages (W3C SOAP 1.2 part 1) with WS-Addressing 1.0 (core and SOAP binding), as ITI
//! TF-2 Appendix V uses them: one body element, document/literal, no encoding.
//!
//! [`Envelope::decode`] gives the addressing headers typed, every other header as an element, and
//! the body as an element; [`Outgoing::encode`] writes an answer or a request; [`Fault`] is both
//! read and written. Header blocks for other roles are passed over.
//!
//! Not here: what an action means, who may ask, attachments ([`crate::mtom`]), signatures. Names
//! inside texts (`xsi:type`, fault codes) are read by their local part: the tree keeps no prefixes.

mod addressing;
mod envelope;
mod error;
mod fault;
mod outgoing;
#[cfg(test)]
mod tests;

pub use addressing::{Addressing, Endpoint};
pub use envelope::{Envelope, Header};
pub use error::SoapError;
pub use fault::{Fault, FaultCode, Problem, Subcode};
pub use outgoing::{Outgoing, Reply};

use crate::xml::{Limits, Namespace};

/// SOAP 1.2.
pub const SOAP: Namespace<'static> =
    Namespace::new("soap", "http://www.w3.org/2003/05/soap-envelope");
/// WS-Addressing 1.0.
pub const WSA: Namespace<'static> = Namespace::new("wsa", "http://www.w3.org/2005/08/addressing");
/// The address that means: on the connection of the request.
pub const ANONYMOUS: &str = "http://www.w3.org/2005/08/addressing/anonymous";
/// The address that means: nowhere.
pub const NONE: &str = "http://www.w3.org/2005/08/addressing/none";
/// The action of a fault that WS-Addressing defines.
pub const ADDRESSING_FAULT: &str = "http://www.w3.org/2005/08/addressing/fault";
/// The action of a fault that SOAP defines.
pub const SOAP_FAULT: &str = "http://www.w3.org/2005/08/addressing/soap/fault";
/// Media type of a message without attachments.
pub const MEDIA_TYPE: &str = "application/soap+xml";

/// What an envelope may cost us, attachments not counted; contents inside it (base64) are.
pub const LIMITS: Limits = Limits {
    bytes: 16 * 1024 * 1024,
    depth: 64,
    nodes: 400_000,
    attributes: 64,
};
