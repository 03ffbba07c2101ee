//! What came is looked into before it is kept: whether it can be read, and whose it says that it is.

use super::gatherer::Inner;
use super::gathering::worse;
use crate::iti39::Fetched;
use std::collections::BTreeMap;
use tasuki_core::Code;
use tasuki_core::Fault;
use tasuki_core::elsewhere::Examined;
use tasuki_core::gather::PartialReason;
use tasuki_core::ports::{
    CopyContent, Incoming, Institution, LocalItem, Misfiled, MisfiledSide, SeenItem, Writing,
};
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{CommunityId, CopyId, FacilityId, Instant, SmolStr};

/// Different items of one institution that are counted; whatever it sends, no more.
const ITEMS_MAX: u64 = 5_000;

/// What came of fetching.
#[derive(Default)]
pub(super) struct Counts {
    pub foreign: u32,
    pub unreadable: u32,
    pub missing: u32,
    /// Items without a standard code that came, by whose they are.
    pub local: BTreeMap<(FacilityId, LocalItem), u64>,
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
        source: &CommunityId,
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
            Examined::Readable { items, local } => {
                if let Some(key) = Institution::of(source, entry).key() {
                    for (item, times) in local {
                        *counts.local.entry((key.clone(), item)).or_default() += times;
                    }
                }
                (String::new(), Some(items))
            }
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

/// Reports a copy that names another patient to the clerks of whoever it was fetched for.
pub(super) fn report_misfiled(tx: &dyn Writing, copy: &CopyId, at: Instant) -> Result<(), Fault> {
    let Some((shelf, source)) = tx.shelf_of(copy)? else {
        return Ok(());
    };
    let entries = tx.copy_entries(std::slice::from_ref(copy))?;
    let Some(entry) = entries.first() else {
        return Ok(());
    };
    let institution = Institution::of(&source, entry);
    tx.report_misfiled(&Misfiled {
        id: copy.clone(),
        side: MisfiledSide::Received,
        facility: shelf.facility,
        patient: shelf.patient,
        community: source,
        document: entry.unique_id.as_deref().unwrap_or_default().into(),
        institution: institution.name,
        at,
        told: None,
        dealt: None,
    })
}

/// Tells the dictionary which items without a standard code have come.
pub(super) fn count_local(
    tx: &dyn Writing,
    local: BTreeMap<(FacilityId, LocalItem), u64>,
) -> Result<(), Fault> {
    let mut seen: BTreeMap<FacilityId, Vec<SeenItem>> = BTreeMap::new();
    for ((facility, item), times) in local {
        seen.entry(facility.clone()).or_default().push(SeenItem {
            facility,
            item,
            system: SmolStr::default(),
            times,
        });
    }
    for (institution, items) in seen {
        if tx.items_known(&institution)? < ITEMS_MAX {
            tx.count_items(&items)?;
        }
    }
    Ok(())
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
