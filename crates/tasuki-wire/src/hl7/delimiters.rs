//! MSH-1 and MSH-2: the five characters that structure a message (HL7 v2.5 §2.5.4).

use super::Hl7Error;

/// The delimiters of one message; all ASCII punctuation, all different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Delimiters {
    /// MSH-1, usually `|`.
    pub field: u8,
    /// Component separator, usually `^`.
    pub component: u8,
    /// Repetition separator, usually `~`.
    pub repetition: u8,
    /// Escape character, usually `\`.
    pub escape: u8,
    /// Subcomponent separator, usually `&`.
    pub subcomponent: u8,
}

impl Default for Delimiters {
    fn default() -> Self {
        Self {
            field: b'|',
            component: b'^',
            repetition: b'~',
            escape: b'\\',
            subcomponent: b'&',
        }
    }
}

impl Delimiters {
    /// Reads them from the start of a message. A fifth encoding character (HL7 v2.7's truncation
    /// mark) is accepted and means nothing.
    pub fn of_header(text: &str) -> Result<Self, Hl7Error> {
        let rest = text
            .as_bytes()
            .strip_prefix(b"MSH")
            .ok_or(Hl7Error::NoHeader)?;
        let &field = rest.first().ok_or(Hl7Error::NoHeader)?;
        if !field.is_ascii_punctuation() {
            return Err(Hl7Error::NoHeader);
        }
        let &[
            _,
            component,
            repetition,
            escape,
            subcomponent,
            ref rest @ ..,
        ] = rest
        else {
            return Err(Hl7Error::Delimiters);
        };
        let all = [field, component, repetition, escape, subcomponent];
        let distinct = all
            .iter()
            .enumerate()
            .all(|(i, a)| all.iter().skip(i + 1).all(|b| a != b));
        let ended = match rest {
            [] | [b'\r' | b'\n', ..] => true,
            [next, ..] if *next == field => true,
            [_, next, ..] => *next == field,
            [_] => false,
        };
        if !distinct || !ended || !all.iter().all(u8::is_ascii_punctuation) {
            return Err(Hl7Error::Delimiters);
        }
        Ok(Self {
            field,
            component,
            repetition,
            escape,
            subcomponent,
        })
    }

    /// True if none of the five stands in `text`.
    #[inline]
    pub(super) fn all_absent(&self, text: &str) -> bool {
        if *self == Self::default() {
            // The usual ones as constants: one test of a bit per byte.
            return text
                .bytes()
                .all(|byte| !matches!(byte, b'|' | b'^' | b'~' | b'\\' | b'&'));
        }
        text.bytes().all(|byte| !self.contains(byte))
    }

    /// True for one of the five.
    pub const fn contains(&self, byte: u8) -> bool {
        byte == self.field
            || byte == self.component
            || byte == self.repetition
            || byte == self.escape
            || byte == self.subcomponent
    }
}
