//! What the envelope refers to, and what came (XOP 1.0 §3 and §4.1, RFC 2392).

use super::{MtomError, XOP};
use crate::xml::{Element, Node};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Some senders leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A content as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content<P> {
    /// Inside the envelope, as base64.
    Inline(Vec<u8>),
    /// As a part.
    Part(P),
}

/// The parts of a message beside its envelope. `P` is where a part's content lies.
#[derive(Debug)]
pub struct Attachments<P> {
    parts: Vec<(String, Option<P>)>,
}

impl<P> Default for Attachments<P> {
    fn default() -> Self {
        Self { parts: Vec::new() }
    }
}

impl<P> Attachments<P> {
    /// Adds a part that has come.
    ///
    /// # Errors
    /// [`MtomError::Doubled`] for an id that was there already, [`MtomError::Unreferenced`] for a
    /// part without one.
    pub fn add(&mut self, content_id: Option<String>, part: P) -> Result<(), MtomError> {
        let id = content_id.ok_or(MtomError::Unreferenced { count: 1 })?;
        if self.parts.iter().any(|(known, _)| *known == id) {
            let what = "has the Content-ID of another";
            return Err(MtomError::Doubled { what });
        }
        self.parts.push((id, Some(part)));
        Ok(())
    }

    /// The parts that have not been taken.
    pub fn parts(&self) -> impl Iterator<Item = &P> {
        self.parts.iter().filter_map(|(_, part)| part.as_ref())
    }

    /// The content of an element: its part if it holds an `xop:Include`, else its text as base64.
    ///
    /// # Errors
    /// [`MtomError::Include`], [`MtomError::Doubled`] or [`MtomError::Base64`].
    pub fn take(&mut self, element: &Element) -> Result<Content<P>, MtomError> {
        match include(element)? {
            Some(href) => self.part(href).map(Content::Part),
            None => inline(element).map(Content::Inline),
        }
    }

    fn part(&mut self, href: &str) -> Result<P, MtomError> {
        let what = "href is not a cid URL";
        let id = href
            .strip_prefix("cid:")
            .ok_or(MtomError::Include { what })?;
        // Some stacks escape the id as RFC 2392 says, some do not.
        let plain = unescaped(id);
        let named = |known: &str| known == id || plain.as_deref() == Some(known);
        let what = "no part has this Content-ID";
        let mut parts = self.parts.iter_mut();
        let found = parts.find(|(known, _)| named(known));
        let (_, part) = found.ok_or(MtomError::Include { what })?;
        let what = "two references name";
        part.take().ok_or(MtomError::Doubled { what })
    }

    /// Whether every part has been taken.
    ///
    /// # Errors
    /// [`MtomError::Unreferenced`] where one has not.
    pub fn finish(&self) -> Result<(), MtomError> {
        match self.parts().count() {
            0 => Ok(()),
            count => Err(MtomError::Unreferenced { count }),
        }
    }
}

/// The `href` of an `xop:Include`, which then is all that the element holds.
fn include(element: &Element) -> Result<Option<&str>, MtomError> {
    let of_xop = |e: &&Element| *e.namespace == *XOP && *e.name == *"Include";
    let Some(include) = element.elements().find(of_xop) else {
        return Ok(None);
    };
    let alone = element.children.iter().all(|child| match child {
        Node::Element(other) => std::ptr::eq(other, include),
        Node::Text(text) => text.trim().is_empty(),
    });
    if !alone {
        let what = "is not alone in its element";
        return Err(MtomError::Include { what });
    }
    let what = "without href";
    let href = include.attribute("href");
    href.map(Some).ok_or(MtomError::Include { what })
}

fn inline(element: &Element) -> Result<Vec<u8>, MtomError> {
    if element.elements().next().is_some() {
        return Err(MtomError::Base64);
    }
    let mut text = element.text().into_bytes();
    text.retain(|byte| !byte.is_ascii_whitespace());
    BASE64.decode(text).map_err(|_| MtomError::Base64)
}

/// Percent escapes resolved; nothing where they are none.
fn unescaped(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|b| char::from(b).to_digit(16));
        let value = digit(bytes.next())? * 16 + digit(bytes.next())?;
        out.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(out).ok()
}
