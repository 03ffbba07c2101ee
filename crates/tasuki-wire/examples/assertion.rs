//! `cargo run --release --example assertion`: what it costs to verify an assertion, for `cargo xtask bench
//! assertion`. Each is verified once as one never seen, and then again and again, as a fan-out and the messages of
//! one user bring it; the floor is the bare signature over as many bytes.
#![forbid(unsafe_code)]

use ring::rand::SystemRandom;
use ring::signature::{self, KeyPair};
use std::error::Error;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant as Clock;
use tasuki_model::Instant;
use tasuki_wire::saml::{
    Assertion, Concept, Issuing, SigningKey, Trust, VerifyingKey, issue, security_header, verify,
};

const COUNT: usize = 2_000;
const HOME: &str = "1.2.3";

type Failed = Box<dyn Error>;

/// A key in PKCS #8 and its certificate, both DER, as openssl makes them.
fn key(kind: &[&str]) -> Result<(Vec<u8>, Vec<u8>), Failed> {
    let folder = std::env::temp_dir().join(format!("tasuki-assertion-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (pem, der) = (folder.join("key.pem"), folder.join("key.der"));
    let certificate = folder.join("certificate.der");
    let done = [
        Command::new("openssl")
            .args(["req", "-x509", "-nodes", "-subj", "/CN=sts", "-days", "9"])
            .args(["-outform", "DER"])
            .args(kind)
            .arg("-keyout")
            .arg(&pem)
            .arg("-out")
            .arg(&certificate)
            .output()?,
        Command::new("openssl")
            .args(["pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in"])
            .arg(&pem)
            .arg("-out")
            .arg(&der)
            .output()?,
    ];
    if done.iter().any(|done| !done.status.success()) {
        return Err("openssl made no key".into());
    }
    let made = (std::fs::read(der)?, std::fs::read(certificate)?);
    std::fs::remove_dir_all(folder)?;
    Ok(made)
}

fn concept(code: &str, text: &str) -> Concept {
    Concept {
        code: code.to_owned(),
        system: "2.16.840.1.113883.5.8".to_owned(),
        system_name: String::new(),
        text: text.to_owned(),
    }
}

fn assertion(number: usize, now: Instant) -> Assertion {
    Assertion {
        id: format!("_{number:032x}"),
        issuer: "urn:sts".to_owned(),
        issued: now,
        not_before: now,
        not_on_or_after: now.plus_seconds(300),
        audiences: vec!["urn:oid:1.2.9".to_owned()],
        name_id: "mizusawa".to_owned(),
        authenticated: now,
        authentication: "urn:oasis:names:tc:SAML:2.0:ac:classes:Password".to_owned(),
        subject_id: "水沢 一郎".to_owned(),
        organisation: "架空総合病院".to_owned(),
        organisation_id: "urn:oid:1.2.3.4".to_owned(),
        home: Some(HOME.to_owned()),
        role: concept("112247003", "医師"),
        purpose: concept("TREAT", "診療"),
        patient: None,
    }
}

/// Microseconds of each, in their order of size: the middle, and one of a hundred.
fn told(what: &str, mut took: Vec<f64>) {
    took.sort_by(f64::total_cmp);
    let at = |share: usize| {
        took.get(took.len() * share / 100)
            .copied()
            .unwrap_or(f64::NAN)
    };
    println!("{what:<34} p50 {:.1} µs, p99 {:.1} µs", at(50), at(99));
}

fn measured(mut work: impl FnMut(usize) -> Result<(), Failed>) -> Result<Vec<f64>, Failed> {
    let mut took = Vec::with_capacity(COUNT);
    for number in 0..COUNT {
        let start = Clock::now();
        work(number)?;
        took.push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(took)
}

/// The signature alone, over as many bytes as the part that is signed has at least.
fn floor(pkcs8: &[u8], bytes: &[u8]) -> Result<(), Failed> {
    let random = SystemRandom::new();
    let p256 = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let (public, signed, how): (_, _, &dyn signature::VerificationAlgorithm) =
        match signature::EcdsaKeyPair::from_pkcs8(p256, pkcs8, &random) {
            Ok(pair) => {
                let signed = pair.sign(&random, bytes).map_err(|e| e.to_string())?;
                let public = pair.public_key().as_ref().to_vec();
                (
                    public,
                    signed.as_ref().to_vec(),
                    &signature::ECDSA_P256_SHA256_FIXED,
                )
            }
            Err(_) => {
                let pair = signature::RsaKeyPair::from_pkcs8(pkcs8).map_err(|e| e.to_string())?;
                let mut signed = vec![0; pair.public().modulus_len()];
                let padding = &signature::RSA_PKCS1_SHA256;
                let done = pair.sign(padding, &random, bytes, &mut signed);
                done.map_err(|e| e.to_string())?;
                let public = pair.public().as_ref().to_vec();
                (public, signed, &signature::RSA_PKCS1_2048_8192_SHA256)
            }
        };
    let key = signature::UnparsedPublicKey::new(how, public);
    let took = measured(|_| {
        let good = key.verify(black_box(bytes), &signed);
        good.map_err(|e| e.to_string().into())
    })?;
    told("floor: the signature alone", took);
    Ok(())
}

fn run(name: &str, kind: &[&str]) -> Result<(), Failed> {
    let (pkcs8, certificate) = key(kind)?;
    let now = Instant::from_micros(1_795_305_600_000_000);
    let signing = SigningKey::from_pkcs8(&pkcs8)?;
    let with = Issuing {
        key: &signing,
        certificate: None,
    };
    let mut messages = Vec::with_capacity(COUNT);
    for number in 0..COUNT {
        let header = security_header(&issue(&assertion(number, now), &with)?);
        let soap = "http://www.w3.org/2003/05/soap-envelope";
        let header = header.as_str();
        messages.push(format!(
            "<s:Envelope xmlns:s=\"{soap}\"><s:Header>{header}</s:Header><s:Body/></s:Envelope>"
        ));
    }
    let keys = [VerifyingKey::from_certificate(&certificate)?];
    let trust = Trust {
        issuer: "urn:sts",
        home: HOME,
        keys: &keys,
        audiences: &["urn:oid:1.2.9"],
        skew_seconds: 60,
    };
    let bytes = messages.first().map_or(0, String::len);
    println!("{name}, {bytes} bytes with its header");
    let check = |message: &String| -> Result<(), Failed> {
        black_box(verify(message.as_bytes(), &trust, now)?);
        Ok(())
    };
    let new = measured(|number| messages.get(number).map_or(Ok(()), check))?;
    told("never seen", new);
    told(
        "seen before",
        measured(|_| messages.last().map_or(Ok(()), check))?,
    );
    let first = messages.first().ok_or("a message")?;
    floor(&pkcs8, first.as_bytes())
}

fn main() -> Result<(), Failed> {
    let curve = "ec_paramgen_curve:P-256";
    run("ECDSA on P-256", &["-newkey", "ec", "-pkeyopt", curve])?;
    run("RSA of 2,048 bits", &["-newkey", "rsa:2048"])
}
