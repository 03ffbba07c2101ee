//! Names and demographics of a registration, as sent. Keys for matching are derived elsewhere;
//! the registered form is never overwritten.

use crate::{Coded, JstDay};
use serde::{Deserialize, Serialize};

/// Administrative sex (HL7 table 0001; XDS sourcePatientInfo PID-8).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Sex {
    /// 男性, `M`.
    Male,
    /// 女性, `F`.
    Female,
    /// その他, `O`.
    Other,
    /// 不明, `U` or not sent.
    #[default]
    Unknown,
}

impl Sex {
    /// The HL7 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "F",
            Self::Other => "O",
            Self::Unknown => "U",
        }
    }

    /// The sex of an HL7 code; anything else is unknown.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "M" => Self::Male,
            "F" => Self::Female,
            "O" => Self::Other,
            _ => Self::Unknown,
        }
    }
}

/// Family and given name in one writing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct NameParts {
    /// 姓.
    pub family: String,
    /// 名. Empty where a system keeps the whole name in one field.
    pub given: String,
}

impl NameParts {
    /// Both parts with one space between, or the part that is there.
    #[must_use]
    pub fn joined(&self) -> String {
        match (self.family.is_empty(), self.given.is_empty()) {
            (false, false) => format!("{} {}", self.family, self.given),
            (false, true) => self.family.clone(),
            _ => self.given.clone(),
        }
    }
}

/// A name in the writings that HL7 v2.5 XPN distinguishes by component 8 (table 0465).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct PersonName {
    /// `I`: kanji.
    pub ideographic: Option<NameParts>,
    /// `P`: kana.
    pub phonetic: Option<NameParts>,
    /// `A`: Latin letters.
    pub alphabetic: Option<NameParts>,
}

impl PersonName {
    /// The name to show: kanji, else kana, else Latin letters.
    #[must_use]
    pub fn display(&self) -> String {
        [&self.ideographic, &self.phonetic, &self.alphabetic]
            .into_iter()
            .flatten()
            .map(NameParts::joined)
            .find(|n| !n.is_empty())
            .unwrap_or_default()
    }

    /// The kana reading, or nothing.
    #[must_use]
    pub fn kana(&self) -> String {
        self.phonetic
            .as_ref()
            .map(NameParts::joined)
            .unwrap_or_default()
    }
}

/// One address as sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Address {
    /// Postal code as sent.
    pub postal: String,
    /// Whole address in one line.
    pub text: String,
}

/// One insurance as sent (IN1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Insurance {
    /// Kind (JHSD0001).
    pub kind: Coded,
    /// 保険者番号.
    pub insurer: String,
    /// 記号.
    pub symbol: String,
    /// 番号.
    pub number: String,
    /// 枝番, where sent.
    pub branch: Option<String>,
}

/// What one facility has registered about a patient.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Demographics {
    /// Names.
    pub name: PersonName,
    /// Date of birth; `None` where not sent, or sent in a form that says nothing.
    pub birth: Option<JstDay>,
    /// Birth date as sent.
    pub birth_text: String,
    /// Sex.
    pub sex: Sex,
    /// Addresses.
    pub addresses: Vec<Address>,
    /// Telephone numbers as sent.
    pub phones: Vec<String>,
    /// Insurances.
    pub insurances: Vec<Insurance>,
}
