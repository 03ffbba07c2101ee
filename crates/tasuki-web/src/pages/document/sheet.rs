//! A sheet as HTML. Every text of a source is escaped by the template.

use crate::chart::lines::flag_mark;
use crate::pages::words_of;
use crate::words::Words;
use askama::Template;
use std::borrow::Cow;
use tasuki_records::view::{Block, Cell, Sheet, Span};

/// One block, ready to print.
#[derive(Template)]
pub(crate) enum BlockView {
    #[template(path = "pages/document/block_fields.html")]
    Fields {
        rows: Vec<(Cow<'static, str>, CellView)>,
    },
    #[template(path = "pages/document/block_table.html")]
    Table {
        caption: String,
        head: Vec<Cow<'static, str>>,
        rows: Vec<Vec<CellView>>,
    },
    #[template(path = "pages/document/block_prose.html")]
    Prose {
        heading: Option<String>,
        text: String,
    },
}

pub(crate) struct CellView {
    pub text: String,
    pub code: String,
    pub flag: Option<&'static str>,
    pub class: &'static str,
}

impl CellView {
    fn of(w: Words, cell: &Cell) -> Self {
        let class = match cell.flag.map(flag_mark) {
            Some("H▲") => "lab--H",
            Some("L▼") => "lab--L",
            Some("!!") => "lab--X",
            Some(_) => "lab--H",
            None => "",
        };
        // A judgement that is the flag's own letter is said once, by the flag.
        let flag = cell.flag.map(flag_mark);
        let said = flag.is_some_and(|f| !cell.text.is_empty() && f.starts_with(&cell.text));
        let (text, code) = match cell.span {
            Some(span) => (span_words(w, span).into_owned(), Some(cell.text.clone())),
            None if said => (String::new(), cell.code.clone()),
            None => (cell.text.clone(), cell.code.clone()),
        };
        Self {
            text,
            code: code.unwrap_or_default(),
            flag,
            class,
        }
    }
}

/// A length of time in words; what was sent stands beside it.
fn span_words(w: Words, span: Span) -> Cow<'static, str> {
    match span {
        Span::Minutes(n) => w.count_minutes(n),
        Span::Hours(n) => w.count_hours(n),
        Span::Days(n) => w.count_days(n),
        Span::Weeks(n) => w.count_weeks(n),
        Span::Months(n) => w.count_months(n),
        Span::Times(n) => w.count_times(n),
    }
}

pub(crate) fn blocks(w: Words, sheet: &Sheet) -> Vec<BlockView> {
    sheet
        .blocks
        .iter()
        .map(|block| match block {
            Block::Fields(fields) => BlockView::Fields {
                rows: fields
                    .iter()
                    .filter(|(_, cell)| !cell.text.is_empty())
                    .map(|(label, cell)| (words_of::label(w, *label), CellView::of(w, cell)))
                    .collect(),
            },
            Block::Table {
                caption,
                head,
                rows,
            } => BlockView::Table {
                caption: caption.clone(),
                head: head.iter().map(|l| words_of::label(w, *l)).collect(),
                rows: rows
                    .iter()
                    .map(|r| r.iter().map(|c| CellView::of(w, c)).collect())
                    .collect(),
            },
            Block::Prose { heading, text } => BlockView::Prose {
                heading: heading.clone(),
                text: text.clone(),
            },
        })
        .collect()
}
