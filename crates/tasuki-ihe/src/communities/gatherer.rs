//! Gatherings of this node: begun, counted, and waited for.

use super::Communities;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Moment};
use tasuki_core::Fault;
use tasuki_core::directory::Community;
use tasuki_core::elsewhere::{Asked, Errand, Examine, Member, OtherCommunities};
use tasuki_core::pressure::{Gate, Place};
use tasuki_model::{CommunityId, CopyId, GatherId};

/// Requests to one community at once, of all visits together.
const AT_ONCE: usize = 16;

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
    spawn: Spawn,
    /// How many communities each gathering still waits for.
    open: Mutex<BTreeMap<GatherId, usize>>,
    changed: Condvar,
    gates: Mutex<BTreeMap<CommunityId, Gate>>,
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
        if let Some(left) = open.get_mut(&self.id) {
            *left = left.saturating_sub(1);
            if *left == 0 {
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
        let mut gates = lock(&self.gates);
        let gate = gates.entry(community.clone());
        gate.or_insert_with(|| Gate::new(AT_ONCE)).enter()
    }

    fn awaiting(self: &Arc<Self>, id: &GatherId, communities: usize) -> Vec<Awaiting> {
        if communities > 0 {
            lock(&self.open).insert(id.clone(), communities);
        }
        let one = |_| Awaiting {
            inner: Arc::clone(self),
            id: id.clone(),
        };
        (0..communities).map(one).collect()
    }
}

impl OtherCommunities for Gatherer {
    fn members(&self) -> Vec<Member> {
        let member = |c: Community| Member {
            phone: c
                .contacts
                .into_iter()
                .next()
                .map(|c| c.phone)
                .unwrap_or_default(),
            community: c.home_community_id,
            name: c.name,
        };
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

    fn settled(&self, gathering: &GatherId, at_most: Duration) {
        let end = Moment::now() + at_most;
        let mut open = lock(&self.0.open);
        while open.contains_key(gathering) {
            let left = end.saturating_duration_since(Moment::now());
            if left.is_zero() {
                return;
            }
            let waited = self.0.changed.wait_timeout(open, left);
            open = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
