//! Any multipart body: the same parts come out however it is cut, and no part holds a boundary.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tasuki_wire::mtom::{Event, Limits, MediaType, MtomError, Multipart, PartHead};

const TYPE: &str = "multipart/related; boundary=b; type=\"application/xop+xml\"; start=\"<r>\"";
const LIMITS: Limits = Limits {
    bytes: 64 * 1024,
    parts: 20,
    head: 256,
};

fuzz_target!(|bytes: &[u8]| {
    let (&first, body) = bytes.split_first().unwrap_or((&0, &[]));
    let whole = parts(body, body.len().max(1));
    let cut = parts(body, usize::from(first).max(1));
    assert_eq!(whole.1, cut.1);
    // What came before an error depends on how much of it came at once.
    if whole.1.is_ok() {
        assert_eq!(whole.0, cut.0);
    }
    for (_, content) in &whole.0 {
        assert!(!content.windows(5).any(|window| window == b"\r\n--b"));
    }
    let text = String::from_utf8_lossy(body);
    let _ = MediaType::parse(&text);
});

/// What came out, and what ended it.
type Parts = (Vec<(PartHead, Vec<u8>)>, Result<(), MtomError>);

fn parts(body: &[u8], size: usize) -> Parts {
    let mut found: Vec<(PartHead, Vec<u8>)> = Vec::new();
    let Ok(Ok(mut reader)) = MediaType::parse(TYPE).map(|t| Multipart::new(&t, LIMITS)) else {
        return (found, Ok(()));
    };
    for mut piece in body.chunks(size) {
        while !piece.is_empty() {
            match reader.next(&mut piece) {
                Ok(Some(Event::Begin(head))) => found.push((head, Vec::new())),
                Ok(Some(Event::Bytes(bytes))) => {
                    if let Some((_, content)) = found.last_mut() {
                        content.extend_from_slice(bytes);
                    }
                }
                Ok(Some(Event::End | Event::Done) | None) => {}
                Err(error) => return (found, Err(error)),
            }
        }
    }
    let end = reader.finish();
    (found, end)
}
