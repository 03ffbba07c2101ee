//! Who has opened which note.

use super::rows::id;
use super::{Tx, damaged};
use tasuki_core::Fault;
use tasuki_core::ports::{NoteReceipt, NoteReceipts, NoteReceiptsWrite};
use tasuki_model::{FacilityId, Instant, PatientKey, Role, UserId};

/// The most receipts of one person that are read.
const RECEIPTS_MAX: usize = 20_000;

impl NoteReceipts for Tx<'_> {
    fn note_receipts(&self, patients: &[PatientKey]) -> Result<Vec<NoteReceipt>, Fault> {
        let mut receipts = Vec::new();
        for patient in patients {
            let rows = self.all(
                &format!(
                    "SELECT patient_key, note, user_id, role, facility_id, at FROM note_receipt
                     WHERE community_id = $1 AND patient_key = $2 LIMIT {RECEIPTS_MAX}"
                ),
                &[self.community(), patient.as_str().into()],
                |row| {
                    Ok(NoteReceipt {
                        patient_key: id(row.text(0)?, PatientKey::new)?,
                        note: row.text(1)?.into(),
                        user: id(row.text(2)?, UserId::new)?,
                        role: Role::from_code(row.text(3)?).ok_or_else(|| damaged("role"))?,
                        facility: id(row.text(4)?, FacilityId::new)?,
                        at: Instant::from_micros(row.int(5)?),
                    })
                },
            )?;
            receipts.extend(rows);
        }
        receipts.sort_by_key(|receipt| receipt.at);
        receipts.truncate(RECEIPTS_MAX);
        Ok(receipts)
    }
}

impl NoteReceiptsWrite for Tx<'_> {
    fn put_note_receipt(&self, receipt: &NoteReceipt) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO note_receipt (community_id, patient_key, note, user_id, role, facility_id, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (community_id, patient_key, note, user_id) DO NOTHING",
            &[
                self.community(),
                receipt.patient_key.as_str().into(),
                receipt.note.as_str().into(),
                receipt.user.as_str().into(),
                receipt.role.code().into(),
                receipt.facility.as_str().into(),
                receipt.at.micros().into(),
            ],
        )?;
        Ok(())
    }
}
