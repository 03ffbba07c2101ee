//! Contents beside the envelope and inside it.

use super::trivial::{ASK, REGISTRY, STATE};
use super::{Sent, post};
use crate::world::World;
use tasuki_core::Code;
use tasuki_core::audit::Ending;

fn asked(size: usize, parts: bool) -> Sent {
    Sent {
        body: format!("<t:Ask xmlns:t='urn:test' disclosed='1' size='{size}'/>"),
        parts: parts.then(Vec::new),
        ..Sent::default()
    }
}

#[test]
fn an_answer_has_attachments_where_the_request_had() {
    let world = World::new();
    let answer = post(&world, REGISTRY, ASK, asked(20_000_000, true));
    assert_eq!(answer.media_type.essence, "multipart/related");
    assert_eq!(
        answer.media_type.parameter("action"),
        Some("urn:test:AskResponse")
    );
    let content = answer.envelope.body.elements().next().unwrap();
    let href = content
        .elements()
        .next()
        .unwrap()
        .attribute("href")
        .unwrap();
    let [(id, bytes)] = answer.parts.as_slice() else {
        panic!("{} parts", answer.parts.len());
    };
    assert_eq!(href, format!("cid:{id}"));
    assert_eq!(*bytes, vec![b'\r'; 20_000_000]);
    let answer = post(&world, REGISTRY, ASK, asked(6, false));
    assert_eq!(answer.media_type.essence, "application/soap+xml");
    assert_eq!(answer.envelope.body.text(), "DQ0NDQ0N");
    let answer = post(&world, REGISTRY, ASK, asked(20_000_000, false));
    assert_eq!((answer.status, answer.code()), (400, Code::SoapNeedsMtom));
}

#[test]
fn a_fault_has_the_form_of_the_request_too() {
    let world = World::new();
    let mut sent = asked(1, true);
    sent.headers = String::new();
    let answer = post(&world, REGISTRY, ASK, sent);
    assert_eq!(answer.media_type.essence, "multipart/related");
    assert_eq!(answer.code(), Code::AddressingMissing);
}

fn stated(parts: &[(&'static str, &[u8])], documents: &str) -> Sent {
    let xop = "xmlns:x='http://www.w3.org/2004/08/xop/include'";
    let parts = parts.iter().map(|(id, bytes)| (*id, bytes.to_vec()));
    Sent {
        body: format!("<t:State xmlns:t='urn:test' {xop}>{documents}</t:State>"),
        parts: Some(parts.collect()),
        ..Sent::default()
    }
}

#[test]
fn every_part_is_taken_once_or_nothing_is_written() {
    let world = World::new();
    let one = "<D><x:Include href='cid:a%40b'/></D>";
    let both = format!("{one}<D>aGVsbG8=</D>");
    let answer = post(&world, REGISTRY, STATE, stated(&[("a@b", b"123")], &both));
    assert_eq!(
        (answer.status, answer.envelope.body.text().as_str()),
        (200, "8")
    );
    let code = |parts: &[(&'static str, &[u8])], documents: &str| {
        let answer = post(&world, REGISTRY, STATE, stated(parts, documents));
        assert_eq!(answer.status, 400);
        let event = world.events().pop().unwrap();
        assert_eq!((event.ending, event.patients.len()), (Ending::Refused, 0));
        answer.code()
    };
    assert_eq!(code(&[], one), Code::MtomInclude);
    assert_eq!(code(&[("a@b", b"")], &one.repeat(2)), Code::MtomDoubled);
    assert_eq!(
        code(&[("a@b", b""), ("c", b"")], one),
        Code::MtomUnreferenced
    );
    assert_eq!(code(&[], "<D>?</D>"), Code::MtomBase64);
    assert_eq!(code(&[("a@b", &[0; 1_000_001])], one), Code::SoapTooLarge);
}
