//! Why XML is refused.

/// A document that is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// More bytes than allowed.
    #[error("XML-001: document of {bytes} bytes, allowed are {limit}")]
    TooLarge {
        /// Size found.
        bytes: usize,
        /// Size allowed.
        limit: usize,
    },
    /// An unknown encoding, or bytes that it does not allow.
    #[error("XML-002: not readable as {encoding}")]
    Encoding {
        /// The encoding declared or found, cut to 40 characters.
        encoding: String,
    },
    /// Not well-formed.
    #[error("XML-003 at byte {offset}: not well-formed: {reason}")]
    Malformed {
        /// Offset in the decoded text.
        offset: u64,
        /// What is wrong.
        reason: String,
    },
    /// A document type declaration or an entity that only such a declaration could define.
    #[error("XML-004 at byte {offset}: document type declaration or entity")]
    Doctype {
        /// Offset in the decoded text.
        offset: u64,
    },
    /// Elements nested too deep.
    #[error("XML-005 at byte {offset}: more than {limit} levels")]
    TooDeep {
        /// Offset in the decoded text.
        offset: u64,
        /// Levels allowed.
        limit: usize,
    },
    /// Too many elements and texts, or too many attributes in one element.
    #[error("XML-006 at byte {offset}: more than {limit} {what}")]
    TooMany {
        /// Offset in the decoded text.
        offset: u64,
        /// Count allowed.
        limit: usize,
        /// Of what.
        what: &'static str,
    },
}

impl XmlError {
    /// Stable code, as listed in [`crate::CODES`].
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "XML-001",
            Self::Encoding { .. } => "XML-002",
            Self::Malformed { .. } => "XML-003",
            Self::Doctype { .. } => "XML-004",
            Self::TooDeep { .. } => "XML-005",
            Self::TooMany { .. } => "XML-006",
        }
    }
}
