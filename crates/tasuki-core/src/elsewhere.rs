//! What other communities hold of a patient: how a chart visit gathers it, and what of it is kept.
//!
//! A visit of a chart is a [`Gathering`]: one row, and one [`Asked`] for each community. What comes
//! is kept as copies on the [`Shelf`] of the registration that it was fetched for, sealed, for as
//! long as the network says. Any node of the community can show how far a gathering is and what has
//! come; the one where it began does the asking, by [`OtherCommunities`].
//!
//! A copy is not a document of ours: no query of another system finds it, and it is read only under
//! a fresh grant. It shows while the source's newest answer lists it. While the source is away it
//! shows with its age, to the shelf it was fetched for and within its time.

use crate::audit::AuditEvent;
use crate::gather::SourceState;
use crate::policy::{AssertedUser, PeerCaller};
use crate::ports::LocalItem;
use crate::release::Released;
use std::time::Duration;
use tasuki_model::facility::Offers;
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{
    Category, CommunityId, CopyId, Demographics, FacilityId, GatherId, Instant, JstDay, PatientKey,
    PersonId, Purpose, Registration, Role,
};

/// For whom copies are kept: a registration, at its facility, in the role of who asked. Sources
/// answer roles differently, so what one may read is not laid before another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// The registration.
    pub patient: PatientKey,
    /// Its facility.
    pub facility: FacilityId,
    /// The role of the user who asked.
    pub role: Role,
}

/// One gathering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathering {
    /// Its id.
    pub id: GatherId,
    /// SHA-256 of the secret of the session it belongs to: nobody else's page shows it.
    pub session: String,
    /// Whose chart.
    pub person: PersonId,
    /// Where its copies are kept.
    pub shelf: Shelf,
    /// When it began.
    pub begun: Instant,
    /// Whoever has not answered by then is shown as away; a late answer is still shown.
    pub deadline: Instant,
}

/// How far one community is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub community: CommunityId,
    /// What became of it.
    pub state: SourceState,
    /// How many documents it listed.
    pub items: u32,
    /// Found by name, birth date and sex alone: 未確認の同定, for this visit only.
    pub unconfirmed: bool,
    /// Its patient IDs are those of an answer this old: nobody who knows newer ones answered.
    pub identified: Option<Instant>,
    /// When this was last changed.
    pub at: Instant,
}

impl Asked {
    /// A community that was asked just now.
    #[must_use]
    pub fn now(community: CommunityId, at: Instant) -> Self {
        Self {
            community,
            state: SourceState::Awaited,
            items: 0,
            unconfirmed: false,
            identified: None,
            at,
        }
    }
}

/// What a list and a calendar need of a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyRow {
    /// Its id here.
    pub id: CopyId,
    /// Whose document.
    pub source: CommunityId,
    /// What the source calls the patient; empty while it is not stored, and for copies from before.
    pub patient: Box<str>,
    /// Day of service, where the document has one.
    pub day: Option<JstDay>,
    /// The category that consent and policy use.
    pub category: Category,
    /// `classCode`, such as `OML-11`.
    pub kind: Box<str>,
    /// When the source last listed it.
    pub confirmed: Instant,
    /// When its content came; nothing while it has not.
    pub fetched: Option<Instant>,
    /// Why its content is not shown: the code of what is wrong with it.
    pub problem: Option<Box<str>>,
    /// Facts in it.
    pub items: u32,
    /// Of somebody found by name, birth date and sex alone: for the visit that found it, and no other.
    pub unconfirmed: bool,
}

/// A member of the network as screens name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub community: CommunityId,
    /// Its name.
    pub name: Box<str>,
    /// Telephone of its first contact; empty if not said.
    pub phone: Box<str>,
    /// Which kinds of data it offers.
    pub offers: Offers,
}

/// What names a patient to other communities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Who it is here.
    pub person: PersonId,
    /// The asker's own registration.
    pub patient: PatientKey,
    /// Its ID at its facility.
    pub own: Registration,
    /// What its facility says of the patient.
    pub demographics: Demographics,
}

