//! Bytes to characters and back, by declaration only (HL7 v2.5 §2.15.9.18 and table 0211, JAHIS).
//!
//! Japanese HL7 v2 is ISO 2022: ASCII with escape sequences to JIS X 0208, and in practice also to
//! JIS X 0212 and half-width kana. No general codec reads that the way HL7 and DICOM use it (the
//! WHATWG one turns `\` into `¥`, garbles JIS X 0212 and writes `&#…;` for what it cannot encode), so
//! [`iso2022`] is our own. Shift_JIS and UTF-8 come from `encoding_rs` and the standard library.
//!
//! Nothing here guesses: a file that declares ISO IR87 and holds CP932 has problems, not another
//! charset. Whether those are tolerable is the caller's decision.

mod declaration;
mod foreign;
pub mod iso2022;
mod problems;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use declaration::{Declaration, declared_in};
pub use problems::{CharFault, CharProblem, CharProblems, KEPT_PROBLEMS};

/// A character encoding that we read and write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Charset {
    /// ISO IR6 and nothing else.
    Ascii,
    /// ISO 2022 with ASCII, JIS X 0201, 0208 and 0212: what SS-MIX2 and JAHIS use.
    Iso2022,
    /// ISO 8859-1 (`8859/1`).
    Latin1,
    /// Shift_JIS with the Microsoft extensions (CP932).
    ShiftJis,
    /// UTF-8 (`UNICODE UTF-8`).
    Utf8,
}

/// Text out of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text; borrowed where the bytes already were it. U+FFFD stands where a character was lost.
    pub text: Cow<'a, str>,
    /// What was wrong, with byte offsets.
    pub problems: CharProblems,
}

/// Bytes out of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The sets beside ASCII that were used; for MSH-18.
    pub sets: iso2022::SetsUsed,
    /// Characters that the charset lacks, with character offsets; 〓 (or `?`) was written for each.
    pub problems: CharProblems,
}

impl Charset {
    /// Decodes all of `bytes`. Never fails: see [`Decoded::problems`].
    pub fn decode(self, bytes: &[u8]) -> Decoded<'_> {
        match self {
            Self::Ascii => foreign::decode_ascii(bytes),
            Self::Iso2022 => iso2022::decode(bytes),
            Self::Latin1 => foreign::decode_latin1(bytes),
            Self::ShiftJis => foreign::decode_shift_jis(bytes),
            Self::Utf8 => foreign::decode_utf8(bytes),
        }
    }

    /// Encodes `text`. What the charset lacks becomes 〓 (`?` in ASCII and Latin-1) and is reported;
    /// a character is never spelt out as a numeric reference.
    pub fn encode(self, text: &str) -> Encoded {
        match self {
            Self::Ascii => foreign::encode_single_byte(text, 0x7F),
            Self::Iso2022 => iso2022::encode(text),
            Self::Latin1 => foreign::encode_single_byte(text, 0xFF),
            Self::ShiftJis => foreign::encode_shift_jis(text),
            Self::Utf8 => Encoded {
                bytes: text.as_bytes().to_vec(),
                sets: iso2022::SetsUsed::default(),
                problems: CharProblems::default(),
            },
        }
    }
}
