//! Writing the registry: the rules of the condition flag (architecture §3.5).
//!
//! The source key (patient, day, kind, order number) excludes the flag, so every version of a
//! document has the same one. Versions are numbered in the order in which they replaced each
//! other; version n stands to version n-1 as RPLC says, and no association row is needed. Deleting
//! takes all versions, so the numbers never have a hole inside.

use super::entries::{RawEntry, service_column, status_number, status_of};
use super::rows::{day_number, id, stored_inode, stored_size};
use super::{Tx, to_json};
use tasuki_core::ports::{FileState, NewDocument, Registry, RegistryWrite, Spooled, StoreReceipt};
use tasuki_core::{Code, Fault};
use tasuki_model::document::{SourceKey, SubmissionSet};
use tasuki_model::{AvailabilityStatus, DocumentEntry, EntryUuid, Instant, PatientKey};

/// One version of a document, as far as the rules need to know it.
struct Version {
    entry_uuid: EntryUuid,
    logical_id: EntryUuid,
    number: i64,
    status: AvailabilityStatus,
    hash: Vec<u8>,
}

/// Where a new version stands among the others.
struct Standing {
    number: i64,
    logical_id: Option<EntryUuid>,
    replaces: Option<EntryUuid>,
}

/// The versions of a source key. The inner query is answered by the index alone; asked in one, an
/// engine without statistics reads every document of the patient instead.
const VERSIONS: &str = "SELECT entry_uuid, logical_id, version, status, hash FROM document
     WHERE community_id = $1 AND patient_key = $2 AND entry_uuid IN (
         SELECT entry_uuid FROM document WHERE community_id = $1 AND patient_key = $2
         AND day = $3 AND kind = $4 AND order_no = $5)
     ORDER BY version";

impl RegistryWrite for Tx<'_> {
    fn put_document(&self, new: &NewDocument<'_>) -> Result<StoreReceipt, Fault> {
        self.put_with(new, None)
    }

    fn put_spooled(&self, entry: DocumentEntry, content: &Spooled) -> Result<StoreReceipt, Fault> {
        let new = NewDocument {
            entry,
            bytes: &[],
            file: None,
        };
        self.put_with(&new, Some(content))
    }

    fn deprecate(&self, patient: &PatientKey, key: &SourceKey) -> Result<bool, Fault> {
        let versions = self.versions(patient, key)?;
        let current = versions
            .iter()
            .find(|v| v.status == AvailabilityStatus::Approved);
        if let Some(current) = current {
            self.set_deprecated(patient, &current.entry_uuid)?;
        }
        Ok(current.is_some())
    }

    fn delete(
        &self,
        patient: &PatientKey,
        key: &SourceKey,
        at: Instant,
    ) -> Result<Vec<EntryUuid>, Fault> {
        let mut deleted = Vec::new();
        for version in self.versions(patient, key)? {
            self.bury(patient, &version.entry_uuid, at)?;
            deleted.push(version.entry_uuid);
        }
        Ok(deleted)
    }

    fn put_submission(&self, set: &SubmissionSet) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO submission (community_id, entry_uuid, unique_id, source_id, submitted,
             documents, digest) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                self.community(),
                set.entry_uuid.as_str().into(),
                set.unique_id.as_str().into(),
                set.source_id.as_str().into(),
                set.submitted.micros().into(),
                stored_size(set.documents).into(),
                (&*set.digest).into(),
            ],
        )
        .map(drop)
    }
}

/// A current version stands after all others. A superseded one that comes late stands before them,
/// unless none of them is current: then it is the newest that is known.
fn stand(versions: &[Version], status: AvailabilityStatus) -> Standing {
    let newest = versions.iter().max_by_key(|v| v.number);
    let oldest = versions.iter().min_by_key(|v| v.number);
    let logical_id = newest.map(|v| v.logical_id.clone());
    let before = status == AvailabilityStatus::Deprecated
        && versions
            .iter()
            .any(|v| v.status == AvailabilityStatus::Approved);
    if before {
        return Standing {
            number: oldest.map_or(1, |v| v.number - 1),
            logical_id,
            replaces: None,
        };
    }
    Standing {
        number: newest.map_or(1, |v| v.number + 1),
        logical_id,
        replaces: newest.map(|v| v.entry_uuid.clone()),
    }
}

