//! Whose codes stand beside the items: nobody's, the standard ones, or those of one source, as its own
//! people know them.

use crate::chart::badges::source_code;
use crate::marks::Mark;
use crate::words::Words;
use std::collections::BTreeSet;
use tasuki_core::gather::Source;
use tasuki_records::dictionary::ADDED;
use tasuki_records::lab::item::{is_jlac10, jlac10};
use tasuki_records::lab::merge::{ItemRow, LabTable};

/// The word of the standard codes in addresses; no source's begins so.
pub(super) const STANDARD: &str = "jlac10";
/// Codes of one row that are shown.
const CODES_MAX: usize = 4;

/// The codes of a row as the address asks for them; nothing where it asks for none.
pub(super) fn codes_of(row: &ItemRow, wanted: Option<&str>) -> Vec<String> {
    let Some(wanted) = wanted else {
        return Vec::new();
    };
    let mut codes = BTreeSet::new();
    for (_, fact) in &row.values {
        let item = &fact.value.observation.item;
        if wanted == STANDARD {
            codes.extend(jlac10(item).map(str::to_owned));
        } else if fact
            .origins
            .iter()
            .any(|o| source_code(&o.source) == wanted)
        {
            codes.extend(own(item).map(|(code, name)| format!("{code} {name}").trim().to_owned()));
        }
    }
    codes.into_iter().take(CODES_MAX).collect()
}

/// The codes of an item that are its sender's own: neither standard nor added by the dictionary.
fn own(item: &tasuki_model::Coded) -> impl Iterator<Item = (&str, &str)> {
    let codings = item.codings.iter();
    let own = codings.filter(|c| !is_jlac10(c) && c.version.as_deref() != Some(ADDED));
    own.filter(|c| !c.code.is_empty())
        .map(|c| (c.code.as_str(), c.text.as_str()))
}

/// What may be chosen: address, words, whether it is shown. Sources without codes of their own are not
/// among it.
pub(super) fn choices(
    w: Words,
    marks: &[Mark],
    table: &LabTable,
    wanted: Option<&str>,
) -> Vec<(String, String, bool)> {
    let mut sending: BTreeSet<&Source> = BTreeSet::new();
    for (_, fact) in table.rows.iter().flat_map(|row| &row.values) {
        if own(&fact.value.observation.item).next().is_some() {
            sending.extend(fact.origins.iter().map(|o| &o.source));
        }
    }
    let none = (String::new(), w.labs_codes_none().into_owned());
    let standard = (STANDARD.to_owned(), w.labs_codes_standard().into_owned());
    let of = marks.iter().filter(|mark| sending.contains(&mark.source));
    let of = of.map(|mark| {
        let words = w.labs_codes_of(&mark.name).into_owned();
        (source_code(&mark.source), words)
    });
    let all = [none, standard].into_iter().chain(of);
    all.map(|(value, words)| {
        let current = value == wanted.unwrap_or_default();
        (value, words, current)
    })
    .collect()
}
