//! Any bytes under any path: a clinical value with its problems, or refused with reasons. Whatever
//! was read can be shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tasuki_records::{decode, examine, original_text, read};
use tasuki_wire::hl7::{Limits, Text};
use tasuki_wire::ssmix2::DataKind;

const DOCUMENT: &str = "000/001/0000012345/20260601/L1^紹介状^99Z^57133-1^紹介状^LN/\
    0000012345_20260601_L1_1_20260601104000000_01_1/main_document.xml";

fuzz_target!(|bytes: &[u8]| {
    let examined = examine(DOCUMENT, bytes);
    assert_eq!(examined.decoded.is_some(), examined.reasons.is_empty());
    let _ = original_text("text/plain", bytes);
    let _ = read("L1^a^b", "text/plain", bytes);
    let limits = Limits::default();
    let Ok(text) = Text::decode(bytes, &limits) else {
        return;
    };
    let Ok(message) = text.parse(&limits) else {
        return;
    };
    for kind in DataKind::ALL {
        if let Ok(decoded) = decode(kind, &message) {
            let _ = decoded.value.summary();
            let _ = decoded.value.sheet();
            let _ = decoded.value.items();
            let _ = decoded.value.author();
            let _ = decoded.value.service_time();
            assert!(decoded.problems.len() <= 200);
        }
    }
});
