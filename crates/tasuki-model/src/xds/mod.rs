//! XDS metadata as it is exchanged (ITI TF-3, 4.2): submission sets, document entries, folders and
//! associations, attribute by attribute and word for word.
//!
//! Two forms of an entry, and how they relate:
//!
//! - [`crate::DocumentEntry`] is a *row*: what an imported SS-MIX2 file leaves in the registry, lean
//!   because millions of them are written. It *renders* to a [`DocumentEntry`] when it leaves.
//! - [`DocumentEntry`] here is the *full metadata*. A document that came by a transaction keeps it
//!   as sent beside its row, so that what was submitted is what is answered.
//!
//! Times, sizes and identifiers stay text here: an entry of another community is shown even where
//! one attribute is wrong. What may be *submitted* is stricter, and is checked where it comes in.
//! Codes are [`Coding`](crate::Coding): `system` is the coding scheme, `text` the display name.

mod association;
mod entry;
mod package;
mod submission;

pub use association::{Association, AssociationKind, SubmissionSetStatus};
pub use entry::{DocumentEntry, ObjectType};
pub use package::{Folder, SubmissionSet};
pub use submission::{RegistryObject, Submission};

use crate::{AvailabilityStatus, SmolStr};
use serde::{Deserialize, Serialize};

/// The form in which an availability status is exchanged (ITI TF-3, 4.2.3.2.2).
impl AvailabilityStatus {
    /// The URN of ebRIM.
    #[must_use]
    pub const fn urn(self) -> &'static str {
        match self {
            Self::Approved => "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved",
            Self::Deprecated => "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated",
        }
    }

    /// The status of a URN.
    #[must_use]
    pub fn from_urn(urn: &str) -> Option<Self> {
        [Self::Approved, Self::Deprecated]
            .into_iter()
            .find(|status| status.urn() == urn)
    }
}

/// A text in one language (ebRIM `LocalizedString`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Text {
    /// `xml:lang`, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<SmolStr>,
    /// The text.
    pub value: String,
}

impl Text {
    /// A text whose language is not said.
    #[must_use]
    pub fn of(value: &str) -> Vec<Self> {
        vec![Self {
            language: None,
            value: value.to_owned(),
        }]
    }
}

/// A named list of values (ebRIM `Slot`): here only what XDS does not define (ITI TF-3, 4.2.3.1.6).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Slot {
    /// Name, such as `urn:example:ward`.
    pub name: String,
    /// Values in order.
    pub values: Vec<String>,
}

/// What every object of the registry has (ITI TF-3, 4.2.3.1).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Header {
    /// `entryUUID` with `urn:uuid:`, or a symbolic id inside a submission.
    pub id: String,
    /// `logicalID` with `urn:uuid:`: the same for every version (Metadata Update).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logical_id: Option<String>,
    /// `version`, as text; the first is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `homeCommunityId` with `urn:oid:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// `availabilityStatus`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AvailabilityStatus>,
    /// Slots that XDS does not define, kept as sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<Slot>,
}

/// Who wrote or sent something (ITI TF-3, 4.2.3.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Author {
    /// `authorPerson` (XCN).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// `authorInstitution` (XON).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub institutions: Vec<String>,
    /// `authorRole`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// `authorSpecialty`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub specialties: Vec<String>,
    /// `authorTelecommunication` (XTN).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub telecoms: Vec<String>,
}

/// A moment as XDS writes it: `YYYYMMDDhhmmss` in UTC (ITI TF-3, 4.2.3.1.7, DTM).
#[must_use]
pub fn utc_text(at: crate::Instant) -> String {
    let text = at.to_string();
    text.chars()
        .take_while(|c| *c != '.')
        .filter(char::is_ascii_digit)
        .take(14)
        .collect()
}

/// The first moment of a time in UTC as XDS writes it; nothing for a text that is none.
#[must_use]
pub fn utc_moment(text: &str) -> Option<crate::Instant> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to).map(str::parse::<i8>);
    let part = |from: usize, least: i8| number(from, from + 2).unwrap_or(Ok(least)).ok();
    let year = text.get(..4)?.parse::<i16>().ok()?;
    let (month, day) = (part(4, 1)?, part(6, 1)?);
    let (hour, minute, second) = (part(8, 0)?, part(10, 0)?, part(12, 0)?);
    let at = jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(crate::Instant::from_micros(at.as_microsecond()))
}

/// The same time as a clock in Japan shows it, in the same precision: a day stays that day.
#[must_use]
pub fn utc_in_jst(text: &str) -> Option<crate::JstTime> {
    let moment = utc_moment(text)?;
    if text.len() <= 8 {
        return crate::JstTime::parse_hl7(text).ok();
    }
    let whole = moment.in_jst();
    let shown = whole
        .text()
        .get(..text.len())
        .unwrap_or_else(|| whole.text());
    crate::JstTime::parse_hl7(shown).ok()
}
