//! Why a document is refused, and what was passed over in one that was read.

use std::fmt;

use crate::xml::XmlError;

/// A document that is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CdaError {
    /// The XML is refused.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// XML, but no `ClinicalDocument` in the namespace `urn:hl7-org:v3`.
    #[error("CDA-001: the root element is not a ClinicalDocument")]
    NotCda,
    /// Sections nested too deep.
    #[error("CDA-002: more than {limit} sections within each other")]
    TooDeep {
        /// Levels allowed.
        limit: usize,
    },
}

impl CdaError {
    /// Stable code, as listed in [`crate::CODES`].
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Xml(error) => error.code(),
            Self::NotCda => "CDA-001",
            Self::TooDeep { .. } => "CDA-002",
        }
    }
}

/// What was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CdaFault {
    /// An element that a narrative block may not hold. Its text is kept.
    UnknownElement,
    /// A time that is none.
    Time,
    /// A link that is neither `http(s)` nor local. Its text is kept.
    Link,
    /// Media whose base64 does not decode, or that are compressed.
    Media,
    /// Media beyond the limit.
    MediaTooLarge,
    /// No body, or one without text.
    NoBody,
    /// No patient id.
    NoPatient,
}

impl CdaFault {
    /// Stable code, as listed in [`crate::CODES`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownElement => "CDA-101",
            Self::Time => "CDA-102",
            Self::Link => "CDA-103",
            Self::Media => "CDA-104",
            Self::MediaTooLarge => "CDA-105",
            Self::NoBody => "CDA-106",
            Self::NoPatient => "CDA-107",
        }
    }
}

/// A fault and the element where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CdaProblem {
    /// What was passed over.
    pub fault: CdaFault,
    /// The element, such as `effectiveTime`; never its content.
    pub place: String,
}

impl fmt::Display for CdaProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.fault.code(), self.place)
    }
}
