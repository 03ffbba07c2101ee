//! Why an assertion is not believed.

use crate::dsig::DsigError;
use crate::xml::XmlError;

/// An assertion that is not believed. Says nothing of its content but the names of parts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SamlError {
    /// No XML within the limits.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// Not signed as it has to be.
    #[error(transparent)]
    Signature(#[from] DsigError),
    /// There is none.
    #[error("SAM-001: no assertion in the security header")]
    Missing,
    /// Not an assertion of SAML 2.0, or a part is missing, doubled or unreadable.
    #[error("SAM-002: {what}")]
    Malformed {
        /// Which part, and what is wrong with it.
        what: &'static str,
    },
    /// More than one could be meant.
    #[error("SAM-003: {what}")]
    Ambiguous {
        /// Of what there are two.
        what: &'static str,
    },
    /// Another issuer than the one of the peer.
    #[error("SAM-007: the issuer is not the one of this peer")]
    Issuer,
    /// Not valid yet.
    #[error("SAM-008: valid in {seconds} s by our clock")]
    Early {
        /// How far away that is.
        seconds: i64,
    },
    /// Not valid any more.
    #[error("SAM-009: expired {seconds} s ago by our clock")]
    Expired {
        /// How long ago.
        seconds: i64,
    },
    /// Valid for longer than is accepted.
    #[error("SAM-010: valid for {seconds} s, which is too long")]
    Long {
        /// For how long.
        seconds: i64,
    },
    /// For somebody else.
    #[error("SAM-011: not for this audience")]
    Audience,
    /// Of another community than the peer's.
    #[error("SAM-012: of another community than the peer's")]
    Home,
}

impl SamlError {
    /// Stable code, as listed in [`crate::CODES`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Xml(error) => error.code(),
            Self::Signature(error) => error.code(),
            Self::Missing => "SAM-001",
            Self::Malformed { .. } => "SAM-002",
            Self::Ambiguous { .. } => "SAM-003",
            Self::Issuer => "SAM-007",
            Self::Early { .. } => "SAM-008",
            Self::Expired { .. } => "SAM-009",
            Self::Long { .. } => "SAM-010",
            Self::Audience => "SAM-011",
            Self::Home => "SAM-012",
        }
    }
}
