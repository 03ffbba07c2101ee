//! What every reader of XML does before it looks at elements: the text within its limits and without
//! what is no character, and references to characters.

use super::{Limits, XmlError, encoding};
use quick_xml::events::BytesRef;
use quick_xml::events::attributes::Attribute;
use std::borrow::Cow;

/// The text of a document.
pub(crate) fn text<'b>(bytes: &'b [u8], limits: &Limits) -> Result<Cow<'b, str>, XmlError> {
    if bytes.len() > limits.bytes {
        let (bytes, limit) = (bytes.len(), limits.bytes);
        return Err(XmlError::TooLarge { bytes, limit });
    }
    let text = encoding::decode(bytes)?;
    match text.find(is_no_character) {
        Some(at) => Err(malformed(at as u64, "a character that XML cannot hold")),
        None => Ok(text),
    }
}

/// Not well-formed, and why.
pub(crate) fn malformed(offset: u64, reason: impl ToString) -> XmlError {
    // Reasons of the parser may quote the document, which may be a patient's: keep them short.
    XmlError::Malformed {
        offset,
        reason: reason.to_string().chars().take(80).collect(),
    }
}

/// The character that a reference stands for; there are no entities but the five.
pub(crate) fn character(reference: &BytesRef<'_>, offset: u64) -> Result<char, XmlError> {
    if reference.is_char_ref() {
        return match reference.resolve_char_ref() {
            Ok(Some(c)) if matches!(c, '\t' | '\n' | '\r') => Ok(c),
            Ok(Some(c)) if !c.is_control() && !is_no_character(c) => Ok(c),
            _ => Err(malformed(offset, "character reference to no character")),
        };
    }
    match reference.borrow().into_inner().as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(XmlError::Doctype { offset }),
    }
}

/// The value of an attribute, its references resolved.
pub(crate) fn value<'a>(
    attribute: &'a Attribute<'_>,
    offset: u64,
) -> Result<Cow<'a, str>, XmlError> {
    let value = attribute
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .map_err(|_| XmlError::Doctype { offset })?;
    // What a reference stands for was not in the text that has been looked through.
    if matches!(value, Cow::Owned(_)) && value.contains(is_no_character) {
        return Err(malformed(offset, "character reference to no character"));
    }
    Ok(value)
}

/// Outside of `Char` (XML 1.0 §2.2).
const fn is_no_character(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}
