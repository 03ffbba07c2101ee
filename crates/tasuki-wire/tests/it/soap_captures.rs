//! Every SOAP message of the captures that others have made: as files of XML, as multipart bodies,
//! and as whole HTTP messages. Each is read, or refused for the reason that the snapshot states.

use crate::shared;
use std::path::Path;
use tasuki_wire::mtom::{Attachments, Event, Limits, MediaType, MtomError, Multipart};
use tasuki_wire::soap::Envelope;
use tasuki_wire::xml::{Element, Node};

#[test]
fn every_capture_is_read_or_refused_for_a_stated_reason() {
    let mut lines = Vec::new();
    let folder = shared("data/ihe/samples");
    walk(&folder, &folder, &mut lines);
    lines.sort();
    assert!(lines.len() >= 50, "{}", lines.len());
    let read = lines.iter().filter(|line| line.contains("body ")).count();
    assert!(read >= 25, "{read} of {}", lines.len());
    insta::assert_snapshot!(lines.join("\n"));
}

fn walk(root: &Path, folder: &Path, lines: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, lines);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        if bytes.windows(9).any(|window| window == b":Envelope") {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            let mut told = account(&bytes).unwrap_or_else(|error| error);
            // Kept as text somewhere, which took the returns away.
            if told.starts_with("MTM-") && !bytes.contains(&b'\r') {
                let restored = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
                let again = account(restored.as_bytes()).unwrap_or_else(|error| error);
                told = format!("{told}; with its returns: {again}");
            }
            lines.push(format!("{name}: {told}"));
        }
    }
}

fn account(bytes: &[u8]) -> Result<String, String> {
    let told = |e: &dyn std::fmt::Display| e.to_string();
    let (content_type, body) = split(bytes);
    let media_type = MediaType::parse(&content_type).map_err(|e| told(&e))?;
    if media_type.essence != "multipart/related" {
        return Envelope::decode(body)
            .map(|e| describe(&e))
            .map_err(|e| told(&e));
    }
    let (root, mut attachments) = parts(&media_type, body).map_err(|e| told(&e))?;
    let count = attachments.parts().count();
    let envelope = Envelope::decode(&root).map_err(|e| told(&e))?;
    take(&envelope.body, &mut attachments).map_err(|e| told(&e))?;
    attachments.finish().map_err(|e| told(&e))?;
    Ok(format!("{}, {count} parts", describe(&envelope)))
}

/// The `Content-Type` and the body of a capture: with the head of its HTTP message, as a bare
/// multipart body, or as XML.
fn split(bytes: &[u8]) -> (String, &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let head = text.split("\r\n\r\n").next().unwrap();
    let head = match head.len() < text.len() && !head.trim_start().starts_with('<') {
        true => head,
        false => text.split("\n\n").next().unwrap(),
    };
    let named = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-type").then_some(value)
    });
    match named {
        _ if text.starts_with("--") => {
            let boundary = text[2..].lines().next().unwrap();
            (format!("multipart/related; boundary=\"{boundary}\""), bytes)
        }
        Some(value) if !head.trim_start().starts_with('<') => {
            let rest = &bytes[head.len()..];
            let from = rest.iter().position(|b| !b"\r\n".contains(b)).unwrap();
            (value.trim().to_owned(), &rest[from..])
        }
        _ => ("application/soap+xml".to_owned(), bytes),
    }
}

type Taken = (Vec<u8>, Attachments<usize>);

fn parts(media_type: &MediaType, mut body: &[u8]) -> Result<Taken, MtomError> {
    let mut reader = Multipart::new(media_type, Limits::default())?;
    let (mut root, mut attachments) = (None, Attachments::default());
    let mut part: Option<(Option<String>, bool, Vec<u8>)> = None;
    while let Some(event) = reader.next(&mut body)? {
        match event {
            Event::Begin(head) => {
                let is_root = reader.is_root(&head);
                part = Some((head.content_id, is_root, Vec::new()));
            }
            Event::Bytes(bytes) => part.as_mut().unwrap().2.extend(bytes),
            Event::End => match part.take().unwrap() {
                (_, true, bytes) => root = Some(bytes),
                (id, false, bytes) => attachments.add(id, bytes.len())?,
            },
            Event::Done => {}
        }
    }
    reader.finish()?;
    Ok((root.ok_or(MtomError::NoRoot)?, attachments))
}

/// Takes the content of every element that refers to one.
fn take(element: &Element, attachments: &mut Attachments<usize>) -> Result<(), MtomError> {
    if element.elements().any(|child| *child.name == *"Include") {
        return attachments.take(element).map(drop);
    }
    element.children.iter().try_for_each(|child| match child {
        Node::Element(child) => take(child, attachments),
        Node::Text(_) => Ok(()),
    })
}

fn describe(envelope: &Envelope) -> String {
    let addressing = &envelope.addressing;
    let reply = addressing.reply_to.as_ref().map_or("", |to| {
        if to.is_anonymous() {
            ", reply anonymous"
        } else {
            ", reply elsewhere"
        }
    });
    let must: Vec<_> = envelope.not_understood(&[]).map(|e| &*e.name).collect();
    format!(
        "{}, {} headers, to be understood {must:?}{reply}, body {}",
        addressing.action,
        envelope.headers.len(),
        envelope.body.name
    )
}
