//! The bookkeeping of feeds.

use super::rows::{id, inode_of, size, stored_inode, stored_size};
use super::{Tx, damaged};
use crate::engine::Row;
use tasuki_core::ports::{
    FeedWrite, Feeds, FilePlace, FileState, KnownFile, Quarantined, Registry,
};
use tasuki_core::{Code, Fault};
use tasuki_model::{EntryUuid, FacilityId, Instant, LocalPatientId};

/// Reads path, size, mtime, ctime and inode from five columns.
pub(super) fn file_state(row: &dyn Row, first: usize) -> Result<FileState, Fault> {
    Ok(FileState {
        path: row.text(first)?.into(),
        size: size(row.int(first + 1)?),
        mtime_ns: row.int(first + 2)?,
        ctime_ns: row.int(first + 3)?,
        inode: inode_of(row.int(first + 4)?),
    })
}

/// The column of a patient whose folder a file lies in; empty outside any.
pub(super) fn folder_of(patient: Option<&LocalPatientId>) -> &str {
    patient.map_or("", LocalPatientId::as_str)
}

impl Feeds for Tx<'_> {
    fn known_files(
        &self,
        facility: &FacilityId,
        patient: Option<&LocalPatientId>,
    ) -> Result<Vec<KnownFile>, Fault> {
        let mut known = match patient {
            Some(patient) => self.registered_files(facility, patient)?,
            None => Vec::new(),
        };
        let folder = [
            self.community(),
            facility.as_str().into(),
            folder_of(patient).into(),
        ];
        known.extend(self.all(
            "SELECT path, file_size, mtime, ctime, inode FROM noted_file
             WHERE community_id = $1 AND facility_id = $2 AND local_id = $3",
            &folder,
            |row| {
                Ok(KnownFile {
                    state: file_state(row, 0)?,
                    place: FilePlace::Noted,
                })
            },
        )?);
        known.extend(self.all(
            "SELECT path, file_size, mtime, ctime, inode, quarantine_id, code FROM quarantine
             WHERE community_id = $1 AND facility_id = $2 AND local_id = $3",
            &folder,
            |row| {
                Ok(KnownFile {
                    state: file_state(row, 0)?,
                    place: FilePlace::Quarantined {
                        id: row.text(5)?.to_owned(),
                        code: Code::from_id(row.text(6)?).ok_or_else(|| damaged("code"))?,
                    },
                })
            },
        )?);
        Ok(known)
    }

    fn quarantined(
        &self,
        facility: Option<&FacilityId>,
        limit: u32,
    ) -> Result<Vec<Quarantined>, Fault> {
        self.list_quarantine(facility, limit)
    }

    fn quarantined_one(&self, number: &str) -> Result<Option<Quarantined>, Fault> {
        self.one_in_quarantine(number)
    }

    fn quarantined_bytes(&self, number: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.bytes_in_quarantine(number)
    }

    fn quarantined_of(
        &self,
        facility: &FacilityId,
        patient: &LocalPatientId,
    ) -> Result<u32, Fault> {
        let found = self.first(
            "SELECT COUNT(*) FROM quarantine
             WHERE community_id = $1 AND facility_id = $2 AND local_id = $3",
            &[
                self.community(),
                facility.as_str().into(),
                patient.as_str().into(),
            ],
            |row| Ok(super::rows::count(row.int(0)?)),
        )?;
        Ok(found.unwrap_or(0))
    }
}

impl FeedWrite for Tx<'_> {
    fn put_quarantine(&self, file: &Quarantined, bytes: Option<&[u8]>) -> Result<(), Fault> {
        self.put_into_quarantine(file, bytes)
    }

    fn drop_quarantine(&self, number: &str) -> Result<bool, Fault> {
        self.drop_from_quarantine(number)
    }

    fn forget_files(
        &self,
        facility: &FacilityId,
        patient: Option<&LocalPatientId>,
        paths: &[Box<str>],
    ) -> Result<(), Fault> {
        let key = match patient {
            Some(patient) => self.key_of(facility, patient)?,
            None => None,
        };
        for path in paths {
            if let Some(key) = &key {
                self.execute(
                    "UPDATE document SET path = NULL, file_size = NULL, mtime = NULL,
                     ctime = NULL, inode = NULL
                     WHERE community_id = $1 AND patient_key = $2 AND path = $3",
                    &[self.community(), key.as_str().into(), (&**path).into()],
                )?;
            }
            self.execute(
                "DELETE FROM noted_file WHERE community_id = $1 AND facility_id = $2
                 AND local_id = $3 AND path = $4",
                &[
                    self.community(),
                    facility.as_str().into(),
                    folder_of(patient).into(),
                    (&**path).into(),
                ],
            )?;
        }
        Ok(())
    }

    fn note_file(
        &self,
        facility: &FacilityId,
        patient: Option<&LocalPatientId>,
        file: &FileState,
    ) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO noted_file (community_id, facility_id, local_id, path, file_size, mtime,
             ctime, inode) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (community_id, facility_id, local_id, path) DO UPDATE SET
             file_size = excluded.file_size, mtime = excluded.mtime, ctime = excluded.ctime,
             inode = excluded.inode",
            &[
                self.community(),
                facility.as_str().into(),
                folder_of(patient).into(),
                (&*file.path).into(),
                stored_size(file.size).into(),
                file.mtime_ns.into(),
                file.ctime_ns.into(),
                stored_inode(file.inode).into(),
            ],
        )
        .map(drop)
    }

    fn note_document_file(&self, entry: &EntryUuid, file: &FileState) -> Result<(), Fault> {
        let patient = self
            .locate(entry)?
            .ok_or_else(|| damaged("a file of an unknown document"))?;
        self.put_file(&patient, entry, Some(file))
    }

    fn heard(&self, facility: &FacilityId, at: Instant) -> Result<(), Fault> {
        self.execute(
            "UPDATE facility SET last_heard = $1 WHERE community_id = $2 AND facility_id = $3
             AND (last_heard IS NULL OR last_heard < $1)",
            &[
                at.micros().into(),
                self.community(),
                facility.as_str().into(),
            ],
        )
        .map(drop)
    }
}

impl Tx<'_> {
    /// Files of the versions of one registration's documents.
    fn registered_files(
        &self,
        facility: &FacilityId,
        patient: &LocalPatientId,
    ) -> Result<Vec<KnownFile>, Fault> {
        let Some(key) = self.key_of(facility, patient)? else {
            return Ok(Vec::new());
        };
        self.all(
            "SELECT path, file_size, mtime, ctime, inode, entry_uuid FROM document
             WHERE community_id = $1 AND patient_key = $2 AND path IS NOT NULL",
            &[self.community(), key.as_str().into()],
            |row| {
                Ok(KnownFile {
                    state: file_state(row, 0)?,
                    place: FilePlace::Registered(id(row.text(5)?, EntryUuid::new)?),
                })
            },
        )
    }
}
