//! What happens to a message around its transaction.

use super::trivial::{ASK, REGISTRY, STATE};
use super::{Answer, REPLIES, SYSTEM, Sent, post, post_bytes};
use crate::world::World;
use std::collections::BTreeMap;
use tasuki_core::Code;
use tasuki_core::audit::{Actor, Ending};
use tasuki_core::directory::{Community, Directory, PeerAssertions};
use tasuki_core::policy::AssertedCodes;
use tasuki_model::{CommunityId, Instant, Oid};
use tasuki_wire::soap::FaultCode;

fn ask(world: &World, sent: Sent) -> Answer {
    post(world, REGISTRY, ASK, sent)
}

fn asked() -> Sent {
    Sent {
        body: "<t:Ask xmlns:t='urn:test' disclosed='1' size='3'/>".to_owned(),
        ..Sent::default()
    }
}

#[test]
fn a_query_is_answered_and_audited() {
    let world = World::new();
    let answer = ask(&world, asked());
    assert_eq!((answer.status, answer.elsewhere), (200, None));
    let addressing = &answer.envelope.addressing;
    assert_eq!(addressing.action, "urn:test:AskResponse");
    let asked = "urn:uuid:7f6e1c06-2d5a-4f3c-9a55-0d2f3a1b4c5d";
    assert_eq!(addressing.relates_to, [asked]);
    let own = addressing.message_id.as_deref().unwrap();
    assert!(own.starts_with("urn:uuid:") && own.len() == 45 && own != asked);
    assert_eq!(answer.envelope.body.text(), "DQ0N");
    let event = world.events().pop().unwrap();
    assert_eq!(
        (event.subject.as_str(), event.ending),
        ("TEST-1", Ending::Success)
    );
    assert_eq!((event.items, event.patients.len()), (1, 1));
    let exchange = event.exchange.unwrap();
    assert_eq!(exchange.message_id, asked);
    assert_eq!(exchange.patients, ["1^^^&1.2.3&ISO"]);
    assert_eq!(exchange.peer.address, "192.0.2.7");
    assert_eq!(exchange.own.id, "https://own.example.jp/soap");
    assert!(
        matches!(event.actor, Actor::Peer { organisation: Some(name), .. } if name == "system")
    );
}

#[test]
fn what_is_not_disclosed_is_not_in_the_answer() {
    let world = World::new();
    let mut sent = asked();
    sent.body = sent.body.replace("disclosed='1'", "disclosed='0'");
    let answer = ask(&world, sent);
    assert_eq!(
        (answer.status, answer.envelope.body.elements().count()),
        (200, 0)
    );
    let event = world.events().pop().unwrap();
    assert_eq!((event.items, event.patients.len()), (0, 0));
}

/// The fault of a message, and that it was audited as refused with the same code.
fn refused(world: &World, answer: &Answer) -> (u16, FaultCode, Code) {
    let event = world.events().pop().unwrap();
    let code = answer.code();
    assert_eq!(event.ending, Ending::Refused);
    assert_eq!(event.code.as_deref(), Some(code.id()));
    assert_eq!(answer.fault().reasons.len(), 2);
    (answer.status, answer.fault().code, code)
}

#[test]
fn whoever_is_not_known_is_refused_before_anything_else() {
    let world = World::new();
    for certificate in [None, Some([9; 32])] {
        for action in [ASK, "urn:test:Unknown"] {
            let sent = Sent {
                certificate,
                ..asked()
            };
            let answer = post(&world, REGISTRY, action, sent);
            let expected = (400, FaultCode::Sender, Code::PeerUnknown);
            assert_eq!(refused(&world, &answer), expected);
            let actor = world.events().pop().unwrap().actor;
            assert_eq!(actor, Actor::Anyone { name: None });
        }
    }
}

#[test]
fn a_community_without_assertions_is_heard_as_an_organisation() {
    let world = World::new();
    let mut community = Community {
        home_community_id: CommunityId::new("2.25.9").unwrap(),
        name: "隣の地域".into(),
        patient_authority: Oid::new("1.2.3").unwrap(),
        authorities: vec![Oid::new("1.2.3").unwrap()],
        endpoints: BTreeMap::new(),
        replies: Vec::new(),
        certificates: vec![[9; 32]],
        tls12: true,
        dialect: "standard".into(),
        assertions: None,
        asynchronous: false,
        discovery: false,
        offers: tasuki_model::facility::Offers::default(),
        contacts: Vec::new(),
    };
    let directory = |community: &Community| Directory {
        serial: 1,
        issued: Instant::from_micros(0),
        pix_manager: None,
        pix_standbys: Vec::new(),
        communities: vec![community.clone()],
    };
    let members = world.network.members();
    members
        .set_directory(directory(&community), AssertedCodes::standard().unwrap())
        .unwrap();
    assert!(members.knows(&[9; 32]) && members.knows(&SYSTEM) && !members.knows(&[8; 32]));
    assert!(members.allows_tls12(&[9; 32]) && !members.allows_tls12(&SYSTEM));
    let sent = || Sent {
        certificate: Some([9; 32]),
        ..asked()
    };
    assert_eq!(ask(&world, sent()).status, 200);
    let event = world.events().pop().unwrap();
    assert_eq!(
        event.exchange.unwrap().community.unwrap().as_str(),
        "2.25.9"
    );
    community.assertions = Some(PeerAssertions {
        emergency: false,
        issuer: "https://sts".into(),
        certificates: Vec::new(),
    });
    members
        .set_directory(directory(&community), AssertedCodes::standard().unwrap())
        .unwrap();
    let answer = ask(&world, sent());
    assert_eq!(refused(&world, &answer).2, Code::AssertionMissing);
}

