//! Events of `quick-xml` to the tree, counting as it goes.

use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::characters::{character, malformed, text, value};
use super::name::is_name;
use super::{Attribute, Element, Limits, Node, XmlError};

/// Reads a document and returns its root element.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Element, XmlError> {
    let text = text(bytes, limits)?;
    let mut reader = NsReader::from_str(&text);
    reader.config_mut().expand_empty_elements = true;
    let mut tree = Builder {
        limits,
        open: Vec::new(),
        root: None,
        nodes: 0,
        spaces: Vec::new(),
    };
    loop {
        let offset = reader.buffer_position();
        match reader.read_event() {
            Err(error) => return Err(malformed(offset, error)),
            Ok(Event::Eof) => break,
            Ok(Event::Start(start)) => tree.start(&reader, &start, offset)?,
            Ok(Event::End(_)) => tree.end(),
            Ok(Event::Text(text)) => tree.text(&text.xml10_content(), offset)?,
            Ok(Event::CData(text)) => tree.text(&text.xml10_content(), offset)?,
            Ok(Event::GeneralRef(reference)) => {
                let c = character(&reference, offset)?;
                tree.text(c.encode_utf8(&mut [0; 4]), offset)?;
            }
            Ok(Event::DocType(_)) => return Err(XmlError::Doctype { offset }),
            Ok(Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Empty(_)) => {}
        }
    }
    let offset = reader.buffer_position();
    match tree.root {
        Some(root) if tree.open.is_empty() => Ok(root),
        Some(_) | None => Err(malformed(offset, "no complete root element")),
    }
}

fn checked(name: &str, offset: u64) -> Result<Box<str>, XmlError> {
    match is_name(name) {
        true => Ok(name.into()),
        false => Err(malformed(offset, "not a name")),
    }
}

/// Two prefixes of one namespace make the same name (Namespaces in XML 1.0 §6.3).
fn same_twice(attributes: &[Attribute]) -> bool {
    let named = |a: &Attribute, b: &Attribute| a.name == b.name && a.namespace == b.namespace;
    let mut rest = attributes;
    while let Some((first, others)) = rest.split_first() {
        if others.iter().any(|other| named(first, other)) {
            return true;
        }
        rest = others;
    }
    false
}

struct Builder<'l> {
    limits: &'l Limits,
    open: Vec<Element>,
    root: Option<Element>,
    nodes: usize,
    /// Namespaces seen, shared by the elements; documents use a handful.
    spaces: Vec<Arc<str>>,
}

impl Builder<'_> {
    fn count(&mut self, offset: u64) -> Result<(), XmlError> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            let limit = self.limits.nodes;
            return Err(XmlError::TooMany {
                offset,
                limit,
                what: "elements and texts",
            });
        }
        Ok(())
    }

    fn share(&mut self, resolved: &ResolveResult<'_>, offset: u64) -> Result<Arc<str>, XmlError> {
        let uri = match resolved {
            ResolveResult::Bound(namespace) => namespace.0,
            ResolveResult::Unbound => "",
            ResolveResult::Unknown(_) => return Err(malformed(offset, "undeclared prefix")),
        };
        // The parser does not resolve references here; a URI (RFC 3986) needs none of these.
        if uri.contains(|c: char| matches!(c, '&' | '<' | '>' | '"') || c.is_whitespace()) {
            return Err(malformed(offset, "a namespace that is no URI"));
        }
        if let Some(space) = self.spaces.iter().find(|space| &***space == uri) {
            return Ok(Arc::clone(space));
        }
        let space: Arc<str> = uri.into();
        // A document that declares hundreds is not worth a table.
        if self.spaces.len() < 32 {
            self.spaces.push(Arc::clone(&space));
        }
        Ok(space)
    }

    fn start(
        &mut self,
        reader: &NsReader<&[u8]>,
        start: &BytesStart<'_>,
        offset: u64,
    ) -> Result<(), XmlError> {
        self.count(offset)?;
        if self.open.len() >= self.limits.depth {
            return Err(XmlError::TooDeep {
                offset,
                limit: self.limits.depth,
            });
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(malformed(offset, "a second root element"));
        }
        // Namespaces in XML 1.0, 3: `xmlns` is no prefix of an element, and never declared.
        if start.name().prefix().is_some_and(|p| p.is_xmlns()) {
            return Err(malformed(offset, "an element with the prefix xmlns"));
        }
        let resolver = reader.resolver();
        let (resolved, name) = resolver.resolve_element(start.name());
        let namespace = self.share(&resolved, offset)?;
        let mut attributes = Vec::new();
        for (n, attribute) in start.attributes().enumerate() {
            if n >= self.limits.attributes {
                let limit = self.limits.attributes;
                return Err(XmlError::TooMany {
                    offset,
                    limit,
                    what: "attributes",
                });
            }
            let attribute = attribute.map_err(|error| malformed(offset, error))?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (resolved, name) = resolver.resolve_attribute(attribute.key);
            let value = value(&attribute, offset)?;
            attributes.push(Attribute {
                namespace: self.share(&resolved, offset)?,
                name: checked(name.as_ref(), offset)?,
                value: value.into_owned(),
            });
        }
        if same_twice(&attributes) {
            return Err(malformed(offset, "an attribute twice"));
        }
        let name = checked(name.as_ref(), offset)?;
        self.open.push(Element {
            namespace,
            name,
            attributes,
            children: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self) {
        let Some(done) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(done)),
            None => self.root = Some(done),
        }
    }

    fn text(&mut self, text: &str, offset: u64) -> Result<(), XmlError> {
        let Some(parent) = self.open.last_mut() else {
            // Outside the root only white space may stand.
            let blank = text.chars().all(char::is_whitespace);
            return if blank {
                Ok(())
            } else {
                Err(malformed(offset, "text outside the root"))
            };
        };
        if let Some(Node::Text(run)) = parent.children.last_mut() {
            run.push_str(text);
            return Ok(());
        }
        parent.children.push(Node::Text(text.to_owned()));
        self.count(offset)
    }
}
