//! `[directory]`: the member directory of the network, and what our own assertions are signed with.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tasuki_core::directory::seal::PublicKey;
use tasuki_core::{Code, Fault};

/// The directory; without a file this community is alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DirectoryConfig {
    /// The signed file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// Keys that sign it, as `tasuki directory key` prints them: two while they are exchanged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// A table of roles and purposes in assertions in the place of the one that is built in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codes_file: Option<PathBuf>,
    /// PEM file with the key that signs assertions about our users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertion_key_file: Option<PathBuf>,
    /// PEM file with its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertion_certificate_file: Option<PathBuf>,
}

impl DirectoryConfig {
    pub(super) fn check(&self) -> Result<(), Fault> {
        let wrong = |what: &str| Err(Fault::new(Code::ConfigInvalid, what));
        if self.file.is_some() && self.keys.is_empty() {
            return wrong("directory.keys: no key to trust the file by");
        }
        if self.assertion_key_file.is_some() != self.assertion_certificate_file.is_some() {
            return wrong(
                "directory: assertion_key_file and assertion_certificate_file go together",
            );
        }
        self.public_keys().map(drop)
    }

    /// The keys that sign the file.
    ///
    /// # Errors
    /// `CFG-003` for one that is not base64 of 32 bytes.
    pub fn public_keys(&self) -> Result<Vec<PublicKey>, Fault> {
        let read = self.keys.iter().map(|text| {
            let what = || Fault::new(Code::ConfigInvalid, "directory.keys: not a key in base64");
            PublicKey::from_base64(text).ok_or_else(what)
        });
        read.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use tasuki_core::Code;

    fn code(part: &str) -> Option<Code> {
        let first = "version = 1\n[community]\nhome_community_id = \"2.25.1\"\nname = \"試験\"\n";
        let read = Config::parse(&format!("{first}[directory]\n{part}"));
        read.err().map(|fault| fault.code)
    }

    #[test]
    fn a_file_needs_a_key_and_a_key_its_certificate() {
        let key = "keys = [\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]\n";
        assert_eq!(code(&format!("file = \"d\"\n{key}")), None);
        assert_eq!(code("file = \"d\""), Some(Code::ConfigInvalid));
        assert_eq!(code("keys = [\"AAAA\"]"), Some(Code::ConfigInvalid));
        assert_eq!(
            code("assertion_key_file = \"k\""),
            Some(Code::ConfigInvalid)
        );
        assert_eq!(code("url = \"d\""), Some(Code::ConfigUnknownKey));
    }
}
