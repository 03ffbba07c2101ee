//! An authenticator of the tests' own, that signs what it is told to: what a real one never would. The real
//! one is Chromium's, in the browser suite.

use super::*;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};

const CHALLENGE: &str = "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k";

struct Authenticator {
    pair: EcdsaKeyPair,
    rp: &'static str,
    flags: u8,
    counter: u32,
}

fn authenticator() -> Authenticator {
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
    Authenticator {
        pair,
        rp: "portal.example",
        flags: USER_PRESENT | USER_VERIFIED,
        counter: 7,
    }
}

fn party() -> Party {
    Party {
        origin: "https://portal.example".to_owned(),
        rp: "portal.example".to_owned(),
    }
}

fn client_data(kind: &str, challenge: &str, origin: &str) -> Vec<u8> {
    format!(r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"}}"#).into_bytes()
}

impl Authenticator {
    fn data(&self, rest: &[u8]) -> Vec<u8> {
        let head = [&sha256_of(self.rp.as_bytes())[..], &[self.flags]].concat();
        [&head, &self.counter.to_be_bytes()[..], rest].concat()
    }

    fn asserts(&self, client: &[u8]) -> Result<i64, Fault> {
        let data = self.data(&[]);
        let signed = [&data[..], &sha256_of(client)].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed).unwrap();
        let [client, data, signature] =
            [client, &data, signature.as_ref()].map(|bytes| BASE64URL.encode(bytes));
        let answer = Answer {
            client_data: &client,
            authenticator_data: &data,
            signature: &signature,
        };
        asserted(
            &party(),
            CHALLENGE,
            self.pair.public_key().as_ref(),
            &answer,
        )
    }

    fn enrols(&self, size: u16, cose: &[u8]) -> Result<Credential, Fault> {
        let rest = [&[0; 16][..], &size.to_be_bytes(), &[9; 16], cose].concat();
        let data = BASE64URL.encode(self.data(&rest));
        let client = client_data("webauthn.create", CHALLENGE, "https://portal.example");
        let answer = Answer {
            client_data: &BASE64URL.encode(client),
            authenticator_data: &data,
            signature: "",
        };
        enrolled(&party(), CHALLENGE, &answer)
    }
}

fn cose(point: &[u8]) -> Vec<u8> {
    [&COSE_X[..], &point[1..33], &COSE_Y, &point[33..]].concat()
}

#[test]
fn an_answer_counts_only_for_its_challenge_origin_party_and_user() {
    let device = authenticator();
    let get = |challenge: &str, origin: &str| client_data("webauthn.get", challenge, origin);
    let right = get(CHALLENGE, "https://portal.example");
    assert_eq!(device.asserts(&right).unwrap(), 7);
    let cross = [&right[..right.len() - 1], br#","crossOrigin":true}"#].concat();
    for wrong in [
        get("AAAA", "https://portal.example"),
        get("", "https://portal.example"),
        get(CHALLENGE, "https://portal.example.attacker.example"),
        get(CHALLENGE, "http://portal.example"),
        client_data("webauthn.create", CHALLENGE, "https://portal.example"),
        cross,
        b"{}".to_vec(),
        vec![b'['; 100_000],
    ] {
        assert_eq!(
            device.asserts(&wrong).unwrap_err().code,
            Code::FactorRefused
        );
    }
    for flags in [0, USER_PRESENT, USER_VERIFIED] {
        let device = Authenticator {
            flags,
            ..authenticator()
        };
        assert!(device.asserts(&right).is_err(), "{flags}");
    }
    let elsewhere = Authenticator {
        rp: "attacker.example",
        ..authenticator()
    };
    assert!(elsewhere.asserts(&right).is_err());
}

#[test]
fn anothers_signature_and_a_cut_answer_are_refused() {
    let (device, other) = (authenticator(), authenticator());
    let client = client_data("webauthn.get", CHALLENGE, "https://portal.example");
    let data = device.data(&[]);
    let signed = [&data[..], &sha256_of(&client)].concat();
    let signature = device.pair.sign(&SystemRandom::new(), &signed).unwrap();
    let key = device.pair.public_key().as_ref();
    let checks = |key: &[u8], data: &[u8], signature: &[u8]| {
        let [client, data, signature] =
            [&client[..], data, signature].map(|bytes| BASE64URL.encode(bytes));
        let answer = Answer {
            client_data: &client,
            authenticator_data: &data,
            signature: &signature,
        };
        asserted(&party(), CHALLENGE, key, &answer).is_ok()
    };
    assert!(checks(key, &data, signature.as_ref()));
    assert!(!checks(
        other.pair.public_key().as_ref(),
        &data,
        signature.as_ref()
    ));
    assert!(!checks(&[], &data, signature.as_ref()));
    assert!(!checks(key, &data, &[]));
    for cut in 0..data.len() {
        assert!(!checks(key, &data[..cut], signature.as_ref()), "{cut}");
    }
}

#[test]
fn a_new_credential_is_read_from_its_one_form() {
    let device = Authenticator {
        flags: USER_PRESENT | USER_VERIFIED | NEW_CREDENTIAL,
        ..authenticator()
    };
    let point = device.pair.public_key().as_ref().to_vec();
    let credential = device.enrols(16, &cose(&point)).unwrap();
    assert_eq!((credential.key, credential.counter), (point.clone(), 7));
    assert_eq!(credential.id, BASE64URL.encode([9; 16]));
    let whole = cose(&point);
    for cut in 0..whole.len() {
        assert!(device.enrols(16, &whole[..cut]).is_err(), "{cut}");
    }
    for size in [0, 17, 1_024, u16::MAX] {
        assert!(device.enrols(size, &whole).is_err(), "{size}");
    }
    // RS256 (alg -257) is another form.
    assert!(device.enrols(16, &[0xa4, 1, 3, 3, 0x39, 1, 0]).is_err());
    assert!(authenticator().enrols(16, &whole).is_err(), "no new one");
}
