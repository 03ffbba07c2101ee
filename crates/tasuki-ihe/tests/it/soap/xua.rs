//! XUA through the pipeline: who is answered, what the audit trail says of it, and each refusal.

use super::patient_index::{ask_as, neighbourhood};
use super::{Answer, Sent};
use crate::world::{Noon, World};
use base64::Engine;
use std::process::Command;
use std::sync::LazyLock;
use tasuki_core::audit::{Actor, Ending};
use tasuki_core::directory::PeerAssertions;
use tasuki_core::policy::{AssertedCodes, AssertedUser};
use tasuki_core::{Clock, Code};
use tasuki_ihe::xua::AssertingParty;
use tasuki_model::{CommunityId, Instant, Purpose, Role};
use tasuki_wire::saml::{SigningKey, security_header};

/// Key and certificate that the tests of this process share.
pub static KEYS: LazyLock<(Vec<u8>, Vec<u8>)> = LazyLock::new(key);

/// Key and certificate that openssl made: PKCS #8 and X.509, both DER.
pub fn key() -> (Vec<u8>, Vec<u8>) {
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-nodes", "-subj", "/CN=sts", "-newkey", "rsa:2048",
        ])
        .args(["-keyout", "-", "-days", "9"])
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
}

/// The security header of a physician of the neighbour at a moment.
pub fn header(role: Role, purpose: Purpose, audience: &str, at: Instant) -> String {
    let party = AssertingParty {
        key: SigningKey::from_pkcs8(&KEYS.0).unwrap(),
        certificate: None,
        issuer: "urn:neighbour".into(),
        home: CommunityId::new("2.25.9").unwrap(),
    };
    let user = AssertedUser {
        name_id: "d1".into(),
        name: "医師 一".into(),
        organisation: "隣の病院".into(),
        organisation_id: "urn:oid:2.25.9.5".into(),
        role,
    };
    let codes = AssertedCodes::standard().unwrap();
    let audiences = vec![audience.to_owned()];
    let assertion = party.assert(&user, purpose, audiences, &codes, at, at);
    security_header(&assertion.unwrap()).as_str().to_owned()
}

pub fn world() -> World {
    with_neighbour(super::patient_index::world())
}

fn with_neighbour(world: World) -> World {
    taking_part(world, false)
}

/// A neighbour that asserts its users, and may take part in emergencies.
pub fn taking_part(world: World, emergency: bool) -> World {
    let mut directory = neighbourhood(false);
    directory.communities[0].assertions = Some(PeerAssertions {
        emergency,
        issuer: "urn:neighbour".into(),
        certificates: vec![KEYS.1.clone().into()],
    });
    let codes = AssertedCodes::standard().unwrap();
    world
        .network
        .members()
        .set_directory(directory, codes)
        .unwrap();
    world
}

fn ask(world: &World, header: &str, id: &str) -> Answer {
    let headers = format!("<a:MessageID>urn:uuid:{id}</a:MessageID>{header}");
    let sent = Sent {
        headers,
        certificate: Some([9; 32]),
        ..Sent::default()
    };
    ask_as(world, sent)
}

#[test]
fn a_user_of_another_community_is_answered_and_named_in_the_audit_trail() {
    let world = world();
    let header = header(Role::Physician, Purpose::Emergency, "2.25.1", Noon.now());
    assert_eq!(ask(&world, &header, "1").status, 200);
    let event = world.events().pop().unwrap();
    let Actor::Peer {
        community,
        user,
        organisation,
        role,
    } = &event.actor
    else {
        panic!("{:?}", event.actor)
    };
    assert_eq!(
        (community.as_str(), user.as_deref()),
        ("2.25.9", Some("d1"))
    );
    assert_eq!(
        (organisation.as_deref(), *role),
        (Some("隣の病院"), Some(Role::Physician))
    );
    assert_eq!(event.purpose, Some(Purpose::Emergency));
    assert_eq!(
        event.exchange.unwrap().user.as_deref(),
        Some("<d1@urn:neighbour>")
    );
    // One assertion serves a fan-out; one message is taken once.
    assert_eq!(ask(&world, &header, "2").status, 200);
    assert_eq!(ask(&world, &header, "2").code(), Code::MessageRepeated);
}

#[test]
fn each_refusal_is_a_fault_of_ws_security_and_an_event() {
    let world = world();
    let now = Noon.now();
    let physician = |purpose, audience, at| header(Role::Physician, purpose, audience, at);
    let good = physician(Purpose::Treatment, "2.25.1", now);
    let tampered = good.replace("隣の病院", "別の病院");
    for (header, code) in [
        (String::new(), Code::AssertionMissing),
        (tampered, Code::SignatureWrong),
        (
            physician(Purpose::Treatment, "2.25.2", now),
            Code::AssertionAudience,
        ),
        (
            physician(Purpose::Treatment, "2.25.1", now.plus_seconds(-900)),
            Code::AssertionExpired,
        ),
        (
            physician(Purpose::Treatment, "2.25.1", now.plus_seconds(300)),
            Code::AssertionEarly,
        ),
    ] {
        let answer = ask(&world, &header, "3");
        assert_eq!((answer.status, answer.code()), (400, code));
        assert_eq!(answer.fault().subcodes, ["FailedAuthentication"]);
        let event = world.events().pop().unwrap();
        assert_eq!(
            (event.ending, event.code.as_deref()),
            (Ending::Refused, Some(code.id()))
        );
        assert_eq!(event.actor, Actor::Anyone { name: None });
    }
    for (role, purpose) in [
        (Role::Physician, Purpose::Audit),
        (Role::Auditor, Purpose::Treatment),
    ] {
        let answer = ask(&world, &header(role, purpose, "2.25.1", now), "4");
        assert_ne!(answer.status, 200, "{role:?} {purpose:?}");
        assert_eq!(world.events().pop().unwrap().ending, Ending::Refused);
    }
}

/// An assertion holds for minutes, and a restart takes seconds: what was answered before it is known by
/// the audit trail.
#[test]
fn a_message_is_not_taken_again_after_a_restart() {
    let world = world();
    let header = header(Role::Physician, Purpose::Treatment, "2.25.1", Noon.now());
    assert_eq!(ask(&world, &header, "5").status, 200);
    let world = with_neighbour(world.restarted());
    world.network.recall_messages().unwrap();
    assert_eq!(ask(&world, &header, "5").code(), Code::MessageRepeated);
    assert_eq!(ask(&world, &header, "6").status, 200);
}
