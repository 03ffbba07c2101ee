//! The writing port of gatherings and copies.

use super::Tx;
use super::contents::Kept;
use super::copies::CONTENT;
use super::rows::id;
use tasuki_core::Fault;
use tasuki_core::elsewhere::{Asked, Gathering, Shelf};
use tasuki_core::ports::{CopyContent, Listed, ReceivedWrite};
use tasuki_model::{CommunityId, CopyId, FacilityId, GatherId, Instant, PatientKey};

impl ReceivedWrite for Tx<'_> {
    fn put_gathering(&self, gathering: &Gathering, asked: &[Asked]) -> Result<(), Fault> {
        self.insert_gathering(gathering)?;
        let mut asked = asked.iter();
        asked.try_for_each(|one| self.upsert_source(&gathering.id, one))
    }

    fn put_asked(&self, id: &GatherId, asked: &Asked) -> Result<(), Fault> {
        self.upsert_source(id, asked)
    }

    fn put_listed(
        &self,
        shelf: &Shelf,
        source: &CommunityId,
        listed: &[Listed],
        whole: bool,
        expires: Instant,
    ) -> Result<(), Fault> {
        self.list_copies(shelf, source, listed, whole, expires)
    }

    fn put_copy_content(
        &self,
        copy: &CopyId,
        content: &CopyContent<'_>,
        at: Instant,
    ) -> Result<(), Fault> {
        let facility = self.first(
            "SELECT facility_id FROM received_copy WHERE community_id = $1 AND copy_id = $2",
            &[self.community(), copy.as_str().into()],
            |row| id(row.text(0)?, FacilityId::new),
        )?;
        let Some(facility) = facility else {
            return Ok(());
        };
        let (mime_type, kept, items, problem) = match content {
            CopyContent::Here {
                mime_type,
                bytes,
                items,
                problem,
            } => {
                let kept = self.keep(&facility, CONTENT, copy.as_str(), bytes)?;
                (Some(*mime_type), Some(kept), Some(*items), *problem)
            }
            CopyContent::Stored { mime_type, content } => (
                Some(*mime_type),
                Some(self.keep_spooled(content)),
                None,
                None,
            ),
            CopyContent::Due => (None, None, None, None),
            CopyContent::Missing(code) => (None, None, None, Some(*code)),
        };
        let Kept {
            key_id,
            object,
            inline,
        } = kept.unwrap_or_default();
        self.execute(
            "UPDATE received_copy SET mime_type = $1, content_key = $2, object = $3, content = $4,
             problem = $5, items = COALESCE($6, items), fetched = $7
             WHERE community_id = $8 AND copy_id = $9",
            &[
                mime_type.into(),
                (!key_id.is_empty()).then_some(key_id.as_str()).into(),
                object.as_deref().into(),
                inline.as_deref().into(),
                problem.into(),
                items.map(i64::from).into(),
                mime_type.map(|_| at.micros()).into(),
                self.community(),
                copy.as_str().into(),
            ],
        )
        .map(drop)
    }

    fn forget_copies(&self, patient: &PatientKey) -> Result<(), Fault> {
        let copies = self.all(
            "SELECT copy_id FROM received_copy WHERE community_id = $1 AND patient_key = $2",
            &[self.community(), patient.as_str().into()],
            |row| id(row.text(0)?, CopyId::new),
        )?;
        copies.iter().try_for_each(|copy| self.remove_copy(copy))
    }

    fn forget_expired(&self, now: Instant, begun: Instant, limit: u32) -> Result<u64, Fault> {
        let copies = self.all(
            &format!(
                "SELECT copy_id FROM received_copy WHERE community_id = $1 AND expires <= $2
                 ORDER BY expires LIMIT {limit}"
            ),
            &[self.community(), now.micros().into()],
            |row| id(row.text(0)?, CopyId::new),
        )?;
        copies.iter().try_for_each(|copy| self.remove_copy(copy))?;
        self.forget_gatherings(begun, limit)?;
        Ok(copies.len() as u64)
    }
}
