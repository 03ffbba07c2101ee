//! XML-DSig (W3C XML Signature Syntax and Processing 1.1), the one form that assertions use: an
//! enveloped signature over its own parent, exclusive canonicalisation, one reference.
//!
//! The crates for it were weighed: what is verified has to be what is read, and none of them keeps
//! it so. Here the bytes that are hashed are made from the very nodes that are read afterwards
//! ([`Verified`]); a reference is never searched for by its id, so nothing that is wrapped around,
//! beside or inside can be taken for what was signed. It is also a fraction of their weight, and the
//! cryptography is the one we have (`ring`).
//!
//! Not here: encryption, detached or enveloping signatures, XPath, inclusive canonicalisation,
//! SHA-1, keys from `KeyInfo`. All of them are refused.

mod c14n;
mod error;
mod key;
mod plain;
mod proven;
mod tree;
mod verify;
mod write;

pub use error::DsigError;
pub use key::{SigningKey, VerifyingKey};
pub use plain::{PlainSignature, sign_plain, verify_plain};
pub(crate) use tree::{Element, parse};
pub(crate) use verify::{Verified, verify};
pub(crate) use write::signature;

pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#sha384";
const SHA512: &str = "http://www.w3.org/2001/04/xmlenc#sha512";

/// The digest of a `DigestMethod`; nothing where it is not allowed.
fn digest_of(uri: &str) -> Option<&'static ring::digest::Algorithm> {
    match uri {
        SHA256 => Some(&ring::digest::SHA256),
        SHA384 => Some(&ring::digest::SHA384),
        SHA512 => Some(&ring::digest::SHA512),
        _ => None,
    }
}
