//! The document registry and repository (XDS.b actors, ITI TF-1 10.1).

use crate::{Fault, Labelled};
use tasuki_model::document::SourceKey;
use tasuki_model::{
    AvailabilityStatus, Category, DocumentEntry, EntryUuid, FacilityId, Instant, JstDay,
    PatientKey, UniqueId,
};

/// The original bytes of a document and how they were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// `mimeType`.
    pub mime_type: Box<str>,
    /// The bytes, decrypted and checked against the hash.
    pub bytes: Vec<u8>,
}

/// A content that is read while it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenContent {
    /// `mimeType`.
    pub mime_type: Box<str>,
    /// Its bytes, decrypted piece by piece; a hash that does not fit is a fault before the end.
    pub content: crate::release::Stored,
}

/// A document to be stored: its entry and its bytes, acknowledged together or not at all.
///
/// `entry.entry_uuid` comes from [`Registry::new_entry_uuid`]; `entry.logical_id` is set by the
/// store where it joins earlier versions. `entry.status` says the condition flag: approved (1)
/// becomes the current version, deprecated (2) joins as a superseded one.
#[derive(Debug)]
pub struct NewDocument<'a> {
    /// Metadata.
    pub entry: DocumentEntry,
    /// The original.
    pub bytes: &'a [u8],
    /// The file it came from, for the feed's own bookkeeping.
    pub file: Option<super::FileState>,
}

/// What storing a document did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// A new document.
    Registered,
    /// It took the place of an earlier version, now deprecated (RPLC).
    Replaced(EntryUuid),
    /// The same source key with the same bytes is already there.
    Unchanged(EntryUuid),
}

/// Whether a day of service is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Service {
    /// Entries that have one, between `from` and `to`.
    #[default]
    Dated,
    /// Those, and after them the entries that have none.
    Either,
    /// Only entries that have none.
    Undated,
}

/// Which entries to find.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Only these categories; empty = all.
    pub categories: Vec<Category>,
    /// Only days of service from this one on.
    pub from: Option<JstDay>,
    /// Only days of service up to and with this one.
    pub to: Option<JstDay>,
    /// Only this status; approved where the caller does not say.
    pub status: Option<AvailabilityStatus>,
    /// Entries with a day of service, without one, or both.
    pub service: Service,
    /// At most so many, the newest first; bounded by the store at 50,000.
    pub limit: Option<u32>,
}

/// One group of entries for the calendar: same day, category, facility and labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarCell {
    /// Day of service.
    pub day: JstDay,
    /// Category.
    pub category: Category,
    /// Kind, such as `OML-11`: an order and its result are one category but two things.
    pub kind: Box<str>,
    /// How many documents.
    pub documents: u32,
    /// How many facts they hold.
    pub items: u32,
}

/// What is left of a deleted document, for the auditor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Its `entryUUID`.
    pub entry_uuid: EntryUuid,
    /// The registration it belonged to.
    pub patient_key: PatientKey,
    /// When it was deleted.
    pub deleted: Instant,
}

/// Reading the registry.
pub trait Registry {
    /// Entries of some registrations, newest day first, then undated ones.
    fn find_entries(
        &self,
        patients: &[PatientKey],
        filter: &EntryFilter,
    ) -> Result<Vec<Labelled<DocumentEntry>>, Fault>;

    /// Counts per day, category and labels of the approved entries with a day of service.
    fn find_cells(
        &self,
        patients: &[PatientKey],
        from: JstDay,
        to: JstDay,
    ) -> Result<Vec<Labelled<CalendarCell>>, Fault>;

    /// The registration that a document belongs to, by its `entryUUID`.
    fn locate(&self, entry: &EntryUuid) -> Result<Option<PatientKey>, Fault>;

    /// One entry by `entryUUID`, approved or deprecated.
    fn find_entry(&self, entry: &EntryUuid) -> Result<Option<Labelled<DocumentEntry>>, Fault>;

    /// One entry by `uniqueId`.
    fn find_unique(&self, id: &UniqueId) -> Result<Option<Labelled<DocumentEntry>>, Fault>;

    /// The bytes of documents that have been found and released; in the order asked. A hash or
    /// key that does not fit is a fault, never other bytes.
    fn get_contents(&self, entries: &[EntryUuid]) -> Result<Vec<Content>, Fault>;

    /// The same, to be read piece by piece: small ones are read already.
    fn open_contents(&self, entries: &[EntryUuid]) -> Result<Vec<OpenContent>, Fault>;

    /// Other versions of the same document, newest first.
    fn find_versions(&self, entry: &EntryUuid) -> Result<Vec<Labelled<DocumentEntry>>, Fault>;

    /// When a feed of this facility last brought anything, or looked and found nothing.
    fn last_heard(&self, facility: &FacilityId) -> Result<Option<Instant>, Fault>;

    /// What was deleted of one registration, newest first: for the auditor only.
    fn tombstones(&self, patient: &PatientKey) -> Result<Vec<Tombstone>, Fault>;

    /// An `entryUUID` for a new document, and the `uniqueId` that says the same number as an OID
    /// below 2.25 (ITU-T X.667). Random but for the time it was made at (UUID version 7).
    fn new_entry_uuid(&self) -> Result<(EntryUuid, UniqueId), Fault>;
}

/// Writing the registry.
pub trait RegistryWrite {
    /// Stores a document by the rules of the condition flag. Approved: a current entry with the
    /// same source key becomes deprecated and the new one replaces it (RPLC), unless the bytes are
    /// the same. Deprecated: it joins the versions before the current one, unless the same bytes
    /// are there already; then that version becomes deprecated.
    fn put_document(&self, new: &NewDocument<'_>) -> Result<Receipt, Fault>;

    /// The same for a content that lies in the store already. It becomes this document's when the
    /// transaction commits.
    fn put_spooled(&self, entry: DocumentEntry, content: &super::Spooled)
    -> Result<Receipt, Fault>;

    /// Condition flag 2: the document with this key is superseded and nothing has replaced it yet.
    /// Returns whether there was one.
    fn deprecate(&self, patient: &PatientKey, key: &SourceKey) -> Result<bool, Fault>;

    /// Condition flag 0: every version with this key goes from queries and retrieves and leaves a
    /// sealed tombstone. Returns the entries deleted.
    fn delete(
        &self,
        patient: &PatientKey,
        key: &SourceKey,
        at: Instant,
    ) -> Result<Vec<EntryUuid>, Fault>;

    /// One import batch: its submission set (count and digest of ids).
    fn put_submission(&self, set: &tasuki_model::document::SubmissionSet) -> Result<(), Fault>;
}
