//! What users keep for themselves: "my patients", and bookmarks on documents. Nobody else sees them, and
//! they open nothing: what they lead to is decided on like everything else.

use super::PatientHit;
use crate::Fault;
use tasuki_model::{PatientKey, UserId};

/// Patients of one user at most, and bookmarks of one user in one chart.
pub const KEPT_MAX: u32 = 200;

/// Reading them.
pub trait Kept {
    /// The patients that a user keeps, the last kept first.
    fn kept_patients(&self, user: &UserId) -> Result<Vec<PatientKey>, Fault>;

    /// The documents that a user has marked in the chart of a registration, by `uniqueId`.
    fn bookmarks(&self, user: &UserId, patient: &PatientKey) -> Result<Vec<String>, Fault>;

    /// Registrations as lines of a list, in the order asked; those that are gone are left out.
    fn patient_hits(&self, patients: &[PatientKey]) -> Result<Vec<PatientHit>, Fault>;
}

/// Writing them.
pub trait KeptWrite {
    /// Keeps a patient, or a document of one, or lets it go again.
    ///
    /// # Errors
    /// `WEB-011` for more than [`KEPT_MAX`].
    fn keep(
        &self,
        user: &UserId,
        patient: &PatientKey,
        document: Option<&str>,
        keep: bool,
    ) -> Result<(), Fault>;
}