impl Tx<'_> {
    fn versions(&self, patient: &PatientKey, key: &SourceKey) -> Result<Vec<Version>, Fault> {
        self.all(
            VERSIONS,
            &[
                self.community(),
                patient.as_str().into(),
                day_number(key.day).into(),
                (&*key.kind).into(),
                (&*key.order).into(),
            ],
            |row| {
                let entry_uuid = id(row.text(0)?, EntryUuid::new)?;
                let logical_id = match row.opt_text(1)? {
                    Some(logical) => id(logical, EntryUuid::new)?,
                    None => entry_uuid.clone(),
                };
                Ok(Version {
                    entry_uuid,
                    logical_id,
                    number: row.int(2)?,
                    status: status_of(row.int(3)?)?,
                    hash: row.bytes(4)?.to_vec(),
                })
            },
        )
    }

    fn set_deprecated(&self, patient: &PatientKey, entry: &EntryUuid) -> Result<(), Fault> {
        self.execute(
            "UPDATE document SET status = 2
             WHERE community_id = $1 AND patient_key = $2 AND entry_uuid = $3",
            &[
                self.community(),
                patient.as_str().into(),
                entry.as_str().into(),
            ],
        )
        .map(drop)
    }

    /// The status of a document's row, where it has one.
    pub(super) fn set_row_status(
        &self,
        entry: &EntryUuid,
        status: AvailabilityStatus,
    ) -> Result<(), Fault> {
        let Some(patient) = self.locate(entry)? else {
            return Ok(());
        };
        self.execute(
            "UPDATE document SET status = $1
             WHERE community_id = $2 AND patient_key = $3 AND entry_uuid = $4",
            &[
                status_number(status).into(),
                self.community(),
                patient.as_str().into(),
                entry.as_str().into(),
            ],
        )
        .map(drop)
    }

    /// The codes, title-bearing labels and status of a row, as they are now.
    pub(super) fn recode(&self, entry: &DocumentEntry) -> Result<(), Fault> {
        let codes_id = self.codes_id(entry)?;
        self.execute(
            "UPDATE document SET codes_id = $1, status = $2
             WHERE community_id = $3 AND patient_key = $4 AND entry_uuid = $5",
            &[
                codes_id.as_str().into(),
                status_number(entry.status).into(),
                self.community(),
                entry.patient_key.as_str().into(),
                entry.entry_uuid.as_str().into(),
            ],
        )
        .map(drop)
    }

    /// Notes which file a version lies in, or that it lies in none any more.
    pub(super) fn put_file(
        &self,
        patient: &PatientKey,
        entry: &EntryUuid,
        file: Option<&FileState>,
    ) -> Result<(), Fault> {
        self.execute(
            "UPDATE document SET path = $1, file_size = $2, mtime = $3, ctime = $4, inode = $5
             WHERE community_id = $6 AND patient_key = $7 AND entry_uuid = $8",
            &[
                file.map(|f| &*f.path).into(),
                file.map(|f| stored_size(f.size)).into(),
                file.map(|f| f.mtime_ns).into(),
                file.map(|f| f.ctime_ns).into(),
                file.map(|f| stored_inode(f.inode)).into(),
                self.community(),
                patient.as_str().into(),
                entry.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn put_with(
        &self,
        new: &NewDocument<'_>,
        spooled: Option<&Spooled>,
    ) -> Result<StoreReceipt, Fault> {
        let entry = &new.entry;
        let versions = self.versions(&entry.patient_key, &entry.source_key)?;
        let hash = from_hex(&entry.hash)?;
        let current = versions
            .iter()
            .find(|v| v.status == AvailabilityStatus::Approved);
        let same = match entry.status {
            AvailabilityStatus::Approved => current.filter(|v| v.hash == hash),
            AvailabilityStatus::Deprecated => versions.iter().find(|v| v.hash == hash),
        };
        if let Some(same) = same {
            if entry.status == AvailabilityStatus::Deprecated {
                self.set_deprecated(&entry.patient_key, &same.entry_uuid)?;
            }
            if let Some(file) = &new.file {
                self.put_file(&entry.patient_key, &same.entry_uuid, Some(file))?;
            }
            return Ok(StoreReceipt::Unchanged(same.entry_uuid.clone()));
        }
        let standing = stand(&versions, entry.status);
        if entry.status == AvailabilityStatus::Approved
            && let Some(current) = current
        {
            self.set_deprecated(&entry.patient_key, &current.entry_uuid)?;
            // Its file has been renamed or overwritten: what lies there now is another version.
            self.put_file(&entry.patient_key, &current.entry_uuid, None)?;
        }
        self.insert(new, spooled, &standing, &hash)?;
        Ok(match standing.replaces {
            Some(old) => StoreReceipt::Replaced(old),
            None => StoreReceipt::Registered,
        })
    }

    fn insert(
        &self,
        new: &NewDocument<'_>,
        spooled: Option<&Spooled>,
        standing: &Standing,
        hash: &[u8],
    ) -> Result<(), Fault> {
        let entry = &new.entry;
        let codes_id = self.codes_id(entry)?;
        let own = super::entries::own_unique_id(entry.entry_uuid.as_str())?;
        let foreign = (own != entry.unique_id).then(|| entry.unique_id.as_str());
        let file = new.file.as_ref();
        self.execute(
            "INSERT INTO document (community_id, patient_key, entry_uuid, day, kind, order_no,
             version, status, codes_id, author, items, problems, logical_id, unique_id, title,
             created, service, received, size, hash, path, file_size, mtime, ctime, inode)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
             $18, $19, $20, $21, $22, $23, $24, $25)",
            &[
                self.community(),
                entry.patient_key.as_str().into(),
                entry.entry_uuid.as_str().into(),
                day_number(entry.source_key.day).into(),
                (&*entry.source_key.kind).into(),
                (&*entry.source_key.order).into(),
                standing.number.into(),
                status_number(entry.status).into(),
                codes_id.as_str().into(),
                entry.author.as_deref().into(),
                i64::from(entry.items).into(),
                i64::from(entry.problems).into(),
                standing.logical_id.as_ref().map(EntryUuid::as_str).into(),
                foreign.into(),
                entry.title.as_deref().into(),
                entry.creation_time.as_ref().map(|t| t.text()).into(),
                service_column(entry).into(),
                entry.received.micros().into(),
                stored_size(entry.size_bytes).into(),
                hash.into(),
                file.map(|f| &*f.path).into(),
                file.map(|f| stored_size(f.size)).into(),
                file.map(|f| f.mtime_ns).into(),
                file.map(|f| f.ctime_ns).into(),
                file.map(|f| stored_inode(f.inode)).into(),
            ],
        )?;
        let id = entry.entry_uuid.as_str();
        let kept = match spooled {
            Some(spooled) => self.keep_spooled(spooled),
            None => self.keep(&entry.facility, "content", id, new.bytes)?,
        };
        self.execute(
            "INSERT INTO locator (entry_uuid, community_id, patient_key, key_id, object, content)
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                entry.entry_uuid.as_str().into(),
                self.community(),
                entry.patient_key.as_str().into(),
                kept.key_id.as_str().into(),
                kept.object.as_deref().into(),
                kept.inline.as_deref().into(),
            ],
        )?;
        if let Some(foreign) = foreign {
            self.put_alias(foreign, &entry.entry_uuid)?;
        }
        self.put_latest(&entry.patient_key, entry.received)
    }

    fn put_alias(&self, unique_id: &str, entry: &EntryUuid) -> Result<(), Fault> {
        // A document may be submitted twice under one id: the first answers to it here, and both
        // by their metadata.
        self.execute(
            "INSERT INTO unique_alias (community_id, unique_id, entry_uuid) VALUES ($1, $2, $3)
             ON CONFLICT (community_id, unique_id) DO NOTHING",
            &[self.community(), unique_id.into(), entry.as_str().into()],
        )
        .map(drop)
    }

    /// Takes one version out of every table and leaves a sealed tombstone.
    pub(super) fn bury(
        &self,
        patient: &PatientKey,
        entry: &EntryUuid,
        at: Instant,
    ) -> Result<(), Fault> {
        let gone = || Fault::new(Code::StoreBroken, "a version vanished while it was deleted");
        let raw = self.raw_entry(entry)?.ok_or_else(gone)?;
        let epitaph = to_json(&epitaph(&raw))?;
        let (key_id, sealed) = self.seal(
            &raw.entry.facility,
            "tombstone",
            entry.as_str(),
            epitaph.as_bytes(),
        )?;
        self.execute(
            "INSERT INTO tombstone (community_id, patient_key, entry_uuid, deleted, key_id, sealed)
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                self.community(),
                patient.as_str().into(),
                entry.as_str().into(),
                at.micros().into(),
                key_id.as_str().into(),
                sealed.as_slice().into(),
            ],
        )?;
        let object = self.first(
            "SELECT object FROM locator WHERE entry_uuid = $1",
            &[entry.as_str().into()],
            |row| Ok(row.opt_text(0)?.map(str::to_owned)),
        )?;
        if let Some(object) = object.flatten() {
            self.remove_object(&object)?;
        }
        self.execute(
            "DELETE FROM unique_alias WHERE community_id = $1 AND unique_id = $2",
            &[self.community(), raw.entry.unique_id.as_str().into()],
        )?;
        self.execute(
            "DELETE FROM locator WHERE entry_uuid = $1",
            &[entry.as_str().into()],
        )?;
        self.execute(
            "DELETE FROM document WHERE community_id = $1 AND patient_key = $2
             AND entry_uuid = $3",
            &[
                self.community(),
                patient.as_str().into(),
                entry.as_str().into(),
            ],
        )
        .map(drop)
    }
}

