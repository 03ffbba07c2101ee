//! A document as a reader sees it: its line, its sheet, and whether a browser can show it itself.

use tasuki_wire::hl7::{Limits, Text};
use tasuki_wire::ssmix2::DataKind;

use crate::document::{self, Format, plain_text};
use crate::view::{Sheet, Summary};
use crate::{ClinicalValue, Decoded, decode};

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

/// Reads a document of a class (`OML-11`, or the folder name of an extended kind). The bytes say what
/// it is; the declared media type is not believed.
#[must_use]
pub fn read(class_code: &str, _mime_type: &str, bytes: &[u8]) -> Read {
    match clinical(class_code, bytes) {
        Ok(decoded) => Read {
            summary: decoded.value.summary(),
            sheet: decoded.value.sheet(),
            inline: Format::of(bytes).inline(),
            problems: decoded.problems.iter().map(ToString::to_string).collect(),
        },
        Err(problem) => Read {
            inline: Format::of(bytes).inline(),
            problems: vec![problem],
            ..Read::default()
        },
    }
}

/// A document of a class as its clinical value.
///
/// # Errors
/// Why it has none, as code and place. The original stays one step away.
pub fn clinical(class_code: &str, bytes: &[u8]) -> Result<Decoded, String> {
    match DataKind::parse(class_code) {
        Some(kind) => message(kind, bytes),
        None => document::read(class_code, bytes)
            .map(|(document, problems)| Decoded {
                value: ClinicalValue::Document(Box::new(document)),
                problems,
                written: None,
            })
            .map_err(|error| error.to_string()),
    }
}

/// A stored message has been examined before; should it not be readable all the same, the reason is
/// shown in the place of its content.
fn message(kind: DataKind, bytes: &[u8]) -> Result<Decoded, String> {
    let limits = Limits::default();
    let text = Text::decode(bytes, &limits).map_err(|error| error.to_string())?;
    let message = text.parse(&limits).map_err(|error| error.to_string())?;
    decode(kind, &message).map_err(|error| error.to_string())
}

/// The original as text, decoded by its own declaration; nothing for binary formats. Segments of a
/// message stand on lines of their own.
#[must_use]
pub fn original_text(_mime_type: &str, bytes: &[u8]) -> Option<String> {
    match Format::of(bytes) {
        Format::Hl7 => {
            let text = Text::decode(bytes, &Limits::default()).ok()?;
            Some(text.as_str().replace("\r\n", "\n").replace('\r', "\n"))
        }
        Format::Text | Format::Xml | Format::Cda => plain_text(bytes),
        Format::Pdf | Format::Jpeg | Format::Png | Format::Gif | Format::Other => None,
    }
}
