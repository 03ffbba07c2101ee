//! ITI-9: the answers of ITI TF-2 3.9.4.2.2.6, and who is told what.

use crate::world::{HZLN, KHKN, PKLN, World, pix, qbp, said};
use tasuki_core::audit::Ending;

/// One person at three hospitals, the third not disclosed; one alone.
fn world() -> World {
    let world = World::new();
    world.patient("1", HZLN, "東京^花子", "19470312");
    world.patient("2", PKLN, "東京^花子", "19470312");
    world.patient("3", KHKN, "東京^花子", "19470312");
    world.patient("4", HZLN, "秘密^太郎", "19550302");
    world.link(("hzln", "1"), ("pkln", "2"));
    world.link(("pkln", "2"), ("khkn", "3"));
    world.disclose("khkn", "3", false);
    world
}

#[test]
fn found_nowhere_else_unknown_id_unknown_domains() {
    let world = world();
    let cases = [
        ("1", HZLN, "", "AA", "OK", "", ""),
        ("1", HZLN, "^^^PKLN", "AA", "OK", "", ""),
        ("4", HZLN, "", "AA", "NF", "", ""),
        ("4", HZLN, "^^^PKLN", "AA", "NF", "", ""),
        ("77", HZLN, "", "AE", "AE", "PIX-009", "QPD^1^3^1^1"),
        ("1", "NOBODY", "", "AE", "AE", "PIX-006", "QPD^1^3^1^4"),
        ("1", "", "", "AE", "AE", "PIX-004", "QPD^1^3^1^4"),
        ("", HZLN, "", "AE", "AE", "PIX-004", "QPD^1^3^1^1"),
        (
            "1",
            HZLN,
            "^^^PKLN~^^^NO1~^^^&1.2.9&ISO",
            "AE",
            "AE",
            "PIX-006",
            "QPD^1^4^2",
        ),
    ];
    for (id, authority, domains, code, status, ours, place) in cases {
        let reply = world.ask(&pix(&format!("{id}^^^{authority}"), domains));
        let said = (reply.verdict(), reply.get("QAK-2"), reply.get("MSH-9"));
        let expected = (
            said_of(code, ours, place),
            status.to_owned(),
            "RSP^K23^RSP_K23".to_owned(),
        );
        assert_eq!(said, expected, "{id} {authority} {domains}: {}", reply.text);
        let sent = reply.raw("QPD", 3);
        assert!(sent.starts_with(id), "{sent}");
        assert_eq!(
            (reply.get("QAK-1"), reply.get("QPD-2")),
            ("T1".into(), "T1".into())
        );
        if status == "OK" {
            assert_eq!(reply.raw("PID", 3), format!("2^^^{PKLN}^PI"));
            assert_eq!(reply.raw("PID", 5), "~^^^^^^S");
        } else {
            assert_eq!(reply.raw("PID", 3), "");
        }
    }
}

fn said_of(code: &str, ours: &str, place: &str) -> (String, String, String) {
    said(code, ours, place)
}

#[test]
fn every_unknown_domain_is_named() {
    let world = world();
    let reply = world.ask(&pix(&format!("1^^^{HZLN}"), "^^^PKLN~^^^NO1~^^^&1.2.9&ISO"));
    let places: Vec<&str> = reply
        .text
        .split('\r')
        .filter(|l| l.starts_with("ERR"))
        .collect();
    assert_eq!(places.len(), 2);
    assert!(
        places[1].starts_with("ERR||QPD^1^4^3|204^"),
        "{}",
        places[1]
    );
}

#[test]
fn the_id_that_was_sent_goes_back_only_when_its_domain_is_asked_for() {
    let world = world();
    let reply = world.ask(&pix(&format!("1^^^{HZLN}"), "^^^HZLN~^^^PKLN"));
    assert_eq!(reply.raw("PID", 3), format!("1^^^{HZLN}^PI~2^^^{PKLN}^PI"));
}

#[test]
fn what_is_not_disclosed_is_as_unknown_as_what_is_not_there() {
    let world = world();
    let hidden = world.ask(&pix(&format!("3^^^{KHKN}"), ""));
    let unknown = world.ask(&pix(&format!("777^^^{KHKN}"), ""));
    assert_eq!(hidden.verdict(), unknown.verdict());
    for (id, authority) in [("1", HZLN), ("2", PKLN)] {
        let reply = world.ask(&pix(
            &format!("{id}^^^{authority}"),
            "^^^KHKN~^^^HZLN~^^^PKLN",
        ));
        let ids = reply.raw("PID", 3);
        assert!(
            ids.contains("1^^^") && ids.contains("2^^^") && !ids.contains("KHKN"),
            "{ids}"
        );
    }
    world.disclose("khkn", "3", true);
    let told = world.ask(&pix(&format!("1^^^{HZLN}"), "^^^KHKN"));
    assert_eq!(told.raw("PID", 3), format!("3^^^{KHKN}^PI"));
}

#[test]
fn a_system_is_told_of_its_own_domains_only() {
    let world = world();
    let ask = |sender: &str, domains: &str| {
        let rest = format!("QPD|IHE PIX Query|T1|1^^^{HZLN}|{domains}\rRCP|I\r");
        world.ask(&qbp(sender, "QBP^Q23", &rest))
    };
    assert_eq!(ask("ONE|X", "").get("QAK-2"), "NF");
    assert_eq!(
        ask("ONE|X", "^^^PKLN").verdict(),
        said("AE", "PIX-006", "QPD^1^4^1")
    );
    assert_eq!(ask("DUMB|X", "").verdict(), said("AE", "PIX-014", "QPD^1"));
}

#[test]
fn every_query_leaves_one_event_and_says_whose_ids_left() {
    let world = world();
    let before = world.events().len();
    let _ = world.ask(&pix(&format!("1^^^{HZLN}"), ""));
    let events = world.events();
    assert_eq!(events.len(), before + 1);
    let event = events.last().unwrap();
    let told = world.record("pkln", "2").unwrap().patient_key;
    assert_eq!((event.subject.as_str(), event.items), ("ITI-9", 1));
    assert_eq!(
        (event.ending, &event.patients[..]),
        (Ending::Success, &[told][..])
    );
    assert_eq!(event.request, "Q1");
    let _ = world.ask(&pix(&format!("77^^^{HZLN}"), ""));
    let refused = (
        "ITI-9".to_owned(),
        Ending::Refused,
        Some("PIX-009".to_owned()),
    );
    assert_eq!(world.last_event(), refused);
}

#[test]
fn queries_at_once_leave_an_event_each() {
    let world = world();
    let before = world.events().len();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..8 {
                    let reply = world.ask(&pix(&format!("1^^^{HZLN}"), ""));
                    assert_eq!(reply.get("QAK-2"), "OK");
                }
            });
        }
    });
    assert_eq!(world.events().len(), before + 16 * 8);
    assert!(world.store.verify_audit().unwrap().is_empty());
}
