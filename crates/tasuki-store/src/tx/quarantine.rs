//! Quarantine: files that could not be taken in, with their bytes (sealed) and the reason.

use super::feeds::{file_state, folder_of};
use super::rows::{id, stored_inode, stored_size};
use super::{Tx, damaged};
use crate::engine::{Param, Row};
use tasuki_core::ports::{QuarantineReason, Quarantined};
use tasuki_core::{Code, Fault};
use tasuki_model::{FacilityId, Instant, LocalPatientId};

/// The most files one list gives, whatever it asks for.
const FILES_MAX: u32 = 10_000;

const COLUMNS: &str = "quarantine_id, facility_id, local_id, path, file_size, mtime, ctime, \
     inode, code, detail, put, key_id";

fn read(row: &dyn Row) -> Result<Quarantined, Fault> {
    let patient = match row.text(2)? {
        "" => None,
        patient => Some(id(patient, LocalPatientId::new)?),
    };
    Ok(Quarantined {
        id: row.text(0)?.to_owned(),
        facility: id(row.text(1)?, FacilityId::new)?,
        patient,
        file: file_state(row, 3)?,
        reason: QuarantineReason {
            code: Code::from_id(row.text(8)?).ok_or_else(|| damaged("code"))?,
            detail: row.text(9)?.to_owned(),
        },
        at: Instant::from_micros(row.int(10)?),
        kept: row.opt_text(11)?.is_some(),
    })
}

impl Tx<'_> {
    pub(super) fn list_quarantine(
        &self,
        facility: Option<&FacilityId>,
        limit: u32,
    ) -> Result<Vec<Quarantined>, Fault> {
        let mut sql = format!("SELECT {COLUMNS} FROM quarantine WHERE community_id = $1");
        let mut params: Vec<Param<'_>> = vec![self.community()];
        if let Some(facility) = facility {
            sql.push_str(" AND facility_id = $2");
            params.push(facility.as_str().into());
        }
        let limit = limit.min(FILES_MAX);
        sql.push_str(&format!(
            " ORDER BY put DESC, quarantine_id DESC LIMIT {limit}"
        ));
        self.all(&sql, &params, read)
    }

    pub(super) fn one_in_quarantine(&self, number: &str) -> Result<Option<Quarantined>, Fault> {
        let sql = format!(
            "SELECT {COLUMNS} FROM quarantine WHERE community_id = $1 AND quarantine_id = $2"
        );
        self.first(&sql, &[self.community(), number.into()], read)
    }

    pub(super) fn bytes_in_quarantine(&self, number: &str) -> Result<Option<Vec<u8>>, Fault> {
        let found = self.first(
            "SELECT key_id, object, content FROM quarantine
             WHERE community_id = $1 AND quarantine_id = $2",
            &[self.community(), number.into()],
            |row| {
                Ok((
                    row.opt_text(0)?.map(str::to_owned),
                    row.opt_text(1)?.map(str::to_owned),
                    row.opt_bytes(2)?.map(<[u8]>::to_vec),
                ))
            },
        )?;
        let Some((Some(key_id), object, inline)) = found else {
            return Ok(None);
        };
        self.fetch(
            "quarantine",
            number,
            &key_id,
            object.as_deref(),
            inline.as_deref(),
        )
        .map(Some)
    }

    pub(super) fn put_into_quarantine(
        &self,
        file: &Quarantined,
        bytes: Option<&[u8]>,
    ) -> Result<(), Fault> {
        let before = self.first(
            "SELECT quarantine_id FROM quarantine WHERE community_id = $1 AND facility_id = $2
             AND local_id = $3 AND path = $4",
            &[
                self.community(),
                file.facility.as_str().into(),
                folder_of(file.patient.as_ref()).into(),
                (&*file.file.path).into(),
            ],
            |row| row.text(0).map(str::to_owned),
        )?;
        if let Some(before) = before {
            self.drop_from_quarantine(&before)?;
        }
        let kept = match bytes {
            Some(bytes) => Some(self.keep(&file.facility, "quarantine", &file.id, bytes)?),
            None => None,
        };
        let kept = kept.as_ref();
        self.execute(
            "INSERT INTO quarantine (community_id, quarantine_id, facility_id, local_id, path,
             file_size, mtime, ctime, inode, code, detail, put, key_id, object, content)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            &[
                self.community(),
                file.id.as_str().into(),
                file.facility.as_str().into(),
                folder_of(file.patient.as_ref()).into(),
                (&*file.file.path).into(),
                stored_size(file.file.size).into(),
                file.file.mtime_ns.into(),
                file.file.ctime_ns.into(),
                stored_inode(file.file.inode).into(),
                file.reason.code.id().into(),
                file.reason.detail.as_str().into(),
                file.at.micros().into(),
                kept.map(|k| k.key_id.as_str()).into(),
                kept.and_then(|k| k.object.as_deref()).into(),
                kept.and_then(|k| k.inline.as_deref()).into(),
            ],
        )
        .map(drop)
    }

    pub(super) fn drop_from_quarantine(&self, number: &str) -> Result<bool, Fault> {
        let object = self.first(
            "SELECT object FROM quarantine WHERE community_id = $1 AND quarantine_id = $2",
            &[self.community(), number.into()],
            |row| Ok(row.opt_text(0)?.map(str::to_owned)),
        )?;
        if let Some(Some(object)) = &object {
            self.remove_object(object)?;
        }
        self.execute(
            "DELETE FROM quarantine WHERE community_id = $1 AND quarantine_id = $2",
            &[self.community(), number.into()],
        )?;
        Ok(object.is_some())
    }
}
