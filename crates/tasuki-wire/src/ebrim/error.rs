//! Why a message is not read at all. What is wrong with one attribute is a [`super::Problem`].

/// A body that is not the message it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EbrimError {
    /// Another element than the message has.
    #[error("EBX-001: <{found}> where <{expected}> is expected")]
    Unexpected {
        /// What the message has.
        expected: &'static str,
        /// What was found, cut to 60 characters.
        found: String,
    },
    /// An element or attribute that has to be there is not.
    #[error("EBX-002: {what} is missing")]
    Missing {
        /// Element or attribute.
        what: &'static str,
    },
    /// More objects, references or documents than one message may have.
    #[error("EBX-003: more than {limit} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many are allowed.
        limit: usize,
    },
    /// A value of a stored query that is neither a number nor a quoted text nor a list of these.
    #[error("EBX-004: {parameter}: a text stands in single quotes, a list in round brackets")]
    Value {
        /// The parameter, cut to 60 characters.
        parameter: String,
    },
    /// A document that is neither base64 nor an `xop:Include`.
    #[error("EBX-005: a document is neither base64 nor an xop:Include")]
    Document,
}

impl EbrimError {
    /// Stable code, as listed in [`crate::CODES`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unexpected { .. } => "EBX-001",
            Self::Missing { .. } => "EBX-002",
            Self::TooMany { .. } => "EBX-003",
            Self::Value { .. } => "EBX-004",
            Self::Document => "EBX-005",
        }
    }

    pub(super) fn unexpected(expected: &'static str, found: &str) -> Self {
        Self::Unexpected {
            expected,
            found: found.chars().take(60).collect(),
        }
    }
}