#[test]
fn what_the_envelope_gets_wrong_is_told_by_its_code() {
    let world = World::new();
    let sender = |code| (400, FaultCode::Sender, code);
    let id = Sent::default().headers;
    let answer = post(&world, REGISTRY, "urn:test:Unknown", asked());
    assert_eq!(refused(&world, &answer), sender(Code::ActionNotSupported));
    assert_eq!(answer.fault().subcodes, ["ActionNotSupported"]);
    let answer = post(&world, REGISTRY, "urn:test:Sent", asked());
    assert_eq!(refused(&world, &answer), sender(Code::ActionNotSupported));
    let action = Some("urn:test:Other");
    let answer = ask(&world, Sent { action, ..asked() });
    assert_eq!(refused(&world, &answer), sender(Code::SoapActionMismatch));
    let headers = format!("{id}<o:O xmlns:o='urn:o' s:mustUnderstand='1'/>");
    let answer = ask(&world, Sent { headers, ..asked() });
    let expected = (500, FaultCode::MustUnderstand, Code::SoapNotUnderstood);
    assert_eq!(refused(&world, &answer), expected);
    assert_eq!(
        answer
            .envelope
            .all("http://www.w3.org/2003/05/soap-envelope", "NotUnderstood")
            .count(),
        1
    );
    let headers = String::new();
    let answer = ask(&world, Sent { headers, ..asked() });
    assert_eq!(refused(&world, &answer), sender(Code::AddressingMissing));
    let body = format!("<x>{}</x>", "x".repeat(20_000));
    let answer = ask(&world, Sent { body, ..asked() });
    assert_eq!(refused(&world, &answer), sender(Code::SoapTooLarge));
    let answer = ask(&world, Sent::default());
    assert_eq!(refused(&world, &answer), sender(Code::SoapShape));
    assert_eq!(answer.fault().problem.unwrap().place, "Ask/@size");
    for (bytes, expected) in [
        ("<!DOCTYPE x><x/>", sender(Code::XmlDoctype)),
        ("<x/>", sender(Code::NotSoap)),
        (
            "<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'/>",
            (500, FaultCode::VersionMismatch, Code::SoapVersion),
        ),
    ] {
        let answer = post_bytes(&world, REGISTRY, bytes.as_bytes(), Sent::default());
        assert_eq!(refused(&world, &answer), expected, "{bytes}");
    }
}

#[test]
fn a_reply_goes_elsewhere_only_where_the_directory_says() {
    let world = World::new();
    let to = |address: &str| {
        let id = Sent::default().headers;
        let headers = format!("{id}<a:ReplyTo><a:Address>{address}</a:Address></a:ReplyTo>");
        Sent { headers, ..asked() }
    };
    let answer = ask(&world, to(REPLIES));
    assert_eq!(
        (answer.status, answer.elsewhere.unwrap().as_str()),
        (200, REPLIES)
    );
    assert_eq!(answer.envelope.addressing.to.as_deref(), Some(REPLIES));
    for stranger in [
        "https://stranger.example.com/",
        "https://system.example.jp/replies/",
        "http://www.w3.org/2005/08/addressing/none",
    ] {
        let answer = ask(&world, to(stranger));
        assert_eq!(refused(&world, &answer).2, Code::ReplyToStranger);
        assert_eq!(answer.elsewhere, None);
    }
    let answer = ask(&world, to("http://www.w3.org/2005/08/addressing/anonymous"));
    assert_eq!((answer.status, answer.elsewhere), (200, None));
}

#[test]
fn a_feed_is_written_with_its_event_or_not_at_all() {
    let world = World::new();
    let state = |refuse: &str| {
        let body = format!("<t:State xmlns:t='urn:test'{refuse}><D>aGVsbG8=</D></t:State>");
        let before = world.events().len();
        let sent = Sent {
            body,
            ..Sent::default()
        };
        let answer = post(&world, REGISTRY, STATE, sent);
        assert_eq!(world.events().len(), before + 1);
        (answer, world.events().pop().unwrap())
    };
    let (answer, event) = state("");
    assert_eq!(
        (answer.status, answer.envelope.body.text().as_str()),
        (200, "5")
    );
    assert_eq!(
        (event.items, event.patients.len(), event.ending),
        (1, 1, Ending::Success)
    );
    assert_eq!(event.exchange.unwrap().documents[0].unique_id, "1.2.5");
    let (answer, event) = state(" refuse='own'");
    assert_eq!(
        (answer.status, answer.envelope.body.text().as_str()),
        (200, "no")
    );
    assert_eq!(
        (event.ending, event.code.as_deref()),
        (Ending::Refused, Some("SOP-003"))
    );
    assert_eq!(event.exchange.unwrap().documents.len(), 1);
    let (answer, event) = state(" refuse='x'");
    assert_eq!((answer.status, answer.code()), (400, Code::SoapShape));
    assert_eq!(event.ending, Ending::Refused);
    let (answer, event) = state(" refuse='fault'");
    assert_eq!(
        (answer.status, answer.fault().code),
        (500, FaultCode::Receiver)
    );
    assert_eq!(
        (answer.code(), event.ending),
        (Code::StoreAway, Ending::Fault)
    );
}
