//! JIS, UTF-8 and ASCII: read as declared, answered in the same.

use crate::world::{HZLN, Reply, World, adt};
use tasuki_wire::charset::{Charset, Declaration, declared_in};

#[test]
fn a_message_is_read_and_answered_in_its_own_character_set() {
    let world = World::new();
    let cases = [
        ("~ISO IR87", Charset::Iso2022, "^東京^花子", true),
        ("UNICODE UTF-8", Charset::Utf8, "^東京^花子", true),
        ("ASCII", Charset::Ascii, "^TOKYO^HANAKO", false),
    ];
    for (n, (declared, charset, name, japanese)) in cases.into_iter().enumerate() {
        let name = name.trim_start_matches('^');
        let text = adt("A04", &format!("PID|||{n}^^^{HZLN}||{name}||19470312|F\r"));
        let text = text.replace("UNICODE UTF-8", declared);
        let answer = world.bytes(&charset.encode(&text).bytes);
        assert_eq!(
            declared_in(&answer),
            Declaration::Known(charset),
            "{declared}"
        );
        assert_eq!(Reply::of(&answer).get("MSA-1"), "AA");
        let known = world
            .record("hzln", &n.to_string())
            .unwrap()
            .demographics
            .name;
        assert_eq!(known.display(), name.replace('^', " "));
        // An error says what happened in words that the receiver can read.
        let wrong = text.replace(HZLN, "NOBODY");
        let answer = Reply::of(&world.bytes(&charset.encode(&wrong).bytes));
        assert_eq!(answer.get("ERR-8").is_ascii(), !japanese, "{}", answer.text);
    }
}

#[test]
fn nothing_declared_is_answered_in_ascii() {
    let world = World::new();
    let text =
        adt("A04", &format!("PID|||1^^^{HZLN}||TOKYO^HANAKO\r")).replace("UNICODE UTF-8", "");
    let answer = world.bytes(text.as_bytes());
    assert!(answer.is_ascii());
    assert_eq!(declared_in(&answer), Declaration::Known(Charset::Ascii));
}

#[test]
fn an_undeclared_character_set_can_be_configured_for_a_peer() {
    let world = World::new();
    let text = crate::world::from(
        "LATIN|X",
        "A04",
        &format!("PID|||1^^^{HZLN}||MÜLLER^HANS\r"),
    );
    let text = text.replace("UNICODE UTF-8", "");
    let answer = world.bytes(&Charset::Latin1.encode(&text).bytes);
    assert_eq!(Reply::of(&answer).get("MSA-1"), "AA");
    let name = world.record("hzln", "1").unwrap().demographics.name;
    assert_eq!(name.display(), "MÜLLER HANS");
    let other = text.replace("LATIN", "DUMB");
    let answer = Reply::of(&world.bytes(&Charset::Latin1.encode(&other).bytes));
    let code = answer.verdict();
    assert_eq!((code.0.as_str(), code.2.as_str()), ("AE", "MSH^1^18"));
}
