//! Any bytes as an ebXML message: read, or refused with a code; what is read is written and read
//! again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tasuki_wire::ebrim::{AdhocQuery, ProvideAndRegister, QueryResponse, SubmitObjects};
use tasuki_wire::xml::{Document, Element, Limits, read};

fn again(document: &Document) -> Option<Element> {
    read(document.as_str().as_bytes(), &Limits::default()).ok()
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(body) = read(bytes, &Limits::default()) else {
        return;
    };
    if let Ok(query) = AdhocQuery::decode(&body) {
        let back = again(&query.encode()).map(|body| AdhocQuery::decode(&body));
        assert!(matches!(back, Some(Ok(_))));
    }
    if let Ok(submit) = SubmitObjects::decode(&body) {
        let back = again(&submit.encode()).map(|body| SubmitObjects::decode(&body));
        assert!(matches!(back, Some(Ok(_))));
    }
    let _ = ProvideAndRegister::decode(&body);
    let _ = QueryResponse::decode(&body);
});
