//! What the core needs of a store. Implemented by `tasuki-store` on SQLite and on PostgreSQL.
//!
//! Synchronous: a transaction is a closure that may be run again after a serialisation failure,
//! so it must not have effects outside its transaction.

mod access;
mod across;
mod audit;
mod board;
mod browsers;
mod consent;
mod consent_documents;
mod dictionary;
mod disaster;
mod elsewhere;
mod emergency;
mod factors;
mod feed;
mod identity;
mod institution;
mod kept;
mod metadata;
mod misfiled;
mod notes;
mod patients;
mod pdq;
mod received;
mod registry;
mod requests;
mod rights;
mod spool;
mod statistics;
mod terminal;
mod viewed;
mod withdrawal;

pub use access::{Access, AccessWrite, Account, Membership, Session, Stage};
pub use across::{Across, ForeignRequest, LinkSide, LinkWaiting, LinksAcross, LinksAcrossWrite};
pub use audit::{AuditCursors, AuditLine, AuditRow, AuditSearch, AuditSpooling, AuditTrail};
pub use board::{
    Acceptance, BOARD_DEPARTMENTS_MAX, Board, BoardLine, BoardWrite, FacilityElsewhere, TakesIn,
};
pub use browsers::{
    BROWSER_SECONDS, BROWSER_TRIES_MAX, BROWSERS_MAX, KnownBrowser, KnownBrowsers,
    KnownBrowsersWrite,
};
pub use consent::{Consent, ConsentPaper, Consents, ConsentsWrite, Signer};
pub use consent_documents::{ConsentDocument, ConsentDocuments, ConsentDocumentsWrite};
pub use dictionary::{
    CodeDictionary, CodeDictionaryWrite, CodeMapping, CodedKind, Institution, LocalItem, SeenItem,
};
pub use disaster::{
    CONFIRM_SECONDS, DISASTER_HOURS_MAX, Disaster, Disasters, DisastersWrite, Done,
};
pub use elsewhere::{Elsewhere, ElsewhereWrite, KnownBody, KnownElsewhere, feed_queue};
pub use emergency::{
    Emergencies, EmergenciesWrite, Emergency, EmergencyDoor, EmergencyReason, Extension,
    FoundElsewhere, Invitation, Judgement, Opening, Verdict, Watch, WatchKind, WatchedPeer,
};
pub use factors::{FACTORS_MAX, Factor, Factors, FactorsWrite, OneTime, OneTimeKind, Proof};
pub use feed::{FeedWrite, Feeds, FilePlace, FileState, KnownFile, QuarantineReason, Quarantined};
pub use identity::{
    Due, Identities, IdentitiesWrite, IdentityCounts, IndexRow, Review, ReviewDecision, ReviewState,
};
pub use institution::{InstitutionKind, Institutions, InstitutionsWrite, Participant};
pub use kept::{KEPT_MAX, Kept, KeptWrite};
pub use metadata::{Leaf, Metadata, MetadataWrite, NewObject, ObjectKind};
pub use misfiled::{Dealt, Misfiled, MisfiledDocuments, MisfiledDocumentsWrite, MisfiledSide};
pub use notes::{NoteReceipt, NoteReceipts, NoteReceiptsWrite};
pub use patients::{
    DemographicsSource, LinkDecision, LinkEvent, PatientHit, PatientRecord, PatientSearch,
    Patients, PatientsWrite,
};
pub use pdq::{
    ChangedIdentities, ChangedIdentitiesWrite, DemographicsFound, DemographicsQuery, PatientIndex,
    Pattern, PersonIdentifier, StatedVisit,
};
pub use received::{CopyContent, Listed, Received, ReceivedWrite};
pub use registry::{
    CalendarCell, Content, EntryFilter, NewDocument, OpenContent, Receipt as StoreReceipt,
    Registry, RegistryWrite, Service, Tombstone,
};
pub use requests::{LinkRequest, LinkRequests, LinkRequestsWrite, RequestEnd, RequestState};
pub use rights::{RightsLink, RightsLinks, RightsLinksWrite};
pub use spool::{Claim, Incoming, Spooled, Spooling};
pub use statistics::{Figures, Publication, Statistics, StatisticsWrite};
pub use terminal::{
    DOWNLOAD_SECONDS, TERMINAL_WORDS_MAX, TERMINALS_MAX, Terminal, TerminalAuthority,
    TerminalCertificate, TerminalDownload, Terminals, TerminalsWrite,
};
pub use viewed::{ViewReports, ViewReportsWrite, ViewsReported};
pub use withdrawal::{Withdrawal, WithdrawalQueue, Withdrawals, WithdrawalsWrite};

use crate::Fault;
use crate::audit::{AuditEvent, ChainFinding, SegmentSignature};
use crate::provider::{ProviderBindings, ProviderBindingsWrite};
use crate::release::Stored;
use tasuki_model::Facility;

