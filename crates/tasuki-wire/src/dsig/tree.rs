//! XML with its prefixes and the namespaces in scope: what canonicalisation needs and the tree of
//! [`crate::xml`] does not keep. Comments are dropped, as canonicalisation drops them; so a text
//! with a comment in it is one text. Processing instructions and document types are refused.

use crate::xml::{Limits, XmlError, character, malformed, text, value};
use quick_xml::Reader;
use quick_xml::events::attributes::Attribute as Raw;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::PrefixDeclaration;
use std::rc::Rc;

const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Namespace bindings, the innermost first.
pub(super) type Scope = Option<Rc<Binding>>;

/// One of them.
#[derive(Debug)]
pub(super) struct Binding {
    prefix: Box<str>,
    uri: Rc<str>,
    outer: Scope,
}

/// The namespace of a prefix; the empty prefix without a declaration is in none.
pub(super) fn resolve<'s>(scope: &'s Scope, prefix: &str) -> Option<&'s Rc<str>> {
    let mut at = scope.as_ref();
    while let Some(binding) = at {
        if *binding.prefix == *prefix {
            return Some(&binding.uri);
        }
        at = binding.outer.as_ref();
    }
    None
}

/// An attribute that is no namespace declaration.
#[derive(Debug)]
pub(crate) struct Attribute {
    pub(super) prefix: Box<str>,
    pub(crate) uri: Rc<str>,
    pub(crate) name: Box<str>,
    pub(crate) value: String,
}

/// Something inside an element.
#[derive(Debug)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

/// An element.
#[derive(Debug)]
pub(crate) struct Element {
    pub(super) prefix: Box<str>,
    pub(crate) uri: Rc<str>,
    pub(crate) name: Box<str>,
    pub(crate) attributes: Vec<Attribute>,
    pub(super) scope: Scope,
    pub(crate) children: Vec<Node>,
}

impl Element {
    /// Whether it has this name.
    pub(crate) fn is(&self, uri: &str, name: &str) -> bool {
        *self.uri == *uri && *self.name == *name
    }

    /// An unprefixed attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|a| a.uri.is_empty() && *a.name == *name)
            .map(|a| a.value.as_str())
    }

    /// The child elements.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The child elements of a name in this element's namespace.
    pub(crate) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.elements()
            .filter(move |child| child.is(&self.uri, name))
    }

    /// This element and every one below.
    pub(crate) fn every(&self) -> impl Iterator<Item = &Self> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            let next = open.pop()?;
            open.extend(next.elements());
            Some(next)
        })
    }

    /// The text directly inside, whole. Nothing where an element is inside too.
    pub(crate) fn text(&self) -> Option<String> {
        self.children
            .iter()
            .try_fold(String::new(), |mut text, child| match child {
                Node::Text(more) => {
                    text.push_str(more);
                    Some(text)
                }
                Node::Element(_) => None,
            })
    }
}

/// Reads a document; with `until`, up to the end of the child of the root that has this name.
pub(crate) fn parse(
    bytes: &[u8],
    limits: &Limits,
    until: Option<(&str, &str)>,
) -> Result<Element, XmlError> {
    let text = text(bytes, limits)?;
    let mut reader = Reader::from_str(&text);
    reader.config_mut().expand_empty_elements = true;
    let mut builder = Builder {
        limits,
        open: Vec::new(),
        root: None,
        nodes: 0,
    };
    loop {
        let offset = reader.buffer_position();
        match reader.read_event() {
            Err(error) => return Err(malformed(offset, error)),
            Ok(Event::Eof) => break,
            Ok(Event::Start(start)) => builder.start(&start, offset)?,
            Ok(Event::End(_)) => {
                if builder.end(until) {
                    return builder
                        .cut()
                        .ok_or_else(|| malformed(offset, "no root element"));
                }
            }
            Ok(Event::Text(text)) => builder.text(&text.xml10_content(), offset)?,
            Ok(Event::CData(text)) => builder.text(&text.xml10_content(), offset)?,
            Ok(Event::GeneralRef(reference)) => {
                let c = character(&reference, offset)?;
                builder.text(c.encode_utf8(&mut [0; 4]), offset)?;
            }
            Ok(Event::DocType(_)) => return Err(XmlError::Doctype { offset }),
            Ok(Event::PI(_)) => return Err(malformed(offset, "a processing instruction")),
            Ok(Event::Decl(_) | Event::Comment(_) | Event::Empty(_)) => {}
        }
    }
    let offset = reader.buffer_position();
    match builder.root {
        Some(root) if builder.open.is_empty() => Ok(root),
        Some(_) | None => Err(malformed(offset, "no complete root element")),
    }
}

struct Builder<'l> {
    limits: &'l Limits,
    open: Vec<Element>,
    root: Option<Element>,
    nodes: usize,
}

