//! The file of a dialect: TOML, versioned, an unknown key an error with its line.

use super::codes::CodeLine;
use serde::Deserialize;
use tasuki_core::{Code, Fault};

/// The version of the file that this release reads.
const VERSION: u32 = 1;
/// Lines of a table of codes.
const CODES_MAX: usize = 10_000;

/// Retrieves under way at once for one visit where a dialect says nothing of it.
pub const AT_ONCE: usize = 8;
/// The most that a dialect may say.
const AT_ONCE_MAX: usize = 16;

/// How a community differs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialect {
    version: u32,
    /// What is different, in a line for people.
    pub says: String,
    /// How it is asked.
    #[serde(default)]
    pub asks: Asks,
    /// How its answers are read.
    #[serde(default)]
    pub answers: Answers,
    /// Its codes, and what is meant by them.
    #[serde(default)]
    pub code: Vec<CodeLine>,
}

/// How it is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asks {
    /// How `homeCommunityId` is written.
    pub home: HomeForm,
    /// Documents in one retrieve; as many as there are where nothing is said.
    pub documents: Option<usize>,
    /// Retrieves under way for one visit; [`AT_ONCE`] where nothing is said.
    pub at_once: Option<usize>,
    /// Whether a retrieve goes, and is answered, as MTOM; it does where nothing is said.
    pub mtom: Option<bool>,
    /// In which order header blocks stand.
    pub headers: Headers,
}

/// How its answers are read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answers {
    /// What times of metadata are.
    pub times: Times,
    /// A stable entry without a hash: its document cannot be compared.
    pub stable_without_hash: Trust,
    /// Hash and size of an entry made on demand.
    pub on_demand_hash: Trust,
}

/// How a home community id is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HomeForm {
    /// `urn:oid:1.2.3` (ITI TF-3, 4.2.3.2.12).
    #[default]
    Urn,
    /// `1.2.3`.
    Bare,
}

/// The order of header blocks; SOAP knows none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Headers {
    /// WS-Addressing, then the rest.
    #[default]
    AddressingFirst,
    /// WS-Security, then WS-Addressing.
    SecurityFirst,
}

/// What times of metadata are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Times {
    /// UTC (ITI TF-3, table 4.2.3.1.7-2).
    #[default]
    Utc,
    /// Those of Japan.
    Jst,
}

/// What is made of something that is there or missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// It is compared, or refused where it cannot be.
    #[default]
    Refused,
    /// It is taken as it is.
    Taken,
    /// It counts for nothing.
    Ignored,
}

/// Reads the file of a dialect.
///
/// # Errors
/// `DIA-002` with the line.
pub fn parse(text: &str) -> Result<Dialect, Fault> {
    let wrong = |what: String| Fault::new(Code::DialectMalformed, what);
    let dialect: Dialect = toml::from_str(text).map_err(|e| {
        let line = e.span().map_or(1, |s| {
            1 + text.bytes().take(s.start).filter(|b| *b == b'\n').count()
        });
        wrong(format!("line {line}: {}", e.message()))
    })?;
    if dialect.version != VERSION {
        return Err(wrong(format!("version {}", dialect.version)));
    }
    if dialect.asks.documents == Some(0) || dialect.code.len() > CODES_MAX {
        return Err(wrong("documents: at least 1".to_owned()));
    }
    if (dialect.asks.at_once).is_some_and(|n| !(1..=AT_ONCE_MAX).contains(&n)) {
        return Err(wrong(format!("at_once: 1 to {AT_ONCE_MAX}")));
    }
    Ok(dialect)
}
