//! The encoding of a document (XML 1.0 §4.3.3 and appendix F): byte order mark, then declaration,
//! then UTF-8.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::XmlError;

pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, XmlError> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => declared(bytes)?,
    };
    let (text, used, lossy) = encoding.decode(bytes);
    if lossy {
        return Err(XmlError::Encoding {
            encoding: used.name().to_owned(),
        });
    }
    Ok(text)
}

fn declared(bytes: &[u8]) -> Result<&'static Encoding, XmlError> {
    let head = bytes.get(..bytes.len().min(256)).unwrap_or_default();
    let end = memchr::memmem::find(head, b"?>").unwrap_or(0);
    let declaration = head.get(..end).filter(|head| head.starts_with(b"<?xml"));
    let Some(name) = declaration.and_then(encoding_name) else {
        return Ok(UTF_8);
    };
    match Encoding::for_label(name) {
        // Without a byte order mark a document that could be read this far is not UTF-16.
        Some(encoding) if encoding.is_ascii_compatible() => Ok(encoding),
        _ => Err(XmlError::Encoding {
            encoding: String::from_utf8_lossy(name).chars().take(40).collect(),
        }),
    }
}

fn encoding_name(declaration: &[u8]) -> Option<&[u8]> {
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let after = declaration
        .get(at + 8..)?
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let (quote, rest) = after.split_first()?;
    let end = rest.iter().position(|byte| byte == quote)?;
    rest.get(..end)
}
