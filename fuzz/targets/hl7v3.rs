//! Any bytes as a message of the patient index: read, or refused with a code; what is read can be
//! answered, and the answer is read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tasuki_model::Instant;
use tasuki_wire::hl7v3::{Feed, Found, Ii, PdqQuery, PixQuery, QueryAnswer, Reply};
use tasuki_wire::xml::{Document, Limits, read};

const LIMITS: Limits = Limits {
    bytes: 64 * 1024,
    depth: 64,
    nodes: 20_000,
    attributes: 64,
};

fn readable(answer: &Document) {
    let root = read(answer.as_str().as_bytes(), &Limits::default()).expect("well-formed");
    QueryAnswer::decode(&root).expect("an answer");
}

fuzz_target!(|bytes: &[u8]| {
    // Most bytes are no XML: the same bytes inside a query are.
    let (before, after) = (
        &b"<PRPA_IN201309UV02 xmlns=\"urn:hl7-org:v3\">"[..],
        &b"</PRPA_IN201309UV02>"[..],
    );
    for bytes in [bytes.to_vec(), [before, bytes, after].concat()] {
        let Ok(root) = read(&bytes, &LIMITS) else {
            continue;
        };
        let us = Ii::new("1.2.3", "");
        let reply = Reply {
            id: "00000000-0000-4000-a000-000000000000",
            at: Instant::from_micros(0),
            sender: &us,
            receiver: &us,
        };
        let _ = Feed::decode(&root).map(|feed| feed.encode(&reply, true));
        if let Ok(query) = PixQuery::decode(&root) {
            readable(&query.answer(&reply, Found::Nothing, None, Vec::new()));
        }
        if let Ok(query) = PdqQuery::decode(&root) {
            readable(&query.answer(&reply, Found::Nothing, &[], (0, 0), Vec::new()));
        }
        let _ = QueryAnswer::decode(&root);
    }
});
