//! Codes of roles and purposes as assertions carry them, and what they mean here: a data file.

use crate::{Code, Fault};
use serde::Deserialize;
use tasuki_model::{Purpose, Role};

/// The table that this release brings.
const STANDARD: &str = include_str!("asserted.toml");

/// One code (HL7 v3 CE) and its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssertedCode<T> {
    /// What it means here.
    pub is: T,
    /// `codeSystem`: an OID.
    pub system: Box<str>,
    /// `code`.
    pub code: Box<str>,
    /// `displayName`.
    pub text: Box<str>,
}

/// The codes of a network.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssertedCodes {
    version: u32,
    role: Vec<AssertedCode<Role>>,
    purpose: Vec<AssertedCode<Purpose>>,
}

impl AssertedCodes {
    /// The table that this release brings.
    ///
    /// # Errors
    /// Never in a release: a test reads it.
    pub fn standard() -> Result<Self, Fault> {
        Self::parse(STANDARD)
    }

    /// A network's own table, of the shape of `asserted.toml`.
    ///
    /// # Errors
    /// `CFG-003` where it is not of that shape, `CFG-004` for another version.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let codes: Self = toml::from_str(text)
            .map_err(|e| Fault::new(Code::ConfigInvalid, format!("codes: {}", e.message())))?;
        if codes.version != 1 {
            let what = format!("codes: version {}; this release reads 1", codes.version);
            return Err(Fault::new(Code::ConfigVersion, what));
        }
        Ok(codes)
    }

    /// The role that a code means.
    #[must_use]
    pub fn role(&self, system: &str, code: &str) -> Option<Role> {
        meaning(&self.role, system, code)
    }

    /// The purpose that a code means.
    #[must_use]
    pub fn purpose(&self, system: &str, code: &str) -> Option<Purpose> {
        meaning(&self.purpose, system, code)
    }

    /// The code that we send for a role.
    #[must_use]
    pub fn of_role(&self, role: Role) -> Option<&AssertedCode<Role>> {
        self.role.iter().find(|line| line.is == role)
    }

    /// The code that we send for a purpose.
    #[must_use]
    pub fn of_purpose(&self, purpose: Purpose) -> Option<&AssertedCode<Purpose>> {
        self.purpose.iter().find(|line| line.is == purpose)
    }
}

fn meaning<T: Copy>(lines: &[AssertedCode<T>], system: &str, code: &str) -> Option<T> {
    // An OID may come as a URN.
    let system = system.strip_prefix("urn:oid:").unwrap_or(system);
    let mut lines = lines.iter();
    lines
        .find(|line| *line.system == *system && *line.code == *code)
        .map(|line| line.is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_send_is_what_we_understand() {
        let codes = AssertedCodes::standard().unwrap();
        for &role in Role::ALL {
            let sent = codes.of_role(role).unwrap();
            assert_eq!(codes.role(&sent.system, &sent.code), Some(role));
        }
        for purpose in [
            "treatment",
            "emergency",
            "administration",
            "audit",
            "patient-request",
        ] {
            let purpose = Purpose::from_code(purpose).unwrap();
            let sent = codes.of_purpose(purpose).unwrap();
            let urn = format!("urn:oid:{}", sent.system);
            assert_eq!(codes.purpose(&urn, &sent.code), Some(purpose));
        }
    }

    #[test]
    fn an_unknown_code_means_nothing() {
        let codes = AssertedCodes::standard().unwrap();
        assert_eq!(codes.role("1.2.392.100495.1.6.1.1", "Doctor"), None);
        assert_eq!(codes.purpose("1.2.3", "TREAT"), None);
        let old = AssertedCodes::parse(&STANDARD.replace("version = 1", "version = 2"));
        assert_eq!(old.unwrap_err().code, Code::ConfigVersion);
    }
}
