//! Layout: a document becomes pages of placed text and rules. Pure, and in points from the top left.

use crate::face::Measure;
use crate::wrap::lines;
use crate::{Block, Document, Modules, PAGES_MAX, Table};
use tasuki_core::{Code, Fault};

/// A4 in points.
pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;
/// 15 mm, which every printer prints and a punch leaves.
const MARGIN: f32 = 42.5;
const INNER: f32 = WIDTH - 2.0 * MARGIN;
const BOTTOM: f32 = HEIGHT - MARGIN - 16.0;

const BODY: f32 = 9.0;
const LABEL: f32 = 7.5;
const HEAD: f32 = 11.0;
const TITLE: f32 = 14.0;
/// Line height over size.
const LEADING: f32 = 1.45;
/// The side of a code: 30 mm, which a reader held by hand takes from a copy of a copy.
const CODE: f32 = 85.0;
/// The height of a line that is written on by hand.
const BLANK: f32 = 26.0;
/// Room around the text of a cell.
const PAD: f32 = 3.0;

/// Something placed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Placed {
    /// Text with its baseline at `y`.
    Text {
        x: f32,
        y: f32,
        size: f32,
        text: String,
    },
    /// A rule across.
    Rule {
        x: f32,
        y: f32,
        width: f32,
        thick: f32,
    },
    /// A frame.
    Frame {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
}

pub(crate) type Page = Vec<Placed>;

struct Sheet<'a, 'f> {
    document: &'a Document,
    measure: &'a mut Measure<'f>,
    pages: Vec<Page>,
    y: f32,
}

/// Lays a document out.
pub(crate) fn lay_out(document: &Document, measure: &mut Measure<'_>) -> Result<Vec<Page>, Fault> {
    let mut sheet = Sheet {
        document,
        measure,
        pages: Vec::new(),
        y: 0.0,
    };
    sheet.turn()?;
    sheet.gaps()?;
    for block in &document.blocks {
        match block {
            Block::Heading(text) => sheet.heading(text)?,
            Block::Text(text) => sheet.text(text)?,
            Block::Table(table) => sheet.table(table)?,
            Block::Code(code) => sheet.code(code)?,
            Block::Lines(labels) => sheet.blanks(labels)?,
        }
    }
    sheet.number();
    Ok(sheet.pages)
}

impl Sheet<'_, '_> {
    fn put(&mut self, placed: Placed) {
        if let Some(page) = self.pages.last_mut() {
            page.push(placed);
        }
    }

    fn write(&mut self, x: f32, y: f32, size: f32, text: &str) {
        let text = text.to_owned();
        self.put(Placed::Text { x, y, size, text });
    }

    fn wrapped(&mut self, text: &str, width: f32, size: f32) -> Vec<String> {
        lines(text, width, size, self.measure)
    }

    /// The next page, with title and banner.
    fn turn(&mut self) -> Result<(), Fault> {
        if self.pages.len() >= PAGES_MAX {
            return Err(Fault::new(
                Code::PrintTooLong,
                format!("over {PAGES_MAX} pages"),
            ));
        }
        self.pages.push(Page::new());
        let document = self.document;
        let mut y = MARGIN + TITLE;
        self.write(MARGIN, y, TITLE, &document.title);
        if !document.gaps.is_empty() {
            let x = MARGIN + INNER - self.measure.line(&document.gap_mark, BODY);
            self.write(x, y, BODY, &document.gap_mark);
        }
        y += 6.0;
        self.rule(y, 1.2);
        let mut x = MARGIN;
        y += LABEL + 4.0;
        for (label, value) in &document.banner {
            let wide = self
                .measure
                .line(label, LABEL)
                .max(self.measure.line(value, BODY));
            if x > MARGIN && x + wide > MARGIN + INNER {
                x = MARGIN;
                y += (LABEL + BODY) * LEADING;
            }
            self.write(x, y, LABEL, label);
            // A name longer than the page is wide is cut nowhere: it goes on below.
            for line in self.wrapped(value, MARGIN + INNER - x, BODY) {
                self.write(x, y + BODY * LEADING, BODY, &line);
                if wide > MARGIN + INNER - x {
                    y += BODY * LEADING;
                }
            }
            x += wide + 16.0;
        }
        y += BODY * LEADING + 5.0;
        self.rule(y, 0.6);
        self.y = y + 8.0;
        Ok(())
    }

    fn rule(&mut self, y: f32, thick: f32) {
        self.put(Placed::Rule {
            x: MARGIN,
            y,
            width: INNER,
            thick,
        });
    }

    /// What is missing, framed, on the first page.
    fn gaps(&mut self) -> Result<(), Fault> {
        for gap in &self.document.gaps {
            let lines = self.wrapped(gap, INNER - 2.0 * PAD - 4.0, BODY);
            let height = lines.len() as f32 * BODY * LEADING + 2.0 * PAD;
            self.room(height)?;
            let y = self.y;
            self.put(Placed::Frame {
                x: MARGIN,
                y,
                width: INNER,
                height,
            });
            self.lines_at(&lines, MARGIN + PAD + 2.0, y + PAD);
            self.y += height + 3.0;
        }
        Ok(())
    }

    fn lines_at(&mut self, lines: &[String], x: f32, top: f32) {
        for (n, line) in lines.iter().enumerate() {
            let y = top + n as f32 * BODY * LEADING + BODY;
            self.write(x, y, BODY, line);
        }
    }

