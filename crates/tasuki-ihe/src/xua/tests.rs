//! Assertions between two communities: the directory, the table of codes, the policy's caller.

use super::*;
use base64::Engine;
use std::collections::BTreeMap as Map;
use std::process::Command;
use std::sync::LazyLock;
use tasuki_core::directory::PeerAssertions;
use tasuki_core::policy::PeerSubject;
use tasuki_model::{Oid, Purpose, Role};
use tasuki_wire::saml::{SigningKey, security_header};

/// Key and certificate that openssl made: PKCS #8 and X.509, both DER.
static KEYS: LazyLock<(Vec<u8>, Vec<u8>)> = LazyLock::new(|| {
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-nodes", "-subj", "/CN=sts", "-newkey", "ec",
        ])
        .args([
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-keyout",
            "-",
            "-days",
            "9",
        ])
        .output()
        .unwrap();
    let text = String::from_utf8(made.stdout).unwrap();
    let part = |name: &str| {
        let begin = format!("-----BEGIN {name}-----");
        let from = text.find(&begin).unwrap() + begin.len();
        let to = text[from..].find("-----").unwrap() + from;
        let base64: String = text[from..to].split_whitespace().collect();
        base64::engine::general_purpose::STANDARD
            .decode(base64)
            .unwrap()
    };
    (part("PRIVATE KEY"), part("CERTIFICATE"))
});

fn id(text: &str) -> CommunityId {
    CommunityId::new(text).unwrap()
}

fn community(home: &str, issuer: Option<&str>) -> Community {
    Community {
        home_community_id: id(home),
        name: home.into(),
        patient_authority: Oid::new(&format!("{home}.9")).unwrap(),
        authorities: Vec::new(),
        endpoints: Map::new(),
        replies: Vec::new(),
        certificates: Vec::new(),
        tls12: false,
        dialect: "standard".into(),
        assertions: issuer.map(|issuer| PeerAssertions {
            emergency: false,
            issuer: issuer.into(),
            certificates: vec![KEYS.1.clone().into()],
        }),
        asynchronous: false,
        discovery: false,
        offers: tasuki_model::facility::Offers::default(),
        contacts: Vec::new(),
    }
}

fn directory() -> Directory {
    Directory {
        serial: 1,
        issued: Instant::from_micros(0),
        pix_manager: None,
        pix_standbys: Vec::new(),
        communities: vec![
            community("1.2.1", None),
            community("1.2.2", Some("urn:two")),
            community("1.2.3", Some("urn:three")),
        ],
    }
}

fn asserters() -> Asserters {
    let codes = AssertedCodes::standard().unwrap();
    Asserters::new(id("1.2.1"), &directory(), codes).unwrap()
}

fn now() -> Instant {
    Instant::from_micros(1_795_305_600_000_000)
}

/// A message of the second community's physician for the first.
fn message(purpose: Purpose, audience: &str) -> Vec<u8> {
    let party = AssertingParty {
        key: SigningKey::from_pkcs8(&KEYS.0).unwrap(),
        certificate: Some(KEYS.1.clone()),
        issuer: "urn:two".into(),
        home: id("1.2.2"),
    };
    let user = AssertedUser {
        name_id: "d1".into(),
        name: "医師 一".into(),
        organisation: "二の病院".into(),
        organisation_id: "urn:oid:1.2.2.5".into(),
        role: Role::Physician,
    };
    let codes = AssertedCodes::standard().unwrap();
    let audiences = vec!["urn:oid:1.2.9".to_owned(), audience.to_owned()];
    let assertion = party.assert(&user, purpose, audiences, &codes, now(), now());
    format!(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header>{}</s:Header>\
         <s:Body/></s:Envelope>",
        security_header(&assertion.unwrap()).as_str()
    )
    .into_bytes()
}

#[test]
fn a_user_of_another_community_is_believed_by_each_of_our_names() {
    let asserters = asserters();
    let two = directory().communities[1].clone();
    for audience in ["https://one.example/xca", "urn:oid:1.2.1", "1.2.1"] {
        let message = message(Purpose::Emergency, audience);
        let believed = asserters.caller(&two, &message, "https://one.example/xca", now());
        let believed = believed.unwrap();
        assert_eq!(believed.caller.community(), &id("1.2.2"));
        assert_eq!(believed.caller.purpose(), Purpose::Emergency);
        assert_eq!(believed.audit_name().as_deref(), Some("<d1@urn:two>"));
        let PeerSubject::User(user) = believed.caller.subject() else {
            panic!()
        };
        assert_eq!(
            (user.role, &*user.organisation),
            (Role::Physician, "二の病院")
        );
    }
}

#[test]
fn the_assertion_has_to_be_of_the_community_of_the_connection() {
    let asserters = asserters();
    let all = directory().communities;
    let sent = message(Purpose::Treatment, "1.2.1");
    // The third community has the same keys here and shows the second one's assertion.
    let code = |community, message: &[u8], at| {
        let refused = asserters.caller(community, message, "https://one.example/xca", at);
        refused.err().map(|disbelief| disbelief.code)
    };
    assert_eq!(code(&all[2], &sent, now()), Some(Code::AssertionIssuer));
    let elsewhere = message(Purpose::Treatment, "1.2.4");
    assert_eq!(
        code(&all[1], &elsewhere, now()),
        Some(Code::AssertionAudience)
    );
    assert_eq!(
        code(&all[1], &sent, now().plus_seconds(400)),
        Some(Code::AssertionExpired)
    );
    let nothing =
        b"<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body/></s:Envelope>";
    assert_eq!(code(&all[1], nothing, now()), Some(Code::AssertionMissing));
    // A community that asserts nobody is an organisation, whatever it sends along.
    assert_eq!(code(&all[0], &sent, now()), None);
}

#[test]
fn a_role_that_the_table_does_not_hold_opens_nothing() {
    let table = "version = 1\nrole = []\n\
        purpose = [{ is = \"treatment\", system = \"1\", code = \"T\", text = \"\" }]\n";
    let codes = AssertedCodes::parse(table).unwrap();
    let asserters = Asserters::new(id("1.2.1"), &directory(), codes).unwrap();
    let sent = message(Purpose::Treatment, "1.2.1");
    let two = directory().communities[1].clone();
    let refused = asserters.caller(&two, &sent, "", now()).unwrap_err();
    assert_eq!(refused.code, Code::AssertionCodes);
    assert!(refused.why.contains("Medical Doctor"), "{}", refused.why);
}

#[test]
fn a_directory_with_a_key_that_is_none_is_not_used() {
    let codes = AssertedCodes::standard().unwrap();
    let mut broken = directory();
    let assertions = broken.communities[1].assertions.as_mut().unwrap();
    assertions.certificates = vec![b"no certificate".to_vec().into()];
    let refused = Asserters::new(id("1.2.1"), &broken, codes).unwrap_err();
    assert_eq!(refused.code, Code::SigningKeyUnusable);
}
