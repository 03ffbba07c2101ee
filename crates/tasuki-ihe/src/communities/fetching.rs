//! Contents of copies: several requests under way at once, each looked into and kept as soon as it is
//! there. What a reader is looking at goes first, then the newest.

use super::gatherer::Inner;
use super::looking::{Counts, content_of, count_local, report_misfiled};
use super::queue::{Due, Queue};
use crate::abreast::{Line, abreast};
use crate::dialect;
use crate::gateway::Visit;
use crate::iti38::RemoteEntry;
use crate::iti39::{self, Fetched};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tasuki_core::directory::Community;
use tasuki_core::elsewhere::Errand;
use tasuki_core::gather::PartialReason;
use tasuki_core::ports::CopyContent;
use tasuki_core::{Code, Fault, Released};
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{CommunityId, CopyId, GatherId};

/// Documents in one request.
const BATCH: usize = 25;
/// Copies that one page may have fetched for it.
const SOME: usize = 200;

/// What is fetched from one community, and how far that is.
pub(super) struct Round {
    inner: Arc<Inner>,
    to: Community,
    named: Released<()>,
    visit: Visit,
    /// The gathering whose readers say what goes first.
    gathering: Option<GatherId>,
    queue: Queue,
    came: Mutex<Came>,
    /// Called when everything of what a reader looks at is there, and more is to come.
    seen: Box<dyn Fn() -> Result<(), Fault> + Send + Sync>,
}

#[derive(Default)]
struct Came {
    counts: Counts,
    fault: Option<Fault>,
}

impl Line for Round {
    type Piece = Vec<Due>;

    fn next(&self) -> Option<Vec<Due>> {
        let first = self.gathering.as_ref().map(|id| self.inner.looked_at(id));
        self.queue.take(&first.unwrap_or_default())
    }

    fn work(&self, batch: Vec<Due>) {
        let copies: Vec<CopyId> = batch.iter().map(|due| due.copy.clone()).collect();
        let fetched = self.fetch(&copies).and_then(|()| {
            let complete = self.queue.done(&batch);
            let id = self.gathering.as_ref();
            let first = id.map(|id| self.inner.looked_at(id)).unwrap_or_default();
            match complete.iter().any(|category| first.contains(category)) {
                true => (self.seen)(),
                false => Ok(()),
            }
        });
        if let Err(fault) = fetched {
            self.queue.clear();
            self.came().fault.get_or_insert(fault);
        }
    }
}

impl Round {
    fn came(&self) -> MutexGuard<'_, Came> {
        self.came.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fetches some in one request.
    fn fetch(&self, copies: &[CopyId]) -> Result<(), Fault> {
        let network = self.inner.communities.gateway.network();
        // Another visit may have fetched some of them meanwhile.
        let (copies, entries) = network.store.reading(|tx| {
            let copies = tx.copies_without_content(copies)?;
            let entries = tx.copy_entries(&copies)?;
            Ok((copies, entries))
        })?;
        if copies.is_empty() {
            return Ok(());
        }
        let wanted = self.named.clone().map(|()| wanted(&self.to, &entries));
        let gateway = &self.inner.communities.gateway;
        match iti39::ask(gateway, &self.to, wanted, &self.visit) {
            Ok(fetched) => {
                let mut counts = Counts::default();
                self.inner
                    .keep_contents((&self.to, &copies, &entries), &fetched, &mut counts)?;
                self.came().counts.add(&counts);
            }
            Err(no) => {
                self.inner.keep_missing(&copies, no.code)?;
                let missing = u32::try_from(copies.len()).unwrap_or(u32::MAX);
                self.came().counts.missing += missing;
                // Whoever has not answered this will not answer the rest in time.
                if no.is_trouble() {
                    self.queue.clear();
                }
            }
        }
        Ok(())
    }
}

impl Inner {
    /// Fetches what a list brought, and calls `seen` in between; says what is lacking then.
    pub(super) fn fetch_all(
        self: &Arc<Self>,
        errand: &Errand,
        visit: &Visit,
        to: &Community,
        due: Vec<Due>,
        seen: impl Fn() -> Result<(), Fault> + Send + Sync + 'static,
    ) -> Result<Option<PartialReason>, Fault> {
        let gathering = Some(errand.gathering.id.clone());
        self.round(errand, visit, to, due, gathering, Box::new(seen))
    }

