//! Gatherings, and copies of other communities' documents.

use super::Spooled;
use crate::elsewhere::{Asked, CopyRow, Gathering, Shelf};
use crate::{Fault, Labelled};
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{CommunityId, CopyId, GatherId, Instant, PatientKey, PersonId};

/// A document that a source has listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its row, without an id of ours yet.
    pub row: CopyRow,
    /// How confidential it is.
    pub confidentiality: Confidentiality,
    /// Its metadata as they came.
    pub entry: DocumentEntry,
}

/// What became of a copy's content.
#[derive(Debug)]
pub enum CopyContent<'a> {
    /// It came.
    Here {
        /// `mimeType`, as the answer says.
        mime_type: &'a str,
        /// The bytes.
        bytes: &'a [u8],
        /// Facts in it.
        items: u32,
        /// What is wrong with it, where it is shown all the same.
        problem: Option<&'a str>,
    },
    /// It came and was too large for memory.
    Stored {
        /// `mimeType`, as the answer says.
        mime_type: &'a str,
        /// Where it lies.
        content: &'a Spooled,
    },
    /// It is to be fetched anew: what came before does not hold any more.
    Due,
    /// It did not come, or is not to be shown: the code of the reason.
    Missing(&'a str),
}

/// Reading gatherings and copies.
pub trait Received {
    /// A gathering.
    fn gathering(&self, id: &GatherId) -> Result<Option<Gathering>, Fault>;

    /// The newest gathering of a session for a person.
    fn newest_gathering(
        &self,
        session: &str,
        person: &PersonId,
    ) -> Result<Option<Gathering>, Fault>;

    /// How far each community of a gathering is, by home community id.
    fn asked(&self, id: &GatherId) -> Result<Vec<Asked>, Fault>;

    /// Copies of one source on a shelf that were listed at `since` or later, newest day first, then
    /// those without a day; at most 50,000. Without a `since`, whatever is there, but for what was
    /// found by unconfirmed identification. One whose content names another patient is never among
    /// them.
    fn copies(
        &self,
        shelf: &Shelf,
        source: &CommunityId,
        since: Option<Instant>,
    ) -> Result<Vec<Labelled<CopyRow>>, Fault>;

    /// One copy and the shelf it lies on.
    fn copy(&self, id: &CopyId) -> Result<Option<(Shelf, Labelled<CopyRow>)>, Fault>;

    /// The shelf that a copy lies on and the source it is of: for the job that fetches it.
    fn shelf_of(&self, id: &CopyId) -> Result<Option<(Shelf, CommunityId)>, Fault>;

    /// Those of some copies that have no content yet and are to be fetched; in the order given.
    fn copies_without_content(&self, ids: &[CopyId]) -> Result<Vec<CopyId>, Fault>;

    /// The metadata of copies that have been found and released; in the order asked.
    fn copy_entries(&self, ids: &[CopyId]) -> Result<Vec<DocumentEntry>, Fault>;

    /// The contents of copies that have been found and released; nothing for one without.
    fn copy_contents(&self, ids: &[CopyId]) -> Result<Vec<Option<super::Content>>, Fault>;
}

/// Writing gatherings and copies.
pub trait ReceivedWrite {
    /// Keeps a new gathering and whom it asks.
    fn put_gathering(&self, gathering: &Gathering, asked: &[Asked]) -> Result<(), Fault>;

    /// How far a community is by now.
    fn put_asked(&self, id: &GatherId, asked: &Asked) -> Result<(), Fault>;

    /// What a source lists now. A copy that is there already keeps its content if its metadata are
    /// the same. Where the list is `whole`, copies that it no longer names are removed: they were
    /// withdrawn, or are not for this reader any more.
    fn put_listed(
        &self,
        shelf: &Shelf,
        source: &CommunityId,
        listed: &[Listed],
        whole: bool,
        expires: Instant,
    ) -> Result<(), Fault>;

    /// What became of the content of a copy; nothing where the copy is gone meanwhile.
    fn put_copy_content(
        &self,
        id: &CopyId,
        content: &CopyContent<'_>,
        at: Instant,
    ) -> Result<(), Fault>;

    /// Removes every copy of a registration: whose it is has changed.
    fn forget_copies(&self, patient: &PatientKey) -> Result<(), Fault>;

    /// Removes copies that are out of their time, and gatherings begun before; at most `limit` of
    /// each. Returns how many copies went.
    fn forget_expired(&self, now: Instant, begun: Instant, limit: u32) -> Result<u64, Fault>;
}
