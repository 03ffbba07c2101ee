//! Gatherings of this node: begun, counted, and waited for.

use super::Communities;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Moment};
use tasuki_core::Fault;
use tasuki_core::directory::Community;
use tasuki_core::elsewhere::{Asked, Errand, Examine, Member, OtherCommunities, Sought};
use tasuki_core::policy::{AssertedUser, PeerCaller};
use tasuki_core::pressure::{Gate, Place};
use tasuki_model::{Category, CommunityId, CopyId, GatherId, Purpose, Registration, Role};

/// Visits that one community is asked for at once.
const AT_ONCE: usize = 16;
/// Requests that are under way beside the one of each of these visits, of all of them together.
const FURTHER: usize = 16;

/// Starts a piece of work that blocks; the node has the threads for it.
pub type Spawn = Box<dyn Fn(Box<dyn FnOnce() + Send>) + Send + Sync>;

/// What the configuration says of gathering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GatherSettings {
    /// How long one answer is waited for.
    pub patience: Duration,
    /// After so long, whoever has not answered is shown as away.
    pub deadline: Duration,
    /// For so long the next page of a visit does not ask again.
    pub fresh: Duration,
    /// A copy is kept for so many seconds.
    pub keep_seconds: i64,
}

/// Gathers for the charts of a node.
pub struct Gatherer(pub(super) Arc<Inner>);

/// What the threads of a gathering share.
pub(super) struct Inner {
    pub communities: Arc<Communities>,
    pub examine: Box<dyn Examine>,
    pub settings: GatherSettings,
    pub spawn: Spawn,
    /// The gatherings that still wait for a community.
    open: Mutex<BTreeMap<GatherId, Open>>,
    changed: Condvar,
    gates: Mutex<BTreeMap<CommunityId, (Gate, Gate)>>,
}

/// A gathering that is under way.
#[derive(Default)]
struct Open {
    /// How many communities it waits for.
    awaited: usize,
    /// How often something of it has changed.
    changes: u64,
    /// What its reader looks at.
    looked_at: Vec<Category>,
}

/// One community that is still awaited; when it is dropped, it is not.
pub(super) struct Awaiting {
    inner: Arc<Inner>,
    id: GatherId,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Awaiting {
    fn drop(&mut self) {
        let mut open = lock(&self.inner.open);
        if let Some(one) = open.get_mut(&self.id) {
            one.awaited = one.awaited.saturating_sub(1);
            one.changes += 1;
            if one.awaited == 0 {
                open.remove(&self.id);
            }
        }
        self.inner.changed.notify_all();
    }
}

impl Gatherer {
    /// Gathers from these communities.
    #[must_use]
    pub fn new(
        communities: Arc<Communities>,
        examine: Box<dyn Examine>,
        settings: GatherSettings,
        spawn: Spawn,
    ) -> Self {
        Self(Arc::new(Inner {
            communities,
            examine,
            settings,
            spawn,
            open: Mutex::default(),
            changed: Condvar::new(),
            gates: Mutex::default(),
        }))
    }
}

impl Inner {
    /// Starts work for one community.
    pub(super) fn start(&self, work: impl FnOnce() + Send + 'static) {
        (self.spawn)(Box::new(work));
    }

    /// A place among the requests to a community; nothing when too many are under way.
    pub(super) fn place(&self, community: &CommunityId) -> Option<Place> {
        self.gates(community).0.enter()
    }

    /// At most so many places for requests beside the first one of a visit.
    pub(super) fn helping(&self, community: &CommunityId, most: usize) -> Vec<Place> {
        let (_, further) = self.gates(community);
        (0..most).map_while(|_| further.enter()).collect()
    }

    fn gates(&self, community: &CommunityId) -> (Gate, Gate) {
        let mut gates = lock(&self.gates);
        let gate = gates.entry(community.clone());
        let new = || (Gate::new(AT_ONCE), Gate::new(FURTHER));
        gate.or_insert_with(new).clone()
    }

    /// What the reader of a gathering looks at.
    pub(super) fn looked_at(&self, id: &GatherId) -> Vec<Category> {
        let open = lock(&self.open);
        open.get(id)
            .map(|o| o.looked_at.clone())
            .unwrap_or_default()
    }

