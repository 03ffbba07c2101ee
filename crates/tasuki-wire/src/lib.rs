//! Grammars, decode and encode, without I/O: ISO 2022, HL7 v2.5, MLLP, SS-MIX2 names, CDA,
//! SOAP with attachments.
//!
//! Everything here turns foreign bytes into typed values or says, with a stable code and a place,
//! why it cannot. No meaning, no policy, no sockets, no files: that is for the crates above.
#![forbid(unsafe_code)]

pub mod atna;
pub mod cda;
pub mod charset;
mod codes;
mod dsig;
pub mod ebrim;

pub mod hl7;
pub mod hl7v3;
pub mod mllp;
pub mod mtom;
pub mod saml;
pub mod soap;
pub mod ssmix2;
pub mod xml;

pub use codes::CODES;
