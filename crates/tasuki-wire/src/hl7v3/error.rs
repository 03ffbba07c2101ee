//! Why an HL7 v3 message is not read.

/// A message that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum V3Error {
    /// Another message than the one that is read.
    #[error("HV3-001: not the message that is expected")]
    Interaction,
    /// A part is missing.
    #[error("HV3-002: {path} is missing")]
    Missing {
        /// Where it has to be, from the root.
        path: &'static str,
    },
    /// A part does not hold what it has to.
    #[error("HV3-003: {path} is not readable")]
    Unreadable {
        /// Where it stands, from the root.
        path: &'static str,
    },
    /// More of a part than is taken.
    #[error("HV3-004: too many of {path}")]
    TooMany {
        /// Of what.
        path: &'static str,
    },
}

impl V3Error {
    /// Stable code, as listed in [`crate::CODES`].
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Interaction => "HV3-001",
            Self::Missing { .. } => "HV3-002",
            Self::Unreadable { .. } => "HV3-003",
            Self::TooMany { .. } => "HV3-004",
        }
    }

    /// Where in the message.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Interaction => "",
            Self::Missing { path } | Self::Unreadable { path } | Self::TooMany { path } => path,
        }
    }
}
