//! Excel workbooks (ECMA-376).

use super::{Book, Cell, Sheet, unwritten};
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use tasuki_core::Fault;

/// Rows and columns that a sheet of Excel has (ECMA-376); the writer refuses more.
const ROWS_MAX: usize = 1_048_576;

impl Book {
    /// The workbook as a file.
    ///
    /// # Errors
    /// `WEB-009` where it cannot be written, such as for more rows than a sheet has.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, Fault> {
        self.write().map_err(|error| unwritten(&error))
    }

    fn write(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_title(&self.title));
        for sheet in &self.sheets {
            fill(book.add_worksheet(), sheet)?;
        }
        book.save_to_buffer()
    }
}

fn fill(out: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    out.set_name(&sheet.name)?;
    if sheet.above.len() + sheet.rows.len() >= ROWS_MAX {
        return Err(XlsxError::RowColumnLimitError);
    }
    let mut row = 0;
    for line in &sheet.above {
        out.write_string(row, 0, line)?;
        row += 1;
    }
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    for (column, (words, width)) in (0..).zip(&sheet.columns) {
        out.write_string_with_format(row, column, words, &head)?;
        out.set_column_width(column, *width)?;
    }
    row += 1;
    out.set_freeze_panes(row, sheet.held)?;
    for cells in &sheet.rows {
        for (column, cell) in (0..).zip(cells) {
            write(out, row, column, cell)?;
        }
        row += 1;
    }
    Ok(())
}

fn write(out: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) if text.is_empty() => {}
        // Written as a string: never a formula, whatever it begins with.
        Cell::Text(text) => {
            out.write_string(row, column, text)?;
        }
        Cell::Number {
            shown,
            number,
            flag,
        } => {
            let format = Format::new().set_num_format(pattern(shown, flag));
            let format = if flag.is_empty() {
                format
            } else {
                format.set_bold()
            };
            out.write_number_with_format(row, column, *number, &format)?;
        }
    }
    Ok(())
}

/// The number format that shows a number with the digits as sent and its flag behind it; the cell
/// stays a number to reckon with.
fn pattern(shown: &str, flag: &str) -> String {
    let decimals = shown.split_once('.').map_or(0, |(_, rest)| rest.len());
    let digits = match decimals {
        0 => "0".to_owned(),
        n => format!("0.{}", "0".repeat(n.min(10))),
    };
    if flag.is_empty() {
        digits
    } else {
        format!("{digits}\" {flag}\"")
    }
}
