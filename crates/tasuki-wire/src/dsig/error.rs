//! Why a signature is not believed.

use crate::xml::XmlError;

/// A signature that is not believed. What it says of the document is names of elements only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DsigError {
    /// No XML within the limits.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// Nothing is signed.
    #[error("SAM-004: not signed")]
    Unsigned,
    /// A signature of another form than the one that is read.
    #[error("SAM-003: {what}")]
    Shape {
        /// What is not as it has to be.
        what: &'static str,
    },
    /// An algorithm that is not allowed.
    #[error("SAM-005: algorithm not allowed for {what}")]
    Algorithm {
        /// For what.
        what: &'static str,
    },
    /// The content is not what was signed.
    #[error("SAM-006: the content is not what was signed")]
    Digest,
    /// None of the trusted keys has signed it.
    #[error("SAM-006: not signed by a trusted key")]
    Key,
    /// A key or certificate that cannot be used.
    #[error("SAM-013: {why}")]
    Unusable {
        /// Why.
        why: String,
    },
}

impl DsigError {
    /// Stable code, as listed in [`crate::CODES`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Xml(error) => error.code(),
            Self::Unsigned => "SAM-004",
            Self::Shape { .. } => "SAM-003",
            Self::Algorithm { .. } => "SAM-005",
            Self::Digest | Self::Key => "SAM-006",
            Self::Unusable { .. } => "SAM-013",
        }
    }
}
