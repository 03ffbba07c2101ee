//! PNG (W3C PNG, third edition): chunks that draw stay, chunks that tell go.

use super::{NotTaken, part};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1A\n";
/// Chunks that a picture needs to look as it does, those of animation with them.
const DRAWN: &[&[u8; 4]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

/// The picture without text, EXIF, times and whatever follows its end.
pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, NotTaken> {
    let mut kept = SIGNATURE.to_vec();
    let mut at = SIGNATURE.len();
    let mut drawn = false;
    loop {
        let head = part(bytes, at, 8)?;
        let (length, kind) = head.split_at(4);
        let length = u32::from_be_bytes(length.try_into().map_err(|_| NotTaken::Broken)?);
        let length = usize::try_from(length).map_err(|_| NotTaken::Broken)?;
        let chunk = part(bytes, at, length.checked_add(12).ok_or(NotTaken::Broken)?)?;
        if at == SIGNATURE.len() && kind != b"IHDR" {
            return Err(NotTaken::Broken);
        }
        if DRAWN.iter().any(|name| name.as_slice() == kind) {
            kept.extend_from_slice(chunk);
        }
        drawn |= kind == b"IDAT";
        if kind == b"IEND" {
            return if drawn {
                Ok(kept)
            } else {
                Err(NotTaken::Broken)
            };
        }
        at += chunk.len();
    }
}
