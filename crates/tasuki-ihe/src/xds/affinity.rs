//! The codes of the affinity domain (ITI TF-1, 10.4 and appendix L): a data file, so that a region
//! agrees on its own. An attribute without codes in the file takes any code.

use super::consents::codes::{is_consent, is_ours};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use tasuki_core::{Code, Fault};
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{Category, Coding};

/// The file that comes with the product.
const STANDARD: &str = include_str!("affinity.toml");

/// What is demanded of metadata beyond the codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// ITI TF-3 as it is.
    Ihe,
    /// As Japan's guide has it: an author has an institution.
    Jahis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    profile: Profile,
    #[serde(default)]
    list: Vec<List>,
}

/// Codes of one attribute in one scheme.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    attribute: String,
    #[serde(default)]
    scheme: String,
    codes: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    #[serde(default)]
    ja: String,
    #[serde(default)]
    en: String,
    category: Option<Category>,
    confidentiality: Option<String>,
}

/// What a code means to the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Meaning {
    category: Option<Category>,
    confidentiality: Option<Confidentiality>,
}

/// The codes, ready to be looked up.
#[derive(Debug, Clone)]
pub struct AffinityDomain {
    /// What is demanded beyond them.
    pub profile: Profile,
    listed: HashSet<String>,
    codes: HashMap<(String, String, String), Meaning>,
}

impl AffinityDomain {
    /// Reads a file of codes.
    ///
    /// # Errors
    /// [`Code::AffinityFileWrong`] with what is wrong: another version, an unknown key, a category
    /// or confidentiality that is none, a code without words.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let wrong = |what: String| Fault::new(Code::AffinityFileWrong, what);
        let file: File = toml::from_str(text).map_err(|e| wrong(e.to_string()))?;
        if file.version != 1 {
            return Err(wrong(format!("version {} is not known", file.version)));
        }
        let mut domain = Self {
            profile: file.profile,
            listed: HashSet::new(),
            codes: HashMap::new(),
        };
        for list in file.list {
            domain.listed.insert(list.attribute.clone());
            for entry in list.codes {
                if entry.ja.is_empty() && entry.en.is_empty() && list.attribute != "mimeType" {
                    return Err(wrong(format!(
                        "{} {}: no words",
                        list.attribute, entry.code
                    )));
                }
                let meaning = Meaning {
                    category: entry.category,
                    confidentiality: entry
                        .confidentiality
                        .map(|level| match level.as_str() {
                            "N" | "R" | "V" => Ok(Confidentiality::from_code(&level)),
                            other => Err(wrong(format!("confidentiality {other} is none"))),
                        })
                        .transpose()?,
                };
                let key = (list.attribute.clone(), list.scheme.clone(), entry.code);
                domain.codes.insert(key, meaning);
            }
        }
        Ok(domain)
    }

    /// The codes that come with the product: those of SS-MIX2, LOINC for documents, HL7 for
    /// confidentiality, and lists of Tasuki's own where Japan has published none.
    ///
    /// # Errors
    /// As [`AffinityDomain::parse`]; a test keeps the file right.
    pub fn standard() -> Result<Self, Fault> {
        Self::parse(STANDARD)
    }

    fn meaning(&self, attribute: &str, code: &Coding) -> Option<Meaning> {
        let key = (
            attribute.to_owned(),
            code.system.to_string(),
            code.code.to_string(),
        );
        self.codes.get(&key).copied()
    }

    /// Whether a code may be used for an attribute.
    #[must_use]
    pub fn takes(&self, attribute: &str, code: &Coding) -> bool {
        !self.listed.contains(attribute) || self.meaning(attribute, code).is_some() || is_ours(code)
    }

    /// Whether a media type may be used.
    #[must_use]
    pub fn takes_media(&self, media_type: &str) -> bool {
        let code = Coding {
            code: media_type.into(),
            ..Coding::default()
        };
        self.takes("mimeType", &code)
    }

    /// The category that consent and policy use: of the class, else of the type, else a file. A consent
    /// document is one whatever the file says: it is never of the record.
    #[must_use]
    pub fn category(&self, entry: &DocumentEntry) -> Category {
        if is_consent(entry) {
            return Category::Consent;
        }
        let of = |attribute: &str, code: &Option<Coding>| {
            let meaning = self.meaning(attribute, code.as_ref()?)?;
            meaning.category
        };
        of("classCode", &entry.class_code)
            .or_else(|| of("typeCode", &entry.type_code))
            .unwrap_or(Category::File)
    }

    /// The strictest confidentiality of an entry. A code that the file does not explain is the
    /// strictest there is.
    #[must_use]
    pub fn confidentiality(&self, entry: &DocumentEntry) -> Confidentiality {
        let level = |code: &Coding| {
            let meaning = self.meaning("confidentialityCode", code);
            meaning.and_then(|m| m.confidentiality).unwrap_or_else(|| {
                if code.system == "2.16.840.1.113883.5.25" {
                    Confidentiality::from_code(&code.code)
                } else {
                    Confidentiality::VeryRestricted
                }
            })
        };
        let levels = entry.confidentiality.iter().map(level);
        levels.max().unwrap_or(Confidentiality::VeryRestricted)
    }
}
