//! ITI-8: registrations made and brought up to date.

use crate::world::{HZLN, PKLN, World, adt, from, said};
use tasuki_core::audit::Ending;

#[test]
fn every_event_of_the_feed_makes_a_registration() {
    let world = World::new();
    for event in ["A01", "A04", "A05", "A08", "A31"] {
        world.feed(
            event,
            &format!("PID|||{event}^^^{HZLN}||東京^花子||19470312|F\r"),
        );
        let record = world.record("hzln", event).unwrap();
        assert_eq!(record.demographics.name.display(), "東京 花子");
        assert!(!record.disclosed, "a feed discloses nobody");
        assert_eq!(
            world.last_event(),
            ("ITI-8".to_owned(), Ending::Success, None)
        );
    }
    assert_eq!(world.events().len(), 5);
}

#[test]
fn an_acknowledgement_goes_back_to_the_sender_by_its_own_words() {
    let world = World::new();
    let reply = world.ask(&adt("A04", &format!("PID|||1^^^{HZLN}||東京^花子\r")));
    for (path, expected) in [
        ("MSH-3", "TASUKI"),
        ("MSH-4", "NET"),
        ("MSH-5", "HIS"),
        ("MSH-6", "HOSPITAL"),
        ("MSH-9", "ACK^A04^ACK"),
        ("MSH-11", "P"),
        ("MSH-12", "2.5"),
        ("MSA-1", "AA"),
        ("MSA-2", "M1"),
    ] {
        assert_eq!(reply.get(path), expected, "{path}");
    }
    assert!(!reply.get("MSH-10").is_empty());
}

#[test]
fn what_is_not_said_stays_and_what_is_deleted_goes() {
    let world = World::new();
    let pid = |rest: &str| format!("PID|||1^^^{HZLN}||東京^花子||19470312|F|||{rest}\r");
    world.feed("A04", &pid("^^^^1050011^JPN^H^東京都港区芝1||0312345678"));
    world.feed("A08", &pid("||"));
    let kept = world.record("hzln", "1").unwrap().demographics;
    assert_eq!(kept.phones, ["0312345678"]);
    assert_eq!(kept.addresses[0].text, "東京都港区芝1");
    world.feed("A08", &pid("||\"\""));
    let gone = world.record("hzln", "1").unwrap().demographics;
    assert!(gone.phones.is_empty() && !gone.addresses.is_empty());
}

#[test]
fn an_older_statement_is_acknowledged_and_changes_nothing() {
    let world = World::new();
    world.feed("A04", &format!("PID|||1^^^{HZLN}||新^花子||19470312|F\r"));
    let older = adt("A08", &format!("PID|||1^^^{HZLN}||旧^花子||19470312|F\r"))
        .replace("20260713120000", "20250713120000");
    assert_eq!(world.ask(&older).get("MSA-1"), "AA");
    let name = world.record("hzln", "1").unwrap().demographics.name;
    assert_eq!(name.display(), "新 花子");
}

#[test]
fn a_clock_that_is_years_ahead_does_not_keep_later_statements_out() {
    let world = World::new();
    let ahead = adt("A04", &format!("PID|||1^^^{HZLN}||旧^花子||19470312|F\r"))
        .replace("20260713120000", "20990713120000");
    assert_eq!(world.ask(&ahead).get("MSA-1"), "AA");
    world.feed("A08", &format!("PID|||1^^^{HZLN}||新^花子||19470312|F\r"));
    let name = world.record("hzln", "1").unwrap().demographics.name;
    assert_eq!(name.display(), "新 花子");
}

#[test]
fn ids_of_several_facilities_are_several_registrations_and_not_linked() {
    let world = World::new();
    world.feed(
        "A04",
        &format!("PID|||1^^^{HZLN}~2^^^{PKLN}||東京^花子||19470312|F\r"),
    );
    let (a, b) = (world.record("hzln", "1"), world.record("pkln", "2"));
    assert_ne!(a.unwrap().person, b.unwrap().person);
}

#[test]
fn an_id_of_nobody_here_is_left_out_with_a_warning() {
    let world = World::new();
    let stranger = "9^^^SOCIAL&1.2.840.99&ISO";
    let feed = adt("A04", &format!("PID|||{stranger}~1^^^{HZLN}||東京^花子\r"));
    let reply = world.ask(&feed);
    assert_eq!(reply.verdict(), said("AA", "PIX-006", "PID^1^3^1^4"));
    assert_eq!(reply.get("ERR-4"), "W");
    assert!(world.record("hzln", "1").is_some());
}

#[test]
fn a_peer_states_the_ids_of_its_own_facility_only() {
    let world = World::new();
    let feed = |authority: &str| {
        from(
            "HZLN|HIS",
            "A04",
            &format!("PID|||1^^^{authority}||名^前\r"),
        )
    };
    assert_eq!(world.ask(&feed(HZLN)).get("MSA-1"), "AA");
    let reply = world.ask(&feed(PKLN));
    assert_eq!(reply.verdict(), said("AE", "PIX-007", "PID^1^3^1^4"));
    assert!(world.record("pkln", "1").is_none());
    let both = from(
        "HZLN|HIS",
        "A04",
        &format!("PID|||2^^^{HZLN}~1^^^{PKLN}||名^前\r"),
    );
    assert_eq!(world.ask(&both).get("MSA-1"), "AE");
    assert!(
        world.record("hzln", "2").is_none(),
        "nothing of it is believed"
    );
}

#[test]
fn an_older_version_hears_of_errors_in_its_own_way() {
    let world = World::new();
    let feed = adt("A04", "PID|||1^^^X&1.2.9&ISO||名^前\r").replace("|2.5|", "|2.3.1|");
    let reply = world.ask(&feed);
    assert_eq!(reply.get("MSH-12"), "2.3.1");
    assert_eq!(
        reply.raw("ERR", 1),
        "PID^1^3^204&Unknown key identifier&HL70357"
    );
    assert!(reply.get("MSA-3").starts_with("PIX-006 "));
}