    /// Something of a gathering has changed.
    pub(super) fn tell(&self, id: &GatherId) {
        if let Some(open) = lock(&self.open).get_mut(id) {
            open.changes += 1;
        }
        self.changed.notify_all();
    }

    fn wait_while(&self, at_most: Duration, is: impl Fn(&BTreeMap<GatherId, Open>) -> bool) {
        let end = Moment::now() + at_most;
        let mut open = lock(&self.open);
        while is(&open) {
            let left = end.saturating_duration_since(Moment::now());
            if left.is_zero() {
                return;
            }
            let waited = self.changed.wait_timeout(open, left);
            open = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn awaiting(self: &Arc<Self>, id: &GatherId, communities: usize) -> Vec<Awaiting> {
        if communities > 0 {
            let new = Open {
                awaited: communities,
                ..Open::default()
            };
            lock(&self.open).insert(id.clone(), new);
        }
        let one = |_| Awaiting {
            inner: Arc::clone(self),
            id: id.clone(),
        };
        (0..communities).map(one).collect()
    }
}

/// A community as screens name it.
fn member(c: Community) -> Member {
    Member {
        phone: c
            .contacts
            .into_iter()
            .next()
            .map(|c| c.phone)
            .unwrap_or_default(),
        community: c.home_community_id,
        name: c.name,
        offers: c.offers,
    }
}

impl OtherCommunities for Gatherer {
    fn members(&self) -> Vec<Member> {
        let others = self.0.communities.others().into_iter();
        others.map(member).collect()
    }

    fn deadline(&self) -> Duration {
        self.0.settings.deadline
    }

    fn fresh(&self) -> Duration {
        self.0.settings.fresh
    }

    fn begin(&self, errand: Errand) -> Result<(), Fault> {
        let inner = &self.0;
        let others = inner.communities.others();
        let gathering = &errand.gathering;
        let asked = others.iter();
        let asked: Vec<Asked> = asked
            .map(|c| Asked::now(c.home_community_id.clone(), gathering.begun))
            .collect();
        let store = &inner.communities.gateway.network().store;
        store.writing(|tx| tx.put_gathering(gathering, &asked))?;
        let awaiting = inner.awaiting(&gathering.id, others.len());
        let work: Vec<_> = others.into_iter().zip(awaiting).collect();
        let run = Arc::clone(inner);
        inner.start(move || run.gather(errand, work));
        Ok(())
    }

    fn fetch(&self, errand: &Errand, copies: &[CopyId]) -> Result<(), Fault> {
        self.0.fetch_some(errand, copies)
    }

    fn seek(&self, sought: &Sought) -> Result<Vec<Registration>, Fault> {
        self.0.seek(sought)
    }

    fn peer(&self, community: &CommunityId, role: Role, purpose: Purpose) -> Option<PeerCaller> {
        let others = self.0.communities.others().into_iter();
        let mut named = others.filter(|c| c.home_community_id == *community);
        let community = named.next()?;
        let anybody = AssertedUser {
            name_id: "-".into(),
            name: "-".into(),
            organisation: community.name.clone(),
            organisation_id: "-".into(),
            role,
        };
        match community.assertions {
            Some(_) => PeerCaller::asserted(&community, anybody, purpose).ok(),
            None => PeerCaller::organisation(&community).ok(),
        }
    }

    fn not_sought(&self) -> Vec<Member> {
        let silent = self.0.communities.not_sought().into_iter();
        silent.map(member).collect()
    }

    fn first(&self, gathering: &GatherId, categories: &[Category]) {
        if let Some(open) = lock(&self.0.open).get_mut(gathering) {
            open.looked_at = categories.to_vec();
        }
    }

    fn settled(&self, gathering: &GatherId, at_most: Duration) {
        self.0
            .wait_while(at_most, |open| open.contains_key(gathering));
    }

    fn changes(&self, gathering: &GatherId) -> Option<u64> {
        lock(&self.0.open).get(gathering).map(|open| open.changes)
    }

    fn changed(&self, gathering: &GatherId, than: u64, at_most: Duration) {
        let same =
            |open: &BTreeMap<_, Open>| open.get(gathering).is_some_and(|o| o.changes <= than);
        self.0.wait_while(at_most, same);
    }
}
