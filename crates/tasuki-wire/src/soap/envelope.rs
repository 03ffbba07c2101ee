//! An envelope as it came (SOAP 1.2 part 1 §5.1 to §5.3).

use super::addressing::is_addressing;
use super::fault::Fault;
use super::{Addressing, LIMITS, SOAP, SoapError};
use crate::xml::{Element, Limits, Node, read};

/// A header block that is for us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The block.
    pub element: Element,
    /// Whether whoever does not understand it has to refuse the message.
    pub must_understand: bool,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What the message says of itself.
    pub addressing: Addressing,
    /// Every other header block for us, in document order.
    pub headers: Vec<Header>,
    /// The one element in the body.
    pub body: Element,
}

impl Envelope {
    /// Reads an envelope of at most [`LIMITS`].
    ///
    /// # Errors
    /// [`SoapError`]: no XML within the limits, no SOAP 1.2, no body element, no `wsa:Action`.
    pub fn decode(bytes: &[u8]) -> Result<Self, SoapError> {
        Self::decode_within(bytes, &LIMITS)
    }

    /// The same within other limits.
    ///
    /// # Errors
    /// As [`Envelope::decode`].
    pub fn decode_within(bytes: &[u8], limits: &Limits) -> Result<Self, SoapError> {
        let root = read(bytes, limits)?;
        let (header, body) = halves(root)?;
        let mut addressing = Addressing::default();
        let mut headers = Vec::new();
        for block in header.map_or_else(Vec::new, |header| header.children) {
            let Node::Element(block) = block else {
                continue;
            };
            if block.namespace.is_empty() {
                let what = "a header block without a namespace";
                return Err(SoapError::Shape { what });
            }
            if !for_us(&block) {
                continue;
            }
            let must_understand = flag(&block)?;
            if is_addressing(&block) {
                addressing.take(&block)?;
            } else {
                headers.push(Header {
                    element: block,
                    must_understand,
                });
            }
        }
        if addressing.action.is_empty() {
            let header = "Action";
            return Err(SoapError::AddressingMissing { header });
        }
        Ok(Self {
            addressing,
            headers,
            body,
        })
    }

    /// The header blocks that have to be understood and are none of these (namespace, local name).
    pub fn not_understood<'e>(
        &'e self,
        understood: &'e [(&'e str, &'e str)],
    ) -> impl Iterator<Item = &'e Element> {
        let must = self.headers.iter().filter(|header| header.must_understand);
        must.map(|header| &header.element)
            .filter(move |e| !understood.contains(&(&*e.namespace, &*e.name)))
    }

    /// The header blocks of a name.
    pub fn all<'e>(
        &'e self,
        namespace: &'e str,
        name: &'e str,
    ) -> impl Iterator<Item = &'e Element> {
        let blocks = self.headers.iter().map(|header| &header.element);
        blocks.filter(move |e| *e.namespace == *namespace && *e.name == *name)
    }

    /// The fault, where the body is one.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        Fault::read(&self.body)
    }
}

/// The header, if any, and the element in the body.
fn halves(root: Element) -> Result<(Option<Element>, Element), SoapError> {
    if *root.name != *"Envelope" {
        return Err(SoapError::NotSoap);
    }
    if *root.namespace != *SOAP.uri {
        return Err(SoapError::Version);
    }
    let shape = |what| Err(SoapError::Shape { what });
    let mut parts = Vec::new();
    for child in root.children {
        match child {
            Node::Element(element) => parts.push(element),
            Node::Text(text) if text.trim().is_empty() => {}
            Node::Text(_) => return shape("text in the Envelope"),
        }
    }
    let soap = |e: &Element, name: &str| *e.namespace == *SOAP.uri && *e.name == *name;
    let Some(body) = parts.pop().filter(|e| soap(e, "Body")) else {
        return shape("the Envelope does not end in a Body");
    };
    let header = parts.pop();
    if header.as_ref().is_some_and(|e| !soap(e, "Header")) || !parts.is_empty() {
        return shape("more than a Header before the Body");
    }
    let mut content = None;
    for child in body.children {
        match child {
            Node::Element(_) if content.is_some() => return shape("two elements in the Body"),
            Node::Element(element) => content = Some(element),
            Node::Text(text) if text.trim().is_empty() => {}
            Node::Text(_) => return shape("text in the Body"),
        }
    }
    match content {
        Some(content) => Ok((header, content)),
        None => shape("nothing in the Body"),
    }
}

fn soap_attribute<'e>(block: &'e Element, name: &str) -> Option<&'e str> {
    let mut attributes = block.attributes.iter();
    attributes
        .find(|a| *a.namespace == *SOAP.uri && *a.name == *name)
        .map(|a| a.value.trim())
}

/// §2.2: `next` and the ultimate receiver are us.
fn for_us(block: &Element) -> bool {
    soap_attribute(block, "role").is_none_or(|role| {
        let role = role.strip_prefix(SOAP.uri);
        matches!(role, Some("/role/next" | "/role/ultimateReceiver"))
    })
}

fn flag(block: &Element) -> Result<bool, SoapError> {
    match soap_attribute(block, "mustUnderstand") {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(_) => Err(SoapError::Shape {
            what: "mustUnderstand is neither true nor false",
        }),
    }
}
