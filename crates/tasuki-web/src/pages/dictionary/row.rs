//! One item of a facility.

use crate::visit::Visit;
use tasuki_core::ports::{CodeMapping, CodedKind, LocalItem, SeenItem};
use tasuki_records::dictionary::suggestions;

/// A standard code that an item may stand for.
pub(super) struct Standard {
    pub code: String,
    pub name: String,
}

/// An item as it is printed.
pub(super) struct Row {
    pub kind: &'static str,
    pub kind_words: String,
    pub code: String,
    pub name: String,
    pub times: u64,
    /// What it may stand for; what it stands for, where that was decided.
    pub standards: Vec<Standard>,
    /// Who decided it and when.
    pub by: String,
}

impl Row {
    fn of(visit: &Visit<'_>, item: &LocalItem, times: u64) -> Self {
        let words = match item.kind {
            CodedKind::Lab => visit.w.dictionary_lab(),
            CodedKind::Drug => visit.w.dictionary_drug(),
        };
        Self {
            kind: item.kind.code(),
            kind_words: words.into_owned(),
            code: item.code.to_string(),
            name: item.name.to_string(),
            times,
            standards: Vec::new(),
            by: String::new(),
        }
    }

    /// An item that nobody has decided on.
    pub fn open(visit: &Visit<'_>, item: &SeenItem, known: Option<&Vec<SeenItem>>) -> Self {
        let known = known.map(Vec::as_slice).unwrap_or_default();
        let found = suggestions(&item.item.name, known).into_iter();
        let standards = found.map(|coding| Standard {
            code: coding.code.to_string(),
            name: coding.text.to_string(),
        });
        Self {
            standards: standards.collect(),
            ..Self::of(visit, &item.item, item.times)
        }
    }

    /// An item that stands for something.
    pub fn mapped(visit: &Visit<'_>, mapping: &CodeMapping, times: u64) -> Self {
        let at = mapping.at.in_jst().to_string();
        Self {
            standards: vec![Standard {
                code: mapping.standard.code.to_string(),
                name: mapping.standard.text.to_string(),
            }],
            by: visit.w.dictionary_by(mapping.by.as_str(), &at).into_owned(),
            ..Self::of(visit, &mapping.item, times)
        }
    }
}