/// Everything that can be read in one transaction: one snapshot.
pub trait Reading:
    Registry
    + Metadata
    + Patients
    + PatientIndex
    + ChangedIdentities
    + Elsewhere
    + Identities
    + Feeds
    + Access
    + Received
    + NoteReceipts
    + CodeDictionary
    + Consents
    + ConsentDocuments
    + AuditTrail
    + Emergencies
    + Kept
    + Factors
    + Statistics
    + LinkRequests
    + LinksAcross
    + MisfiledDocuments
    + ProviderBindings
    + Withdrawals
    + ViewReports
    + Institutions
    + RightsLinks
    + Disasters
    + Board
    + KnownBrowsers
    + Terminals
{
    /// Facilities of this community, in the order of their codes.
    fn facilities(&self) -> Result<Vec<Facility>, Fault>;
}

/// Everything that can be written in one transaction: all of it or nothing.
pub trait Writing:
    Reading
    + RegistryWrite
    + MetadataWrite
    + PatientsWrite
    + ChangedIdentitiesWrite
    + ElsewhereWrite
    + IdentitiesWrite
    + FeedWrite
    + AccessWrite
    + ReceivedWrite
    + NoteReceiptsWrite
    + CodeDictionaryWrite
    + ConsentsWrite
    + ConsentDocumentsWrite
    + AuditCursors
    + EmergenciesWrite
    + KeptWrite
    + FactorsWrite
    + StatisticsWrite
    + LinkRequestsWrite
    + LinksAcrossWrite
    + MisfiledDocumentsWrite
    + ProviderBindingsWrite
    + WithdrawalsWrite
    + ViewReportsWrite
    + InstitutionsWrite
    + RightsLinksWrite
    + DisastersWrite
    + BoardWrite
    + KnownBrowsersWrite
    + TerminalsWrite
{
    /// Adds a facility or changes its current row; a changed code or name is kept with its dates.
    fn put_facility(&self, facility: &Facility) -> Result<(), Fault>;

    /// Appends to this process's audit stream; durable with the transaction.
    fn append_audit(&self, event: &AuditEvent) -> Result<(), Fault>;
}

/// A store of one community.
pub trait Store: Send + Sync {
    /// Runs a reading transaction.
    fn read(&self, work: &mut dyn FnMut(&dyn Reading) -> Result<(), Fault>) -> Result<(), Fault>;

    /// Runs a writing transaction; returns when it is durable. Runs `work` again after a
    /// serialisation failure, at most a bounded number of times.
    fn write(
        &self,
        work: &mut (dyn FnMut(&dyn Writing) -> Result<(), Fault> + Send),
    ) -> Result<(), Fault>;

    /// Appends the audit events of reads: grouped with others', durable on return. Goes on below
    /// the disk reserve at which other writes stop, for without it nothing could be read.
    fn append_audit(&self, events: &[AuditEvent]) -> Result<(), Fault>;

    /// Signs this process's stream from the last segment to its head and copies the segment out of
    /// the database; nothing if no row is new. Called by a timer and at shutdown.
    fn sign_segment(&self) -> Result<Option<SegmentSignature>, Fault>;

    /// Brings the search index of the audit trail further, by at most `limit` rows; returns how
    /// many it took.
    fn index_audit(&self, limit: u32) -> Result<u32, Fault>;

    /// Checks every audit stream from end to end: what is wrong, by stream.
    fn verify_audit(&self) -> Result<Vec<(String, ChainFinding)>, Fault>;

    /// Begins to write a content of any size of which it is not known yet which document it is.
    fn spool(&self) -> Result<Box<dyn Spooling>, Fault>;

    /// A content that came and becomes no document of ours, to be passed on: it is removed when
    /// whoever reads it lets it go.
    fn reread(&self, spooled: Spooled) -> Result<Stored, Fault>;

    /// How many transactions this process has made durable so far: each is one sync of the
    /// database, shared by all who waited for it. For metrics and benchmarks.
    fn commits(&self) -> u64;

    /// Ends this process's work with the store in order: signs the head, gives the stream back.
    fn close(&self) -> Result<(), Fault>;
}

impl dyn Store + '_ {
    /// Runs a reading transaction and returns what it found.
    pub fn reading<T>(
        &self,
        mut work: impl FnMut(&dyn Reading) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut found = None;
        self.read(&mut |tx| {
            found = Some(work(tx)?);
            Ok(())
        })?;
        found.ok_or_else(|| {
            Fault::new(
                crate::Code::InternalFault,
                "a read ended without its work done",
            )
        })
    }

    /// Runs a writing transaction and returns what it says.
    pub fn writing<T: Send>(
        &self,
        mut work: impl FnMut(&dyn Writing) -> Result<T, Fault> + Send,
    ) -> Result<T, Fault> {
        let mut done = None;
        self.write(&mut |tx| {
            done = Some(work(tx)?);
            Ok(())
        })?;
        done.ok_or_else(|| {
            Fault::new(
                crate::Code::InternalFault,
                "a write ended without its work done",
            )
        })
    }
}
