//! Any bytes: decoded, parsed and walked, or refused with a code.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tasuki_wire::hl7::{Limits, Text};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let Ok(text) = Text::decode(bytes, &limits) else {
        return;
    };
    let Ok(message) = text.parse(&limits) else {
        return;
    };
    for segment in message.segments() {
        for number in 0..40 {
            for rep in segment.field(number).reps() {
                for comp in rep.comps() {
                    let _ = comp.value();
                    let _ = comp.sub(2);
                }
            }
        }
    }
    let _ = message.kind();
    let _ = message.get("PID-3.1");
});
