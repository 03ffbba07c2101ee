//! What a source lists is laid on a shelf: what is there stays, what is not named any more goes.

use super::copies::{COPIES_MAX, ENTRY};
use super::rows::{day_number, id};
use super::{Tx, to_json};
use crate::engine::Param;
use crate::seal::random;
use ring::digest::{SHA256, digest};
use tasuki_core::Fault;
use tasuki_core::elsewhere::{CopyRow, Shelf};
use tasuki_core::ports::Listed;
use tasuki_core::release::hex;
use tasuki_model::{CommunityId, CopyId, Instant};

/// What is known of a copy that may stay.
struct Known {
    copy: CopyId,
    metadata: String,
}

fn sha256(parts: &[&str]) -> String {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    hex(digest(&SHA256, &bytes).as_ref())
}

/// Ids of copies stand in addresses: random throughout.
fn new_copy() -> Result<CopyId, Fault> {
    id(&hex(&random::<16>()?), CopyId::new)
}

impl Tx<'_> {
    /// Puts what a source lists in the place of what it listed before.
    pub(super) fn list_copies(
        &self,
        shelf: &Shelf,
        source: &CommunityId,
        listed: &[Listed],
        whole: bool,
        expires: Instant,
    ) -> Result<(), Fault> {
        let mut known = self.known_copies(shelf, source)?;
        for one in listed {
            let entry = to_json(&one.entry)?;
            let unique = one.entry.unique_id.as_deref().unwrap_or_default();
            let repository = one.entry.repository_id.as_deref().unwrap_or_default();
            let document = sha256(&[repository, unique]);
            let metadata = sha256(&[&entry]);
            match known.remove(&document) {
                Some(same) if same.metadata == metadata => {
                    self.confirm_copy(&same.copy, &one.row)?;
                    continue;
                }
                Some(other) => self.remove_copy(&other.copy)?,
                None => {}
            }
            self.insert_copy(shelf, source, one, &[document, metadata], expires)?;
        }
        if whole {
            let gone: Vec<CopyId> = known.into_values().map(|known| known.copy).collect();
            gone.iter().try_for_each(|copy| self.remove_copy(copy))?;
        }
        Ok(())
    }

    fn known_copies(
        &self,
        shelf: &Shelf,
        source: &CommunityId,
    ) -> Result<std::collections::HashMap<String, Known>, Fault> {
        let rows = self.all(
            &format!(
                "SELECT document, copy_id, metadata FROM received_copy WHERE community_id = $1
                 AND patient_key = $2 AND role = $3 AND source = $4 LIMIT {COPIES_MAX}"
            ),
            &[
                self.community(),
                shelf.patient.as_str().into(),
                shelf.role.code().into(),
                source.as_str().into(),
            ],
            |row| {
                let copy = id(row.text(1)?, CopyId::new)?;
                let metadata = row.text(2)?.to_owned();
                Ok((row.text(0)?.to_owned(), Known { copy, metadata }))
            },
        )?;
        Ok(rows.into_iter().collect())
    }

    fn confirm_copy(&self, copy: &CopyId, row: &CopyRow) -> Result<(), Fault> {
        self.execute(
            "UPDATE received_copy SET confirmed = $1, unconfirmed = $2
             WHERE community_id = $3 AND copy_id = $4",
            &[
                row.confirmed.micros().into(),
                row.unconfirmed.into(),
                self.community(),
                copy.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn insert_copy(
        &self,
        shelf: &Shelf,
        source: &CommunityId,
        one: &Listed,
        [document, metadata]: &[String; 2],
        expires: Instant,
    ) -> Result<(), Fault> {
        let copy = new_copy()?;
        let entry = to_json(&one.entry)?;
        // CX-1 is what its community calls the patient.
        let patient = one.entry.patient_id.as_deref();
        let patient = patient.and_then(|cx| cx.split('^').next());
        let (key, sealed) = self.seal(&shelf.facility, ENTRY, copy.as_str(), entry.as_bytes())?;
        self.execute(
            "INSERT INTO received_copy (community_id, patient_key, facility_id, role, source,
             copy_id, document, metadata, day, category, kind, confidentiality, items, confirmed,
             expires, entry_key, entry, unconfirmed, source_patient)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19)",
            &[
                self.community(),
                shelf.patient.as_str().into(),
                shelf.facility.as_str().into(),
                shelf.role.code().into(),
                source.as_str().into(),
                copy.as_str().into(),
                document.as_str().into(),
                metadata.as_str().into(),
                day_number(one.row.day).into(),
                one.row.category.code().into(),
                one.row.kind.as_ref().into(),
                one.confidentiality.code().into(),
                i64::from(one.row.items).into(),
                one.row.confirmed.micros().into(),
                expires.micros().into(),
                key.as_str().into(),
                sealed.as_slice().into(),
                one.row.unconfirmed.into(),
                patient.into(),
            ],
        )
        .map(drop)
    }

    /// A copy goes; its object after the commit.
    pub(super) fn remove_copy(&self, copy: &CopyId) -> Result<(), Fault> {
        let of: [Param<'_>; 2] = [self.community(), copy.as_str().into()];
        let object = self.first(
            "SELECT object FROM received_copy WHERE community_id = $1 AND copy_id = $2",
            &of,
            |row| Ok(row.opt_text(0)?.map(str::to_owned)),
        )?;
        if let Some(Some(name)) = object {
            self.remove_object(&name)?;
        }
        self.execute(
            "DELETE FROM received_copy WHERE community_id = $1 AND copy_id = $2",
            &of,
        )
        .map(drop)
    }
}
