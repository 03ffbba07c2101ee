//! Writing XML 1.0: well-formed by construction, whatever the texts and values are.
//!
//! ```
//! use tasuki_wire::xml::{Namespace, document};
//!
//! const RIM: Namespace = Namespace::new("rim", "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0");
//!
//! let slot = document(RIM, "Slot", |slot| {
//!     slot.attribute("name", "patientId").content(|w| {
//!         w.element(RIM, "Value").text("A&B");
//!         w.element(RIM, "Empty");
//!     });
//! });
//! assert_eq!(
//!     slot.as_str(),
//!     "<rim:Slot xmlns:rim=\"urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0\" name=\"patientId\">\
//!      <rim:Value>A&amp;B</rim:Value><rim:Empty/></rim:Slot>"
//! );
//! ```
//!
//! A namespace is declared where it is first used and holds for everything inside;
//! [`Start::declare`] says it earlier, where many siblings use it. Characters that XML 1.0 cannot
//! hold (most controls) become U+FFFD: a text is never cut and never breaks the document.
//!
//! Element and attribute names are the program's own words and are not escaped; a debug build
//! checks them.

use super::document::Document;
use super::escape::{Within, escape};
use super::name::is_name;

/// A namespace with the prefix it is written with; an empty prefix is the default namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Namespace<'a> {
    /// Prefix, such as `rim`.
    pub prefix: &'a str,
    /// Its URI; empty for no namespace.
    pub uri: &'a str,
}

impl<'a> Namespace<'a> {
    /// No namespace at all.
    pub const NONE: Namespace<'static> = Namespace::new("", "");

    /// A namespace of this prefix.
    #[must_use]
    pub const fn new(prefix: &'a str, uri: &'a str) -> Self {
        Self { prefix, uri }
    }
}

/// Writes a document: its root element is filled by `build`.
pub fn document(
    namespace: Namespace<'_>,
    name: &str,
    build: impl FnOnce(Start<'_, '_>),
) -> Document {
    document_of(0, namespace, name, build)
}

/// The same of about so many bytes: a large one is not moved while it grows.
pub fn document_of(
    bytes: usize,
    namespace: Namespace<'_>,
    name: &str,
    build: impl FnOnce(Start<'_, '_>),
) -> Document {
    let mut writer = Writer {
        out: String::with_capacity(bytes),
        ..Writer::default()
    };
    build(writer.element(namespace, name));
    Document::written(writer.out)
}

/// The inside of an element that is being written.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    /// Bindings in scope, innermost last: prefix, URI.
    scope: Vec<(Box<str>, Box<str>)>,
}

impl Writer {
    /// Begins a child element. It ends when what is returned is filled, or dropped.
    pub fn element<'w, 'n>(&'w mut self, namespace: Namespace<'_>, name: &'n str) -> Start<'w, 'n> {
        debug_assert!(is_name(name), "not an element name");
        let outer = self.scope.len();
        let prefix_at = self.out.len() + 1;
        self.out.push('<');
        self.out.push_str(namespace.prefix);
        if !namespace.prefix.is_empty() {
            self.out.push(':');
        }
        let prefix = prefix_at..self.out.len();
        self.out.push_str(name);
        let mut start = Start {
            writer: self,
            prefix,
            name,
            outer,
            ended: false,
        };
        start.bind(namespace);
        start
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) {
        escape(&mut self.out, text, Within::Content);
    }

    /// Adds a document as a child, byte for byte: what was signed stays as it was signed. No
    /// default namespace may be in scope here, as it would reach into the document.
    pub fn verbatim(&mut self, document: &Document) {
        debug_assert!(self.bound("").is_none_or(str::is_empty));
        self.out.push_str(document.as_str());
    }

    /// Adds text that a writer has written before, in the same scope.
    pub(crate) fn again(&mut self, written: &str) {
        self.out.push_str(written);
    }

    /// Adds the value of an attribute between pieces that were written before.
    pub(crate) fn value(&mut self, value: &str) {
        escape(&mut self.out, value, Within::Attribute);
    }

    /// Bytes written so far, all that is around this element included.
    pub(crate) fn written(&self) -> usize {
        self.out.len()
    }

