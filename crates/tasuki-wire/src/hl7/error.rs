//! Why a message cannot be read, and what was odd about one that could.

use std::fmt;

use crate::charset::CharProblem;

/// A message, path or text that is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Hl7Error {
    /// The text does not begin with `MSH` and a field separator.
    #[error("HL7-001: no message header (MSH) at the start")]
    NoHeader,
    /// MSH-1 and MSH-2 are not five different punctuation characters.
    #[error("HL7-002 at MSH-2: delimiters are not five different punctuation characters")]
    Delimiters,
    /// More bytes than allowed.
    #[error("HL7-003: message of {bytes} bytes, allowed are {limit}")]
    TooLarge {
        /// Size found.
        bytes: usize,
        /// Size allowed.
        limit: usize,
    },
    /// More segments than allowed.
    #[error("HL7-004: more than {limit} segments")]
    TooManySegments {
        /// Count allowed.
        limit: usize,
    },
    /// More fields in a segment than allowed.
    #[error("HL7-005 in segment {segment} ({name}): more than {limit} fields")]
    TooManyFields {
        /// Place of the segment, MSH = 0.
        segment: usize,
        /// Its name.
        name: String,
        /// Count allowed.
        limit: usize,
    },
    /// MSH-18 declares a character set that we do not know.
    #[error("HL7-006 at MSH-18: unknown character set {name:?}")]
    UnknownCharset {
        /// As declared.
        name: String,
    },
    /// A path such as `PID-3.1` that is not one.
    #[error("HL7-007: not a path of the form SEG-field.component: {path:?}")]
    Path {
        /// The text given.
        path: String,
    },
    /// Encoding: a segment name that is not three capitals or digits, or a field that the encoder
    /// writes itself (MSH-1, MSH-2).
    #[error("HL7-008 in segment {name:?}: field {field} cannot be written")]
    Unwritable {
        /// Segment name given.
        name: String,
        /// Field number given; 0 if the name is at fault.
        field: usize,
    },
    /// Characters were lost in decoding. Only where the caller asks for lossless text.
    #[error("{problem} ({losses} in all)")]
    Characters {
        /// The first place.
        problem: CharProblem,
        /// How many characters were lost.
        losses: usize,
    },
}

impl Hl7Error {
    /// Stable code, as listed in [`crate::CODES`].
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoHeader => "HL7-001",
            Self::Delimiters => "HL7-002",
            Self::TooLarge { .. } => "HL7-003",
            Self::TooManySegments { .. } => "HL7-004",
            Self::TooManyFields { .. } => "HL7-005",
            Self::UnknownCharset { .. } => "HL7-006",
            Self::Path { .. } => "HL7-007",
            Self::Unwritable { .. } => "HL7-008",
            Self::Characters { problem, .. } => problem.fault.code(),
        }
    }
}

/// What was odd about the structure of a message that could be read all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Structure {
    /// Segments end in LF or CR LF instead of CR. Said once per message.
    LineFeed,
    /// A line that does not begin with a segment name: usually a line break inside a text field.
    /// It belongs to no segment; its text is not lost but stands only in the original.
    NotASegment,
    /// A second MSH: two messages in one, or a dump. What follows is read as one message.
    SecondHeader,
}

impl Structure {
    /// Stable code, as listed in [`crate::CODES`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::LineFeed => "HL7-101",
            Self::NotASegment => "HL7-102",
            Self::SecondHeader => "HL7-103",
        }
    }
}

/// An oddity and the line (counted from 0) where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StructureProblem {
    /// Line, counted from 0.
    pub line: usize,
    /// What is odd.
    pub what: Structure,
}

impl fmt::Display for StructureProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            Structure::LineFeed => "segments end in a line feed",
            Structure::NotASegment => "not a segment",
            Structure::SecondHeader => "a second message header",
        };
        write!(f, "{} in line {}: {what}", self.what.code(), self.line)
    }
}
