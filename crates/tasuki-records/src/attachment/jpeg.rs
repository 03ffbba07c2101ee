//! JPEG (ITU-T T.81): segments that draw stay; application data and comments go. Of EXIF only the way
//! up is kept, in a segment of our own, for without it a photo of a telephone lies on its side.

use super::{NotTaken, part};

const TAG_ORIENTATION: u16 = 0x0112;

/// The picture without EXIF, XMP, IPTC, comments, previews and whatever follows its end.
pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, NotTaken> {
    let mut kept = part(bytes, 0, 2)?.to_vec();
    let (mut at, mut frame, mut scan) = (2, false, false);
    loop {
        let marker = match part(bytes, at, 2)? {
            // Fill bytes before a marker.
            [0xFF, 0xFF] => {
                at += 1;
                continue;
            }
            [0xFF, marker] => *marker,
            _ => return Err(NotTaken::Broken),
        };
        if marker == 0xD9 {
            kept.extend_from_slice(&[0xFF, 0xD9]);
            return if frame && scan {
                Ok(kept)
            } else {
                Err(NotTaken::Broken)
            };
        }
        let length = part(bytes, at + 2, 2)?;
        let length = usize::from(u16::from_be_bytes(
            length.try_into().map_err(|_| NotTaken::Broken)?,
        ));
        let segment = part(bytes, at, length.checked_add(2).ok_or(NotTaken::Broken)?)?;
        let body = segment.get(4..).ok_or(NotTaken::Broken)?;
        match marker {
            0xE1 => kept.extend(orientation(body).map(upright).unwrap_or_default()),
            // JFIF, colour profile, Adobe's colour transform: they change how it looks.
            0xE0 if body.starts_with(b"JFIF\0") => kept.extend_from_slice(segment),
            0xE2 if body.starts_with(b"ICC_PROFILE\0") => kept.extend_from_slice(segment),
            0xEE if body.starts_with(b"Adobe") => kept.extend_from_slice(segment),
            0xE0..=0xEF | 0xFE => {}
            _ => kept.extend_from_slice(segment),
        }
        frame |= matches!(marker, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF);
        at += segment.len();
        if marker == 0xDA {
            scan = true;
            let end = scan_end(bytes, at)?;
            kept.extend_from_slice(part(bytes, at, end - at)?);
            at = end;
        }
    }
}

/// Where entropy-coded data end: at a marker that is neither a stuffed byte nor a restart.
fn scan_end(bytes: &[u8], from: usize) -> Result<usize, NotTaken> {
    let rest = bytes.get(from..).ok_or(NotTaken::Broken)?;
    let pairs = rest.windows(2);
    let found = pairs
        .enumerate()
        .find(|(_, pair)| matches!(pair, [0xFF, b] if !matches!(b, 0x00 | 0xD0..=0xD7 | 0xFF)));
    found.map(|(n, _)| from + n).ok_or(NotTaken::Broken)
}

/// The way up of an EXIF segment: 2 to 8; 1 and everything unreadable is nothing to keep.
fn orientation(body: &[u8]) -> Option<u8> {
    let tiff = body.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let number = |at: usize, length: usize| -> Option<u32> {
        let bytes = tiff.get(at..at.checked_add(length)?)?;
        let add = |sum: u32, byte: &u8| (sum << 8) | u32::from(*byte);
        Some(if little {
            bytes.iter().rev().fold(0, add)
        } else {
            bytes.iter().fold(0, add)
        })
    };
    let first = usize::try_from(number(4, 4)?).ok()?;
    for entry in 0..number(first, 2)?.min(512) {
        let at = first.checked_add(2 + usize::try_from(entry).ok()? * 12)?;
        if number(at, 2)? == u32::from(TAG_ORIENTATION) {
            let way = u8::try_from(number(at.checked_add(8)?, 2)?).ok()?;
            return (2..=8).contains(&way).then_some(way);
        }
    }
    None
}

/// An EXIF segment that says the way up and nothing else.
fn upright(way: u8) -> Vec<u8> {
    let mut segment = vec![0xFF, 0xE1, 0, 34];
    segment.extend_from_slice(b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01");
    segment.extend_from_slice(&[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, way, 0, 0, 0, 0, 0, 0]);
    segment
}
