//! A document as a reader sees it: its line, its sheet, and whether a browser can show it itself.

use crate::view::{Sheet, Summary};

/// A document that has been read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Read {
    /// One line for a day drawer.
    pub summary: Summary,
    /// The detail page.
    pub sheet: Sheet,
    /// The media type under which a browser shows the original inline: a PDF or an image.
    pub inline: Option<&'static str>,
    /// What could not be read, each as code and place: shown beside the sheet.
    pub problems: Vec<String>,
}

/// Reads a document of a class (`OML-11`, or the folder name of an extended kind).
#[must_use]
pub fn read(class_code: &str, mime_type: &str, bytes: &[u8]) -> Read {
    let _ = (class_code, mime_type, bytes);
    Read::default()
}

/// The original as text, decoded by its own declaration; nothing for binary formats.
#[must_use]
pub fn original_text(mime_type: &str, bytes: &[u8]) -> Option<String> {
    let _ = mime_type;
    String::from_utf8(bytes.to_vec()).ok()
}
