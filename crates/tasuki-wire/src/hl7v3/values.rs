//! Data types (HL7 v3 abstract data types, XML ITS): identifiers, codes, time stamps.

use super::{V3, XSI};
use crate::xml::{Element, Node, Writer};

/// An instance identifier (`II`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ii {
    /// `root`: an OID or UUID.
    pub root: String,
    /// `extension`; empty where the root says all.
    pub extension: String,
    /// `assigningAuthorityName`; empty if not said.
    pub authority: String,
}

impl Ii {
    /// An identifier.
    #[must_use]
    pub fn new(root: &str, extension: &str) -> Self {
        Self {
            root: root.to_owned(),
            extension: extension.to_owned(),
            authority: String::new(),
        }
    }

    pub(super) fn of(element: &Element) -> Self {
        let part = |name| {
            element
                .attribute(name)
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        Self {
            root: part("root"),
            extension: part("extension"),
            authority: part("assigningAuthorityName"),
        }
    }

    pub(super) fn write(&self, writer: &mut Writer, name: &str) {
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        drop(
            writer
                .element(V3, name)
                .attribute_if("root", filled(&self.root).as_deref())
                .attribute_if("extension", filled(&self.extension).as_deref())
                .attribute_if("assigningAuthorityName", filled(&self.authority).as_deref()),
        );
    }

    /// As the audit trail and XDS write an identifier (CX).
    #[must_use]
    pub fn cx(&self) -> String {
        format!("{}^^^{}&{}&ISO", self.extension, self.authority, self.root)
    }
}

/// An element that says nothing but a code.
pub(super) fn code(writer: &mut Writer, name: &str, code: &str) {
    drop(writer.element(V3, name).attribute("code", code));
}

/// An element that says nothing but a value.
pub(super) fn value(writer: &mut Writer, name: &str, value: &str) {
    drop(writer.element(V3, name).attribute("value", value));
}

/// An element copied as it came, for an answer that has to repeat its question. Names of types are
/// those of the default namespace again, whatever prefix they came with.
pub(super) fn copy(writer: &mut Writer, element: &Element) {
    let mut start = writer.element(V3, &element.name);
    for attribute in &element.attributes {
        let (name, value) = (&*attribute.name, attribute.value.as_str());
        start = match &*attribute.namespace {
            "" => start.attribute(name, value),
            uri if uri == XSI.uri => {
                let local = value.rsplit(':').next().unwrap_or(value);
                start.qualified(XSI, name, local)
            }
            // No other namespace has attributes in these messages.
            _ => start,
        };
    }
    start.content(|writer| {
        for child in &element.children {
            match child {
                Node::Text(text) => writer.text(text),
                Node::Element(child) => copy(writer, child),
            }
        }
    });
}

/// A time stamp of now (`TS`), in UTC.
pub(super) fn stamp(at: tasuki_model::Instant) -> String {
    let at = jiff::Timestamp::from_microsecond(at.micros());
    at.map_or_else(
        |_| String::new(),
        |at| format!("{}+0000", at.strftime("%Y%m%d%H%M%S")),
    )
}
