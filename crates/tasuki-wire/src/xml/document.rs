//! A whole XML document as text, known to be well-formed.

use super::{Element, Limits, Namespace, Node, Start, Writer, XmlError, document, encoding, read};

/// A well-formed document in UTF-8 that needs nothing from outside. Made by [`document`], or read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document(String);

impl Document {
    pub(super) const fn written(text: String) -> Self {
        Self(text)
    }

    /// Takes bytes that are a document, such as a signed assertion, to put them into another one
    /// byte for byte. An XML declaration and what stands before the root are left out.
    ///
    /// # Errors
    /// As [`read`].
    pub fn check(bytes: &[u8], limits: &Limits) -> Result<Self, XmlError> {
        read(bytes, limits)?;
        let text = encoding::decode(bytes)?;
        // The first tag that is neither a declaration nor a comment is the root's.
        let mut from = 0;
        while let Some(rest) = text.get(from..) {
            let end = if rest.starts_with("<?") {
                rest.find("?>").map(|at| at + 2)
            } else if rest.starts_with("<!--") {
                rest.find("-->").map(|at| at + 3)
            } else if rest.starts_with('<') {
                break;
            } else {
                rest.chars().next().map(char::len_utf8)
            };
            from += end.unwrap_or(rest.len().max(1));
        }
        Ok(Self(
            text.get(from..).unwrap_or_default().trim_end().to_owned(),
        ))
    }

    /// A tree as a document. Prefixes are made up, as a tree keeps none.
    #[must_use]
    pub fn of(root: &Element) -> Self {
        let prefix = if root.namespace.is_empty() { "" } else { "n" };
        document(
            Namespace::new(prefix, &root.namespace),
            &root.name,
            |start| {
                fill(root, start);
            },
        )
    }

    /// The text, without an XML declaration.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    /// The text as bytes.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

fn fill(element: &Element, mut start: Start<'_, '_>) {
    for attribute in &element.attributes {
        let namespace = Namespace::new(prefix_of(&attribute.namespace), &attribute.namespace);
        start = start.qualified(namespace, &attribute.name, &attribute.value);
    }
    start.content(|writer| {
        for child in &element.children {
            match child {
                Node::Text(text) => writer.text(text),
                Node::Element(child) => inside(writer, child),
            }
        }
    });
}

/// As deep as the reader allows a tree to be.
fn inside(writer: &mut Writer, element: &Element) {
    let prefix = if element.namespace.is_empty() {
        ""
    } else {
        "n"
    };
    let namespace = Namespace::new(prefix, &element.namespace);
    fill(element, writer.element(namespace, &element.name));
}

fn prefix_of(uri: &str) -> &'static str {
    match uri {
        "http://www.w3.org/XML/1998/namespace" => "xml",
        _ => "a",
    }
}
