//! Who has opened a note, and when. A receipt belongs to the reader's own registration of the person,
//! and never leaves the community: no standard carries it.

use crate::Fault;
use tasuki_model::{FacilityId, Instant, PatientKey, Role, SmolStr, UserId};

/// One reader of one note: the first time it was shown to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteReceipt {
    /// The reader's own facility's registration of the person.
    pub patient_key: PatientKey,
    /// `uniqueId` of the note.
    pub note: SmolStr,
    /// The reader.
    pub user: UserId,
    /// As what.
    pub role: Role,
    /// Where.
    pub facility: FacilityId,
    /// When first.
    pub at: Instant,
}

/// Reading receipts.
pub trait NoteReceipts {
    /// Receipts of the notes of some registrations, oldest first; at most 20,000.
    fn note_receipts(&self, patients: &[PatientKey]) -> Result<Vec<NoteReceipt>, Fault>;
}

/// Writing receipts.
pub trait NoteReceiptsWrite {
    /// Keeps a receipt; one that is there already stays as it is.
    fn put_note_receipt(&self, receipt: &NoteReceipt) -> Result<(), Fault>;
}
