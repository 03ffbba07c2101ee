//! Every transaction on each side, also where it is refused: valid by the schema of DICOM, with the
//! participants and objects that the framework asks for.

use super::*;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tasuki_core::audit::{Action, Actor, AuditedDocument, AuditedQuery, Exchange, Node, Side};
use tasuki_core::directory::ENDPOINTS;
use tasuki_model::{Instant, Role, UserId};
use tasuki_wire::atna::Access;

fn reporting() -> Reporting {
    Reporting {
        home: CommunityId::new("1.2.1").unwrap(),
        host: "node.one.example".into(),
        system: "node1.example".to_owned(),
        process: 77,
        codes: AssertedCodes::standard().unwrap(),
    }
}

fn node(id: &str, address: &str) -> Node {
    Node {
        id: id.into(),
        address: address.into(),
    }
}

/// An event as the pipelines leave it.
fn event(transaction: &str, side: Side, ending: Ending) -> AuditEvent {
    let own = node("https://one.example/soap", "");
    let peer = node("https://two.example/reply", "192.0.2.7");
    let home = Some(CommunityId::new("1.2.2").unwrap());
    let exchange = Exchange {
        community: home.clone(),
        user: Some("<d1@urn:two>".into()),
        patients: vec!["1^^^&1.2.1.9&ISO".into()],
        query: Some(AuditedQuery {
            id: "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d".into(),
            text: "<q>花子</q>".into(),
            home: home.clone(),
        }),
        documents: vec![AuditedDocument {
            unique_id: "1.2.3.4".into(),
            repository_id: "1.2.1.1".into(),
            home,
        }],
        submission_sets: vec!["1.2.3.5".into()],
        message_id: "urn:uuid:1".into(),
        ..Exchange::new(transaction, side, own, peer)
    };
    AuditEvent {
        ending,
        code: (ending != Ending::Success).then(|| "SAM-009".into()),
        actor: Actor::Peer {
            community: CommunityId::new("1.2.2").unwrap(),
            user: Some("d1".into()),
            organisation: Some("二の病院".into()),
            role: Some(Role::Physician),
        },
        purpose: Some(Purpose::Emergency),
        exchange: Some(Box::new(exchange)),
        ..AuditEvent::of_process(
            Instant::from_micros(1_795_305_600_123_456),
            Action::Identity,
            "soap",
            transaction,
        )
    }
}

