//! CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel reads Japanese as Shift_JIS.

use super::{Cell, Sheet, unwritten};
use tasuki_core::Fault;

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl Sheet {
    /// Head and rows as CSV; the lines above are not in it.
    ///
    /// # Errors
    /// `WEB-009` where it cannot be written.
    pub fn to_csv(&self) -> Result<Vec<u8>, Fault> {
        let mut out = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer("\u{feff}".as_bytes().to_vec());
        let heads = self.columns.iter().map(|(head, _)| head);
        out.write_record(heads).map_err(|e| unwritten(&e))?;
        for row in &self.rows {
            let cells = row.iter().map(plain);
            out.write_record(cells).map_err(|e| unwritten(&e))?;
        }
        out.into_inner().map_err(|e| unwritten(&e))
    }
}

/// A cell as its field. A text that would be run as a formula gets the apostrophe that spreadsheets
/// read as "this is text"; a number needs none.
fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Number { shown, .. } => shown.clone(),
        Cell::Text(text) if text.starts_with(FORMULA) && text.parse::<f64>().is_err() => {
            format!("'{text}")
        }
        Cell::Text(text) => text.clone(),
    }
}
