//! The stored row of a document: what the registry knows of each, imported or submitted. The full
//! metadata of the exchange is in [`crate::xds`], whose module head says how the two relate.
//!
//! `DocumentEntry.patientId` is not here: it is rendered from registration to XAD-PID when an
//! entry leaves, so that a link or its removal moves no row.

use crate::{
    Category, Coding, EntryUuid, FacilityId, Instant, JstDay, JstTime, PatientKey, RepositoryId,
    UniqueId, label::Confidentiality,
};
use serde::{Deserialize, Serialize};

/// `availabilityStatus` (ITI TF-3, 4.2.3.2.2). A deleted document has no status: it is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AvailabilityStatus {
    /// `urn:oasis:names:tc:ebxml-regrep:StatusType:Approved`; SS-MIX2 condition flag 1.
    Approved,
    /// `urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated`; SS-MIX2 condition flag 2.
    Deprecated,
}

/// SS-MIX2 identity of a document: what stays the same when a file is replaced. The condition
/// flag is no part of it, nor is the time of sending.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceKey {
    /// Day of service; none for undated kinds.
    pub day: Option<JstDay>,
    /// Data kind, such as `OMP-01`, or the folder name of an extended kind.
    pub kind: Box<str>,
    /// 特定キー (order number).
    pub order: Box<str>,
}

/// One document in the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentEntry {
    /// `entryUUID`; also the key of the content in the repository.
    pub entry_uuid: EntryUuid,
    /// `uniqueId`.
    pub unique_id: UniqueId,
    /// Versions of one document share this (`logicalID`).
    pub logical_id: EntryUuid,
    /// The registration it belongs to.
    pub patient_key: PatientKey,
    /// The facility that made it.
    pub facility: FacilityId,
    /// The repository that holds the content.
    pub repository_id: RepositoryId,
    /// Approved or deprecated.
    pub status: AvailabilityStatus,
    /// `classCode`: for SS-MIX2 the data kind.
    pub class_code: Coding,
    /// `typeCode`: for SS-MIX2 the data kind, or LOINC for documents.
    pub type_code: Coding,
    /// `formatCode`.
    pub format_code: Coding,
    /// `practiceSettingCode`: 診療科.
    pub practice_setting: Option<Coding>,
    /// `confidentialityCode`.
    pub confidentiality: Confidentiality,
    /// The category that consent and policy use.
    pub category: Category,
    /// `mimeType` as stored.
    pub mime_type: Box<str>,
    /// `title`, where the source names one.
    pub title: Option<String>,
    /// Author as sent (`author.authorPerson`), where known.
    pub author: Option<String>,
    /// `creationTime`: when the source wrote it.
    pub creation_time: Option<JstTime>,
    /// `serviceStartTime`: day or time of service; none for undated kinds.
    pub service_start: Option<JstTime>,
    /// When the content came into this repository.
    pub received: Instant,
    /// `size` in bytes of the original.
    pub size_bytes: u64,
    /// `hash`: SHA-1 of the original in lower-case hex, as XDS defines it; metadata, not security.
    pub hash: Box<str>,
    /// How many facts it holds (drugs, values …), for counts in the calendar.
    pub items: u32,
    /// How many problems decoding met; more than none is said beside the data.
    pub problems: u32,
    /// The source's own key.
    pub source_key: SourceKey,
}

/// One submission: who sent what when (ITI TF-3, 4.2.3.3). An import batch is one submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionSet {
    /// Its `entryUUID`.
    pub entry_uuid: EntryUuid,
    /// Its `uniqueId`.
    pub unique_id: UniqueId,
    /// `sourceId` of the source.
    pub source_id: crate::Oid,
    /// `submissionTime`.
    pub submitted: Instant,
    /// How many documents it brought.
    pub documents: u64,
    /// SHA-256 over their ids in order, lower-case hex.
    pub digest: Box<str>,
}
