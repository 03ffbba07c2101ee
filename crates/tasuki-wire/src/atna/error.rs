//! Why an audit message or its frame is not taken.

use crate::xml::XmlError;

/// An audit message that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AtnaError {
    /// No XML within the limits.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// Not an audit message, or a part of it is missing or unreadable.
    #[error("ATN-001: {what}")]
    Malformed {
        /// Which part.
        what: &'static str,
    },
    /// The bytes are no frame of RFC 5425, or no message of RFC 5424.
    #[error("ATN-002: {what}")]
    Frame {
        /// What is wrong.
        what: &'static str,
    },
    /// A frame beyond the limit.
    #[error("ATN-003: a frame of {bytes} bytes, allowed are {limit}")]
    TooLarge {
        /// Size announced.
        bytes: usize,
        /// Size allowed.
        limit: usize,
    },
}

impl AtnaError {
    /// Stable code, as listed in [`crate::CODES`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Xml(error) => error.code(),
            Self::Malformed { .. } => "ATN-001",
            Self::Frame { .. } => "ATN-002",
            Self::TooLarge { .. } => "ATN-003",
        }
    }
}
