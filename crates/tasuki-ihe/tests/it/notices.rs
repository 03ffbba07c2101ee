//! ITI-10: what a consumer is told, when, and that it is kept until it was told.

use crate::world::{HZLN, PKLN, Reply, World, adt, facility};
use tasuki_core::policy::{Scope, System};
use tasuki_core::release::Payload;
use tasuki_ihe::iti10::{Consumer, NoticeId, Taken};

fn consumer(scope: Scope) -> Consumer {
    Consumer {
        system: System {
            name: "portal".into(),
            queries: true,
            visits: false,
            scope,
        },
        application: "PORTAL".to_owned(),
        facility: "CITY".to_owned(),
    }
}

/// What is waiting, as messages, with what is needed to acknowledge each.
fn waiting(world: &World, consumer: &Consumer) -> Vec<(Reply, NoticeId)> {
    let notices = world.network.notices(consumer, 100).unwrap();
    let read = |notice: tasuki_ihe::iti10::Notice| {
        let (egress, id) = notice.split();
        match egress.into_payload() {
            Payload::Body(body) => (Reply::of(&body.bytes), id),
            other => panic!("{other:?}"),
        }
    };
    notices.into_iter().map(read).collect()
}

fn acknowledge(
    world: &World,
    consumer: &Consumer,
    notice: &(Reply, NoticeId),
    code: &str,
) -> Taken {
    let id = notice.0.get("MSH-10");
    let ack = format!("MSH|^~\\&|P|C|T|N|20260713||ACK^A31^ACK|9|P|2.5\rMSA|{code}|{id}\r");
    world
        .network
        .noticed(consumer, &notice.1, ack.as_bytes())
        .unwrap()
}

fn settle(world: &World, consumer: &Consumer) {
    for notice in waiting(world, consumer) {
        assert_eq!(acknowledge(world, consumer, &notice, "AA"), Taken::Yes);
    }
    assert!(waiting(world, consumer).is_empty());
}

fn world(consumer: &Consumer) -> World {
    let world = World::new();
    world
        .network
        .set_consumers(std::slice::from_ref(consumer))
        .unwrap();
    world.patient("1", HZLN, "東京^花子", "19470312");
    world.patient("2", PKLN, "東京^花子", "19470312");
    world
}

#[test]
fn a_link_is_told_once_with_the_identifiers_as_they_are() {
    let consumer = consumer(Scope::Community);
    let world = world(&consumer);
    settle(&world, &consumer);
    world.link(("hzln", "1"), ("pkln", "2"));
    let told = waiting(&world, &consumer);
    assert_eq!(told.len(), 1);
    let message = &told[0].0;
    assert_eq!(message.get("MSH-9"), "ADT^A31^ADT_A05");
    assert_eq!(
        (message.get("MSH-5"), message.get("MSH-6")),
        ("PORTAL".into(), "CITY".into())
    );
    assert_eq!(
        message.raw("PID", 3),
        format!("1^^^{HZLN}^PI~2^^^{PKLN}^PI")
    );
    assert_eq!(
        message.raw("PID", 5),
        "~^^^^^^S",
        "identifiers and no demographics"
    );
    assert!(!message.text.contains("19470312") && !message.text.contains("花子"));
    let event = world.events().pop().unwrap();
    assert_eq!((event.subject.as_str(), event.items), ("ITI-10", 2));
    settle(&world, &consumer);
}

#[test]
fn a_consumer_that_is_away_is_told_the_newest_state_when_it_is_back() {
    let consumer = consumer(Scope::Community);
    let world = world(&consumer);
    settle(&world, &consumer);
    world.link(("hzln", "1"), ("pkln", "2"));
    let lost = waiting(&world, &consumer);
    world.patient("3", HZLN, "東京^花子", "19470312");
    world.link(("hzln", "3"), ("hzln", "1"));
    // The answer to the message before comes late: what changed since is not taken off.
    assert_eq!(acknowledge(&world, &consumer, &lost[0], "AA"), Taken::Yes);
    let told = waiting(&world, &consumer);
    assert_eq!(told.len(), 1);
    assert!(told[0].0.raw("PID", 3).contains("3^^^"));
    settle(&world, &consumer);
}

#[test]
fn a_refusal_and_an_answer_to_something_else_leave_it_in_the_queue() {
    let consumer = consumer(Scope::Community);
    let world = world(&consumer);
    let told = waiting(&world, &consumer);
    assert_eq!(
        acknowledge(&world, &consumer, &told[0], "AE"),
        Taken::Refused
    );
    let strange = world
        .network
        .noticed(&consumer, &told[0].1, b"MSH|^~\\&\rMSA|AA|other\r");
    assert_eq!(strange.unwrap(), Taken::Unclear);
    assert_eq!(waiting(&world, &consumer).len(), told.len());
    world.network.give_up(&consumer, &told[0].1).unwrap();
    assert_eq!(waiting(&world, &consumer).len(), told.len() - 1);
    let given_up = world
        .events()
        .into_iter()
        .find(|e| e.code.as_deref() == Some("PIX-019"));
    assert!(given_up.is_some());
}

#[test]
fn the_undisclosed_stands_in_no_notification_and_withdrawal_is_told_to_the_rest() {
    let consumer = consumer(Scope::Community);
    let world = world(&consumer);
    world.link(("hzln", "1"), ("pkln", "2"));
    settle(&world, &consumer);
    world.disclose("pkln", "2", false);
    let told = waiting(&world, &consumer);
    assert!(!told.is_empty());
    for (message, _) in &told {
        assert_eq!(message.raw("PID", 3), format!("1^^^{HZLN}^PI"));
    }
    settle(&world, &consumer);
    world.feed("A08", &format!("PID|||2^^^{PKLN}||東京^花子||19470312|F\r"));
    assert!(waiting(&world, &consumer).is_empty());
}

#[test]
fn a_merge_is_told_without_the_id_that_is_gone() {
    let consumer = consumer(Scope::Community);
    let world = world(&consumer);
    world.patient("3", HZLN, "東京^花子", "19470312");
    settle(&world, &consumer);
    let merge = adt(
        "A40",
        &format!("PID|||1^^^{HZLN}||東京^花子||19470312|F\rMRG|3^^^{HZLN}\r"),
    );
    assert_eq!(world.ask(&merge).get("MSA-1"), "AA");
    let told = waiting(&world, &consumer);
    let ids: Vec<String> = told
        .iter()
        .map(|(message, _)| message.raw("PID", 3))
        .collect();
    assert_eq!(ids, [format!("1^^^{HZLN}^PI")]);
}

#[test]
fn a_consumer_is_told_of_its_own_domains_only_and_of_nothing_once_it_is_gone() {
    let one = consumer(Scope::Facilities([facility("hzln")].into()));
    let world = world(&one);
    world.link(("hzln", "1"), ("pkln", "2"));
    for (message, _) in waiting(&world, &one) {
        assert_eq!(message.raw("PID", 3), format!("1^^^{HZLN}^PI"));
    }
    world.network.set_consumers(&[]).unwrap();
    assert!(waiting(&world, &one).is_empty());
    world.disclose("pkln", "2", false);
    assert!(waiting(&world, &one).is_empty());
}
