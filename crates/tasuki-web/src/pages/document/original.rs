//! The original of a document. Text is shown as text, a PDF or an image as itself, everything else
//! is a download: nothing of a hospital's file is ever run or rendered as a page of ours.

use super::find;
use crate::chart;
use crate::edge::Framing;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::Egress;
use tasuki_core::audit::Action;
use tasuki_core::ports::Content;
use tasuki_core::release::Body;

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let download = visit.ask.query("download").is_some();
    let mut name = String::new();
    let body = find(visit, &chart)?.map(|(entry, content)| {
        let class = &entry.class_code.code;
        name = file_name(class, &content.mime_type);
        original_of(class, content, download)
    });
    let mut reply = Reply::new(Egress::released(Action::DocumentView, body)).about(&person);
    reply.framing = Framing::SameOrigin;
    reply.file_name = download.then_some(name);
    Ok(reply)
}

/// What the file of a download is called.
pub(crate) fn file_name(class: &str, mime_type: &str) -> String {
    let plain = class.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "_");
    format!("{plain}.{}", extension(mime_type))
}

/// The bytes, as what a browser may do with them.
pub(crate) fn original_of(class: &str, content: Content, download: bool) -> Body {
    if download {
        return Body::new("application/octet-stream", content.bytes);
    }
    let read = tasuki_records::read(class, &content.mime_type, &content.bytes);
    if let Some(media) = read.inline {
        return Body::new(media, content.bytes);
    }
    match tasuki_records::original_text(&content.mime_type, &content.bytes) {
        // HL7 ends its segments with CR alone, which a browser does not show as a line.
        Some(text) => Body::new(
            "text/plain; charset=utf-8",
            text.replace("\r\n", "\n").replace('\r', "\n").into_bytes(),
        ),
        None => Body::new("application/octet-stream", content.bytes),
    }
}

fn extension(mime_type: &str) -> &'static str {
    match mime_type {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "text/xml" | "application/xml" => "xml",
        _ => "txt",
    }
}
