//! SAML 2.0 assertions as IHE XUA uses them (OASIS SAML core; ITI TF-2 3.40; WS-Security SAML token
//! profile 1.1): issued for our users, and verified from peers.
//!
//! - [`Assertion`]: what one says, typed.
//! - [`verify`]: the one assertion in a message's security header, against what is known of the peer
//!   before anything of the message is believed ([`Trust`]).
//! - [`issue`]: one of ours, signed; [`security_header`] puts it into a header block.
//!
//! Exactly one assertion is accepted, at `Envelope/Header/Security/Assertion`, signed over all of
//! itself ([`crate::dsig`]), and only it is read. What is said twice (a role, a purpose, an
//! authentication) is refused: no reader may choose. Encrypted assertions and proof of possession
//! are not supported; the connection has proven who the peer is. Replay is not judged here.

mod assertion;
mod decode;
mod error;
mod issue;
#[cfg(test)]
mod tests;
mod verify;

pub use crate::dsig::{
    DsigError, PlainSignature, SigningKey, VerifyingKey, sign_plain, verify_plain,
};
pub use assertion::{Assertion, Concept, Moment};
pub use error::SamlError;
pub use issue::{Issuing, issue, security_header};
pub use verify::{Trust, verify, verify_alone};

use crate::xml::{Limits, Namespace};

const SAML: Namespace<'static> = Namespace::new("saml2", "urn:oasis:names:tc:SAML:2.0:assertion");
const HL7: Namespace<'static> = Namespace::new("hl7", "urn:hl7-org:v3");
const XSI: Namespace<'static> = Namespace::new("xsi", "http://www.w3.org/2001/XMLSchema-instance");
const XS: Namespace<'static> = Namespace::new("xs", "http://www.w3.org/2001/XMLSchema");
/// WS-Security 1.0, the header block that holds an assertion.
pub const WSSE: Namespace<'static> = Namespace::new(
    "wsse",
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
);

/// The longest time between `NotBefore` and `NotOnOrAfter`, in seconds: a working day.
pub const LIFETIME_MAX_SECONDS: i64 = 12 * 3_600;

/// What the header of a message may cost us.
pub const LIMITS: Limits = Limits {
    bytes: 16 * 1024 * 1024,
    depth: 40,
    nodes: 10_000,
    attributes: 40,
};

/// Names of attributes (ITI TF-2 3.40.4.1.2, XSPA profile of SAML 2.0).
mod names {
    pub(super) const SUBJECT_ID: &str = "urn:oasis:names:tc:xspa:1.0:subject:subject-id";
    pub(super) const ORGANISATION: &str = "urn:oasis:names:tc:xspa:1.0:subject:organization";
    pub(super) const ORGANISATION_ID: &str = "urn:oasis:names:tc:xspa:1.0:subject:organization-id";
    pub(super) const HOME: &str = "urn:ihe:iti:xca:2010:homeCommunityId";
    pub(super) const ROLE: &str = "urn:oasis:names:tc:xacml:2.0:subject:role";
    pub(super) const PURPOSE: &str = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse";
    pub(super) const PATIENT: &str = "urn:oasis:names:tc:xacml:2.0:resource:resource-id";
}
