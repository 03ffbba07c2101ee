//! The signed form of a directory.
//!
//! A line that names the format, a line for each signature, an empty line, and the text:
//!
//! ```text
//! tasuki-directory 1
//! signature <16 hex digits: the key> <base64: Ed25519, RFC 8032>
//!
//! version = 1
//! …
//! ```
//!
//! Signed is the first line together with every byte of the text, so that nothing signed for
//! another use passes here. One signature of a trusted key is enough: at a rollover the file
//! carries two, and a node trusts the old key, the new one, or both.

use super::parse::{self, DIRECTORY_BYTES_MAX};
use crate::release::hex;
use crate::{Code, Fault};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

const FORMAT: &str = "tasuki-directory 1\n";
const SIGNATURES_MAX: usize = 8;

/// A key that directories are trusted from: 32 bytes of an Ed25519 public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// From base64, as the configuration holds it.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.trim()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// As the configuration holds it.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// The name of the key in a signature line: the start of its SHA-256.
    #[must_use]
    pub fn name(&self) -> String {
        let mut name = hex(digest(&SHA256, &self.0).as_ref());
        name.truncate(16);
        name
    }
}

/// A key that signs directories.
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// A new key as PKCS #8.
    ///
    /// # Errors
    /// A fault where there is no randomness.
    pub fn generate() -> Result<Vec<u8>, Fault> {
        let random = ring::rand::SystemRandom::new();
        Ed25519KeyPair::generate_pkcs8(&random)
            .map(|document| document.as_ref().to_vec())
            .map_err(|_| Fault::new(Code::InternalFault, "no randomness"))
    }

    /// From PKCS #8, as [`SigningKey::generate`] or `openssl genpkey -algorithm ed25519` makes it.
    ///
    /// # Errors
    /// `DIR-007` where it is no such key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, Fault> {
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(der)
            .map(Self)
            .map_err(|e| Fault::new(Code::DirectoryKeyUnusable, e.to_string()))
    }

    /// The other half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(self.0.public_key().as_ref()) {
            *to = *from;
        }
        PublicKey(bytes)
    }
}

struct Parts<'a> {
    signatures: Vec<(&'a str, &'a str)>,
    text: &'a str,
}

/// Signs a directory, or adds a signature to a signed one. What is no directory is not signed.
///
/// # Errors
/// Those of [`read`](super::read) about the text.
pub fn sign(bytes: &[u8], key: &SigningKey) -> Result<Vec<u8>, Fault> {
    let parts = match split(bytes) {
        Ok(parts) => parts,
        Err(_) => Parts {
            signatures: Vec::new(),
            text: utf8(bytes)?,
        },
    };
    parse::parse(parts.text)?;
    let name = key.public().name();
    let mut signed = FORMAT.to_owned();
    let others = parts.signatures.iter().filter(|(other, _)| *other != name);
    for (other, signature) in others {
        signed.push_str(&format!("signature {other} {signature}\n"));
    }
    let signature = STANDARD.encode(key.0.sign(&covered(parts.text)));
    signed.push_str(&format!("signature {name} {signature}\n\n{}", parts.text));
    Ok(signed.into_bytes())
}

/// The text of a signed directory, once one of the keys has signed it.
///
/// # Errors
/// `DIR-002` where it is no signed directory, `DIR-004` where none has.
pub fn open<'a>(bytes: &'a [u8], keys: &[PublicKey]) -> Result<&'a str, Fault> {
    let parts = split(bytes)?;
    let covered = covered(parts.text);
    let good = |name: &str, signature: &str| {
        let Ok(signature) = STANDARD.decode(signature) else {
            return false;
        };
        keys.iter().filter(|key| key.name() == name).any(|key| {
            UnparsedPublicKey::new(&ED25519, key.0)
                .verify(&covered, &signature)
                .is_ok()
        })
    };
    if parts.signatures.iter().any(|(name, text)| good(name, text)) {
        return Ok(parts.text);
    }
    let names: Vec<&str> = parts.signatures.iter().map(|(name, _)| *name).collect();
    let what = format!("signed by {}, none of them trusted", names.join(", "));
    Err(Fault::new(Code::DirectoryUntrusted, what))
}

fn covered(text: &str) -> Vec<u8> {
    [FORMAT.as_bytes(), text.as_bytes()].concat()
}

fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.len() > DIRECTORY_BYTES_MAX {
        return Err(malformed("larger than 4 MiB"));
    }
    std::str::from_utf8(bytes).map_err(|_| malformed("not UTF-8"))
}

fn malformed(what: &str) -> Fault {
    Fault::new(Code::DirectoryMalformed, what)
}

fn split(bytes: &[u8]) -> Result<Parts<'_>, Fault> {
    let mut rest = utf8(bytes)?
        .strip_prefix(FORMAT)
        .ok_or_else(|| malformed("not a signed directory"))?;
    let mut signatures = Vec::new();
    loop {
        let (line, after) = rest
            .split_once('\n')
            .ok_or_else(|| malformed("the signatures do not end"))?;
        rest = after;
        if line.is_empty() {
            break;
        }
        let signature = line
            .strip_prefix("signature ")
            .and_then(|line| line.split_once(' '))
            .ok_or_else(|| malformed("a line that is no signature"))?;
        signatures.push(signature);
        if signatures.len() > SIGNATURES_MAX {
            return Err(malformed("more than 8 signatures"));
        }
    }
    Ok(Parts {
        signatures,
        text: rest,
    })
}
