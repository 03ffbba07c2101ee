//! Any bytes decode; what was decoded without a problem encodes and decodes to itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tasuki_wire::charset::Charset;

fuzz_target!(|bytes: &[u8]| {
    for charset in [
        Charset::Iso2022,
        Charset::ShiftJis,
        Charset::Utf8,
        Charset::Ascii,
        Charset::Latin1,
    ] {
        let decoded = charset.decode(bytes);
        if !decoded.problems.is_empty() {
            continue;
        }
        let encoded = charset.encode(&decoded.text);
        if encoded.problems.is_empty() {
            assert_eq!(
                charset.decode(&encoded.bytes).text,
                decoded.text,
                "{charset:?}"
            );
        }
    }
});
