//! Contents of copies: fetched some at a time, looked into, and kept as soon as they are there.

use super::gatherer::Inner;
use super::gathering::Shared;
use super::looking::{Counts, content_of};
use crate::gateway::Visit;
use crate::iti38::RemoteEntry;
use crate::iti39::{self, Fetched};
use std::collections::BTreeMap;
use tasuki_core::directory::Community;
use tasuki_core::elsewhere::Errand;
use tasuki_core::gather::PartialReason;
use tasuki_core::ports::CopyContent;
use tasuki_core::{Code, Fault, Released};
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{CommunityId, CopyId};

/// Documents in one request.
const BATCH: usize = 25;
/// Copies that one page may have fetched for it.
const SOME: usize = 200;

impl Inner {
    /// Fetches what a list brought; says what is lacking then.
    pub(super) fn fetch_all(
        &self,
        shared: &Shared,
        to: &Community,
        copies: &[CopyId],
    ) -> Result<Option<PartialReason>, Fault> {
        let named = shared.errand.named.clone().map(drop);
        self.fetch_from(to, &named, &shared.visit, copies)
    }

    /// Fetches some copies that a page wants now.
    pub(super) fn fetch_some(&self, errand: &Errand, copies: &[CopyId]) -> Result<(), Fault> {
        let store = &self.communities.gateway.network().store;
        let copies = copies.get(..copies.len().min(SOME)).unwrap_or_default();
        let due = store.reading(|tx| {
            let mut due: BTreeMap<CommunityId, Vec<CopyId>> = BTreeMap::new();
            for copy in tx.copies_without_content(copies)? {
                if let Some((shelf, source)) = tx.shelf_of(&copy)?
                    && shelf == errand.gathering.shelf
                {
                    due.entry(source).or_default().push(copy);
                }
            }
            Ok(due)
        })?;
        let event = errand.event.clone();
        let patience = self.settings.deadline;
        let visit = self
            .communities
            .visit(Some(&errand.behalf), event, patience)?;
        let named = errand.named.clone().map(drop);
        for to in self.communities.others() {
            if let Some(copies) = due.get(&to.home_community_id) {
                self.fetch_from(&to, &named, &visit, copies)?;
            }
        }
        Ok(())
    }

    fn fetch_from(
        &self,
        to: &Community,
        named: &Released<()>,
        visit: &Visit,
        copies: &[CopyId],
    ) -> Result<Option<PartialReason>, Fault> {
        let network = self.communities.gateway.network();
        let mut counts = Counts::default();
        for batch in copies.chunks(BATCH) {
            let entries = network.store.reading(|tx| tx.copy_entries(batch))?;
            let wanted = named.clone().map(|()| wanted(to, &entries));
            match iti39::ask(&self.communities.gateway, to, wanted, visit) {
                Ok(fetched) => self.keep_contents(batch, &entries, &fetched, &mut counts)?,
                Err(no) => {
                    self.keep_missing(batch, no.code)?;
                    counts.missing += u32::try_from(batch.len()).unwrap_or(u32::MAX);
                    // Whoever has not answered this will not answer the rest in time.
                    if no.is_trouble() {
                        break;
                    }
                }
            }
        }
        Ok(counts.reason())
    }

    fn keep_contents(
        &self,
        copies: &[CopyId],
        entries: &[DocumentEntry],
        fetched: &[Fetched],
        counts: &mut Counts,
    ) -> Result<(), Fault> {
        let mut contents = Vec::with_capacity(copies.len());
        for (entry, one) in entries.iter().zip(fetched) {
            contents.push(self.looked_into(entry, one, counts));
        }
        let codes: Vec<String> = contents.iter().map(|(code, _)| code.clone()).collect();
        let now = self.now();
        let store = &self.communities.gateway.network().store;
        store.writing(|tx| {
            let all = copies.iter().zip(fetched).zip(contents.iter().zip(&codes));
            for ((copy, one), ((_, items), code)) in all {
                let content = content_of(one, *items, code);
                tx.put_copy_content(copy, &content, now)?;
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
