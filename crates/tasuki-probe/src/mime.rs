//! `multipart/related` as MTOM uses it (RFC 2387, SOAP MTOM): whole parts in memory.

use crate::fail;
use crate::failure::{Done, Failure};

/// Bytes with their `Content-ID`, without its brackets.
pub type Part = (String, Vec<u8>);

const BOUNDARY: &str = "probe-c2f8a7d1";
const ROOT: &str = "root@probe";

/// An envelope and its parts as one message: its `Content-Type`, and its bytes.
#[must_use]
pub fn write(envelope: &str, parts: &[Part]) -> (String, Vec<u8>) {
    let content_type = format!(
        "multipart/related; type=\"application/xop+xml\"; start=\"<{ROOT}>\"; \
         boundary=\"{BOUNDARY}\"; start-info=\"application/soap+xml\""
    );
    let mut message = Vec::new();
    let root = "application/xop+xml; charset=UTF-8; type=\"application/soap+xml\"";
    let mut part = |id: &str, kind: &str, bytes: &[u8]| {
        let head = format!(
            "\r\n--{BOUNDARY}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\n\
             Content-ID: <{id}>\r\n\r\n"
        );
        message.extend_from_slice(head.as_bytes());
        message.extend_from_slice(bytes);
    };
    part(ROOT, root, envelope.as_bytes());
    for (id, bytes) in parts {
        part(id, "application/octet-stream", bytes);
    }
    message.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    (content_type, message)
}

/// A message taken apart: its root, and the other parts.
///
/// # Errors
/// Where it is none, or has no root.
pub fn read(content_type: &str, body: &[u8]) -> Done<(Vec<u8>, Vec<Part>)> {
    if !content_type.starts_with("multipart/related") {
        return Ok((body.to_vec(), Vec::new()));
    }
    let none = |what: &str| Failure(format!("{content_type}: {what}"));
    let boundary = parameter(content_type, "boundary").ok_or_else(|| none("no boundary"))?;
    let start = parameter(content_type, "start");
    let mut whole = b"\r\n".to_vec();
    whole.extend_from_slice(body);
    let between = format!("\r\n--{boundary}").into_bytes();
    let mut pieces = split(&whole, &between).into_iter().skip(1).peekable();
    let mut parts = Vec::new();
    while let Some(piece) = pieces.next() {
        if piece.starts_with(b"--") {
            break;
        }
        if pieces.peek().is_none() {
            fail!("{content_type}: it does not end");
        }
        let at = piece.windows(4).position(|w| w == b"\r\n\r\n");
        let at = at.ok_or_else(|| none("a part without a body"))?;
        let (head, bytes) = piece.split_at(at);
        let head = String::from_utf8_lossy(head);
        let id = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-id").then_some(value)
        });
        let id = id.unwrap_or_default().trim().trim_matches(['<', '>']);
        parts.push((id.to_owned(), bytes.get(4..).unwrap_or_default().to_vec()));
    }
    let named = start.as_deref().map(|s| s.trim_matches(['<', '>']));
    let root = parts
        .iter()
        .position(|(id, _)| named.is_none_or(|s| s == id));
    let root = root.ok_or_else(|| none("no root"))?;
    let (_, envelope) = parts.remove(root);
    Ok((envelope, parts))
}

fn parameter(content_type: &str, name: &str) -> Option<String> {
    let parameters = content_type.split(';').skip(1);
    let mut pairs = parameters.filter_map(|p| p.trim().split_once('='));
    let (_, value) = pairs.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(value.trim_matches('"').to_owned())
}

fn split<'a>(bytes: &'a [u8], by: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(window) = bytes.get(at..at + by.len()) {
        if window == by {
            pieces.push(bytes.get(from..at).unwrap_or_default());
            at += by.len();
            from = at;
        } else {
            at += 1;
        }
    }
    pieces.push(bytes.get(from..).unwrap_or_default());
    pieces
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn what_is_written_is_read() {
        let parts = vec![
            ("a@b".to_owned(), b"--\r\n--x".to_vec()),
            ("c".to_owned(), Vec::new()),
        ];
        let (content_type, bytes) = write("<e/>", &parts);
        assert_eq!(
            read(&content_type, &bytes).unwrap(),
            (b"<e/>".to_vec(), parts)
        );
        let cut = bytes.get(..bytes.len() - 20).unwrap();
        assert!(read(&content_type, cut).is_err());
    }
}
