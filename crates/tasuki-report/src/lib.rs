//! What leaves the screen: paper as A4 pages in a PDF with its typefaces inside, and tables as CSV
//! and Excel (`book`).
//!
//! A [`Document`] says what is on it; [`pages`] lays it out, pure and without a font file's drawing
//! part, and `draw` makes the PDF. Every page repeats the banner, so that no sheet of a pile is
//! without its patient; every page says its number, how many there are, and who printed it when.
//! What is missing stands before everything else and cannot be left out by whoever fills in a
//! document. Black on white only: it must survive a fax.
//!
//! Knows nothing of patients, sources or HTTP: words come in as they are to be read.
#![forbid(unsafe_code)]

mod archive;
mod book;
mod draw;
mod face;
mod pages;
#[cfg(test)]
mod tests;
mod wrap;

pub use archive::{FILES_MAX, archive};
pub use book::{Book, Cell, Sheet};
pub use face::Faces;

use tasuki_core::Fault;

/// Pages of one document.
pub const PAGES_MAX: usize = 300;

/// What is printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// What it is, at the top of every page and as the file's title.
    pub title: String,
    /// Language of its text, as in BCP 47.
    pub lang: String,
    /// Label and value of the banner that every page repeats.
    pub banner: Vec<(String, String)>,
    /// What is missing from it; before everything else on the first page, and counted on each.
    pub gaps: Vec<String>,
    /// How the pages point at the gaps: "incomplete, see page 1".
    pub gap_mark: String,
    /// What is on it.
    pub blocks: Vec<Block>,
    /// Who printed it, when, for what.
    pub printed: String,
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Heads what follows, and stays with it.
    Heading(String),
    /// Running text.
    Text(String),
    /// Rows under heads that every page repeats.
    Table(Table),
    /// A two-dimensional code, whole on one page, with what it says in letters beside it.
    Code(Modules),
    /// Lines to write on by hand, each after its label.
    Lines(Vec<String>),
}

/// The modules of a two-dimensional code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Modules {
    /// Row by row from the top left: whether a module is dark. Without the quiet zone.
    pub rows: Vec<Vec<bool>>,
    /// What is printed beside it.
    pub caption: String,
}

/// Rows under heads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Head and share of the width of each column.
    pub columns: Vec<(String, u16)>,
    /// Cells; a row has one for each column.
    pub rows: Vec<Vec<String>>,
}

impl Document {
    /// The document as PDF.
    ///
    /// # Errors
    /// `PRN-002` for more than [`PAGES_MAX`] pages; `WEB-009` where it cannot be written.
    pub fn to_pdf(&self, faces: &Faces) -> Result<Vec<u8>, Fault> {
        let pages = pages::lay_out(self, &mut faces.measure())?;
        draw::pdf(self, &pages, faces)
    }
}
