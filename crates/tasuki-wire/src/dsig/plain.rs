//! Signatures over bytes that are no XML: a text is signed as it stands, together with what it is for, so
//! that nothing signed for one use passes for another. The keys are those of assertions.

use super::DsigError;
use super::key::{SigningKey, VerifyingKey};

/// A signature and its algorithm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainSignature {
    /// The URI of a `SignatureMethod`.
    pub method: String,
    /// The signature.
    pub bytes: Vec<u8>,
}

/// What is signed: the use, a zero byte that no use holds, and the text.
fn covered(for_use: &str, text: &[u8]) -> Vec<u8> {
    [for_use.as_bytes(), &[0], text].concat()
}

/// Signs a text for one use.
///
/// # Errors
/// [`DsigError::Unusable`] where there is no randomness.
pub fn sign_plain(
    key: &SigningKey,
    for_use: &str,
    text: &[u8],
) -> Result<PlainSignature, DsigError> {
    Ok(PlainSignature {
        method: key.method().to_owned(),
        bytes: key.sign(&covered(for_use, text))?,
    })
}

/// Whether one of these keys has signed a text for that use.
#[must_use]
pub fn verify_plain(
    keys: &[VerifyingKey],
    for_use: &str,
    text: &[u8],
    signature: &PlainSignature,
) -> bool {
    let covered = covered(for_use, text);
    let (method, bytes) = (&signature.method, &signature.bytes);
    // A key of another kind than the method's has not signed it.
    keys.iter()
        .any(|key| matches!(key.verifies(method, &covered, bytes), Ok(true)))
}
