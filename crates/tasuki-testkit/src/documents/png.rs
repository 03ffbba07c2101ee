//! Grey PNG images with something to see: a chest, a joint, a tube seen from inside.
//!
//! Pixels are stored uncompressed (deflate's stored blocks), which every reader accepts.

use crate::dice::Dice;

const SIZE: usize = 192;

/// What a key image shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motif {
    /// Two dark lungs in a grey chest, with a shadow.
    Chest,
    /// Bright bones meeting in a joint.
    Joint,
    /// A bright ring that gets darker towards the middle.
    Lumen,
    /// Arcs of echo in a black fan.
    Echo,
}

/// A key image.
#[must_use]
pub fn image(motif: Motif, dice: &mut Dice) -> Vec<u8> {
    let (x, y) = (0.3 + 0.4 * dice.share(), 0.35 + 0.3 * dice.share());
    let mut raw = Vec::with_capacity((SIZE + 1) * SIZE);
    for row in 0..SIZE {
        raw.push(0);
        for column in 0..SIZE {
            let (u, v) = (column as f64 / SIZE as f64, row as f64 / SIZE as f64);
            let grain = (dice.share() - 0.5) * 0.06;
            raw.push(((shade(motif, u, v, x, y) + grain).clamp(0.0, 1.0) * 255.0) as u8);
        }
    }
    encode(&raw)
}

fn shade(motif: Motif, u: f64, v: f64, x: f64, y: f64) -> f64 {
    let blob = |cx: f64, cy: f64, rx: f64, ry: f64| {
        let d = ((u - cx) / rx).powi(2) + ((v - cy) / ry).powi(2);
        (-d).exp()
    };
    match motif {
        Motif::Chest => {
            let lungs = 0.62 * (blob(0.32, 0.48, 0.16, 0.28) + blob(0.69, 0.48, 0.16, 0.28));
            0.72 - lungs + 0.22 * blob(0.56, 0.64, 0.13, 0.17) + 0.28 * blob(x, y, 0.06, 0.06)
        }
        Motif::Joint => {
            0.15 + 0.7 * (blob(0.4, 0.2, 0.13, 0.34) + blob(0.62, 0.8, 0.12, 0.3)).min(1.0)
                + 0.1 * blob(x, y, 0.3, 0.3)
        }
        Motif::Lumen => {
            let r = ((u - 0.5).powi(2) + (v - 0.5).powi(2)).sqrt();
            (0.05 + r * 1.6 + 0.25 * (r * 40.0).sin() * r).min(0.95) * f64::from(r < 0.49)
                + 0.3 * blob(x, y, 0.05, 0.05)
        }
        Motif::Echo => {
            let (angle, r) = (
                (u - 0.5).atan2(v + 0.02),
                ((u - 0.5).powi(2) + v * v).sqrt(),
            );
            f64::from(angle.abs() < 0.7 && r < 0.95)
                * (0.18 + 0.5 * ((r * 28.0 + x * 9.0).sin()).max(0.0) * (1.0 - r))
        }
    }
}

fn encode(raw: &[u8]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let side = (SIZE as u32).to_be_bytes();
    let mut header = [side, side].concat();
    header.extend([8, 0, 0, 0, 0]);
    chunk(&mut png, b"IHDR", &header);
    let mut data = vec![0x78, 0x01];
    let blocks = raw.chunks(0xffff);
    let last = blocks.len();
    for (n, block) in blocks.enumerate() {
        let length = block.len() as u16;
        data.push(u8::from(n + 1 == last));
        data.extend(length.to_le_bytes());
        data.extend((!length).to_le_bytes());
        data.extend(block);
    }
    data.extend(adler32(raw).to_be_bytes());
    chunk(&mut png, b"IDAT", &data);
    chunk(&mut png, b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    png.extend((data.len() as u32).to_be_bytes());
    png.extend(kind);
    png.extend(data);
    png.extend(crc32(kind.iter().chain(data)).to_be_bytes());
}

fn crc32<'b>(bytes: impl Iterator<Item = &'b u8>) -> u32 {
    !bytes.fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}

fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    (b << 16) | a
}

#[cfg(test)]
mod tests {
    use super::{adler32, crc32};

    #[test]
    fn the_checksums_are_those_of_the_specifications() {
        assert_eq!(crc32(b"123456789".iter()), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }
}
