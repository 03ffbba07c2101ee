//! Passkeys: what an authenticator answers, checked as WebAuthn Level 3 §7.1 and §7.2 say, for ES256 (which
//! every authenticator offers) and without attestation: nobody here asks which make of key somebody has.
//!
//! A new credential comes as `authenticatorData` (§6.1). Its key is COSE in CTAP2 canonical CBOR, which for
//! ES256 has exactly one form: it is read as that form, and there is no CBOR to decode.

use super::sha256_of;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use serde::Deserialize;
use tasuki_core::{Code, Fault};

/// Longest field of an answer, in characters of base64url.
const FIELD_MAX: usize = 4_096;
const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const NEW_CREDENTIAL: u8 = 0x40;
/// COSE_Key of an ES256 key, before its x: kty EC2, alg ES256, crv P-256.
const COSE_X: [u8; 10] = [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20];
/// Between x and y.
const COSE_Y: [u8; 3] = [0x22, 0x58, 0x20];

/// Whom a credential is bound to, as the browser sees this portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Party {
    /// `https://portal.example`, without a slash at the end.
    pub origin: String,
    /// The host name of it.
    pub rp: String,
}

/// A new credential.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Credential {
    /// Its id, base64url.
    pub id: String,
    /// Its public key: an uncompressed point of P-256.
    pub key: Vec<u8>,
    pub counter: i64,
}

/// What a browser sends of an authenticator's answer, each base64url.
pub(crate) struct Answer<'a> {
    pub client_data: &'a str,
    pub authenticator_data: &'a str,
    pub signature: &'a str,
}

/// `CollectedClientData` (§5.8.1).
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

fn no(why: &str) -> Fault {
    Fault::new(Code::FactorRefused, format!("passkey: {why}"))
}

fn decoded(field: &str) -> Result<Vec<u8>, Fault> {
    if field.len() > FIELD_MAX {
        return Err(no("a field is too long"));
    }
    let plain = field.trim_end_matches('=');
    BASE64URL.decode(plain).map_err(|_| no("not base64url"))
}

/// §7.1 steps 5–12, §7.2 steps 9–14.
fn client(party: &Party, kind: &str, challenge: &str, field: &str) -> Result<Vec<u8>, Fault> {
    let bytes = decoded(field)?;
    let data: ClientData = serde_json::from_slice(&bytes).map_err(|_| no("the client data"))?;
    if data.kind != kind || data.cross_origin {
        return Err(no("for something else"));
    }
    if challenge.is_empty() || data.challenge != challenge {
        return Err(no("another challenge"));
    }
    if data.origin != party.origin {
        return Err(no("another origin"));
    }
    Ok(bytes)
}

/// The flags, the counter and what follows them (§6.1).
fn authenticator<'a>(rp: &str, data: &'a [u8]) -> Result<(u8, i64, &'a [u8]), Fault> {
    let short = || no("the authenticator data");
    let (hash, rest) = data.split_at_checked(32).ok_or_else(short)?;
    if hash != sha256_of(rp.as_bytes()) {
        return Err(no("for another party"));
    }
    let (flags, rest) = rest.split_first().ok_or_else(short)?;
    let (counter, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
    if flags & USER_PRESENT == 0 || flags & USER_VERIFIED == 0 {
        return Err(no("the user was not verified"));
    }
    Ok((*flags, i64::from(u32::from_be_bytes(*counter)), rest))
}

/// A new credential of the user whose session has this challenge (§7.1).
///
/// # Errors
/// `ACC-004` for whatever is none; the reason is for the log only.
pub(crate) fn enrolled(
    party: &Party,
    challenge: &str,
    answer: &Answer<'_>,
) -> Result<Credential, Fault> {
    client(party, "webauthn.create", challenge, answer.client_data)?;
    let data = decoded(answer.authenticator_data)?;
    let (flags, counter, rest) = authenticator(&party.rp, &data)?;
    if flags & NEW_CREDENTIAL == 0 {
        return Err(no("no new credential"));
    }
    let cut = || no("the credential");
    let (_aaguid, rest) = rest.split_at_checked(16).ok_or_else(cut)?;
    let (size, rest) = rest.split_first_chunk::<2>().ok_or_else(cut)?;
    let size = usize::from(u16::from_be_bytes(*size));
    // §7.1 step 25: at most 1023 bytes.
    if size == 0 || size > 1_023 {
        return Err(cut());
    }
    let (id, rest) = rest.split_at_checked(size).ok_or_else(cut)?;
    let rest = rest.strip_prefix(&COSE_X).ok_or_else(|| no("not ES256"))?;
    let (x, rest) = rest.split_at_checked(32).ok_or_else(cut)?;
    let rest = rest.strip_prefix(&COSE_Y).ok_or_else(cut)?;
    let y = rest.get(..32).ok_or_else(cut)?;
    Ok(Credential {
        id: BASE64URL.encode(id),
        key: [&[4], x, y].concat(),
        counter,
    })
}

/// The counter of an answer that this key signed (§7.2).
///
/// # Errors
/// As [`enrolled`].
pub(crate) fn asserted(
    party: &Party,
    challenge: &str,
    key: &[u8],
    answer: &Answer<'_>,
) -> Result<i64, Fault> {
    let client = client(party, "webauthn.get", challenge, answer.client_data)?;
    let mut signed = decoded(answer.authenticator_data)?;
    let (_, counter, _) = authenticator(&party.rp, &signed)?;
    signed.extend_from_slice(&sha256_of(&client));
    let signature = decoded(answer.signature)?;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key)
        .verify(&signed, &signature)
        .map_err(|_| no("not signed with this key"))?;
    Ok(counter)
}

#[cfg(test)]
#[path = "passkey_tests.rs"]
mod tests;
