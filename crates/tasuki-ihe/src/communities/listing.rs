//! What a community lists of a patient, under every ID that it has for the patient, and how that is
//! laid on the shelf.

use super::gatherer::Inner;
use super::gathering::{Shared, worse};
use super::labelling::listed_as;
use super::queue::Due;
use crate::gateway::{Gateway, NoAnswer, Visit};
use crate::iti38::{self, RemoteEntry};
use crate::xds::Registry;
use std::collections::BTreeSet;
use tasuki_core::directory::Community;
use tasuki_core::gather::PartialReason;
use tasuki_core::ports::Listed;
use tasuki_core::{Fault, Released};
use tasuki_model::xds::ObjectType;
use tasuki_model::{Category, CopyId, JstDay};

/// Documents without content for which one is fetched at once, newest first; the rest when they are
/// opened.
const FETCHED_AT_ONCE: usize = 500;
/// How far back contents are fetched at once, in days.
const DAYS_AT_ONCE: i64 = 366;

/// The documents of a patient.
pub(super) struct List {
    pub entries: Vec<RemoteEntry>,
    /// Why there may be more.
    pub partial: Option<PartialReason>,
}

impl List {
    /// Asks under each ID. Where one of several is not answered, the list is not whole.
    pub fn of(
        gateway: &Gateway,
        to: &Community,
        patients: &[Released<String>],
        visit: &Visit,
    ) -> Result<Self, NoAnswer> {
        let mut list = Self {
            entries: Vec::new(),
            partial: None,
        };
        let mut unanswered = None;
        let mut answers = 0;
        for patient in patients {
            match iti38::ask(gateway, to, patient, visit) {
                Ok(documents) => {
                    answers += 1;
                    list.partial = worse(list.partial, documents.partial);
                    list.entries.extend(documents.entries);
                }
                Err(no) => unanswered = Some(no),
            }
        }
        match unanswered {
            Some(no) if answers == 0 => return Err(no),
            Some(_) => list.partial = worse(list.partial, Some(PartialReason::Incomplete)),
            None => {}
        }
        let key = |e: &RemoteEntry| (e.entry.repository_id.clone(), e.entry.unique_id.clone());
        list.entries.sort_by_key(key);
        list.entries.dedup_by_key(|e| key(e));
        Ok(list)
    }
}

impl Inner {
    /// Lays a list on the shelf; returns the copies whose content is to be fetched now, newest first.
    pub(super) fn keep(
        &self,
        shared: &Shared,
        to: &Community,
        list: &List,
        unconfirmed: bool,
    ) -> Result<Vec<Due>, Fault> {
        let network = self.communities.gateway.network();
        let registry = Registry::of(network)?;
        let confirmed = self.now();
        // What was agreed to elsewhere is no part of a chart: it is not even kept.
        let in_charts =
            |remote: &&RemoteEntry| registry.affinity.category(&remote.entry) != Category::Consent;
        let listed = list.entries.iter().filter(in_charts);
        let listed: Vec<Listed> = listed
            .map(|remote| {
                let category = self.examine.category(&remote.entry);
                let category =
                    category.unwrap_or_else(|| registry.affinity.category(&remote.entry));
                listed_as(&registry, remote, category, (confirmed, unconfirmed))
            })
            .collect::<Result<_, _>>()?;
        let shelf = &shared.errand.gathering.shelf;
        let source = &to.home_community_id;
        let expires = confirmed.plus_seconds(self.settings.keep_seconds);
        let whole = list.partial.is_none();
        let rows = network.store.writing(|tx| {
            tx.put_listed(shelf, source, &listed, whole, expires)?;
            tx.copies(shelf, source, Some(confirmed))
        })?;
        let since = JstDay::at(confirmed).plus_days(-DAYS_AT_ONCE);
        // Our own job looks at labels only: which copies have no content yet.
        let due = rows.iter().filter_map(|row| {
            let labels = row.labels();
            let recent = labels.day.is_none_or(|day| day >= since);
            let copy = labels.document.as_ref().filter(|_| recent)?;
            Some(Due {
                copy: CopyId::new(copy.as_str()).ok()?,
                category: Some(labels.category),
            })
        });
        let mut due: Vec<Due> = due.take(FETCHED_AT_ONCE).collect();
        let ids: Vec<CopyId> = due.iter().map(|due| due.copy.clone()).collect();
        let without = network
            .store
            .reading(|tx| tx.copies_without_content(&ids))?;
        let mut without: BTreeSet<CopyId> = without.into_iter().collect();
        let on_demand = |e: &RemoteEntry| e.entry.object_type == ObjectType::OnDemand;
        if list.entries.iter().any(on_demand) {
            let undated = rows.iter().filter(|row| row.labels().day.is_none());
            let undated = undated.filter_map(|row| row.labels().document.as_ref());
            let undated: Vec<CopyId> = undated
                .filter_map(|id| CopyId::new(id.as_str()).ok())
                .filter(|id| without.contains(id))
                .collect();
            let entries = network.store.reading(|tx| tx.copy_entries(&undated))?;
            for (id, entry) in undated.iter().zip(entries) {
                // It is made for the reader who opens it, when it is opened.
                if entry.object_type == ObjectType::OnDemand {
                    without.remove(id);
                }
            }
        }
        due.retain(|due| without.contains(&due.copy));
        Ok(due)
    }
}
