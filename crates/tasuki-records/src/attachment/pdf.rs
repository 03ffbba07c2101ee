//! PDF (ISO 32000): refused where it could run or open something.
//!
//! No reader is trusted to find what another one hides: names are looked for in every byte and in
//! everything that can be inflated, with their `#` escapes undone, wherever they stand. So a damaged
//! cross-reference table or a comment hides nothing, and a name inside a text may refuse a harmless
//! file: that is the price. What is locked or packed in an unusual way cannot be looked into and is
//! refused too.

use super::NotTaken;
use memchr::memmem;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// Names of what runs, starts, encloses or locks (ISO 32000-2, 7.6, 7.11.4, 12.6.4, 12.7.8). A script
/// is always called by the first; `JS` alone is too short to be told from the bytes of a picture.
const ACTIVE: &[&[u8]] = &[
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"XFA",
    b"SubmitForm",
    b"ImportData",
    b"GoToE",
    b"Rendition",
    b"Movie",
    b"Sound",
    b"Encrypt",
];
/// Ways of packing objects that nobody needs today and that would hide names.
const UNUSUAL: &[&[u8]] = &[
    b"ASCIIHexDecode",
    b"ASCII85Decode",
    b"LZWDecode",
    b"RunLengthDecode",
    b"AHx",
    b"A85",
    b"LZW",
    b"RL",
    b"Predictor",
    b"Crypt",
];
/// Bytes that one stream is inflated to at most, and all of them together.
const STREAM_MAX: usize = 32 * 1024 * 1024;
const STREAMS_MAX: usize = 128 * 1024 * 1024;
/// Where the dictionary of a stream is looked for before it.
const DICTIONARY: usize = 4 * 1024;

/// The file itself, if nothing in it could run.
pub(super) fn check(bytes: &[u8]) -> Result<Vec<u8>, NotTaken> {
    let has = |what: &[u8]| memmem::find(bytes, what).is_some();
    if !has(b"%%EOF") || !(has(b"trailer") || has(b"/XRef")) {
        return Err(NotTaken::Broken);
    }
    refuse(bytes, ACTIVE)?;
    let mut left = STREAMS_MAX;
    for at in memmem::find_iter(bytes, b"stream") {
        let (before, after) = bytes.split_at(at);
        if before.ends_with(b"end") {
            continue;
        }
        let from = before.len().saturating_sub(DICTIONARY);
        let dictionary = before.get(from..).unwrap_or_default();
        // A reader needs both numbers to find objects in a stream, whatever its type says.
        if any(dictionary, &[b"N"]) && any(dictionary, &[b"First"]) {
            refuse(dictionary, UNUSUAL)?;
        }
        let body = after.get(6..).unwrap_or_default();
        let body = body.strip_prefix(b"\r").unwrap_or(body);
        let body = body.strip_prefix(b"\n").unwrap_or(body);
        // A zlib header (RFC 1950 2.2); anything else was looked at as it stands.
        let packed = matches!(body, [cmf, flags, ..]
            if cmf & 15 == 8 && (u16::from(*cmf) * 256 + u16::from(*flags)) % 31 == 0);
        if packed {
            let plain = inflate(body, left.min(STREAM_MAX))?;
            left = left.saturating_sub(plain.len());
            refuse(&plain, ACTIVE)?;
        }
    }
    Ok(bytes.to_vec())
}

/// What a stream holds, as far as it can be inflated: readers use the beginning of a broken one too.
fn inflate(body: &[u8], most: usize) -> Result<Vec<u8>, NotTaken> {
    use miniz_oxide::inflate::TINFLStatus;
    match decompress_to_vec_zlib_with_limit(body, most) {
        Ok(plain) => Ok(plain),
        Err(error) if error.status == TINFLStatus::HasMoreOutput => Err(NotTaken::Active),
        Err(error) => Ok(error.output),
    }
}

fn refuse(bytes: &[u8], names: &[&[u8]]) -> Result<(), NotTaken> {
    if any(bytes, names) {
        Err(NotTaken::Active)
    } else {
        Ok(())
    }
}

/// Whether one of some names stands somewhere, as a whole.
fn any(bytes: &[u8], names: &[&[u8]]) -> bool {
    memchr::memchr_iter(b'/', bytes).any(|at| {
        let name = name_at(bytes.get(at + 1..).unwrap_or_default());
        names.contains(&name.as_slice())
    })
}

/// The name at a place with its `#` escapes undone (7.3.5); no name of ours is longer than this reads.
fn name_at(mut rest: &[u8]) -> Vec<u8> {
    let mut name = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        if !is_regular(*first) || name.len() > 16 {
            break;
        }
        let digits = after.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'#' => {
                name.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                name.push(*first);
                rest = after;
            }
        }
    }
    name
}

/// Neither white space nor a delimiter (7.2.3).
const fn is_regular(byte: u8) -> bool {
    let space = matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ');
    let delimiter = matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    );
    !space && !delimiter
}
