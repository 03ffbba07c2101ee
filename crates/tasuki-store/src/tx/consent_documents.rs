//! Which document tells the consent of a registration, and which of them has to be looked at anew.

use super::Tx;
use super::rows::id;
use tasuki_core::Fault;
use tasuki_core::ports::{ConsentDocument, ConsentDocuments, ConsentDocumentsWrite};
use tasuki_model::{ConsentId, EntryUuid, PatientKey};

impl ConsentDocuments for Tx<'_> {
    fn consents_due(&self, limit: u32) -> Result<Vec<PatientKey>, Fault> {
        let sql = format!(
            "SELECT patient_key FROM consent_document
             WHERE community_id = $1 AND due = 1 LIMIT {limit}"
        );
        self.all(&sql, &[self.community()], |row| {
            id(row.text(0)?, PatientKey::new)
        })
    }

    fn consent_document(&self, patient: &PatientKey) -> Result<Option<ConsentDocument>, Fault> {
        self.first(
            "SELECT consent_id, entry_uuid FROM consent_document
             WHERE community_id = $1 AND patient_key = $2 AND entry_uuid IS NOT NULL",
            &[self.community(), patient.as_str().into()],
            |row| {
                Ok(ConsentDocument {
                    consent: id(row.text(0)?, ConsentId::new)?,
                    entry: id(row.text(1)?, EntryUuid::new)?,
                })
            },
        )
    }
}

impl ConsentDocumentsWrite for Tx<'_> {
    fn mark_consents(&self, published: bool) -> Result<u64, Fault> {
        let sql = match published {
            true => {
                "INSERT INTO consent_document (community_id, patient_key, due)
                 SELECT DISTINCT community_id, patient_key, 1 FROM consent /* walks */
                 WHERE community_id = $1 AND ended = 0
                 ON CONFLICT (community_id, patient_key) DO UPDATE SET due = 1
                 WHERE consent_document.entry_uuid IS NULL"
            }
            false => {
                "UPDATE consent_document /* walks */ SET due = 1
                 WHERE community_id = $1 AND due = 0 AND entry_uuid IS NOT NULL"
            }
        };
        self.execute(sql, &[self.community()])
    }

    fn set_consent_document(
        &self,
        patient: &PatientKey,
        document: Option<&ConsentDocument>,
    ) -> Result<(), Fault> {
        self.execute(
            "UPDATE consent_document SET due = 0, consent_id = $1, entry_uuid = $2
             WHERE community_id = $3 AND patient_key = $4",
            &[
                document.map(|d| d.consent.as_str()).into(),
                document.map(|d| d.entry.as_str()).into(),
                self.community(),
                patient.as_str().into(),
            ],
        )
        .map(drop)
    }
}

impl Tx<'_> {
    /// The consent of a registration, or whether it is disclosed, has changed. Without a consent there is
    /// nothing to be told.
    pub(super) fn consent_changed(&self, patient: &PatientKey) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO consent_document (community_id, patient_key, due)
             SELECT DISTINCT community_id, patient_key, 1 FROM consent
             WHERE community_id = $1 AND patient_key = $2
             ON CONFLICT (community_id, patient_key) DO UPDATE SET due = 1",
            &[self.community(), patient.as_str().into()],
        )
        .map(drop)
    }
}
