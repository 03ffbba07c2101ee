//! GIF89a: frames and their timing stay; comments and application data go, but for the loop count.

use super::{NotTaken, part};

const HEADER: usize = 13;
const LOOP: &[u8] = b"NETSCAPE2.0";

/// The picture without comments, XMP and whatever follows its end.
pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, NotTaken> {
    let head = part(bytes, 0, HEADER)?;
    let mut at = HEADER + table(head.get(10).copied());
    let mut kept = part(bytes, 0, at)?.to_vec();
    let mut drawn = false;
    loop {
        let end = match part(bytes, at, 1)? {
            [0x3B] => {
                kept.push(0x3B);
                return if drawn {
                    Ok(kept)
                } else {
                    Err(NotTaken::Broken)
                };
            }
            [0x2C] => {
                let descriptor = part(bytes, at, 10)?;
                drawn = true;
                // The byte after the colour table is the code size of the pixels.
                blocks(bytes, at + 11 + table(descriptor.get(9).copied()))?
            }
            [0x21] => blocks(bytes, at + 2)?,
            _ => return Err(NotTaken::Broken),
        };
        let block = part(bytes, at, end - at)?;
        let stays = match block {
            [0x21, 0xFF, rest @ ..] => rest.get(1..12) == Some(LOOP),
            [0x21, 0xFE, ..] => false,
            _ => true,
        };
        if stays {
            kept.extend_from_slice(block);
        }
        at = end;
    }
}

/// Bytes of a colour table by the flags before it.
const fn table(flags: Option<u8>) -> usize {
    match flags {
        Some(flags) if flags & 0x80 != 0 => 3 << ((flags & 7) + 1),
        _ => 0,
    }
}

/// Where a chain of sub-blocks ends.
fn blocks(bytes: &[u8], mut at: usize) -> Result<usize, NotTaken> {
    loop {
        match part(bytes, at, 1)? {
            [0] => return Ok(at + 1),
            [length] => at += 1 + usize::from(*length),
            _ => return Err(NotTaken::Broken),
        }
    }
}
