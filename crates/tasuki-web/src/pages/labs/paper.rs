//! The last takings on paper: each cell with its own flag and range, as on the screen.

use super::grid::{Cell, Head, drawing};
use super::table;
use super::wanted::{Takings, Wanted};
use crate::chart::merged::View;
use crate::pages::print::Part;
use tasuki_core::ports::EntryFilter;
use tasuki_model::JstDay;
use tasuki_report::{Block, Table};

/// Takings on a sheet.
const TAKINGS: usize = 5;

/// The part of a print.
pub(crate) const PAPER: Part = Part { filter, blocks };

fn filter(today: JstDay) -> EntryFilter {
    wanted().filter(today)
}

/// The last takings of a year, whole and with their ranges.
fn wanted() -> Wanted {
    Wanted {
        takings: Takings::Last(TAKINGS),
        years: 1,
        group: None,
        codes: None,
        abnormal: false,
        ranges: true,
        rows: Vec::new(),
    }
}

fn blocks(view: &View<'_>) -> Vec<Block> {
    let w = view.w;
    let wanted = wanted();
    let table = table(view);
    let grid = drawing(view, &wanted, &table).grid();
    let mut blocks = vec![Block::Heading(w.print_lab_head(TAKINGS).into_owned())];
    if grid.groups.is_empty() {
        blocks.push(Block::Text(w.print_nothing().into_owned()));
    }
    let head = |head: &Head| {
        (
            format!("{} {}\n{}", head.day, head.clock, head.badges.words()),
            16,
        )
    };
    for (group, rows) in &grid.groups {
        let mut columns = vec![(group.clone(), 20)];
        columns.extend(grid.heads.iter().map(head));
        let rows = rows.iter().map(|row| {
            let item = format!("{} {}", row.name, row.unit);
            let cells = (0..grid.heads.len()).map(|n| row.cell(&n).map(cell).unwrap_or_default());
            std::iter::once(item).chain(cells).collect()
        });
        let rows = rows.collect();
        blocks.push(Block::Table(Table { columns, rows }));
    }
    blocks.extend(grid.left_out.into_iter().map(Block::Text));
    blocks.push(Block::Text(w.labs_judged().into_owned()));
    blocks
}

/// Every value of a cell with what belongs to it.
fn cell(cell: &Cell) -> String {
    let values = cell.values.iter().map(|value| {
        let range = match value.range.as_str() {
            "" => String::new(),
            range => format!("({range})"),
        };
        let parts = [
            value.text.as_str(),
            value.flag.unwrap_or_default(),
            value.unit.as_str(),
            range.as_str(),
        ];
        let notes = value.notes.iter().map(String::as_str);
        let said = parts
            .into_iter()
            .chain(notes)
            .filter(|part| !part.is_empty());
        said.collect::<Vec<_>>().join(" ")
    });
    let mut lines: Vec<String> = values.collect();
    if cell.more > 0 {
        lines.push(format!("+{}", cell.more));
    }
    lines.join("\n")
}
