//! Codes of a community's own, and the agreed ones that are meant.

use serde::Deserialize;
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{Coding, SmolStr};

/// One line of a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeLine {
    /// As the community writes it.
    pub from: Said,
    /// What is meant.
    pub to: Meant,
}

/// A code as it comes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Its coding scheme.
    pub system: SmolStr,
    /// The code.
    pub code: SmolStr,
}

/// A code that everybody here knows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meant {
    /// Its coding scheme.
    pub system: SmolStr,
    /// The code.
    pub code: SmolStr,
    /// Its text.
    pub text: SmolStr,
}

/// Puts what is meant in the place of what is said; what stands in no line stays.
pub(super) fn translate(lines: &[CodeLine], entry: &mut DocumentEntry) {
    if lines.is_empty() {
        return;
    }
    let single = [
        &mut entry.class_code,
        &mut entry.type_code,
        &mut entry.format_code,
        &mut entry.facility_type,
        &mut entry.practice_setting,
    ];
    let several = [&mut entry.confidentiality, &mut entry.event_codes];
    let single = single.into_iter().flatten();
    for coding in single.chain(several.into_iter().flatten()) {
        let is = |line: &&CodeLine| said(line, coding);
        if let Some(line) = lines.iter().find(is) {
            coding.system = line.to.system.clone();
            coding.code = line.to.code.clone();
            coding.text = line.to.text.clone();
        }
    }
}

fn said(line: &CodeLine, coding: &Coding) -> bool {
    line.from.system == coding.system && line.from.code == coding.code
}
