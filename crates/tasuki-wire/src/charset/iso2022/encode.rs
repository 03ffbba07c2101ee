//! Text to ISO 2022 bytes.
//!
//! Returns to ASCII before every ASCII character and at the end, so that delimiters and segment
//! ends always stand in ASCII as JAHIS asks. Half-width kana are written as such by `ESC ( I`;
//! turning them full-width, where a receiver wants that, is a decision for the sender.

use super::tables::{PLANE_0212, code};
use super::{ESC, FIRST_KANA, SHIFT_IN, SHIFT_OUT};
use crate::charset::{CharFault, CharProblems, Encoded};

/// 〓, the customary mark for a character that the set lacks.
const GETA: [u8; 2] = [0x22, 0x2E];

/// Which sets beside ASCII an encoding used; what MSH-18 has to declare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SetsUsed {
    /// JIS X 0201 katakana (declared as ISO IR14, HL7's code for the whole of JIS X 0201).
    pub kana: bool,
    /// JIS X 0208 (ISO IR87).
    pub jisx0208: bool,
    /// JIS X 0212 (ISO IR159).
    pub jisx0212: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Ascii,
    Kana,
    Jisx0208,
    Jisx0212,
}

impl Set {
    const fn escape(self) -> &'static [u8] {
        match self {
            Self::Ascii => &[ESC, b'(', b'B'],
            Self::Kana => &[ESC, b'(', b'I'],
            Self::Jisx0208 => &[ESC, b'$', b'B'],
            Self::Jisx0212 => &[ESC, b'$', b'(', b'D'],
        }
    }
}

/// Encodes `text`. Unmappable characters become 〓 and are reported with their character offset.
pub fn encode(text: &str) -> Encoded {
    let mut bytes = Vec::with_capacity(text.len() + 16);
    let mut problems = CharProblems::default();
    let mut sets = SetsUsed::default();
    let mut active = Set::Ascii;
    for (offset, c) in text.chars().enumerate() {
        let (set, units) = place(c).unwrap_or_else(|| {
            problems.add(offset, CharFault::Unmappable(c));
            (Set::Jisx0208, GETA)
        });
        if set != active {
            bytes.extend_from_slice(set.escape());
            active = set;
        }
        match set {
            Set::Ascii | Set::Kana => bytes.extend(units.first()),
            Set::Jisx0208 | Set::Jisx0212 => bytes.extend_from_slice(&units),
        }
        sets.kana |= set == Set::Kana;
        sets.jisx0208 |= set == Set::Jisx0208;
        sets.jisx0212 |= set == Set::Jisx0212;
    }
    if active != Set::Ascii {
        bytes.extend_from_slice(Set::Ascii.escape());
    }
    Encoded {
        bytes,
        sets,
        problems,
    }
}

fn place(c: char) -> Option<(Set, [u8; 2])> {
    match u32::from(c) {
        // These three steer the decoder and can never be text.
        number
            if [ESC, SHIFT_OUT, SHIFT_IN]
                .iter()
                .any(|&b| u32::from(b) == number) =>
        {
            None
        }
        number @ 0..=0x7F => Some((Set::Ascii, [u8::try_from(number).ok()?, 0])),
        number @ 0xFF61..=0xFF9F => {
            let byte = u8::try_from(number - FIRST_KANA + 0x21).ok()?;
            Some((Set::Kana, [byte, 0]))
        }
        _ => {
            let code = code(fold(c))?;
            let set = if code & PLANE_0212 == 0 {
                Set::Jisx0208
            } else {
                Set::Jisx0212
            };
            Some((set, (code & !PLANE_0212).to_be_bytes()))
        }
    }
}

/// Characters that Unicode has twice for one JIS cell, because the vendors' mapping tables differ:
/// each is led to the one that this codec's tables know.
pub fn fold(c: char) -> char {
    match c {
        '\u{00A2}' => '\u{FFE0}',
        '\u{00A3}' => '\u{FFE1}',
        '\u{00A5}' => '\u{FFE5}',
        '\u{00AC}' => '\u{FFE2}',
        '\u{2014}' => '\u{2015}',
        '\u{2016}' => '\u{2225}',
        '\u{203E}' => '\u{FFE3}',
        '\u{2212}' => '\u{FF0D}',
        '\u{301C}' => '\u{FF5E}',
        other => other,
    }
}
