//! The table beneath a graph: every value of its row, newest first, with whatever a line cannot say.

use super::grid::{Value, value};
use crate::chart::badges::Badges;
use crate::chart::merged::View;
use tasuki_core::gather::Source;
use tasuki_records::lab::merge::{ItemRow, Measured};
use tasuki_records::merge::Fact;

/// Values of the table at most; it says how many there are besides.
const LINES_MAX: usize = 100;

/// One value.
pub(super) struct Line {
    pub at: String,
    pub badges: Badges,
    pub value: Value,
    pub unit: String,
    pub href: String,
}

/// The newest values of a row, and how many there are besides.
pub(super) fn lines(view: &View<'_>, row: &ItemRow) -> (Vec<Line>, usize) {
    let line = |(_, fact): &(usize, Fact<Measured>)| {
        let sources: Vec<Source> = fact.sources().cloned().collect();
        let at = fact.value.at.as_ref().map(ToString::to_string);
        let document = fact
            .origins
            .first()
            .map(|origin| view.address(&origin.document));
        Line {
            at: at.unwrap_or_else(|| view.w.merged_no_day().into_owned()),
            badges: view.badges(&sources),
            value: value(view.w, row, fact),
            unit: fact.value.observation.unit.display().to_owned(),
            href: document.unwrap_or_default(),
        }
    };
    let lines = row.values.iter().take(LINES_MAX).map(line).collect();
    (lines, row.values.len().saturating_sub(LINES_MAX))
}
