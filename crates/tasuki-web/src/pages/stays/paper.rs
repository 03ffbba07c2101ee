//! The last stays on paper.

use super::{filter, read, row};
use crate::chart::merged::View;
use crate::pages::print::Part;
use tasuki_model::JstDay;
use tasuki_report::{Block, Table};

/// The part of a print.
pub(crate) const PAPER: Part = Part {
    filter: |_: JstDay| filter(),
    blocks,
};

/// Stays on a sheet.
const STAYS: usize = 5;

fn blocks(view: &View<'_>) -> Vec<Block> {
    let w = view.w;
    let found = read(view);
    let mut blocks = vec![Block::Heading(w.summary_stays(STAYS).into_owned())];
    if found.is_empty() {
        blocks.push(Block::Text(w.print_nothing().into_owned()));
        return blocks;
    }
    let rows = found.iter().take(STAYS).map(|stay| {
        let row = row(view, stay);
        let planned = row.planned.then(|| w.label_planned().into_owned());
        let length = planned.unwrap_or(row.length);
        vec![
            row.admitted,
            row.discharged,
            length,
            row.place,
            row.badges.words(),
        ]
    });
    blocks.push(Block::Table(Table {
        columns: vec![
            (w.label_admitted().into_owned(), 19),
            (w.label_discharged().into_owned(), 19),
            (w.stays_length().into_owned(), 14),
            (w.stays_place().into_owned(), 34),
            (w.merged_sources().into_owned(), 14),
        ],
        rows: rows.collect(),
    }));
    if found.len() > STAYS {
        blocks.push(Block::Text(w.count_more(found.len() - STAYS).into_owned()));
    }
    blocks
}
