//! The same of transactions over HL7 v2: both systems are named as MSH names them, a query stands as it
//! came, and a link change says of each ID what it is (ITI TF-2 3.64.5.1).

use super::audited::message;
use super::schemas;
use crate::registry::cx;
use crate::registry::relinked::{self, a43, moved, ward};
use crate::world::{HZLN, World, pix};
use tasuki_wire::atna::{Access, Message, Object, Outcome};

/// The message of the last event of a world.
fn last(world: &World) -> Message {
    let message = message(&world.events().pop().unwrap());
    assert_eq!(
        message.outcome,
        Outcome::Success,
        "{:?}",
        message.outcome_text
    );
    let [source, destination] = &message.participants[..] else {
        panic!("{:?}", message.participants);
    };
    assert_eq!((&*source.user_id, source.requestor), ("HOSPITAL|HIS", true));
    assert_eq!(source.access, Some(Access::Address("192.0.2.9".to_owned())));
    assert_eq!(&*destination.user_id, "試験|TASUKI");
    message
}

#[test]
fn a_feed_creates_or_updates_and_a_query_stands_as_it_came() {
    let world = World::new();
    let pid = |given: &str| format!("PID|||7^^^{HZLN}||東京^{given}||19470312|F\r");
    let mut messages = Vec::new();
    for (event, action) in [("A04", 'C'), ("A08", 'U')] {
        world.feed(event, &pid("花子"));
        let message = last(&world);
        assert_eq!((&*message.event.code, message.action), ("110110", action));
        assert_eq!(message.types[0].code, "ITI-8");
        messages.push(message);
    }
    world.disclose("hzln", "7", true);
    world.patient("8", HZLN, "東京^次郎", "19500101");
    world.link(("hzln", "7"), ("hzln", "8"));
    let asked = format!("7^^^{HZLN}");
    world.ask(&pix(&asked, ""));
    let event = world.events().pop().unwrap();
    let query = message(&event);
    assert_eq!((&*query.event.code, query.action), ("110112", 'E'));
    let object = query.objects.iter().find(|o| o.role == 24).unwrap();
    let text = String::from_utf8(object.query.clone().unwrap()).unwrap();
    assert_eq!(text, format!("QPD|IHE PIX Query|T1|{asked}"));
    messages.push(query);
    schemas::atna(&messages);
}

/// What an ID is said to be, the ID, and what becomes of it.
fn link(object: &Object) -> (String, &str, Option<u8>) {
    assert_eq!((object.kind, object.role), (1, 1));
    let [id, kind] = &object.details[..] else {
        panic!("{:?}", object.details);
    };
    assert_eq!((&*id.name, &*id.value), ("MSH-10", &b"M1"[..]));
    let kind = String::from_utf8(kind.value.clone()).unwrap();
    (kind, &object.id, object.lifecycle)
}

#[test]
fn a_link_change_says_of_each_id_what_it_is_and_what_becomes_of_it() {
    let told = |message: &Message, expected: &[(&str, String, Option<u8>)]| {
        assert_eq!((&*message.event.code, message.action), ("110110", 'U'));
        let patients = message.objects.iter().filter(|o| o.role == 1);
        let expected = expected
            .iter()
            .map(|(kind, id, life)| (*kind, &**id, *life));
        let found: Vec<_> = patients.map(link).collect();
        let found = found.iter().map(|(kind, id, life)| (&**kind, *id, *life));
        assert!(found.eq(expected), "{:?}", message.objects);
        assert_eq!(message.objects.iter().filter(|o| o.role == 20).count(), 1);
    };
    let world = relinked::world();
    assert_eq!(world.ask(&moved()).get("MSA-1"), "AA");
    let gone = last(&world);
    told(
        &gone,
        &[
            ("localPatientId", ward("1"), None),
            ("newPatientId", cx("2"), Some(1)),
            ("previousPatientId", cx("1"), Some(14)),
        ],
    );
    let world = relinked::world();
    let merge = a43(
        &format!("{}~{}", cx("1"), ward("2")),
        &format!("{}~{}", cx("1"), ward("1")),
    );
    assert_eq!(world.ask(&merge).get("MSA-1"), "AA");
    let merged = last(&world);
    told(
        &merged,
        &[
            ("localPatientId", ward("2"), Some(1)),
            ("newPatientId", cx("1"), None),
            ("previousPatientId", cx("1"), None),
            ("subsumedPatientId", ward("1"), Some(14)),
        ],
    );
    schemas::atna(&[gone, merged]);
}
