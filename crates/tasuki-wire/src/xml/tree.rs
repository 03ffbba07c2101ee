//! The tree: elements, attributes, text.

use std::sync::Arc;

/// An attribute with its resolved name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Namespace; empty for an unprefixed attribute.
    pub namespace: Arc<str>,
    /// Local name.
    pub name: Box<str>,
    /// Value, references resolved and white space normalised.
    pub value: String,
}

/// Something inside an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// A run of text, CDATA included.
    Text(String),
}

/// An element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Namespace; empty for none.
    pub namespace: Arc<str>,
    /// Local name.
    pub name: Box<str>,
    /// Attributes in document order, namespace declarations left out.
    pub attributes: Vec<Attribute>,
    /// Children in document order.
    pub children: Vec<Node>,
}

impl Element {
    /// An unprefixed attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.namespace.is_empty() && *attribute.name == *name)
            .map(|attribute| attribute.value.as_str())
    }

    /// The child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The child elements of a name in this element's own namespace.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.elements()
            .filter(move |child| *child.name == *name && child.namespace == self.namespace)
    }

    /// The first of them.
    pub fn first(&self, name: &str) -> Option<&Self> {
        self.elements()
            .find(|child| *child.name == *name && child.namespace == self.namespace)
    }

    /// The element at the end of a path of first children.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter()
            .try_fold(self, |element, name| element.first(name))
    }

    /// All text below, in order, untouched.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut open = vec![self.children.iter()];
        while let Some(children) = open.last_mut() {
            match children.next() {
                Some(Node::Text(text)) => out.push_str(text),
                Some(Node::Element(element)) => open.push(element.children.iter()),
                None => {
                    open.pop();
                }
            }
        }
        out
    }
}
