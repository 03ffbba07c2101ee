//! The event of each side as the audit repository of others is told it (DICOM PS3.15 A.5).

use super::{Event, Left, Line};
use tasuki_core::audit::{AuditEvent, Side};
use tasuki_core::policy::AssertedCodes;
use tasuki_ihe::atna::Reporting;
use tasuki_model::CommunityId;
use tasuki_wire::atna::{Message, Object, Outcome};

const SOURCE: &str = "110153";
const DESTINATION: &str = "110152";

/// The messages of a transaction, held against its line.
pub fn told(line: &Line, left: &Left) -> Vec<Message> {
    let mut messages = vec![one(
        line,
        left,
        &left.answered,
        line.answered,
        Side::Answered,
    )];
    assert_eq!(left.asked.is_some(), line.asked.is_some(), "{}", line.id);
    if let (Some(events), Some(asked)) = (&left.asked, line.asked) {
        messages.push(one(line, left, events, asked, Side::Asked));
    }
    messages
}

/// The message of an event.
pub fn message(event: &AuditEvent) -> Message {
    let reporting = Reporting {
        home: CommunityId::new("2.25.1").unwrap(),
        host: "own.example.jp".to_owned(),
        system: "own.example.jp".to_owned(),
        process: 7,
        codes: AssertedCodes::standard().unwrap(),
    };
    reporting.message(event)
}

fn one(line: &Line, left: &Left, events: &[AuditEvent], expected: Event, side: Side) -> Message {
    let id = line.id;
    let [event] = events else {
        panic!("{id} {side:?}: {} events", events.len());
    };
    assert_eq!(event.exchange.as_ref().unwrap().side, side, "{id}");
    let message = message(event);
    assert_eq!(
        (&*message.event.code, message.action),
        expected,
        "{id} {side:?}"
    );
    assert_eq!(message.outcome, Outcome::Success, "{id} {:?}", event.code);
    let types: Vec<&str> = message.types.iter().map(|t| &*t.code).collect();
    assert_eq!(types, [id]);
    let purposes: Vec<&str> = message.purposes.iter().map(|p| &*p.code).collect();
    assert_eq!(purposes, ["TREAT"], "{id} {side:?}");
    participants(id, &message);
    objects(line, left, &message, side);
    message
}

/// Who gives, then who gets; whoever asked for it is the requestor.
fn participants(id: &str, message: &Message) {
    let [gives, gets] = &message.participants[..] else {
        panic!("{id}: {:?}", message.participants);
    };
    assert_eq!(
        (&*gives.roles[0].code, &*gets.roles[0].code),
        (SOURCE, DESTINATION)
    );
    let fetched = ["ITI-39", "ITI-43"].contains(&id);
    assert_eq!(
        (gives.requestor, gets.requestor),
        (!fetched, fetched),
        "{id}"
    );
    assert!(gives.access.is_some() && gets.access.is_some(), "{id}");
}

fn objects(line: &Line, left: &Left, message: &Message, side: Side) {
    let id = line.id;
    let of = |kind: u8, role: u8| -> Vec<&Object> {
        let objects = message.objects.iter();
        objects
            .filter(|o| (o.kind, o.role) == (kind, role))
            .collect()
    };
    let patients = of(1, 1);
    match left.patient.as_str() {
        // Nobody's ID stood in it: whose data it was is said by our own keys, of whoever gave it.
        "" => assert!(!patients.is_empty() || side == Side::Asked, "{id} {side:?}"),
        cx => assert_eq!(patients[0].id, cx, "{id} {side:?}"),
    }
    let queries = of(2, 24);
    assert_eq!(queries.len(), usize::from(line.query.is_some()), "{id}");
    for (query, word) in queries.iter().zip(line.query) {
        let text = String::from_utf8(query.query.clone().unwrap()).unwrap();
        assert!(
            text.contains(word) || query.id.contains(word),
            "{id}: {text}"
        );
    }
    let removed = of(2, 3).into_iter();
    let removed = removed.filter(|o| o.id_type.code == "urn:ihe:iti:2017:ObjectRef");
    assert_eq!(removed.count(), line.objects, "{id} {side:?}");
    assert_eq!(
        of(2, 3).len(),
        line.documents + line.objects,
        "{id} {side:?}"
    );
    assert_eq!(of(2, 20).len(), line.sets, "{id} {side:?}");
    let told = patients.len() + queries.len() + line.documents + line.objects + line.sets;
    assert_eq!(message.objects.len(), told, "{id} {side:?}");
}

/// The message about one that a stranger sent: which transaction, who both are, and why it was refused.
pub fn refused(line: &Line, events: &[AuditEvent]) -> Message {
    let id = line.id;
    let [event] = events else {
        panic!("{id}: {} events", events.len());
    };
    let message = message(event);
    assert_eq!((&*message.event.code, message.action), line.read(), "{id}");
    assert_eq!(message.outcome, Outcome::Minor, "{id}");
    let text = message.outcome_text.as_deref().unwrap_or_default();
    assert!(text.starts_with("SAM-015 "), "{id}: {text}");
    assert_eq!(&*message.types[0].code, id);
    participants(id, &message);
    assert!(message.objects.is_empty(), "{id}: {:?}", message.objects);
    message
}
