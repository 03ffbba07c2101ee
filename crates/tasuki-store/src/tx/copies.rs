//! Copies of other communities' documents: rows, sealed metadata, sealed contents.

use super::rows::{count, day_of, id};
use super::{Tx, damaged, from_json};
use crate::engine::Row;
use tasuki_core::elsewhere::{CopyRow, Shelf};
use tasuki_core::ports::Content;
use tasuki_core::{Code, Fault, Labelled};
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{
    Category, CommunityId, CopyId, EntryUuid, FacilityId, Instant, Labels, PatientKey, Role,
};

/// The most copies of one source that a shelf shows.
pub(super) const COPIES_MAX: u32 = 50_000;
/// What metadata and contents of copies are sealed as.
pub(super) const ENTRY: &str = "copied entry";
pub(super) const CONTENT: &str = "copied content";

const ROW: &str = "SELECT copy_id, source, day, category, kind, confirmed, fetched, problem, \
     items, confidentiality, patient_key, facility_id, role, unconfirmed, source_patient \
     FROM received_copy";

fn copy_of(source: CommunityId, row: &dyn Row) -> Result<CopyRow, Fault> {
    Ok(CopyRow {
        id: id(row.text(0)?, CopyId::new)?,
        source,
        patient: row.opt_text(14)?.unwrap_or_default().into(),
        day: day_of(row.int(2)?)?,
        category: Category::from_code(row.text(3)?).ok_or_else(|| damaged("category"))?,
        kind: row.text(4)?.into(),
        confirmed: Instant::from_micros(row.int(5)?),
        fetched: row.opt_int(6)?.map(Instant::from_micros),
        problem: row.opt_text(7)?.map(Into::into),
        items: count(row.int(8)?),
        unconfirmed: row.int(13)? != 0,
    })
}

fn copy_row(row: &dyn Row) -> Result<(Shelf, CopyRow), Fault> {
    let copy = copy_of(id(row.text(1)?, CommunityId::new)?, row)?;
    let shelf = Shelf {
        patient: id(row.text(10)?, PatientKey::new)?,
        facility: id(row.text(11)?, FacilityId::new)?,
        role: Role::from_code(row.text(12)?).ok_or_else(|| damaged("role"))?,
    };
    Ok((shelf, copy))
}

/// With its labels: it belongs to the registration that it was fetched for.
fn labelled(shelf: &Shelf, copy: CopyRow, row: &dyn Row) -> Result<Labelled<CopyRow>, Fault> {
    let labels = Labels {
        patient_key: shelf.patient.clone(),
        facility: shelf.facility.clone(),
        category: copy.category,
        department: None,
        day: copy.day,
        author: None,
        confidentiality: Confidentiality::from_code(row.text(9)?),
        document: Some(id(row.text(0)?, EntryUuid::new)?),
    };
    Ok(Labelled::new(labels, copy))
}

impl Tx<'_> {
    pub(super) fn copies_on(
        &self,
        shelf: &Shelf,
        source: &CommunityId,
        since: Option<Instant>,
    ) -> Result<Vec<Labelled<CopyRow>>, Fault> {
        self.all(
            &format!(
                "{ROW} WHERE community_id = $1 AND patient_key = $2 AND role = $3 AND source = $4
                 AND facility_id = $5 AND confirmed >= $6 AND unconfirmed <= $7
                 AND COALESCE(problem, '') <> $8 ORDER BY day DESC, copy_id LIMIT {COPIES_MAX}"
            ),
            &[
                self.community(),
                shelf.patient.as_str().into(),
                shelf.role.code().into(),
                source.as_str().into(),
                shelf.facility.as_str().into(),
                since.map_or(0, Instant::micros).into(),
                since.is_some().into(),
                Code::DocumentOfAnother.id().into(),
            ],
            |row| labelled(shelf, copy_of(source.clone(), row)?, row),
        )
    }

    pub(super) fn copy_by_id(
        &self,
        id: &CopyId,
    ) -> Result<Option<(Shelf, Labelled<CopyRow>)>, Fault> {
        self.first(
            &format!("{ROW} WHERE community_id = $1 AND copy_id = $2"),
            &[self.community(), id.as_str().into()],
            |row| {
                let (shelf, copy) = copy_row(row)?;
                let labelled = labelled(&shelf, copy, row)?;
                Ok((shelf, labelled))
            },
        )
    }

    pub(super) fn copy_row_of(&self, id: &CopyId) -> Result<Option<(Shelf, CopyRow)>, Fault> {
        self.first(
            &format!("{ROW} WHERE community_id = $1 AND copy_id = $2"),
            &[self.community(), id.as_str().into()],
            copy_row,
        )
    }

    pub(super) fn copied_entry(&self, id: &CopyId) -> Result<DocumentEntry, Fault> {
        let sealed = self.first(
            "SELECT entry_key, entry FROM received_copy WHERE community_id = $1 AND copy_id = $2",
            &[self.community(), id.as_str().into()],
            |row| Ok((row.text(0)?.to_owned(), row.bytes(1)?.to_vec())),
        )?;
        let (key, sealed) = sealed.ok_or_else(|| damaged("a copy without metadata"))?;
        let plain = self.unseal(&key, ENTRY, id.as_str(), &sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| damaged("copied metadata"))?;
        from_json("copied metadata", text)
    }

    pub(super) fn copied_content(&self, id: &CopyId) -> Result<Option<Content>, Fault> {
        let found = self.first(
            "SELECT content_key, object, content, mime_type FROM received_copy
             WHERE community_id = $1 AND copy_id = $2",
            &[self.community(), id.as_str().into()],
            |row| {
                Ok((
                    row.opt_text(0)?.map(str::to_owned),
                    row.opt_text(1)?.map(str::to_owned),
                    row.opt_bytes(2)?.map(<[u8]>::to_vec),
                    row.opt_text(3)?.unwrap_or_default().to_owned(),
                ))
            },
        )?;
        let Some((Some(key), object, inline, mime_type)) = found else {
            return Ok(None);
        };
        let object = object.as_deref();
        let bytes = self.fetch(CONTENT, id.as_str(), &key, object, inline.as_deref())?;
        Ok(Some(Content {
            mime_type: mime_type.into(),
            bytes,
        }))
    }
}