impl Builder<'_> {
    fn count(&mut self, offset: u64) -> Result<(), XmlError> {
        self.nodes += 1;
        let limit = self.limits.nodes;
        if self.nodes > limit {
            let what = "elements and texts";
            return Err(XmlError::TooMany {
                offset,
                limit,
                what,
            });
        }
        Ok(())
    }

    fn start(&mut self, start: &BytesStart<'_>, offset: u64) -> Result<(), XmlError> {
        self.count(offset)?;
        let limit = self.limits.depth;
        if self.open.len() >= limit {
            return Err(XmlError::TooDeep { offset, limit });
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(malformed(offset, "a second root element"));
        }
        let mut scope = self.open.last().and_then(|parent| parent.scope.clone());
        let mut own = Vec::new();
        for (n, attribute) in start.attributes().enumerate() {
            let limit = self.limits.attributes;
            if n >= limit {
                let what = "attributes";
                return Err(XmlError::TooMany {
                    offset,
                    limit,
                    what,
                });
            }
            let attribute = attribute.map_err(|error| malformed(offset, error))?;
            let value = value(&attribute, offset)?.into_owned();
            match attribute.key.as_namespace_binding() {
                Some(declared) => scope = Some(bind(declared, value, scope, offset)?),
                None => own.push((attribute, value)),
            }
        }
        let name = start.name();
        let prefix = name.prefix().map_or("", |prefix| prefix.into_inner());
        let uri = namespace(&scope, prefix, offset)?;
        let mut attributes = Vec::with_capacity(own.len());
        for (raw, value) in own {
            attributes.push(resolved(&scope, &raw, value, offset)?);
        }
        let twice = attributes.iter().enumerate().any(|(n, a)| {
            let later = attributes.iter().skip(n + 1);
            later
                .into_iter()
                .any(|b| a.uri == b.uri && a.name == b.name)
        });
        if twice {
            return Err(malformed(offset, "an attribute twice"));
        }
        self.open.push(Element {
            prefix: prefix.into(),
            uri,
            name: name.local_name().into_inner().into(),
            attributes,
            scope,
            children: Vec::new(),
        });
        Ok(())
    }

    /// True once the element to read up to has ended.
    fn end(&mut self, until: Option<(&str, &str)>) -> bool {
        let Some(done) = self.open.pop() else {
            return false;
        };
        let last = self.open.len() == 1 && until.is_some_and(|(uri, name)| done.is(uri, name));
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(done)),
            None => self.root = Some(done),
        }
        last
    }

    /// The root as far as it was read.
    fn cut(mut self) -> Option<Element> {
        self.open.pop()
    }

    fn text(&mut self, text: &str, offset: u64) -> Result<(), XmlError> {
        let Some(parent) = self.open.last_mut() else {
            return match text.trim() {
                "" | "\u{FEFF}" => Ok(()),
                _ => Err(malformed(offset, "text outside the root element")),
            };
        };
        if let Some(Node::Text(before)) = parent.children.last_mut() {
            before.push_str(text);
            return Ok(());
        }
        parent.children.push(Node::Text(text.to_owned()));
        self.count(offset)
    }
}

fn bind(
    declared: PrefixDeclaration<'_>,
    uri: String,
    outer: Scope,
    offset: u64,
) -> Result<Rc<Binding>, XmlError> {
    let prefix = match declared {
        PrefixDeclaration::Default => "",
        PrefixDeclaration::Named(prefix) => prefix,
    };
    let reserved = matches!(prefix, "xml" | "xmlns") || uri == XML;
    if reserved || (uri.is_empty() && !prefix.is_empty()) {
        return Err(malformed(offset, "a namespace that cannot be declared"));
    }
    Ok(Rc::new(Binding {
        prefix: prefix.into(),
        uri: uri.into(),
        outer,
    }))
}

fn namespace(scope: &Scope, prefix: &str, offset: u64) -> Result<Rc<str>, XmlError> {
    match resolve(scope, prefix) {
        Some(uri) => Ok(Rc::clone(uri)),
        None if prefix.is_empty() => Ok("".into()),
        None => Err(malformed(offset, "undeclared prefix")),
    }
}

fn resolved(
    scope: &Scope,
    raw: &Raw<'_>,
    value: String,
    offset: u64,
) -> Result<Attribute, XmlError> {
    let prefix = raw.key.prefix().map_or("", |prefix| prefix.into_inner());
    let uri: Rc<str> = match prefix {
        "" => "".into(),
        "xml" => XML.into(),
        prefix => namespace(scope, prefix, offset)?,
    };
    Ok(Attribute {
        prefix: prefix.into(),
        uri,
        name: raw.key.local_name().into_inner().into(),
        value,
    })
}