    /// What a prefix means here.
    pub(super) fn bound(&self, prefix: &str) -> Option<&str> {
        let bindings = self.scope.iter().rev();
        let mut bindings = bindings.filter(|(known, _)| **known == *prefix);
        bindings.next().map(|(_, uri)| &**uri)
    }
}

/// An element whose start tag is being written. Dropped as it is, it is an empty element.
#[derive(Debug)]
pub struct Start<'w, 'n> {
    writer: &'w mut Writer,
    /// Where the prefix and its colon stand in the text written so far.
    prefix: std::ops::Range<usize>,
    name: &'n str,
    outer: usize,
    ended: bool,
}

impl Start<'_, '_> {
    /// Adds an attribute without a namespace.
    #[must_use = "dropping ends the element"]
    pub fn attribute(self, name: &str, value: &str) -> Self {
        debug_assert!(is_name(name), "not an attribute name");
        self.raw_attribute("", name, value)
    }

    /// Adds an attribute where there is a value for it.
    #[must_use = "dropping ends the element"]
    pub fn attribute_if(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.attribute(name, value),
            None => self,
        }
    }

    /// Adds an attribute in a namespace, such as `xsi:type`.
    #[must_use = "dropping ends the element"]
    pub fn qualified(mut self, namespace: Namespace<'_>, name: &str, value: &str) -> Self {
        debug_assert!(is_name(name), "not an attribute name");
        if namespace.uri.is_empty() {
            return self.attribute(name, value);
        }
        // An unprefixed attribute has no namespace, and one prefix cannot mean two in one tag: one that
        // means something else outside may be in use here already.
        let scope = &self.writer.scope;
        let taken = |prefix: &str| {
            let mut bound = scope.iter().rev();
            let bound = bound.find(|(known, _)| **known == *prefix);
            prefix.is_empty() || bound.is_some_and(|(_, uri)| **uri != *namespace.uri)
        };
        let mut prefix = namespace.prefix.to_owned();
        let mut n = 0;
        while taken(&prefix) {
            n += 1;
            prefix = format!("ns{n}");
        }
        self.bind(Namespace::new(&prefix, namespace.uri));
        self.raw_attribute(&prefix, name, value)
    }

    /// Declares a namespace for everything inside.
    #[must_use = "dropping ends the element"]
    pub fn declare(mut self, namespace: Namespace<'_>) -> Self {
        let own = self.writer.scope.iter().skip(self.outer);
        if !own
            .map(|(known, _)| known)
            .any(|known| **known == *namespace.prefix)
        {
            self.bind(namespace);
        }
        self
    }

    /// Fills the element with text.
    pub fn text(self, text: &str) {
        self.content(|writer| writer.text(text));
    }

    /// Fills the element; what `fill` returns comes back.
    pub fn content<R>(mut self, fill: impl FnOnce(&mut Writer) -> R) -> R {
        self.writer.out.push('>');
        self.ended = true;
        let filled = fill(self.writer);
        let writer = &mut *self.writer;
        writer.out.push_str("</");
        writer.out.extend_from_within(self.prefix.clone());
        writer.out.push_str(self.name);
        writer.out.push('>');
        filled
    }

    fn raw_attribute(self, prefix: &str, name: &str, value: &str) -> Self {
        let out = &mut self.writer.out;
        out.push(' ');
        out.push_str(prefix);
        if !prefix.is_empty() {
            out.push(':');
        }
        out.push_str(name);
        out.push_str("=\"");
        escape(out, value, Within::Attribute);
        out.push('"');
        self
    }

    fn bind(&mut self, namespace: Namespace<'_>) {
        let Namespace { prefix, uri } = namespace;
        debug_assert!(prefix.is_empty() || (is_name(prefix) && !uri.is_empty()));
        // `xml` is bound from the start and everywhere.
        if prefix == "xml" || self.writer.bound(prefix) == Some(uri) {
            return;
        }
        let out = &mut self.writer.out;
        out.push_str(if prefix.is_empty() {
            " xmlns"
        } else {
            " xmlns:"
        });
        out.push_str(prefix);
        out.push_str("=\"");
        escape(out, uri, Within::Attribute);
        out.push('"');
        self.writer.scope.push((prefix.into(), uri.into()));
    }
}

impl Drop for Start<'_, '_> {
    fn drop(&mut self) {
        if !self.ended {
            self.writer.out.push_str("/>");
        }
        self.writer.scope.truncate(self.outer);
    }
}
