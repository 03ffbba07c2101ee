//! What a community does otherwise than the framework: data in `dialect/<name>/dialect.toml`, applied
//! where it is asked and where its answers are read. The member directory says who speaks which.
//!
//! A dialect changes how something is said, never whom it is about: the checks of patient, community
//! and content are the same for all. All but `standard` are invented; none stands for a product, for
//! what vendors really do is not published.

mod codes;
mod parse;
mod queries;
#[cfg(test)]
mod tests;
mod times;

pub use codes::CodeLine;
pub(crate) use times::in_japan;

pub use parse::{AT_ONCE, Answers, Asks, Dialect, Headers, HomeForm, Times, Trust, parse};

use std::sync::OnceLock;
use tasuki_core::directory::Directory;
use tasuki_core::{Code, Fault};
use tasuki_model::CommunityId;
use tasuki_model::xds::{DocumentEntry, ObjectType};

/// Every dialect: its name in the member directory, and its file.
pub const DIALECTS: &[(&str, &str)] = &[
    (
        "standard",
        include_str!("../../dialect/standard/dialect.toml"),
    ),
    (
        "bare-home",
        include_str!("../../dialect/bare-home/dialect.toml"),
    ),
    (
        "jst-as-utc",
        include_str!("../../dialect/jst-as-utc/dialect.toml"),
    ),
    (
        "loose-hash",
        include_str!("../../dialect/loose-hash/dialect.toml"),
    ),
    (
        "one-by-one",
        include_str!("../../dialect/one-by-one/dialect.toml"),
    ),
    (
        "own-codes",
        include_str!("../../dialect/own-codes/dialect.toml"),
    ),
    (
        "plain-soap",
        include_str!("../../dialect/plain-soap/dialect.toml"),
    ),
    (
        "security-first",
        include_str!("../../dialect/security-first/dialect.toml"),
    ),
];

/// A dialect by its name.
///
/// # Errors
/// `DIA-001` where nobody knows it; `DIA-002` for a file that cannot be used.
pub fn of(name: &str) -> Result<&'static Dialect, Fault> {
    static ALL: OnceLock<Vec<(&str, Result<Dialect, Fault>)>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let read = DIALECTS.iter().map(|(name, text)| (*name, parse(text)));
        read.collect()
    });
    let found = all.iter().find(|(known, _)| *known == name);
    match found.map(|(_, read)| read) {
        Some(Ok(dialect)) => Ok(dialect),
        Some(Err(fault)) => Err(fault.clone()),
        None => Err(Fault::new(Code::DialectUnknown, format!("dialect {name}"))),
    }
}

/// Whether every community of a directory speaks a dialect that is known.
///
/// # Errors
/// As [`of`], with the community.
pub fn known(directory: &Directory) -> Result<(), Fault> {
    for community in &directory.communities {
        of(&community.dialect).map_err(|fault| {
            let id = &community.home_community_id;
            Fault::new(fault.code, format!("{id}: {}", fault.inside))
        })?;
    }
    Ok(())
}

impl Dialect {
    /// A home community id as the community wants it.
    #[must_use]
    pub fn home(&self, id: &CommunityId) -> String {
        match self.asks.home {
            HomeForm::Urn => format!("urn:oid:{id}"),
            HomeForm::Bare => id.to_string(),
        }
    }

    /// An entry of the community as the framework would have it.
    #[must_use]
    pub fn understood(&self, mut entry: DocumentEntry) -> DocumentEntry {
        if self.answers.times == Times::Jst {
            times::from_jst(&mut entry);
        }
        codes::translate(&self.code, &mut entry);
        if entry.object_type == ObjectType::OnDemand
            && self.answers.on_demand_hash == Trust::Ignored
        {
            entry.hash = None;
            entry.size = None;
        }
        entry
    }

    /// Whether a stable entry says too little to compare its document with.
    #[must_use]
    pub fn cannot_compare(&self, entry: &DocumentEntry) -> bool {
        entry.object_type == ObjectType::Stable
            && entry.hash.is_none()
            && self.answers.stable_without_hash == Trust::Refused
    }
}
