//! What can go wrong between bytes and characters, always with the place where it did.
//!
//! Decoding never fails as a whole: it yields text and problems. A problem that *lost* something
//! (a byte that stands for no character) marks the message as unfit for registration; one that
//! was repaired without loss (a line end inside a kanji run) is only worth telling the sender.

use std::fmt;

/// How many problems are kept with their place; the rest are only counted.
pub const KEPT_PROBLEMS: usize = 32;

/// One fault between bytes and characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CharFault {
    /// A byte above 0x7F where the declared set has none (CP932 in an ISO 2022 file, for example).
    EightBit(u8),
    /// A byte or pair that the active set leaves unassigned.
    Unassigned(u16),
    /// The second byte of a two-byte character is missing or no second byte.
    BrokenPair(u8),
    /// An escape sequence that designates no set we know.
    UnknownEscape,
    /// The bytes end inside an escape sequence, a pair or a two-byte run: the message was cut.
    EndsInside,
    /// A segment or line ended without the return to ASCII that ISO 2022 asks for. Repaired.
    LineEndInside,
    /// A byte sequence that the declared charset (Shift_JIS, UTF-8) does not allow.
    Malformed,
    /// A byte order mark at the start. Removed.
    ByteOrderMark,
    /// Encoding only: the charset has no such character; 〓 (or `?`) was written instead.
    Unmappable(char),
}

impl CharFault {
    /// Stable code, as listed in [`crate::CODES`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::EightBit(_) => "JIS-001",
            Self::Unassigned(_) => "JIS-002",
            Self::BrokenPair(_) => "JIS-003",
            Self::UnknownEscape => "JIS-004",
            Self::EndsInside => "JIS-005",
            Self::LineEndInside => "JIS-006",
            Self::Malformed => "JIS-007",
            Self::ByteOrderMark => "JIS-008",
            Self::Unmappable(_) => "JIS-009",
        }
    }

    /// True if a character was lost, false if the text is complete all the same.
    pub const fn is_loss(self) -> bool {
        !matches!(self, Self::LineEndInside | Self::ByteOrderMark)
    }
}

/// A fault and the byte (decoding) or character (encoding) offset at which it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CharProblem {
    /// Offset from the start of the input.
    pub offset: usize,
    /// What is wrong there.
    pub fault: CharFault,
}

impl fmt::Display for CharProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CharProblem { offset, fault } = self;
        write!(f, "{} at {offset}: ", fault.code())?;
        match fault {
            CharFault::EightBit(byte) => write!(f, "byte {byte:#04x} is outside the declared set"),
            CharFault::Unassigned(cell) => write!(f, "{cell:#06x} stands for no character"),
            CharFault::BrokenPair(lead) => write!(f, "{lead:#04x} has no second byte"),
            CharFault::UnknownEscape => write!(f, "unknown escape sequence"),
            CharFault::EndsInside => write!(f, "the bytes end inside a character run"),
            CharFault::LineEndInside => write!(f, "segment ends without return to ASCII"),
            CharFault::Malformed => write!(f, "byte sequence not allowed in the declared charset"),
            CharFault::ByteOrderMark => write!(f, "byte order mark"),
            CharFault::Unmappable(c) => write!(f, "U+{:04X} is not in the charset", *c as u32),
        }
    }
}

/// The problems of one text: the first [`KEPT_PROBLEMS`] with their place, and two counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CharProblems {
    kept: Vec<CharProblem>,
    total: usize,
    losses: usize,
}

impl CharProblems {
    pub(crate) fn add(&mut self, offset: usize, fault: CharFault) {
        self.total += 1;
        self.losses += usize::from(fault.is_loss());
        if self.kept.len() < KEPT_PROBLEMS {
            self.kept.push(CharProblem { offset, fault });
        }
    }

    /// The first problems, in order of place.
    pub fn kept(&self) -> &[CharProblem] {
        &self.kept
    }

    /// How many there were in all.
    pub const fn total(&self) -> usize {
        self.total
    }

    /// How many of them lost a character.
    pub const fn losses(&self) -> usize {
        self.losses
    }

    /// The first problem that lost a character and is still known with its place.
    pub fn first_loss(&self) -> Option<CharProblem> {
        self.kept
            .iter()
            .copied()
            .find(|problem| problem.fault.is_loss())
    }

    /// True if nothing was wrong.
    pub const fn is_empty(&self) -> bool {
        self.total == 0
    }
}
