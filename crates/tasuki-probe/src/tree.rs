//! XML as text with places: read by `roxmltree`, changed by replacing pieces of the text, so that what
//! is not touched stays as somebody else wrote it.

use crate::failure::{Done, Failure};
use roxmltree::{Document, Node};
use std::ops::Range;

/// Reads a document.
///
/// # Errors
/// Where it is no XML.
pub fn parse(text: &str) -> Done<Document<'_>> {
    Document::parse(text).map_err(|error| Failure::io("XML", &error))
}

/// Child elements of a local name.
pub fn all<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(move |child| child.tag_name().name() == name && child.is_element())
}

/// The first of them.
#[must_use]
pub fn first<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    all(node, name).next()
}

/// The text of an element and of all below, without space around.
#[must_use]
pub fn text(node: Node<'_, '_>) -> String {
    let pieces = node.descendants().filter(Node::is_text);
    let whole: String = pieces.filter_map(|piece| piece.text()).collect();
    whole.trim().to_owned()
}

/// An element as a document of its own: with the namespaces that it stood under.
#[must_use]
pub fn standalone(whole: &str, node: Node<'_, '_>) -> String {
    let raw = whole.get(node.range()).unwrap_or_default();
    let name = raw.find([' ', '/', '>', '\n', '\t', '\r']);
    let (name, rest) = raw.split_at(name.unwrap_or(raw.len()));
    let tag = rest.split('>').next().unwrap_or_default();
    let mut declared = String::new();
    for namespace in node.parent_element().iter().flat_map(|p| p.namespaces()) {
        let attribute = match namespace.name() {
            Some("xml") => continue,
            Some(prefix) => format!(" xmlns:{prefix}="),
            None => " xmlns=".to_owned(),
        };
        if !tag.contains(&attribute) {
            declared.push_str(&format!("{attribute}\"{}\"", escape(namespace.uri())));
        }
    }
    format!("{name}{declared}{rest}")
}

/// Text as XML has it.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Pieces of a text to be replaced.
#[derive(Debug, Default)]
pub struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Replaces a piece, by text that is escaped here.
    pub fn put(&mut self, at: Range<usize>, text: &str) {
        self.0.push((at, escape(text)));
    }

    /// Replaces the value of an attribute, where the element has it.
    pub fn attribute(&mut self, node: Node<'_, '_>, name: &str, text: &str) {
        if let Some(attribute) = node.attribute_node(name) {
            self.put(attribute.range_value(), text);
        }
    }

    /// The text with all of them done.
    #[must_use]
    pub fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(at, _)| at.start);
        let (mut out, mut from) = (String::with_capacity(text.len()), 0);
        for (at, piece) in self.0 {
            out.push_str(text.get(from..at.start).unwrap_or_default());
            out.push_str(&piece);
            from = at.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Edits, parse, standalone};

    #[test]
    fn a_part_stands_alone_and_a_change_keeps_the_rest() {
        let text = "<a xmlns='d' xmlns:p='u'><p:b  x='1' xmlns:q='v'><c/></p:b ></a>";
        let document = parse(text).unwrap();
        let b = document.root_element().first_element_child().unwrap();
        let alone = standalone(text, b);
        assert!(parse(&alone).is_ok(), "{alone}");
        let mut edits = Edits::default();
        edits.attribute(b, "x", "<2>");
        let changed = edits.apply(text);
        assert!(
            changed.contains("<p:b  x='&lt;2&gt;' xmlns:q="),
            "{changed}"
        );
    }
}
