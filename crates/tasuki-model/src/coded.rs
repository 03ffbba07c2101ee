//! Coded values: system, version, code and the text as sent. Nothing is mapped here; a mapping is
//! dated data and leaves the sent coding in place.

use serde::{Deserialize, Serialize};
pub use smol_str::SmolStr;

/// One coding of a concept (HL7 v2 CE/CWE components 1–3, ISO 21090 CD).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Coding {
    /// Coding system as sent: `HOT9`, `JC10`, `MDCDX2`, `I10`, `99xxx` for local ones, or an OID.
    pub system: SmolStr,
    /// Version of the system, where sent.
    pub version: Option<SmolStr>,
    /// The code; may be empty where only a text was sent.
    pub code: SmolStr,
    /// The text as sent.
    pub text: SmolStr,
}

/// A concept in one or two coding systems, as HL7 v2.5 CWE carries it (2.A.13).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Coded {
    /// The codings in the order sent; the first is the sender's main one.
    pub codings: Vec<Coding>,
    /// Free text that stands for the concept as a whole (CWE-9), where sent.
    pub original_text: Option<String>,
}

impl Coded {
    /// The words to show: the original text, else the first text, else the first code.
    #[must_use]
    pub fn display(&self) -> &str {
        if let Some(text) = self.original_text.as_deref().filter(|t| !t.is_empty()) {
            return text;
        }
        self.codings
            .iter()
            .map(|c| c.text.as_str())
            .find(|t| !t.is_empty())
            .or_else(|| self.codings.first().map(|c| c.code.as_str()))
            .unwrap_or("")
    }

    /// The code in one system.
    #[must_use]
    pub fn code_in(&self, system: &str) -> Option<&str> {
        self.codings
            .iter()
            .find(|c| c.system == system)
            .map(|c| c.code.as_str())
    }

    /// Nothing was sent at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.original_text.is_none()
            && self
                .codings
                .iter()
                .all(|c| c.code.is_empty() && c.text.is_empty())
    }
}

/// A number as sent, with its unit. The number stays text: `7.20` is not `7.2` on a lab sheet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Quantity {
    /// Digits as sent.
    pub value: SmolStr,
    /// Unit as sent.
    pub unit: Option<Coded>,
}