    /// Fetches some copies that a page wants now.
    pub(super) fn fetch_some(
        self: &Arc<Self>,
        errand: &Errand,
        copies: &[CopyId],
    ) -> Result<(), Fault> {
        let store = &self.communities.gateway.network().store;
        let copies = copies.get(..copies.len().min(SOME)).unwrap_or_default();
        let due = store.reading(|tx| {
            let mut due: BTreeMap<CommunityId, Vec<Due>> = BTreeMap::new();
            for copy in tx.copies_without_content(copies)? {
                if let Some((shelf, source)) = tx.shelf_of(&copy)?
                    && shelf == errand.gathering.shelf
                {
                    due.entry(source).or_default().push(Due::of(copy));
                }
            }
            Ok(due)
        })?;
        let event = errand.event.clone();
        let patience = self.settings.deadline;
        let visit = self
            .communities
            .visit(Some(&errand.behalf), event, patience)?;
        let mut due = due;
        for to in self.communities.others() {
            if let Some(due) = due.remove(&to.home_community_id) {
                self.round(errand, &visit, &to, due, None, Box::new(|| Ok(())))?;
            }
        }
        Ok(())
    }

    fn round(
        self: &Arc<Self>,
        errand: &Errand,
        visit: &Visit,
        to: &Community,
        due: Vec<Due>,
        gathering: Option<GatherId>,
        seen: Box<dyn Fn() -> Result<(), Fault> + Send + Sync>,
    ) -> Result<Option<PartialReason>, Fault> {
        let asks = &dialect::of(&to.dialect)?.asks;
        let size = asks.documents.unwrap_or(BATCH).min(BATCH);
        let further = asks.at_once.unwrap_or(dialect::AT_ONCE) - 1;
        let further = further.min(due.len().div_ceil(size).saturating_sub(1));
        let round = Arc::new(Round {
            inner: Arc::clone(self),
            to: to.clone(),
            named: errand.named.clone().map(drop),
            visit: visit.clone(),
            gathering,
            queue: Queue::new(due, size),
            came: Mutex::default(),
            seen,
        });
        let places = self.helping(&to.home_community_id, further);
        abreast(&self.spawn, places, &round);
        let mut came = round.came();
        match came.fault.take() {
            Some(fault) => Err(fault),
            None => Ok(came.counts.reason()),
        }
    }

    fn keep_contents(
        &self,
        (from, copies, entries): (&Community, &[CopyId], &[DocumentEntry]),
        fetched: &[Fetched],
        counts: &mut Counts,
    ) -> Result<(), Fault> {
        let mut contents = Vec::with_capacity(copies.len());
        for (entry, one) in entries.iter().zip(fetched) {
            contents.push(self.looked_into(entry, one, counts, &from.home_community_id));
        }
        let codes: Vec<String> = contents.iter().map(|(code, _)| code.clone()).collect();
        let local = std::mem::take(&mut counts.local);
        let now = self.now();
        let store = &self.communities.gateway.network().store;
        store.writing(|tx| {
            count_local(tx, local.clone())?;
            let all = copies.iter().zip(fetched).zip(contents.iter().zip(&codes));
            for ((copy, one), ((_, items), code)) in all {
                let content = content_of(one, *items, code);
                tx.put_copy_content(copy, &content, now)?;
                if code == Code::DocumentOfAnother.id() {
                    report_misfiled(tx, copy, now)?;
                }
            }
            Ok(())
        })
    }

    fn keep_missing(&self, copies: &[CopyId], code: Code) -> Result<(), Fault> {
        let now = self.now();
        let store = &self.communities.gateway.network().store;
        store.writing(|tx| {
            let missing = CopyContent::Missing(code.id());
            let mut copies = copies.iter();
            copies.try_for_each(|copy| tx.put_copy_content(copy, &missing, now))
        })
    }
}

fn wanted(to: &Community, entries: &[DocumentEntry]) -> Vec<RemoteEntry> {
    let wanted = entries.iter().map(|entry| RemoteEntry {
        asked: to.home_community_id.clone(),
        home: to.home_community_id.clone(),
        entry: entry.clone(),
    });
    wanted.collect()
}
