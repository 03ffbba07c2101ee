//! Why a message with attachments is not read.

/// A message that is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MtomError {
    /// A `Content-Type` that cannot be read, or not one of a message with attachments.
    #[error("MTM-001: Content-Type: {what}")]
    MediaType {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The boundary of the `Content-Type` does not stand in the body.
    #[error("MTM-002: the boundary does not stand in the body")]
    Boundary,
    /// The body ends before its last boundary.
    #[error("MTM-003: the body ends within part {part}")]
    Unended {
        /// Which part, counted from 1.
        part: usize,
    },
    /// A part's header, or the line of a boundary, is not of its form.
    #[error("MTM-004: part {part}: {what}")]
    Head {
        /// Which part, counted from 1.
        part: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// More parts than allowed.
    #[error("MTM-005: more than {limit} parts")]
    Parts {
        /// Parts allowed.
        limit: usize,
    },
    /// More bytes than allowed.
    #[error("MTM-006: more than {limit} bytes")]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// No part is the envelope.
    #[error("MTM-007: no part is the envelope")]
    NoRoot,
    /// An `xop:Include` that is not of its form, or names a part that did not come.
    #[error("MTM-008: xop:Include: {what}")]
    Include {
        /// What is wrong.
        what: &'static str,
    },
    /// Two parts have the same `Content-ID`, or two references name one part.
    #[error("MTM-009: a part that {what}")]
    Doubled {
        /// In which way.
        what: &'static str,
    },
    /// A part that nothing in the envelope refers to.
    #[error("MTM-010: {count} parts that nothing refers to")]
    Unreferenced {
        /// How many.
        count: usize,
    },
    /// A content inside the envelope that is not base64.
    #[error("MTM-011: a content that is not base64")]
    Base64,
}

impl MtomError {
    /// Stable code, as listed in [`crate::CODES`].
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MediaType { .. } => "MTM-001",
            Self::Boundary => "MTM-002",
            Self::Unended { .. } => "MTM-003",
            Self::Head { .. } => "MTM-004",
            Self::Parts { .. } => "MTM-005",
            Self::TooLarge { .. } => "MTM-006",
            Self::NoRoot => "MTM-007",
            Self::Include { .. } => "MTM-008",
            Self::Doubled { .. } => "MTM-009",
            Self::Unreferenced { .. } => "MTM-010",
            Self::Base64 => "MTM-011",
        }
    }
}