/// Writes messages into files and lets xmllint look at all of them.
fn valid(name: &str, messages: &[Message]) {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/ihe/schema/atna/dicom2017c.xsd");
    let folder = std::env::temp_dir().join(format!("tasuki-atna-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut xmllint = Command::new("xmllint");
    xmllint.arg("--noout").arg("--schema").arg(schema);
    for (n, message) in messages.iter().enumerate() {
        let path = folder.join(format!("{n}.xml"));
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(message.encode().as_str().as_bytes())
            .unwrap();
        xmllint.arg(path);
    }
    let found = xmllint.stderr(Stdio::piped()).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(
        found.status.success(),
        "{}",
        String::from_utf8_lossy(&found.stderr)
    );
}

#[test]
fn every_transaction_on_each_side_with_each_ending_is_valid_by_the_schema() {
    let mut messages = Vec::new();
    let transactions = ENDPOINTS
        .iter()
        .copied()
        .chain(crate::TRANSACTIONS.iter().map(|t| t.id));
    for transaction in transactions.filter(|id| id.starts_with("ITI") && *id != "ITI-20") {
        for side in [Side::Asked, Side::Answered] {
            for ending in [Ending::Success, Ending::Refused, Ending::Fault] {
                let message = reporting().message(&event(transaction, side, ending));
                assert_eq!(message.types[0].code, transaction);
                assert_eq!(message.participants.len(), 3);
                assert_eq!(message.objects.len(), 4);
                messages.push(message);
            }
        }
    }
    assert!(messages.len() >= 20 * 6, "{}", messages.len());
    valid("sides", &messages);
}

#[test]
fn a_query_from_another_community_names_both_systems_the_user_and_the_query() {
    let message = reporting().message(&event("ITI-38", Side::Answered, Ending::Success));
    assert_eq!((&*message.event.code, message.action), ("110112", 'E'));
    let [source, destination, user] = &message.participants[..] else {
        panic!()
    };
    assert_eq!(
        (&*source.user_id, source.requestor),
        ("https://two.example/reply", true)
    );
    assert_eq!(source.access, Some(Access::Address("192.0.2.7".into())));
    assert_eq!(source.roles[0].code, "110153");
    assert_eq!(
        (&*destination.user_id, destination.requestor),
        ("https://one.example/soap", false)
    );
    assert_eq!(destination.alternative_id.as_deref(), Some("77"));
    assert_eq!(
        destination.access,
        Some(Access::Name("node.one.example".into()))
    );
    assert_eq!(
        (&*user.user_id, user.name.as_deref()),
        ("d1", Some("<d1@urn:two>"))
    );
    assert_eq!(user.roles[0].code, "Medical Doctor");
    assert_eq!(message.purposes[0].code, "BTG");
    let query = &message.objects[1];
    assert_eq!(query.query.as_deref(), Some("<q>花子</q>".as_bytes()));
    let home = query
        .details
        .iter()
        .find(|d| d.name.ends_with("homeCommunityId"));
    assert_eq!(home.unwrap().value, b"urn:oid:1.2.2");
}

#[test]
fn a_retrieve_flows_from_the_one_who_is_asked() {
    for (side, event_id, action, first) in [
        (Side::Asked, "110107", 'C', "https://two.example/reply"),
        (Side::Answered, "110106", 'R', "https://one.example/soap"),
    ] {
        let message = reporting().message(&event("ITI-39", side, Ending::Success));
        assert_eq!((&*message.event.code, message.action), (event_id, action));
        assert_eq!(message.participants[0].user_id, first);
        assert_eq!(message.participants[0].roles[0].code, "110153");
        let asked: Vec<&str> = message
            .participants
            .iter()
            .filter(|p| p.requestor)
            .map(|p| &*p.user_id)
            .collect();
        let asker = if side == Side::Asked {
            "https://one.example/soap"
        } else {
            "https://two.example/reply"
        };
        assert!(asked.contains(&asker) && asked.contains(&"d1"), "{asked:?}");
    }
}

#[test]
fn a_refusal_says_its_code() {
    let message = reporting().message(&event("ITI-18", Side::Answered, Ending::Refused));
    assert_eq!(message.outcome, Outcome::Minor);
    assert!(message.outcome_text.unwrap().starts_with("SAM-009 "));
    let message = reporting().message(&event("ITI-18", Side::Answered, Ending::Fault));
    assert_eq!(message.outcome, Outcome::Serious);
}

#[test]
fn what_is_no_transaction_is_told_too() {
    let mut messages = Vec::new();
    for (action, subject, code, kind) in [
        (Action::SignIn, "sign-in", "110114", Some("110122")),
        (Action::SignOut, "sign-out", "110114", Some("110123")),
        (Action::PatientSearch, "patients", "110112", None),
        (Action::ChartView, "calendar", "110110", None),
        (Action::DocumentView, "document", "110110", None),
        (Action::Export, "print", "110106", None),
        (Action::Import, "import", "110107", None),
        (Action::Quarantine, "retry", "110107", None),
        (Action::Identity, "link", "110110", None),
        (Action::Administration, "user add", "110113", Some("110131")),
        (Action::AuditView, "audit", "110101", None),
        (Action::Node, "start", "110100", Some("110120")),
        (Action::Node, "stop", "110100", Some("110121")),
    ] {
        let event = AuditEvent {
            actor: Actor::User {
                user: UserId::new("u1").unwrap(),
                role: Role::Nurse,
                facility: tasuki_model::FacilityId::new("f").unwrap(),
            },
            ..AuditEvent::of_process(Instant::from_micros(0), action, "portal", subject)
        };
        let message = reporting().message(&event);
        assert_eq!(message.event.code, code, "{subject}");
        assert_eq!(message.types.first().map(|t| &*t.code), kind, "{subject}");
        assert_eq!(message.participants[1].name.as_deref(), Some("<u1@1.2.1>"));
        messages.push(message);
    }
    valid("others", &messages);
}
