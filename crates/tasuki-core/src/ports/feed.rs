//! The bookkeeping of feeds: which file is which document, and what is in quarantine.

use crate::{Code, Fault};
use tasuki_model::{EntryUuid, FacilityId, Instant, LocalPatientId};

/// What a feed knows of a file without reading it. Unchanged = all of it equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileState {
    /// Path below the storage root, as bytes of the file system read as UTF-8.
    pub path: Box<str>,
    /// Size in bytes.
    pub size: u64,
    /// Modification time in nanoseconds.
    pub mtime_ns: i64,
    /// Change time in nanoseconds.
    pub ctime_ns: i64,
    /// Inode number.
    pub inode: u64,
}

/// Why a file is in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineReason {
    /// Stable code.
    pub code: Code,
    /// The finer code of the grammar that refused it, such as `HL7-004`, and where.
    pub detail: String,
}

/// A file in quarantine: bytes and reason are kept until someone retries or drops it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its number, as the operator names it.
    pub id: String,
    /// The facility whose feed brought it.
    pub facility: FacilityId,
    /// The patient of its path, where the path names one: that patient's report is partial.
    pub patient: Option<LocalPatientId>,
    /// The file.
    pub file: FileState,
    /// Why.
    pub reason: QuarantineReason,
    /// When.
    pub at: Instant,
    /// Whether the bytes are kept (they are not where the file was too large or unreadable).
    pub kept: bool,
}

/// What became of a file that a feed has seen before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilePlace {
    /// It is a version of a document.
    Registered(EntryUuid),
    /// It led to no document of its own (a deletion, or an attachment).
    Noted,
    /// It lies in quarantine.
    Quarantined {
        /// Under this number.
        id: String,
        /// For this reason.
        code: Code,
    },
}

/// A file that a feed has seen before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    /// As it was then.
    pub state: FileState,
    /// What became of it.
    pub place: FilePlace,
}

/// Reading the bookkeeping.
pub trait Feeds {
    /// Every file known below the folder of one patient of a facility, or, without a patient,
    /// every file known that lies in no patient's folder.
    fn known_files(
        &self,
        facility: &FacilityId,
        patient: Option<&LocalPatientId>,
    ) -> Result<Vec<KnownFile>, Fault>;

    /// Files in quarantine of one facility or of all, newest first, at most `limit`.
    fn quarantined(
        &self,
        facility: Option<&FacilityId>,
        limit: u32,
    ) -> Result<Vec<Quarantined>, Fault>;

    /// One file in quarantine.
    fn quarantined_one(&self, id: &str) -> Result<Option<Quarantined>, Fault>;

    /// The bytes of a file in quarantine.
    fn quarantined_bytes(&self, id: &str) -> Result<Option<Vec<u8>>, Fault>;

    /// How many files of a patient are in quarantine, per facility.
    fn quarantined_of(&self, facility: &FacilityId, patient: &LocalPatientId)
    -> Result<u32, Fault>;
}

/// Writing the bookkeeping.
pub trait FeedWrite {
    /// Puts a file into quarantine (one row per path; a changed file replaces its row).
    fn put_quarantine(&self, file: &Quarantined, bytes: Option<&[u8]>) -> Result<(), Fault>;

    /// Takes a file out of quarantine; returns whether it was there.
    fn drop_quarantine(&self, id: &str) -> Result<bool, Fault>;

    /// Forgets the state of files that are no longer in the storage. Documents stay.
    fn forget_files(
        &self,
        facility: &FacilityId,
        patient: Option<&LocalPatientId>,
        paths: &[Box<str>],
    ) -> Result<(), Fault>;

    /// Notes the state of a file that led to no document of its own (flag 0, attachments).
    fn note_file(
        &self,
        facility: &FacilityId,
        patient: Option<&LocalPatientId>,
        file: &FileState,
    ) -> Result<(), Fault>;

    /// Notes the present state of a file that is a version of a document already there: touched,
    /// moved, or renamed from flag 1 to flag 2.
    fn note_document_file(&self, entry: &EntryUuid, file: &FileState) -> Result<(), Fault>;

    /// Notes that a facility's feed has been heard.
    fn heard(&self, facility: &FacilityId, at: Instant) -> Result<(), Fault>;
}
