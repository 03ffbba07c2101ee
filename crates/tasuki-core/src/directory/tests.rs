//! The signed file: who may say what a directory says, and what none may say.

use super::seal::{PublicKey, SigningKey, sign};
use super::*;

pub(crate) const TWO: &str = r#"
version = 1
serial = 7
issued = "2026-11-01T09:00:00+09:00"
pix_manager = "1.2.3.1"

[[community]]
home_community_id = "1.2.3.1"
name = "西部ネット"
patient_authority = "1.2.3.1.9"
authorities = ["1.2.3.1.10"]
certificates = ["0101010101010101010101010101010101010101010101010101010101010101"]
replies = ["https://west.example/reply"]
discovery = true
endpoints = { ITI-38 = "https://west.example:8443/xca", ITI-39 = "https://west.example:8443/xca" }
xua = { issuer = "urn:west", certificates = ["MAA="] }
contact = [{ name = "運用", phone = "03-0000-0000" }]

[[community]]
home_community_id = "1.2.3.2"
name = "東部"
patient_authority = "1.2.3.2.9"
certificates = ["02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02"]
tls12 = true
dialect = "plain-soap"
"#;

fn key() -> SigningKey {
    SigningKey::from_pkcs8(&SigningKey::generate().unwrap()).unwrap()
}

fn code(result: Result<Directory, Fault>) -> Option<Code> {
    result.err().map(|fault| fault.code)
}

#[test]
fn what_a_trusted_key_signed_is_read() {
    let key = key();
    let signed = sign(TWO.as_bytes(), &key).unwrap();
    let directory = read(&signed, &[key.public()]).unwrap();
    let west = directory.by_certificate(&[1; 32]).unwrap();
    assert_eq!(&*west.name, "西部ネット");
    assert_eq!(west.authorities.len(), 2);
    assert_eq!(west.endpoint("ITI-38").unwrap().port(), 8443);
    assert!(west.endpoint("ITI-55").is_none());
    assert!(
        west.takes_replies_at("https://west.example/reply")
            .is_some()
    );
    assert!(
        west.takes_replies_at("https://elsewhere.example/reply")
            .is_none()
    );
    let authority = Oid::new("1.2.3.2.9").unwrap();
    let east = directory.by_authority(&authority).unwrap();
    assert!(east.tls12 && east.assertions.is_none());
    let stranger = directory.member(&CommunityId::new("1.9").unwrap());
    assert_eq!(stranger.unwrap_err().code, Code::DirectoryWithoutUs);
    assert_eq!(directory.others(&west.home_community_id).count(), 1);
    assert_eq!(directory.issued.micros(), 1_793_491_200_000_000);
}

#[test]
fn two_keys_overlap_at_a_rollover() {
    let (old, new) = (key(), key());
    let signed = sign(&sign(TWO.as_bytes(), &old).unwrap(), &new).unwrap();
    for trusted in [&old, &new] {
        assert!(read(&signed, &[trusted.public()]).is_ok());
    }
    // Signing anew with the same key adds no line.
    let again = sign(&signed, &new).unwrap();
    assert_eq!(again.len(), signed.len());
}

#[test]
fn what_nobody_trusted_signed_is_refused() {
    let (trusted, other) = (key(), key());
    let signed = sign(TWO.as_bytes(), &other).unwrap();
    let refused = read(&signed, &[trusted.public()]);
    assert_eq!(code(refused), Some(Code::DirectoryUntrusted));
    assert_eq!(code(read(&signed, &[])), Some(Code::DirectoryUntrusted));
    let unsigned = format!("tasuki-directory 1\n\n{TWO}");
    let refused = read(unsigned.as_bytes(), &[trusted.public()]);
    assert_eq!(code(refused), Some(Code::DirectoryUntrusted));
}

#[test]
fn every_changed_byte_is_found() {
    let key = key();
    let signed = sign(TWO.as_bytes(), &key).unwrap();
    for at in 0..signed.len() {
        let mut changed = signed.clone();
        changed[at] ^= 1;
        assert!(read(&changed, &[key.public()]).is_err(), "byte {at}");
    }
    for end in 0..signed.len() {
        assert!(
            read(&signed[..end], &[key.public()]).is_err(),
            "cut at {end}"
        );
    }
}

#[test]
fn what_cannot_be_is_neither_signed_nor_read() {
    let refused = |from: &str, to: &str| {
        assert!(TWO.contains(from), "{from}");
        let text = TWO.replacen(from, to, 1);
        sign(text.as_bytes(), &key()).err().map(|fault| fault.code)
    };
    let ones = "01".repeat(32);
    let twos = ["02"; 32].join(":");
    for (from, to, code) in [
        ("version = 1", "version = 2", Code::DirectoryVersion),
        ("serial = 7", "seriel = 7", Code::DirectoryMalformed),
        ("serial = 7", "serial = -7", Code::DirectoryMalformed),
        ("+09:00", "", Code::DirectoryInvalid),
        ("\"1.2.3.2\"", "\"1.2.3.1\"", Code::DirectoryInvalid),
        (
            "\"1.2.3.2\"",
            "\"urn:oid:1.2.3.2\"",
            Code::DirectoryMalformed,
        ),
        ("1.2.3.2.9", "1.2.3.1.10", Code::DirectoryInvalid),
        (&twos, &ones, Code::DirectoryInvalid),
        (&ones, "01", Code::DirectoryInvalid),
        (
            "pix_manager = \"1.2.3.1\"",
            "pix_manager = \"1.9\"",
            Code::DirectoryInvalid,
        ),
        (
            "pix_manager = \"1.2.3.1\"",
            "pix_standbys = [\"1.2.3.1\"]",
            Code::DirectoryInvalid,
        ),
        (
            "[[community]]",
            "pix_standbys = [\"1.2.3.1\"]\n[[community]]",
            Code::DirectoryInvalid,
        ),
        ("ITI-39", "ITI-99", Code::DirectoryInvalid),
        (
            "https://west.example/reply",
            "http://west.example/reply",
            Code::DirectoryInvalid,
        ),
        ("plain-soap", "../plain", Code::DirectoryInvalid),
        ("\"MAA=\"", "\"?\"", Code::DirectoryInvalid),
        ("[\"MAA=\"]", "[]", Code::DirectoryInvalid),
        ("\"東部\"", "\"\"", Code::DirectoryInvalid),
    ] {
        assert_eq!(refused(from, to), Some(code), "{from} -> {to}");
    }
}

#[test]
fn a_key_of_another_kind_is_no_key() {
    assert!(PublicKey::from_base64("AAAA").is_none());
    let refused = SigningKey::from_pkcs8(b"no key").err().map(|f| f.code);
    assert_eq!(refused, Some(Code::DirectoryKeyUnusable));
    let key = key().public();
    assert_eq!(PublicKey::from_base64(&key.to_base64()), Some(key));
}
