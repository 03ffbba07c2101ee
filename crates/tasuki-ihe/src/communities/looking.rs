//! What came is looked into before it is kept: whether it can be read, and whose it says that it is.

use super::gatherer::Inner;
use super::gathering::worse;
use crate::iti39::Fetched;
use tasuki_core::Code;
use tasuki_core::elsewhere::Examined;
use tasuki_core::gather::PartialReason;
use tasuki_core::ports::{CopyContent, Incoming};
use tasuki_model::xds::DocumentEntry;

/// What came of fetching.
#[derive(Default)]
pub(super) struct Counts {
    pub foreign: u32,
    pub unreadable: u32,
    pub missing: u32,
}

impl Counts {
    /// With those of another request.
    pub fn add(&mut self, other: &Self) {
        self.foreign += other.foreign;
        self.unreadable += other.unreadable;
        self.missing += other.missing;
    }

    /// What is lacking by them.
    pub fn reason(&self) -> Option<PartialReason> {
        let foreign = (self.foreign > 0).then_some(PartialReason::Foreign(self.foreign));
        let missing = (self.missing > 0).then_some(PartialReason::Incomplete);
        let unreadable = self.unreadable;
        let unreadable = (unreadable > 0).then_some(PartialReason::Unreadable(unreadable));
        worse(foreign, worse(missing, unreadable))
    }
}

impl Inner {
    /// The code of what is wrong with a content, and the facts in it; no items: it is not kept.
    pub(super) fn looked_into(
        &self,
        entry: &DocumentEntry,
        one: &Fetched,
        counts: &mut Counts,
    ) -> (String, Option<u32>) {
        let bytes = match &one.content {
            Ok((_, Incoming::Here(bytes))) => bytes,
            Ok((_, Incoming::Spooled(_))) => return (String::new(), Some(1)),
            Err(no) => {
                counts.missing += 1;
                return (no.code.id().to_owned(), None);
            }
        };
        match self.examine.examine(entry, bytes) {
            Examined::Readable(items) => (String::new(), Some(items)),
            Examined::Unreadable(code) => {
                counts.unreadable += 1;
                (code.into(), Some(0))
            }
            Examined::OtherPatient => {
                counts.foreign += 1;
                let patient = entry.source_patient_id.as_deref().is_some();
                tracing::warn!(patient, "a document that names another patient");
                (Code::DocumentOfAnother.id().to_owned(), None)
            }
        }
    }
}

/// A content as the store keeps it.
pub(super) fn content_of<'f>(
    one: &'f Fetched,
    items: Option<u32>,
    code: &'f str,
) -> CopyContent<'f> {
    match (&one.content, items) {
        (Ok((mime_type, Incoming::Here(bytes))), Some(items)) => CopyContent::Here {
            mime_type,
            bytes,
            items,
            problem: (!code.is_empty()).then_some(code),
        },
        (Ok((mime_type, Incoming::Spooled(content))), _) => {
            CopyContent::Stored { mime_type, content }
        }
        _ => CopyContent::Missing(code),
    }
}