/// Who of us asks, what for, and since when signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behalf {
    /// The user.
    pub user: AssertedUser,
    /// What for.
    pub purpose: Purpose,
    /// When the user signed in.
    pub signed_in: Instant,
}

/// What is to be gathered, and on whose behalf.
#[derive(Debug, Clone)]
pub struct Errand {
    /// The gathering.
    pub gathering: Gathering,
    /// Who asks.
    pub behalf: Behalf,
    /// The patient, released to be named.
    pub named: Released<Named>,
    /// Under which IDs the others know the patient, where that was found out before.
    pub known: Option<Vec<Registration>>,
    /// What the audit event of every request begins with.
    pub event: AuditEvent,
}

/// Somebody who is not registered here and has to be found elsewhere, in an emergency.
#[derive(Debug, Clone)]
pub struct Sought {
    /// What is said of them, released to be asked with.
    pub named: Released<Demographics>,
    /// Who asks.
    pub behalf: Behalf,
    /// What the audit event of every request begins with.
    pub event: AuditEvent,
}

/// What a content turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Examined {
    /// It can be read.
    Readable {
        /// How many facts are in it.
        items: u32,
        /// Its laboratory items and medicines without a standard code, and how often each is there.
        local: Vec<(LocalItem, u64)>,
    },
    /// It cannot, for the reason of this code. It is shown as that.
    Unreadable(Box<str>),
    /// It names another patient than its metadata. It is never shown.
    OtherPatient,
}

/// Looks into contents before they are kept. Implemented where clinical documents are known.
pub trait Examine: Send + Sync {
    /// The category of an entry whose class clinical documents of ours have too.
    fn category(&self, entry: &DocumentEntry) -> Option<Category>;

    /// Looks into the content of an entry.
    fn examine(&self, entry: &DocumentEntry, bytes: &[u8]) -> Examined;
}

/// Asks other communities. Implemented by the node's gateway.
pub trait OtherCommunities: Send + Sync {
    /// The other communities of the network, in the order of its directory.
    fn members(&self) -> Vec<Member>;

    /// How long after its beginning whoever has not answered is shown as away.
    fn deadline(&self) -> Duration;

    /// For how long a gathering is fresh enough for the next page of the same visit.
    fn fresh(&self) -> Duration;

    /// Begins a gathering: its rows are in the store when this returns, and the asking goes on by
    /// itself.
    ///
    /// # Errors
    /// Those of the store.
    fn begin(&self, errand: Errand) -> Result<(), crate::Fault>;

    /// Fetches contents that a gathering has listed and not fetched, and waits for them.
    ///
    /// # Errors
    /// Those of the store. A source that does not answer is none: the copies say it.
    fn fetch(&self, errand: &Errand, copies: &[CopyId]) -> Result<(), crate::Fault>;

    /// A reader looks at documents of these categories: their contents are fetched before the others.
    fn first(&self, gathering: &GatherId, categories: &[Category]);

    /// Under which IDs others know the one person whom all of it fits: asked of those with whom that is
    /// agreed (ITI-55). Where it fits several somewhere, it is nobody there.
    ///
    /// # Errors
    /// Those of the store. Who does not answer knows nobody.
    fn seek(&self, sought: &Sought) -> Result<Vec<Registration>, crate::Fault>;

    /// A user of another community in some role, as the policy knows one who asks from there; nothing for
    /// one that is not in the directory.
    fn peer(&self, community: &CommunityId, role: Role, purpose: Purpose) -> Option<PeerCaller>;

    /// Communities that cannot be asked for somebody without an ID.
    fn not_sought(&self) -> Vec<Member>;

    /// Waits until every community has answered, as far as this node is the one that asks.
    fn settled(&self, gathering: &GatherId, at_most: Duration);

    /// How often something of a gathering has changed; nothing where this node asks nobody for it, or
    /// nobody any more.
    fn changes(&self, gathering: &GatherId) -> Option<u64>;

    /// Waits until a gathering has changed more often than that, or asks nobody any more.
    fn changed(&self, gathering: &GatherId, than: u64, at_most: Duration);
}
