//! Any stream: the same messages come out however it is cut, and nothing is kept beyond the limit.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tasuki_wire::mllp::{MllpError, Unframer};

const LIMIT: usize = 512;

fuzz_target!(|bytes: &[u8]| {
    let (&first, stream) = bytes.split_first().unwrap_or((&0, &[]));
    let whole = messages(stream, stream.len().max(1));
    let cut = messages(stream, usize::from(first).max(1));
    // A frame that is too long is found later when more of it comes at once; what came before is
    // the same.
    let same = whole.0.len().min(cut.0.len());
    assert_eq!(whole.0.get(..same), cut.0.get(..same));
    if whole.1.is_none() && cut.1.is_none() {
        assert_eq!(whole.0, cut.0);
    }
    assert!(cut.0.iter().all(|message| message.len() <= LIMIT));
});

fn messages(stream: &[u8], size: usize) -> (Vec<Vec<u8>>, Option<MllpError>) {
    let mut unframer = Unframer::new(LIMIT);
    let mut found = Vec::new();
    for piece in stream.chunks(size) {
        unframer.push(piece);
        loop {
            match unframer.message() {
                Ok(Some(message)) => found.push(message),
                Ok(None) => break,
                Err(error) => return (found, Some(error)),
            }
        }
    }
    (found, None)
}
