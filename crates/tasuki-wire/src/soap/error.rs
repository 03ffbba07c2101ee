//! Why a message is no SOAP message, and which fault says so.

use super::fault::{FaultCode, Subcode};
use crate::xml::XmlError;

/// A message that is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SoapError {
    /// The XML is refused.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// XML, but no envelope.
    #[error("SOP-001: the root element is not an Envelope")]
    NotSoap,
    /// An envelope of another version (SOAP 1.2 part 1 §2.8).
    #[error("SOP-002: an Envelope that is not of SOAP 1.2")]
    Version,
    /// Header and body are not what §5 asks for.
    #[error("SOP-003: {what}")]
    Shape {
        /// What is wrong.
        what: &'static str,
    },
    /// An addressing header that has to be there (WS-Addressing SOAP binding §6.4.2).
    #[error("SOP-004: no wsa:{header}")]
    AddressingMissing {
        /// Its local name.
        header: &'static str,
    },
    /// An addressing header that is there twice, empty, or not of its form (§6.4.1).
    #[error("SOP-005: wsa:{header}: {what}")]
    AddressingInvalid {
        /// Its local name.
        header: &'static str,
        /// What is wrong.
        what: &'static str,
    },
}

impl SoapError {
    /// Stable code, as listed in [`crate::CODES`].
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Xml(error) => error.code(),
            Self::NotSoap => "SOP-001",
            Self::Version => "SOP-002",
            Self::Shape { .. } => "SOP-003",
            Self::AddressingMissing { .. } => "SOP-004",
            Self::AddressingInvalid { .. } => "SOP-005",
        }
    }

    /// The code of the fault that answers it.
    pub const fn fault(&self) -> FaultCode {
        match self {
            Self::Version => FaultCode::VersionMismatch,
            _ => FaultCode::Sender,
        }
    }

    /// The subcode of that fault, where a standard has one.
    pub const fn subcode(&self) -> Option<Subcode> {
        match self {
            Self::AddressingMissing { .. } => {
                Some(Subcode::addressing("MessageAddressingHeaderRequired"))
            }
            Self::AddressingInvalid { .. } => Some(Subcode::addressing("InvalidAddressingHeader")),
            _ => None,
        }
    }
}
