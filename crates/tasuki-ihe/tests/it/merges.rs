//! ITI-8 A40: two IDs of one hospital become one, and what is answered after.

use crate::world::{HZLN, PKLN, World, adt, pix, said};

fn a40(survives: &str, goes: &str) -> String {
    adt(
        "A40",
        &format!("PID|||{survives}||東京^花子||19470312|F\rMRG|{goes}\rPV1||N\r"),
    )
}

/// 1 and 2 at one hospital, 9 at another, linked with 1.
fn world() -> World {
    let world = World::new();
    for (id, authority) in [("1", HZLN), ("2", HZLN), ("9", PKLN)] {
        world.patient(id, authority, "東京^花子", "19470312");
    }
    world.link(("hzln", "1"), ("pkln", "9"));
    world
}

#[test]
fn after_a_merge_the_survivor_is_answered_for_and_the_other_id_is_gone() {
    let world = world();
    let before = world.ask(&pix(&format!("2^^^{HZLN}"), ""));
    assert_eq!(before.get("QAK-2"), "NF");
    let merged = world.ask(&a40(&format!("1^^^{HZLN}"), &format!("2^^^{HZLN}")));
    assert_eq!(merged.get("MSA-1"), "AA", "{}", merged.text);
    let gone = world.ask(&pix(&format!("2^^^{HZLN}"), ""));
    assert_eq!(gone.verdict(), said("AE", "PIX-009", "QPD^1^3^1^1"));
    let stays = world.ask(&pix(&format!("1^^^{HZLN}"), ""));
    assert_eq!(
        (stays.get("QAK-2"), stays.get("PID-3.1")),
        ("OK".into(), "9".into())
    );
    let other = world.ask(&pix(&format!("9^^^{PKLN}"), ""));
    assert_eq!(
        other.raw("PID", 3),
        format!("1^^^{HZLN}^PI"),
        "2 is not given out"
    );
}

#[test]
fn a_merge_said_twice_is_acknowledged_twice() {
    let world = world();
    let merge = a40(&format!("1^^^{HZLN}"), &format!("2^^^{HZLN}"));
    for _ in 0..2 {
        assert_eq!(world.ask(&merge).get("MSA-1"), "AA");
    }
    let key = world.record("hzln", "2").unwrap().patient_key;
    let events = world.store.reading(|tx| tx.link_events(&key)).unwrap();
    assert_eq!(events.len(), 1);
}

#[test]
fn merges_that_are_refused_change_nothing() {
    let world = world();
    let (one, two, nine) = (
        format!("1^^^{HZLN}"),
        format!("2^^^{HZLN}"),
        format!("9^^^{PKLN}"),
    );
    let cases = [
        (a40(&one, &nine), "PIX-010", "MRG^1^1^1^4"),
        (a40(&one, &one), "PIX-011", "MRG^1^1^1^1"),
        (a40(&one, &format!("77^^^{HZLN}")), "PIX-009", "MRG^1^1^1^1"),
        (a40(&one, "2"), "PIX-004", "MRG^1^1^1^4"),
        (a40(&one, ""), "PIX-004", "MRG^1^1"),
        (adt("A40", &format!("PID|||{one}\r")), "PIX-004", "MRG^1"),
    ];
    for (message, code, place) in cases {
        assert_eq!(world.ask(&message).verdict(), said("AE", code, place));
    }
    assert_eq!(
        world.ask(&pix(&two, "")).get("QAK-2"),
        "NF",
        "2 is in use still"
    );
    assert_eq!(world.ask(&pix(&one, "")).get("PID-3.1"), "9");
}

#[test]
fn an_id_that_was_merged_away_is_neither_fed_nor_moved() {
    let world = world();
    world.patient("3", HZLN, "東京^花子", "19470312");
    let id = |n: u8| format!("{n}^^^{HZLN}");
    assert_eq!(world.ask(&a40(&id(1), &id(2))).get("MSA-1"), "AA");
    let feed = adt("A08", &format!("PID|||{}||東京^花子||19470312|F\r", id(2)));
    assert_eq!(
        world.ask(&feed).verdict(),
        said("AE", "PIX-012", "PID^1^3^1^1")
    );
    let moved = world.ask(&a40(&id(3), &id(2)));
    assert_eq!(moved.verdict(), said("AE", "PIX-012", "MRG^1^1^1^1"));
    let onto = world.ask(&a40(&id(2), &id(3)));
    assert_eq!(onto.verdict(), said("AE", "PIX-012", "PID^1^3^1^1"));
}
