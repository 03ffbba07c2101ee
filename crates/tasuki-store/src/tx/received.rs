//! The reading port of gatherings and copies.

use super::Tx;
use tasuki_core::elsewhere::{Asked, CopyRow, Gathering, Shelf};
use tasuki_core::ports::{Content, Received};
use tasuki_core::{Fault, Labelled};
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{CommunityId, CopyId, GatherId, Instant, PersonId};

impl Received for Tx<'_> {
    fn gathering(&self, id: &GatherId) -> Result<Option<Gathering>, Fault> {
        self.gathering_by_id(id)
    }

    fn newest_gathering(
        &self,
        session: &str,
        person: &PersonId,
    ) -> Result<Option<Gathering>, Fault> {
        self.gathering_of(session, person)
    }

    fn asked(&self, id: &GatherId) -> Result<Vec<Asked>, Fault> {
        self.sources_of(id)
    }

    fn copies(
        &self,
        shelf: &Shelf,
        source: &CommunityId,
        since: Option<Instant>,
    ) -> Result<Vec<Labelled<CopyRow>>, Fault> {
        self.copies_on(shelf, source, since)
    }

    fn copy(&self, id: &CopyId) -> Result<Option<(Shelf, Labelled<CopyRow>)>, Fault> {
        self.copy_by_id(id)
    }

    fn shelf_of(&self, id: &CopyId) -> Result<Option<(Shelf, CommunityId)>, Fault> {
        let found = self.copy_row_of(id)?;
        Ok(found.map(|(shelf, copy)| (shelf, copy.source)))
    }

    fn copies_without_content(&self, ids: &[CopyId]) -> Result<Vec<CopyId>, Fault> {
        let mut due = Vec::new();
        for id in ids {
            let copy = self.copy_row_of(id)?;
            if copy.is_some_and(|(_, copy)| copy.fetched.is_none()) {
                due.push(id.clone());
            }
        }
        Ok(due)
    }

    fn copy_entries(&self, ids: &[CopyId]) -> Result<Vec<DocumentEntry>, Fault> {
        ids.iter().map(|id| self.copied_entry(id)).collect()
    }

    fn copy_contents(&self, ids: &[CopyId]) -> Result<Vec<Option<Content>>, Fault> {
        ids.iter().map(|id| self.copied_content(id)).collect()
    }
}
