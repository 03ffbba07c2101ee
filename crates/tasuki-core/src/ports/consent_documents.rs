//! Consents as documents for other systems: of which registrations one has to be looked at anew, and which
//! document tells the consent of each. Whatever changes a consent or the disclosure marks its registration in
//! the same transaction, so that nothing that breaks off in between is forgotten.

use crate::Fault;
use tasuki_model::{ConsentId, EntryUuid, PatientKey};

/// The document that tells what a patient has agreed to at a facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentDocument {
    /// The consent that it tells.
    pub consent: ConsentId,
    /// Its `entryUUID`.
    pub entry: EntryUuid,
}

/// Reading which consents are published.
pub trait ConsentDocuments {
    /// Registrations whose document has to be looked at anew, at most `limit`.
    ///
    /// # Errors
    /// Those of the store.
    fn consents_due(&self, limit: u32) -> Result<Vec<PatientKey>, Fault>;

    /// The document in force of a registration.
    ///
    /// # Errors
    /// Those of the store.
    fn consent_document(&self, patient: &PatientKey) -> Result<Option<ConsentDocument>, Fault>;
}

/// Writing which consents are published.
pub trait ConsentDocumentsWrite {
    /// Marks every registration whose document is not as the setting says: with it those that have a consent
    /// and no document, without it those that have a document. Gives how many.
    ///
    /// # Errors
    /// Those of the store.
    fn mark_consents(&self, published: bool) -> Result<u64, Fault>;

    /// Keeps which document is in force, or that none is: it is no longer due.
    ///
    /// # Errors
    /// Those of the store.
    fn set_consent_document(
        &self,
        patient: &PatientKey,
        document: Option<&ConsentDocument>,
    ) -> Result<(), Fault>;
}
