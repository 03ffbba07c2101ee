//! Imported documents as submissions. A batch of an import is of many patients, so it is no submission
//! set of XDS (ITI TF-3, 4.2.1.1); each document is told as if it had been submitted alone.
//!
//! Nothing is kept for that: the ids of the set and of its membership are the entry's own, as UUIDs of
//! version 8 in the place of 7 (RFC 9562 §5.7, 5.8), whose first bit tells which of the two. So each is
//! found by its id, and stays the same for as long as the document is there.

use super::found::Finding;
use crate::xds::Registry;
use crate::xds::render;
use tasuki_core::ports::PatientRecord;
use tasuki_core::{Fault, Labelled};
use tasuki_model::xds::{
    Association, AssociationKind, Author, Header, RegistryObject, SubmissionSet,
    SubmissionSetStatus,
};
use tasuki_model::{AvailabilityStatus, Coding, DocumentEntry, EntryUuid, Facility};

const VERSION: u128 = 0xf << 76;
const OF_ENTRY: u128 = 7 << 76;
const OF_OTHERS: u128 = 8 << 76;
const MEMBERSHIP: u128 = 1 << 127;

/// What is told of an imported document beside its entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Set,
    Membership,
}

/// The number of the set or membership of an entry; nothing for an entry that was not made here.
fn number(entry: &EntryUuid, told: Told) -> Option<u128> {
    let own = u128::from_str_radix(entry.as_str(), 16).ok()?;
    let made_here = own & (VERSION | MEMBERSHIP) == OF_ENTRY;
    let base = (own & !VERSION) | OF_OTHERS;
    made_here.then_some(match told {
        Told::Set => base,
        Told::Membership => base | MEMBERSHIP,
    })
}

fn urn(number: u128) -> String {
    let uuid = EntryUuid::new(&format!("{number:032x}"));
    uuid.map_or_else(|_| String::new(), |uuid| uuid.urn())
}

/// The entry behind an id, and which of its objects the id is of.
pub(super) fn entry_of(id: &EntryUuid) -> Option<(Told, EntryUuid)> {
    let number = u128::from_str_radix(id.as_str(), 16).ok()?;
    let told = match number & MEMBERSHIP {
        0 => Told::Set,
        _ => Told::Membership,
    };
    let ours = number & VERSION == OF_OTHERS;
    let entry = (number & !(VERSION | MEMBERSHIP)) | OF_ENTRY;
    let entry = EntryUuid::new(&format!("{entry:032x}")).ok()?;
    ours.then_some((told, entry))
}

/// The set of a uniqueId below 2.25 (ITU-T X.667).
pub(super) fn set_named(unique: &str) -> Option<EntryUuid> {
    let number: u128 = unique.strip_prefix("2.25.")?.parse().ok()?;
    EntryUuid::new(&format!("{number:032x}")).ok()
}

impl Finding<'_> {
    /// The set or membership of an imported document, by the id of either.
    pub(super) fn imported(
        &mut self,
        id: &EntryUuid,
    ) -> Result<Option<Labelled<RegistryObject>>, Fault> {
        let Some((told, entry)) = entry_of(id) else {
            return Ok(None);
        };
        match self.imported_row(&entry)? {
            Some(row) => self.told(row, told),
            None => Ok(None),
        }
    }

    /// The membership that touches an imported document or its set.
    pub(super) fn imported_membership(
        &mut self,
        end: &EntryUuid,
    ) -> Result<Option<Labelled<RegistryObject>>, Fault> {
        let entry = match entry_of(end) {
            Some((Told::Set, entry)) => entry,
            Some((Told::Membership, _)) => return Ok(None),
            None => end.clone(),
        };
        match self.imported_row(&entry)? {
            Some(row) => self.told(row, Told::Membership),
            None => Ok(None),
        }
    }

    /// A row that did not come by a submission.
    fn imported_row(&self, entry: &EntryUuid) -> Result<Option<Labelled<DocumentEntry>>, Fault> {
        match self.tx.find_object(entry)? {
            Some(_) => Ok(None),
            None => self.tx.find_entry(entry),
        }
    }

    /// What is told of a row beside its entry.
    pub(super) fn told(
        &mut self,
        row: Labelled<DocumentEntry>,
        told: Told,
    ) -> Result<Option<Labelled<RegistryObject>>, Fault> {
        let rendered = self.rendered_as(row, |registry, row, record, facility| match told {
            Told::Set => set(registry, row, record, facility),
            Told::Membership => membership(row),
        })?;
        let Some(rendered) = rendered else {
            return Ok(None);
        };
        // It says something of the document, and is none.
        let mut labels = rendered.labels().clone();
        labels.document = None;
        let mut object = None;
        let _ = rendered.map(|_, found| object = found);
        Ok(object.map(|object| Labelled::new(labels, object)))
    }
}

fn set(
    registry: &Registry,
    row: &DocumentEntry,
    record: &PatientRecord,
    facility: &Facility,
) -> Option<RegistryObject> {
    let number = number(&row.entry_uuid, Told::Set)?;
    let source = registry.own_cx(record).map(|cx| cx.authority);
    Some(RegistryObject::Set(Box::new(SubmissionSet {
        header: Header {
            id: urn(number),
            status: Some(AvailabilityStatus::Approved),
            ..Header::default()
        },
        unique_id: Some(format!("2.25.{number}")),
        source_id: Some(source.unwrap_or_else(|| registry.home.to_string())),
        submission_time: Some(tasuki_model::xds::utc_text(row.received)),
        content_type: Some(Coding {
            system: "urn:tasuki:content-type".into(),
            code: "import".into(),
            text: "医療機関の保管先からの取り込み".into(),
            version: None,
        }),
        authors: vec![Author {
            institutions: vec![render::institution(facility)],
            ..Author::default()
        }],
        ..SubmissionSet::default()
    })))
}

fn membership(row: &DocumentEntry) -> Option<RegistryObject> {
    let [set, own] = [Told::Set, Told::Membership].map(|told| number(&row.entry_uuid, told));
    let (kind, document) = (AssociationKind::HasMember, row.entry_uuid.urn());
    Some(RegistryObject::Association(Box::new(Association {
        set_status: Some(SubmissionSetStatus::Original),
        ..Association::current(urn(own?), kind, &urn(set?), &document)
    })))
}
