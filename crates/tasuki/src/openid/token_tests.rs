//! Tokens signed here by hand: what is taken, and everything beside it that is not.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING as ES256, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use tasuki_core::Code;

const ISSUER: &str = "https://sign-in.hospital.example";
const CLIENT: &str = "tasuki";

fn config() -> Provider {
    toml::from_str(&format!(
        "id = \"h\"\nname = \"病院\"\nfacility = \"1311234567\"\nissuer = \"{ISSUER}\"\n\
         client_id = \"{CLIENT}\"\nstrong = [\"otp\"]\n"
    ))
    .unwrap()
}

fn pair() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ES256, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ES256, document.as_ref(), &random).unwrap()
}

fn keys(pair: &EcdsaKeyPair) -> JwkSet {
    let point = pair.public_key().as_ref();
    let half = |from: usize| BASE64URL.encode(&point[from..from + 32]);
    serde_json::from_value(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "kid": "k1", "use": "sig", "x": half(1), "y": half(33),
    }] }))
    .unwrap()
}

fn token(pair: &EcdsaKeyPair, head: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL.encode(value.to_string());
    let text = format!("{}.{}", part(head), part(claims));
    let signature = pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
    format!("{text}.{}", BASE64URL.encode(signature))
}

fn head() -> Value {
    json!({ "alg": "ES256", "kid": "k1", "typ": "JWT" })
}

fn claims() -> Value {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    json!({
        "iss": ISSUER, "sub": "s-1", "aud": CLIENT, "nonce": "n", "iat": now, "exp": now + 300,
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

#[test]
fn a_token_of_its_issuer_for_us_and_of_this_sign_in_says_who_it_was() {
    let pair = pair();
    let read = |claims: &Value| read(&token(&pair, &head(), claims), &keys(&pair), &config(), "n");
    let found = read(&claims()).unwrap();
    assert_eq!((found.subject.as_str(), found.strong), ("s-1", false));
    assert!(read(&with("amr", json!(["pwd", "otp"]))).unwrap().strong);
    assert!(!read(&with("amr", json!(["pwd", "sms"]))).unwrap().strong);
    let mut two = with("aud", json!([CLIENT, "other"]));
    two["azp"] = json!(CLIENT);
    assert_eq!(read(&two).unwrap().subject, "s-1");
}

#[test]
fn every_other_token_proves_nothing() {
    let (own, other) = (pair(), pair());
    let refused = |token: &str, why: &str| {
        let read = read(token, &keys(&own), &config(), "n");
        assert_eq!(read.unwrap_err().code, Code::ProviderRefused, "{why}");
    };
    let long_ago = json!(1_000_000_000);
    for (name, value) in [
        ("nonce", json!("m")),
        ("nonce", Value::Null),
        ("iss", json!("https://sign-in.hospital.example/")),
        ("aud", json!("other")),
        ("aud", json!([CLIENT, "other"])),
        ("azp", json!("other")),
        ("exp", long_ago),
        ("exp", Value::Null),
        ("nbf", json!(9_000_000_000_u64)),
        ("sub", Value::Null),
    ] {
        let why = format!("{name}: {value}");
        refused(&token(&own, &head(), &with(name, value)), &why);
    }
    refused(&token(&other, &head(), &claims()), "another key");
    let mut unknown = head();
    unknown["kid"] = json!("k2");
    refused(&token(&own, &unknown, &claims()), "a key of another name");
    for alg in ["none", "HS256", "RS256"] {
        let mut head = head();
        head["alg"] = json!(alg);
        refused(&token(&own, &head, &claims()), alg);
    }
    let good = token(&own, &head(), &claims());
    let parts: Vec<&str> = good.split('.').collect();
    let forged = BASE64URL.encode(with("sub", json!("s-2")).to_string());
    refused(&format!("{}.{forged}.{}", parts[0], parts[2]), "changed");
    refused(&format!("{}.{}.", parts[0], parts[1]), "no signature");
    refused("", "nothing");
}
