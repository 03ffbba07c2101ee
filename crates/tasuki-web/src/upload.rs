//! A form with files (`multipart/form-data`, RFC 7578), bounded in every direction and read only for
//! somebody who is signed in and for the one page that takes files. Files stay in memory: they are few,
//! small, and looked into before anything keeps them.

use crate::pages;
use crate::pipeline::{Portal, came_from};
use crate::visit::Ask;
use axum::body::Body;
use multer::{Constraints, Multipart, SizeLimit};
use std::sync::Arc;
use tasuki_core::ports::Stage;
use tasuki_core::{Code, Fault};

/// Text fields of a form with files, in bytes together.
const TEXT_BYTES_MAX: u64 = 64 * 1024;
/// Parts at most, of every kind.
const PARTS_MAX: usize = 40;
/// Characters of a file's name that are kept.
const NAME_MAX: usize = 80;

/// What may be attached to a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attachments {
    /// Bytes of one file.
    pub bytes_max: usize,
    /// Files of one note.
    pub count_max: usize,
    /// Files are taken without a scan where no scanner is configured.
    pub unscanned: bool,
}

/// A file as it came.
#[derive(Debug)]
pub(crate) struct File {
    /// Its name, without a path.
    pub name: String,
    /// The media type that it declares.
    pub declared: String,
    pub bytes: Vec<u8>,
}

/// Reads the body of a form with files.
pub(crate) async fn read(
    portal: &Arc<Portal>,
    mut ask: Ask,
    body: Body,
    boundary: String,
) -> Result<Ask, Fault> {
    let page = pages::find(true, &ask.path).map(|(page, _)| page);
    if !page.is_some_and(|page| pages::TAKES_FILES.contains(&page.path)) {
        return Err(Fault::new(Code::RequestWrong, "files are not taken here"));
    }
    let (door, now) = (Arc::clone(portal), portal.clock.now());
    let looked = tokio::task::spawn_blocking(move || {
        let (_, who, barred) = came_from(&door, page, &ask, now)?;
        let open = who.is_some_and(|who| who.session.stage == Stage::Open);
        Ok::<_, Fault>((ask, open && barred.is_none()))
    });
    let (back, signed_in) = looked
        .await
        .map_err(|e| Fault::new(Code::InternalFault, format!("session: {e}")))??;
    ask = back;
    // Nobody's body is read; the page asks to sign in.
    if !signed_in {
        return Ok(ask);
    }
    let most = portal.config.attachments;
    let place = portal.uploads.enter();
    let _place =
        place.ok_or_else(|| Fault::new(Code::Overloaded, "every upload place is taken"))?;
    let whole = (most.bytes_max as u64).saturating_mul(most.count_max as u64);
    let limit = SizeLimit::new()
        .whole_stream(whole.saturating_add(TEXT_BYTES_MAX * 2))
        .per_field(most.bytes_max as u64);
    let stream = body.into_data_stream();
    let constraints = Constraints::new().size_limit(limit);
    let mut form = Multipart::with_constraints(stream, boundary, constraints);
    let mut text_bytes = 0;
    for _ in 0..PARTS_MAX {
        let Some(field) = form.next_field().await.map_err(wrong)? else {
            return Ok(ask);
        };
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(base_name) {
            Some(file) => {
                let declared = field.content_type().map(ToString::to_string);
                let bytes = field.bytes().await.map_err(wrong)?;
                // A form without a chosen file sends one without name and bytes.
                if !(file.is_empty() && bytes.is_empty()) {
                    ask.files.push(File {
                        name: file,
                        declared: declared.unwrap_or_default(),
                        bytes: bytes.into(),
                    });
                }
            }
            None => {
                let value = field.text().await.map_err(wrong)?;
                text_bytes += (name.len() + value.len()) as u64;
                if text_bytes > TEXT_BYTES_MAX {
                    return Err(Fault::new(
                        Code::RequestTooLarge,
                        "text of a form with files",
                    ));
                }
                ask.form.push((name, value));
            }
        }
    }
    Err(Fault::new(
        Code::AttachmentTooLarge,
        "more parts than are taken",
    ))
}

fn wrong(error: multer::Error) -> Fault {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            Fault::new(Code::AttachmentTooLarge, "a form with files")
        }
        // The words of the parser could quote the form.
        _ => Fault::new(Code::RequestWrong, "a form that cannot be taken apart"),
    }
}

/// The last part of a path, without controls and bounded; it is shown and never used as a path.
fn base_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = last.chars().filter(|c| !c.is_control()).take(NAME_MAX);
    kept.collect::<String>().trim().to_owned()
}
