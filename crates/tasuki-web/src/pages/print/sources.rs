//! Where it comes from: every source with its state and the time of its data.

use crate::chart::Facts;
use crate::chart::lines::mark_of;
use crate::marks::{Mark, count_words, state_words};
use crate::words::Words;
use tasuki_report::{Block, Table};

/// Name, state, count and time of each source.
pub(crate) fn source_rows(
    w: Words,
    marks: &[Mark],
    facts: &Facts,
) -> impl Iterator<Item = Vec<String>> {
    facts.reports.iter().filter_map(move |report| {
        let mark = mark_of(marks, &report.source)?;
        let at = report.data_as_of.map(|at| at.in_jst().to_string());
        Some(vec![
            format!("{} [{}]", mark.name, mark.badge),
            state_words(w, report),
            count_words(w, report),
            at.unwrap_or_default(),
        ])
    })
}

pub(crate) fn sources(w: Words, marks: &[Mark], facts: &Facts) -> Block {
    let head = |words: std::borrow::Cow<'static, str>, share| (words.into_owned(), share);
    Block::Table(Table {
        columns: vec![
            head(w.sources_facility(), 30),
            head(w.sources_state(), 42),
            head(w.sources_count(), 10),
            head(w.sources_as_of(), 18),
        ],
        rows: source_rows(w, marks, facts).collect(),
    })
}
