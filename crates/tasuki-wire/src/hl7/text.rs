//! The bytes of a message as text, in the charset that its header declares.

use std::borrow::Cow;

use super::{Hl7Error, Limits, Message};
use crate::charset::{CharProblems, Charset, Declaration, declared_in};

/// A decoded message, before it is split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<'a> {
    text: Cow<'a, str>,
    charset: Charset,
    problems: CharProblems,
}

impl<'a> Text<'a> {
    /// Decodes by MSH-18. Without a declaration the message is ASCII with ISO 2022 escapes.
    ///
    /// The start and end marks of MLLP (0x0B, 0x1C) are passed over: some systems file messages just
    /// as they came over the wire.
    pub fn decode(bytes: &'a [u8], limits: &Limits) -> Result<Self, Hl7Error> {
        let bytes = bytes.strip_prefix(b"\x0B").unwrap_or(bytes);
        match declared_in(bytes) {
            Declaration::Known(Charset::Ascii) | Declaration::Absent => {
                Self::decode_as(Charset::Iso2022, bytes, limits)
            }
            Declaration::Known(charset) => Self::decode_as(charset, bytes, limits),
            Declaration::Unknown(name) => Err(Hl7Error::UnknownCharset { name }),
        }
    }

    /// Decodes in a given charset, whatever the header says.
    pub fn decode_as(charset: Charset, bytes: &'a [u8], limits: &Limits) -> Result<Self, Hl7Error> {
        if bytes.len() > limits.bytes {
            return Err(Hl7Error::TooLarge {
                bytes: bytes.len(),
                limit: limits.bytes,
            });
        }
        let decoded = charset.decode(bytes);
        Ok(Self {
            text: decoded.text,
            charset,
            problems: decoded.problems,
        })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The charset it was read in.
    pub const fn charset(&self) -> Charset {
        self.charset
    }

    /// What went wrong between bytes and characters.
    pub const fn problems(&self) -> &CharProblems {
        &self.problems
    }

    /// Refuses a text in which characters were lost.
    pub fn lossless(self) -> Result<Self, Hl7Error> {
        match self.problems.first_loss() {
            Some(problem) => Err(Hl7Error::Characters {
                problem,
                losses: self.problems.losses(),
            }),
            None => Ok(self),
        }
    }

    /// Splits it.
    pub fn parse(&self, limits: &Limits) -> Result<Message<'_>, Hl7Error> {
        Message::parse(&self.text, limits)
    }
}
