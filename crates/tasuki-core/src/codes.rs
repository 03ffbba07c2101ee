//! Error codes: one enum for everything that can go wrong with a name.
//!
//! The list itself is `codes.toml`, from which `build.rs` writes [`Code`] and
//! `cargo xtask errors` writes docs/errors.md. Grammars in `tasuki-wire` know only their
//! codes as text, because they may not know this crate: [`Code::from_id`] brings them here.

use crate::fault::{Category, Origin, Retry};
use std::fmt;

include!(concat!(env!("OUT_DIR"), "/codes.rs"));

impl Code {
    /// The code written as `id`, if there is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.id() == id)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::{Category, Code};

    #[test]
    fn an_id_finds_its_code_and_nothing_else() {
        assert_eq!(Code::from_id("REC-004"), Some(Code::PatientMismatch));
        assert_eq!(Code::from_id("IMP-999"), None);
        assert_eq!(Code::PatientMismatch.to_string(), "REC-004");
        assert_eq!(Code::NotFoundOrWithheld.category(), Category::NotFound);
    }

    #[test]
    fn every_code_says_in_japanese_what_happened_and_what_to_do() {
        for code in Code::ALL {
            assert!(!code.outside_ja().is_ascii(), "{code} is not in Japanese");
            assert!(
                !code.advice_ja().is_ascii(),
                "{code} gives no advice in Japanese"
            );
        }
    }
}
