//! XML 1.0: read into a small tree, within bounds and without anything that reaches outside the
//! bytes; written by [`document`], well-formed whatever the texts are.
//!
//! Reading: a document type declaration is refused, and with it every entity but the five predefined ones:
//! nothing can expand, and nothing is fetched. Names are resolved to (namespace, local name);
//! prefixes, comments and processing instructions are dropped.
//!
//! For documents that are read as a whole and stay small (CDA). What must be verified by signature
//! or streamed is not for this tree.

mod characters;
mod document;
mod encoding;
mod error;
mod escape;
mod name;
mod reader;
#[cfg(test)]
mod tests;
mod tree;
mod writer;

pub(crate) use characters::{character, malformed, text, value};
pub use document::Document;
pub use error::XmlError;
pub use reader::read;
pub use tree::{Attribute, Element, Node};
pub use writer::{Namespace, Start, Writer, document, document_of};

/// What a document may cost us. Beyond any of these it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document as it came.
    pub bytes: usize,
    /// Elements within elements.
    pub depth: usize,
    /// Elements and text runs in all.
    pub nodes: usize,
    /// Attributes of one element, namespace declarations included.
    pub attributes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 * 1024 * 1024,
            depth: 128,
            nodes: 500_000,
            attributes: 64,
        }
    }
}