/// What the auditor may still read of a deleted document: which it was, not what it said.
fn epitaph(raw: &RawEntry) -> serde_json::Value {
    let entry: &DocumentEntry = &raw.entry;
    serde_json::json!({
        "unique_id": entry.unique_id,
        "logical_id": entry.logical_id,
        "facility": entry.facility,
        "source_key": entry.source_key,
        "status": entry.status,
        "author": entry.author,
        "received": entry.received,
        "size": entry.size_bytes,
        "sha1": entry.hash,
    })
}

/// The bytes of an XDS hash, 40 hex digits.
fn from_hex(text: &str) -> Result<Vec<u8>, Fault> {
    let wrong = || Fault::new(Code::InternalFault, "an entry's hash is not SHA-1 in hex");
    if text.len() != 40 || !text.is_ascii() {
        return Err(wrong());
    }
    (0..40)
        .step_by(2)
        .map(|at| {
            let digits = text.get(at..at + 2).ok_or_else(wrong)?;
            u8::from_str_radix(digits, 16).map_err(|_| wrong())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::VERSIONS;

    #[test]
    fn versions_are_found_without_reading_the_whole_patient() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        let schema = include_str!("../../migrations/0001_first.sql")
            .replace("{TEXT}", "TEXT")
            .replace("{BYTES}", "BLOB")
            .replace("{CLUSTERED}", "WITHOUT ROWID");
        db.execute_batch(&schema).unwrap();
        let mut plan = db
            .prepare(&format!("EXPLAIN QUERY PLAN {VERSIONS}"))
            .unwrap();
        let steps: Vec<String> = plan
            .query_map(["c", "p", "20260713", "OML-11", "1"], |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let plan = steps.join("; ");
        assert!(plan.contains("entry_uuid=?"), "{plan}");
        assert!(plan.contains("kind=? AND order_no=?"), "{plan}");
    }
}
