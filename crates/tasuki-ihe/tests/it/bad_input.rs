//! What is wrong with a message, and the code it is answered with.

use crate::world::{HZLN, World, adt, from, said};

#[test]
fn a_known_local_id_with_other_demographics_is_never_overwritten() {
    let world = World::new();
    world.feed(
        "A04",
        &format!("PID|||1^^^{HZLN}||東京^花子^^^^^L^I~トウキョウ^ハナコ^^^^^L^P||19470312|F\r"),
    );
    let other = adt(
        "A08",
        &format!("PID|||1^^^{HZLN}||大阪^一郎^^^^^L^I~オオサカ^イチロウ^^^^^L^P||19880704|M\r"),
    );
    assert_eq!(
        world.ask(&other).verdict(),
        said("AE", "IDN-003", "PID^1^3^1^1")
    );
    let known = world.record("hzln", "1").unwrap().demographics;
    assert_eq!(
        (known.name.display(), known.birth_text),
        ("東京 花子".into(), "19470312".into())
    );
    let married = adt(
        "A08",
        &format!("PID|||1^^^{HZLN}||大阪^花子^^^^^L^I~オオサカ^ハナコ^^^^^L^P||19470312|F\r"),
    );
    assert_eq!(world.ask(&married).get("MSA-1"), "AA");
}

#[test]
fn a_feed_that_would_move_a_local_id_to_another_person() {
    let world = World::new();
    for id in ["1", "2", "3"] {
        world.feed(
            "A04",
            &format!("PID|||{id}^^^{HZLN}||東京^花子||19470312|F\r"),
        );
    }
    let merge = |a, b| {
        adt(
            "A40",
            &format!("PID|||{a}^^^{HZLN}||東京^花子||19470312|F\rMRG|{b}^^^{HZLN}\r"),
        )
    };
    assert_eq!(world.ask(&merge("1", "2")).get("MSA-1"), "AA");
    assert_eq!(
        world.ask(&merge("3", "2")).verdict(),
        said("AE", "PIX-012", "MRG^1^1^1^1")
    );
    let two = adt(
        "A08",
        &format!("PID|||1^^^{HZLN}~3^^^{HZLN}||東京^花子||19470312|F\r"),
    );
    assert_eq!(
        world.ask(&two).verdict(),
        said("AE", "PIX-013", "PID^1^3^2^1")
    );
}

#[test]
fn an_unknown_assigning_authority() {
    let world = World::new();
    for authority in [
        "NOBODY",
        "&1.2.3.9&ISO",
        "HZLN&1.2.3.9&ISO",
        "PKLN&2.16.840.1.113883.3.37.4.1.1.2.411.1&ISO",
        "&2.16.840.1.113883.3.37.4.1.1.2.411.1&DNS",
    ] {
        let feed = adt("A04", &format!("PID|||1^^^{authority}||東京^花子\r"));
        assert_eq!(
            world.ask(&feed).verdict(),
            said("AE", "PIX-006", "PID^1^3^1^4"),
            "{authority}"
        );
    }
    assert!(world.record("hzln", "1").is_none());
}

#[test]
fn what_is_missing_is_named_with_its_place() {
    let world = World::new();
    let id = format!("1^^^{HZLN}");
    for (rest, place) in [
        (String::new(), "PID^1"),
        ("PID|||||東京^花子\r".to_owned(), "PID^1^3"),
        (format!("PID|||^^^{HZLN}||東京^花子\r"), "PID^1^3"),
        ("PID|||1||東京^花子\r".to_owned(), "PID^1^3^1^4"),
        (format!("PID|||{id}||\r"), "PID^1^5"),
        (format!("PID|||{id}|| \r"), "PID^1^5"),
    ] {
        assert_eq!(
            world.ask(&adt("A04", &rest)).verdict(),
            said("AE", "PIX-004", place),
            "{rest}"
        );
    }
    let no_control_id = adt("A04", &format!("PID|||{id}||東京^花子\r")).replace("|M1|", "||");
    assert_eq!(
        world.ask(&no_control_id).verdict(),
        said("AE", "PIX-004", "MSH^1^10")
    );
    assert_eq!(world.events().len(), 7, "each refusal is an event");
}

#[test]
fn who_is_not_known_is_rejected_and_audited() {
    let world = World::new();
    let pid = format!("PID|||1^^^{HZLN}||東京^花子\r");
    for sender in ["NOBODY|X", "HIS|X", "|"] {
        let reply = world.ask(&from(sender, "A04", &pid));
        assert_eq!(
            reply.verdict(),
            said("AR", "PIX-001", "MSH^1^3"),
            "{sender}"
        );
    }
    let tls = from("TLS|X", "A04", &pid);
    let verdict = |certificate| {
        crate::world::Reply::of(&world.over_tls(tls.as_bytes(), certificate)).get("MSA-1")
    };
    assert_eq!(verdict(None), "AR", "no certificate");
    assert_eq!(verdict(Some([8; 32])), "AR", "another certificate");
    assert_eq!(verdict(Some([7; 32])), "AA");
    let plain = from("HIS|HOSPITAL", "A04", &pid);
    let stolen = world.over_tls(plain.as_bytes(), Some([7; 32]));
    assert_eq!(
        crate::world::Reply::of(&stolen).get("MSA-1"),
        "AR",
        "another peer's certificate"
    );
    assert_eq!(world.events().len(), 7);
}

#[test]
fn what_is_not_offered_is_rejected() {
    let world = World::new();
    for (from, to, code, place) in [
        ("ADT^A04", "MDM^T02", "PIX-002", "MSH^1^9^1^1"),
        ("ADT^A04", "ADT^A10", "PIX-002", "MSH^1^9^1^2"),
        ("ADT^A04", "ACK", "PIX-002", "MSH^1^9^1^1"),
        ("|2.5|", "|2.2|", "PIX-003", "MSH^1^12"),
        ("|2.5|", "||", "PIX-003", "MSH^1^12"),
    ] {
        let message = adt("A04", "PID|||1\r").replace(from, to);
        assert_eq!(
            world.ask(&message).verdict(),
            said("AR", code, place),
            "{to}"
        );
    }
}

#[test]
fn what_is_no_message_is_answered_all_the_same() {
    let world = World::new();
    for (bytes, code) in [
        (&b""[..], "HL7-001"),
        (b"hello", "HL7-001"),
        (b"MSH|abc", "HL7-002"),
        (
            b"MSH|^~\\&|HIS|HOSPITAL|||||ADT^A04|1|P|2.5||||||KLINGON\r",
            "HL7-006",
        ),
    ] {
        let reply = crate::world::Reply::of(&world.bytes(bytes));
        assert_eq!(reply.get("ERR-5.1"), code);
        assert!(!reply.get("MSA-2").is_empty());
    }
    let segments = "ZZZ|1\r".repeat(2_000);
    let reply = world.ask(&adt("A04", &segments));
    assert_eq!(reply.get("ERR-5.1"), "HL7-004");
    let fields = "|".repeat(1_000);
    let reply = world.ask(&adt("A04", &format!("PID{fields}\r")));
    assert_eq!(reply.get("ERR-5.1"), "HL7-005");
}
