//! Tables for other programs: a [`Sheet`] as CSV, several as one Excel workbook.
//!
//! Whoever opens such a file is outside Tasuki: a text that a spreadsheet would take for a formula is
//! kept a text, numbers stay numbers with the digits that their source sent, and what did not come
//! stands in the file itself.

mod csv;
#[cfg(test)]
mod tests;
mod xlsx;

/// A workbook.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Book {
    /// What it is, as the file's title.
    pub title: String,
    /// Its sheets; names of at most 31 characters, each once.
    pub sheets: Vec<Sheet>,
}

/// A table with what has to be said of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// Its name on the tab.
    pub name: String,
    /// Lines above the table in a workbook: whose it is, what is missing, who took it.
    pub above: Vec<String>,
    /// Head and width in characters of each column.
    pub columns: Vec<(String, u16)>,
    /// Columns at the left that stay in sight.
    pub held: u16,
    /// Cells; a row has at most one for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number as its source wrote it, with the letters of its flag.
    Number {
        /// The digits as sent: `7.20` stays `7.20`.
        shown: String,
        /// The same as a number.
        number: f64,
        /// What stands behind it, such as `H▲`; empty for none.
        flag: &'static str,
    },
}

impl Cell {
    /// Words.
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }
}

/// The error of a file that cannot be written.
fn unwritten(error: &impl std::fmt::Display) -> tasuki_core::Fault {
    tasuki_core::Fault::new(tasuki_core::Code::InternalFault, format!("table: {error}"))
}
