//! Any bytes as a CDA document: a tree within its limits, or refused with a code.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tasuki_wire::cda::{Limits, read};

fuzz_target!(|bytes: &[u8]| {
    let _ = read(bytes, &Limits::default());
});