    /// Turns the page where so much does not fit any more.
    fn room(&mut self, height: f32) -> Result<bool, Fault> {
        let turn = self.y + height > BOTTOM;
        if turn {
            self.turn()?;
        }
        Ok(turn)
    }

    fn heading(&mut self, text: &str) -> Result<(), Fault> {
        // With the heads of a table and a row of three lines, or as much of text.
        self.room(HEAD * LEADING + 6.0 * BODY * LEADING + 4.0 * PAD)?;
        self.y += 6.0;
        for line in self.wrapped(text, INNER, HEAD) {
            let y = self.y + HEAD;
            self.write(MARGIN, y, HEAD, &line);
            self.y += HEAD * LEADING;
        }
        self.y += 2.0;
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Fault> {
        for line in self.wrapped(text, INNER, BODY) {
            self.room(BODY * LEADING)?;
            self.lines_at(&[line], MARGIN, self.y);
            self.y += BODY * LEADING;
        }
        self.y += 4.0;
        Ok(())
    }

    /// A code of [`CODE`] points with four light modules around it (ISO/IEC 18004 §6.3.8).
    fn code(&mut self, code: &Modules) -> Result<(), Fault> {
        self.room(CODE)?;
        let side = CODE / (code.rows.len() as f32 + 8.0);
        let top = self.y;
        for (row, modules) in code.rows.iter().enumerate() {
            // Half of a rule's thickness would be lost between two rows of a printer's raster.
            let y = top + (row as f32 + 4.0) * side;
            let mut column = 0;
            for run in modules.chunk_by(|a, b| a == b) {
                if run.first() == Some(&true) {
                    self.put(Placed::Rule {
                        x: MARGIN + (column as f32 + 4.0) * side,
                        y,
                        width: run.len() as f32 * side,
                        thick: side,
                    });
                }
                column += run.len();
            }
        }
        let caption = self.wrapped(&code.caption, INNER - CODE - 12.0, BODY);
        self.lines_at(&caption, MARGIN + CODE + 12.0, top + 4.0 * side);
        self.y = top + CODE + 6.0;
        Ok(())
    }

    fn blanks(&mut self, labels: &[String]) -> Result<(), Fault> {
        for label in labels {
            let height = BLANK;
            self.room(height)?;
            let y = self.y + height - 6.0;
            self.write(MARGIN, y, BODY, label);
            let from = MARGIN + (self.measure.line(label, BODY) + 8.0).max(110.0);
            self.put(Placed::Rule {
                x: from,
                y: y + 2.0,
                width: (MARGIN + INNER - from).max(60.0),
                thick: 0.4,
            });
            self.y += height;
        }
        self.y += 6.0;
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<(), Fault> {
        let whole: f32 = table
            .columns
            .iter()
            .map(|(_, share)| f32::from(*share))
            .sum();
        let widths: Vec<f32> = table
            .columns
            .iter()
            .map(|(_, share)| INNER * f32::from(*share) / whole.max(1.0))
            .collect();
        let heads: Vec<String> = table.columns.iter().map(|(head, _)| head.clone()).collect();
        self.row(&heads, &widths, None, 0.8)?;
        for row in &table.rows {
            self.row(row, &widths, Some(&heads), 0.3)?;
        }
        self.y += 6.0;
        Ok(())
    }

    /// One row; on a page of its own under the heads again. A row higher than a page goes on.
    fn row(
        &mut self,
        cells: &[String],
        widths: &[f32],
        heads: Option<&[String]>,
        thick: f32,
    ) -> Result<(), Fault> {
        let mut columns: Vec<Vec<String>> = Vec::new();
        for (cell, width) in cells.iter().zip(widths) {
            columns.push(self.wrapped(cell, width - 2.0 * PAD, BODY));
        }
        let most = columns.iter().map(Vec::len).max().unwrap_or_default();
        let mut done = 0;
        while done < most {
            let rest = (most - done) as f32 * BODY * LEADING + 2.0 * PAD;
            let page = BOTTOM - MARGIN - 160.0;
            if self.room(rest.min(page))?
                && let Some(heads) = heads
            {
                self.row(heads, widths, None, 0.8)?;
            }
            let fit = ((BOTTOM - self.y - 2.0 * PAD) / (BODY * LEADING)).floor();
            let fit = (fit.max(1.0) as usize).min(most - done);
            let mut x = MARGIN;
            for (lines, width) in columns.iter().zip(widths) {
                let part: Vec<String> = lines.iter().skip(done).take(fit).cloned().collect();
                self.lines_at(&part, x + PAD, self.y + PAD);
                x += width;
            }
            done += fit;
            self.y += fit as f32 * BODY * LEADING + 2.0 * PAD;
            self.rule(self.y, thick);
        }
        Ok(())
    }

    /// Foot of every page: by whom and when, page and pages.
    fn number(&mut self) {
        let all = self.pages.len();
        let y = HEIGHT - MARGIN;
        for (n, page) in self.pages.iter_mut().enumerate() {
            let text = format!("{} / {all}", n + 1);
            let x = MARGIN + INNER - self.measure.line(&text, LABEL);
            page.push(Placed::Text {
                x,
                y,
                size: LABEL,
                text,
            });
            let text = self.document.printed.clone();
            page.push(Placed::Text {
                x: MARGIN,
                y,
                size: LABEL,
                text,
            });
        }
    }
}
