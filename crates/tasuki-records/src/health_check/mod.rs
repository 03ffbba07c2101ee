//! 健診: reports of health checks, of whatever source sends them as a document: CDA of 特定健診 or of an
//! occupational check, PDF, text. They stay documents; here they are told from the others and stand
//! together, newest first. Results in them are not taken apart into the laboratory table: the ranges of
//! a check are not those of a hospital.

#[cfg(test)]
mod tests;

use crate::document::Document;
use crate::kinds::{Kind, Place};
use tasuki_model::Category;

/// The kind.
pub const KIND: Kind = Kind {
    id: "health-check",
    title_key: "kind-health-check",
    codes: &[],
    category: Category::Report,
    place: Place::Row,
    decode: None,
};

/// LOINC codes of such reports: 検診・健診報告書, and the annual one.
const LOINC: &[&str] = &["53576-5", "88350-4"];
/// Words by which local folders and titles call them.
const WORDS: &[&str] = &["健診", "健康診断", "検診", "人間ドック"];

/// Whether a document is a report of a health check, by its code, else by its name. `folder` is its class.
#[must_use]
pub fn is_health_check(folder: &str, document: &Document) -> bool {
    let coded = document.code.as_ref();
    coded.is_some_and(|code| LOINC.contains(&code.code.as_str()))
        || is_named(folder, &document.title)
}

/// The same where the content is not here.
#[must_use]
pub fn is_named(folder: &str, title: &str) -> bool {
    let parts = folder.split('^');
    let coded = parts.into_iter().any(|part| LOINC.contains(&part));
    coded
        || WORDS
            .iter()
            .any(|word| folder.contains(word) || title.contains(word))
}
