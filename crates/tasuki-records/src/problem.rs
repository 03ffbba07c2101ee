//! What a decoder could not read, with its place; and why a message is no clinical value at all.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that could not be read. Never holds content of the message.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code: one of [`CODES`], or of a grammar (`JIS-…`, `HL7-…`, `CDA-…`).
    pub code: Cow<'static, str>,
    /// Place in the standard's writing, such as `OBX(3)-14`.
    pub place: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.code, self.place)
    }
}

/// A field holds no time.
pub const TIME: &str = "REC-101";
/// A field that the kind needs is empty.
pub const MISSING: &str = "REC-102";
/// A segment that this kind does not read. It stands in the original.
pub const UNREAD_SEGMENT: &str = "REC-103";
/// A field holds no number.
pub const NUMBER: &str = "REC-104";
/// A value type that is not read as such; its text is kept as sent.
pub const VALUE_TYPE: &str = "REC-105";
/// A coded field with a value outside its table; kept as sent.
pub const CODE: &str = "REC-106";
/// Two documents of one name with different content: both are kept.
pub const DIFFERS: &str = "REC-107";
/// Values of an item in another unit than the rest: in the table, on no line.
pub const OTHER_UNIT: &str = "REC-108";
/// A series has more points than are drawn: each stretch keeps its least and greatest.
pub const THINNED: &str = "REC-109";
/// A drug without a name, by which alone it could be joined with others.
pub const NAMELESS: &str = "REC-110";

/// `(code, meaning)` of every problem and error of this crate, sorted by code.
pub const CODES: &[(&str, &str)] = &[
    (
        "REC-001",
        "the message is not one that this data kind holds",
    ),
    (
        "REC-002",
        "a segment without which there is no clinical value is missing",
    ),
    ("REC-003", "the message names no patient"),
    (
        "REC-004",
        "the patient in the message is not the patient of the path",
    ),
    ("REC-005", "two patients in one message"),
    (
        "REC-006",
        "the document is larger than the limit for its format",
    ),
    (TIME, "a field holds no time"),
    (MISSING, "a field that the kind needs is empty"),
    (
        UNREAD_SEGMENT,
        "a segment that this kind does not read (it stands in the original)",
    ),
    (NUMBER, "a field holds no number"),
    (
        VALUE_TYPE,
        "a value type that is not read as such (its text is kept)",
    ),
    (CODE, "a code outside its table (kept as sent)"),
    (
        DIFFERS,
        "two documents of one name differ in content (both are kept)",
    ),
    (
        OTHER_UNIT,
        "values of an item in another unit (in the table, on no line)",
    ),
    (
        THINNED,
        "more points than are drawn (each stretch keeps its least and greatest)",
    ),
    (NAMELESS, "a drug without code and name (a line of its own)"),
];

/// Why there is no clinical value. The file belongs into quarantine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// MSH-9 names an event that the kind does not hold.
    #[error("REC-001 at MSH-9: {found} is not a message of {kind}")]
    WrongMessage {
        /// Data kind of path or caller.
        kind: &'static str,
        /// Message found, such as `ADT^A08`; cut to 16 characters.
        found: String,
    },
    /// A segment is missing without which nothing can be said. A truncated message ends here.
    #[error("REC-002: no {segment} segment")]
    NoSegment {
        /// The segment.
        segment: &'static str,
    },
    /// No PID, or one without an id.
    #[error("REC-003 at PID-3: the message names no patient")]
    NoPatient,
    /// The PID's patient is not the path's patient. The ids are not repeated here: this is logged.
    #[error("REC-004 at PID-3: the patient in the message is not the patient of the path")]
    OtherPatient,
    /// More bytes than the format may have.
    #[error("REC-006: {bytes} bytes, allowed are {limit}")]
    TooLarge {
        /// Size found.
        bytes: usize,
        /// Size allowed.
        limit: usize,
    },
    /// Two PID segments that name different patients.
    #[error("REC-005 at PID(2)-3: two patients in one message")]
    TwoPatients,
}

impl RecordError {
    /// Stable code, as listed in [`CODES`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongMessage { .. } => "REC-001",
            Self::NoSegment { .. } => "REC-002",
            Self::NoPatient => "REC-003",
            Self::OtherPatient => "REC-004",
            Self::TwoPatients => "REC-005",
            Self::TooLarge { .. } => "REC-006",
        }
    }
}
