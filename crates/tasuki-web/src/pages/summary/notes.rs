//! The last notes, in full as far as they are text.

use crate::chart::merged::View;
use crate::pages::print::Part;
use std::cmp::Reverse;
use tasuki_core::gather::Source;
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::{Category, JstDay, JstTime};
use tasuki_records::view::Block as Said;
use tasuki_report::{Block, Table};

/// The part of a print.
pub(crate) const PAPER: Part = Part { filter, blocks };

/// Days looked back: those within which a note counts for 在宅医療情報連携加算.
const DAYS: i64 = 90;
/// Notes on the page, and characters of each.
const NOTES_MAX: usize = 8;
const TEXT_MAX: usize = 400;

fn filter(today: JstDay) -> EntryFilter {
    EntryFilter {
        categories: vec![Category::Note],
        from: Some(today.plus_days(-DAYS)),
        service: Service::Dated,
        ..EntryFilter::default()
    }
}

fn blocks(view: &View<'_>) -> Vec<Block> {
    let w = view.w;
    let mut notes: Vec<_> = view.papers.documents.iter().collect();
    notes.retain(|note| note.value.value.is_some());
    notes.sort_by_key(|note| Reverse(note.value.service.as_ref().map(JstTime::start)));
    let more = notes.len().saturating_sub(NOTES_MAX);
    let row = |note: &&tasuki_records::merge::Routed<crate::chart::papers::Paper>| {
        let value = note.value.value.as_ref()?;
        let sources: Vec<Source> = note.origins.iter().map(|o| o.source.clone()).collect();
        let at = note.value.service.as_ref().map(ToString::to_string);
        let by = value.author().unwrap_or_default();
        let text: Vec<String> = value.sheet().blocks.into_iter().filter_map(text).collect();
        Some(vec![
            at.unwrap_or_default(),
            format!("{by}\n{}", view.shorts(&sources)),
            shortened(&text.join("\n")),
        ])
    };
    let rows: Vec<_> = notes.iter().take(NOTES_MAX).filter_map(row).collect();
    let mut blocks = vec![Block::Heading(w.summary_notes(DAYS).into_owned())];
    if rows.is_empty() {
        blocks.push(Block::Text(w.print_nothing().into_owned()));
        return blocks;
    }
    blocks.push(Block::Table(Table {
        columns: vec![
            (w.lines_when().into_owned(), 18),
            (w.document_author().into_owned(), 20),
            (w.lines_says().into_owned(), 62),
        ],
        rows,
    }));
    if more > 0 {
        blocks.push(Block::Text(w.count_more(more).into_owned()));
    }
    blocks
}

fn text(block: Said) -> Option<String> {
    match block {
        Said::Prose { text, .. } => Some(text),
        _ => None,
    }
}

/// The beginning of a long text; that it goes on is said by the dots.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(TEXT_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
