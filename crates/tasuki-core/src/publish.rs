//! What the portal writes becomes documents of the registry and repository by the same rules as a
//! submission of another system (ITI TF-2 3.41): the port that the portal writes through, and the port
//! of the scanner that looks into files first. Neither knows metadata or sockets.

use crate::ports::{PatientRecord, Writing};
use crate::{Egress, Fault};
use tasuki_model::{EntryUuid, Facility, Instant, Role, UserId};

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteAuthor {
    /// Account.
    pub user: UserId,
    /// Name.
    pub name: String,
    /// As what.
    pub role: Role,
    /// 診療科 or section in words; may be empty.
    pub section: String,
}

/// A file that comes with a note, already looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosed {
    /// Its name as the author's device had it, bounded and without a path.
    pub name: String,
    /// What its bytes are.
    pub mime_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A note with its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The registration at the author's own facility.
    pub record: PatientRecord,
    /// That facility.
    pub facility: Facility,
    /// Who writes.
    pub author: NoteAuthor,
    /// When.
    pub written: Instant,
    /// One line for lists.
    pub title: String,
    /// The note itself, plain text.
    pub text: String,
    /// Files, in order.
    pub enclosed: Vec<Enclosed>,
    /// The note of the same registration that this one adds to or corrects (APND).
    pub adds_to: Option<EntryUuid>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// `uniqueId` of the submission set.
    pub set: String,
    /// How many documents it is.
    pub documents: u64,
}

/// Writes notes into the registry.
pub trait Publishing: Send + Sync {
    /// Publishes a note in the transaction of the caller: all of it or nothing.
    ///
    /// # Errors
    /// [`crate::Code::RegistryOff`] on a node without a registry, the code of the first rule that the
    /// registry finds broken, and faults of the store.
    fn publish(&self, tx: &dyn Writing, publication: &Publication) -> Result<Published, Fault>;
}

/// Looks into a file for what must not come in.
pub trait Scanner: Send + Sync {
    /// Passes a file to the scanner and waits for its word.
    ///
    /// # Errors
    /// [`crate::Code::AttachmentInfected`] with the name that the scanner gives it;
    /// [`crate::Code::ScannerAway`] where it is not reached in time or gives no clear word.
    fn scan(&self, file: Egress) -> Result<(), Fault>;
}
