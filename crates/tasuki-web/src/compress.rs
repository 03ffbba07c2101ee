//! Pages leave compressed (gzip, RFC 1952) where the browser takes that: a chart is a fifth of its size.
//!
//! What compresses well tells by its length what repeats in it (BREACH). Here an attacker can hardly put
//! words of his own beside a patient's data: cookies are not sent with what other sites load, and the
//! token of a form is not enough by itself, as the origin of a request is checked too. What is left is
//! blurred: each answer is longer by a number of bytes drawn by lot.

use flate2::{Compression, GzBuilder};
use ring::rand::{SecureRandom, SystemRandom};
use std::io::Write;

/// Shorter ones fit into a packet or two as they are.
const LEAST: usize = 1_400;
/// Bytes that an answer may be longer by, less one: a mask.
const BLUR: u8 = 0x3f;
/// Between time and size: twice the effort saves a tenth.
const LEVEL: u32 = 4;

/// Whether a media type is text.
pub(crate) fn is_text(media_type: &str) -> bool {
    media_type.starts_with("text/")
}

/// Compresses an answer; nothing where that is not worth it, or cannot be done.
pub(crate) fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() < LEAST {
        return None;
    }
    let mut lot = [0];
    SystemRandom::new().fill(&mut lot).ok()?;
    let [lot] = lot;
    let comment = vec![b'-'; usize::from(lot & BLUR) + 1];
    let room = Vec::with_capacity(bytes.len() / 4);
    let mut out = GzBuilder::new()
        .comment(comment)
        .write(room, Compression::new(LEVEL));
    out.write_all(bytes).ok()?;
    out.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::io::Read;

    #[test]
    fn what_is_compressed_is_what_it_was_and_its_length_says_less() {
        let page = "<td>検査 12.3 mg/dL</td>".repeat(1_000);
        let mut lengths = BTreeSet::new();
        for _ in 0..64 {
            let packed = gzip(page.as_bytes()).unwrap();
            assert!(packed.len() < page.len() / 10, "{}", packed.len());
            lengths.insert(packed.len());
            let mut read = String::new();
            flate2::read::GzDecoder::new(packed.as_slice())
                .read_to_string(&mut read)
                .unwrap();
            assert_eq!(read, page);
        }
        assert!(lengths.len() > 8, "{lengths:?}");
    }

    #[test]
    fn what_is_small_stays_as_it_is() {
        assert_eq!(gzip(&[b'a'; LEAST - 1]), None);
        assert!(is_text("text/html; charset=utf-8") && !is_text("application/pdf"));
    }
}
