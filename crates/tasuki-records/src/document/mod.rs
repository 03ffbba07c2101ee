//! Documents of the extended storage: text, CDA, PDF, images, HL7 observation reports.
//!
//! The format is told from the bytes, never from a file name or a declared type: what is offered to a
//! browser as a PDF is one. What a document is about comes from its folder name (local code and
//! LOINC).

mod category;
mod content;
mod format;
#[cfg(test)]
mod tests;
mod view;

pub use category::category_of;
pub(crate) use content::plain_text;
pub use content::{Content, Document, DocumentError, main_file, read};
pub use format::Format;

use tasuki_model::Category;

use crate::kinds::{Kind, Place};

/// The kind. Its category differs from document to document: see [`category_of`].
pub const KIND: Kind = Kind {
    id: "document",
    title_key: "kind-document",
    codes: &[],
    category: Category::File,
    place: Place::Row,
    decode: None,
};
