//! The charsets beside ISO 2022: ASCII, Latin-1, Shift_JIS (CP932) and UTF-8.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, EncoderResult, SHIFT_JIS};

use super::iso2022::{SetsUsed, fold};
use super::{CharFault, CharProblems, Decoded, Encoded};

const LOST: char = char::REPLACEMENT_CHARACTER;

pub(super) fn decode_ascii(bytes: &[u8]) -> Decoded<'_> {
    single_byte(bytes, |byte| {
        if byte.is_ascii() {
            Ok(char::from(byte))
        } else {
            Err(CharFault::EightBit(byte))
        }
    })
}

pub(super) fn decode_latin1(bytes: &[u8]) -> Decoded<'_> {
    // ISO 8859-1 proper: 0x80-0x9F are C1 controls, not the Windows-1252 quotation marks.
    single_byte(bytes, |byte| Ok(char::from(byte)))
}

fn single_byte(bytes: &[u8], map: impl Fn(u8) -> Result<char, CharFault>) -> Decoded<'_> {
    let mut problems = CharProblems::default();
    if bytes.is_ascii()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Decoded {
            text: Cow::Borrowed(text),
            problems,
        };
    }
    let text = bytes
        .iter()
        .enumerate()
        .map(|(offset, &byte)| {
            map(byte).unwrap_or_else(|fault| {
                problems.add(offset, fault);
                LOST
            })
        })
        .collect::<String>();
    Decoded {
        text: Cow::Owned(text),
        problems,
    }
}

pub(super) fn decode_utf8(bytes: &[u8]) -> Decoded<'_> {
    let mut problems = CharProblems::default();
    let (body, start) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => {
            problems.add(0, CharFault::ByteOrderMark);
            (rest, 3)
        }
        None => (bytes, 0),
    };
    if let Ok(text) = std::str::from_utf8(body) {
        return Decoded {
            text: Cow::Borrowed(text),
            problems,
        };
    }
    let mut text = String::with_capacity(body.len());
    let mut offset = start;
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        offset += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            problems.add(offset, CharFault::Malformed);
            text.push(LOST);
            offset += chunk.invalid().len();
        }
    }
    Decoded {
        text: Cow::Owned(text),
        problems,
    }
}

pub(super) fn decode_shift_jis(bytes: &[u8]) -> Decoded<'_> {
    let mut problems = CharProblems::default();
    if bytes.is_ascii()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Decoded {
            text: Cow::Borrowed(text),
            problems,
        };
    }
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    // CP932 grows at most from one byte to three (half-width kana), plus the replacement of a fault.
    let mut text = String::with_capacity(bytes.len().saturating_mul(3).saturating_add(16));
    let mut done = 0;
    while let Some(rest) = bytes.get(done..) {
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        done += read;
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => text.reserve(rest.len().saturating_mul(3) + 16),
            DecoderResult::Malformed(length, after) => {
                let back = usize::from(length) + usize::from(after);
                problems.add(done.saturating_sub(back), CharFault::Malformed);
                text.push(LOST);
            }
        }
    }
    Decoded {
        text: Cow::Owned(text),
        problems,
    }
}

pub(super) fn encode_single_byte(text: &str, last: u8) -> Encoded {
    let mut problems = CharProblems::default();
    let bytes = text
        .chars()
        .enumerate()
        .map(|(offset, c)| match u8::try_from(u32::from(c)) {
            Ok(byte) if byte <= last => byte,
            _ => {
                problems.add(offset, CharFault::Unmappable(c));
                b'?'
            }
        })
        .collect();
    Encoded {
        bytes,
        sets: SetsUsed::default(),
        problems,
    }
}

pub(super) fn encode_shift_jis(text: &str) -> Encoded {
    let mut problems = CharProblems::default();
    let mut bytes = Vec::with_capacity(text.len());
    for (offset, c) in text.chars().enumerate() {
        if c.is_ascii() {
            // The alphabet of HL7 delimiters is ASCII and must come through as it is.
            bytes.push(c as u8);
            continue;
        }
        // Folding first: encoding_rs would write U+00A5 as 0x5C, which is HL7's escape character.
        let mut source = [0_u8; 4];
        let mut pair = [0_u8; 4];
        let source = fold(c).encode_utf8(&mut source);
        let mut encoder = SHIFT_JIS.new_encoder();
        match encoder.encode_from_utf8_without_replacement(source, &mut pair, true) {
            (EncoderResult::InputEmpty, _, written) => {
                bytes.extend_from_slice(pair.get(..written).unwrap_or_default());
            }
            _ => {
                problems.add(offset, CharFault::Unmappable(c));
                bytes.extend_from_slice(&[0x81, 0xAC]);
            }
        }
    }
    Encoded {
        bytes,
        sets: SetsUsed::default(),
        problems,
    }
}
