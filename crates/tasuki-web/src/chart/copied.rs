//! Copies of other communities' documents: found by the same filters as our own, released under the
//! same grant.

use super::{Chart, Copied, Seen};
use tasuki_core::ports::{Content, EntryFilter, Reading, Service};
use tasuki_core::{Fault, Labelled, Released};
use tasuki_model::xds::DocumentEntry;
use tasuki_model::{CopyId, Labels};

/// A copy with its metadata and, where it is here, its content.
pub(crate) struct Copy {
    pub copied: Copied,
    pub entry: DocumentEntry,
    pub content: Option<Content>,
}

/// The copies that fit a filter, newest day first, as many as it asks for.
fn fitting(chart: &Chart, filter: &EntryFilter) -> Vec<Labelled<Copied>> {
    let fits = |labels: &Labels| {
        let category = filter.categories.is_empty() || filter.categories.contains(&labels.category);
        let day = match (filter.service, labels.day) {
            (Service::Undated | Service::Either, None) => true,
            (Service::Undated, Some(_)) | (Service::Dated, None) => false,
            (_, Some(day)) => {
                filter.from.is_none_or(|from| from <= day) && filter.to.is_none_or(|to| day <= to)
            }
        };
        category && day
    };
    let copies = chart.copies.iter().filter(|c| fits(c.labels()));
    let mut copies: Vec<Labelled<Copied>> = copies.cloned().collect();
    copies.sort_by_key(|c| std::cmp::Reverse(c.labels().day));
    copies.truncate(filter.limit.map_or(usize::MAX, |limit| limit as usize));
    copies
}

/// Finds copies and reads them, under the grant of the chart.
pub(crate) fn copies(
    tx: &dyn Reading,
    chart: &Chart,
    filter: &EntryFilter,
) -> Result<Released<Vec<Copy>>, Fault> {
    read(tx, &chart.seen, chart.grant.release(fitting(chart, filter)))
}

/// One copy of those that a chart may show.
pub(crate) fn one(
    tx: &dyn Reading,
    chart: &Chart,
    id: &str,
) -> Result<Option<Released<Copy>>, Fault> {
    let named = |c: &&Labelled<Copied>| {
        c.labels()
            .document
            .as_ref()
            .is_some_and(|d| d.as_str() == id)
    };
    let mut found: Vec<_> = chart.copies.iter().filter(named).take(1).cloned().collect();
    // A notice may have dropped it since the chart was opened: then it is not there.
    let there = match CopyId::new(id) {
        Ok(id) => tx.shelf_of(&id)?.is_some(),
        Err(_) => false,
    };
    found.retain(|_| there);
    let found = read(tx, &chart.seen, chart.grant.release(found))?;
    // Nothing there and nothing released look the same.
    Ok(found.try_map(|mut copies| copies.pop().ok_or(())).ok())
}

fn read(
    tx: &dyn Reading,
    seen: &Seen,
    released: Released<Vec<Copied>>,
) -> Result<Released<Vec<Copy>>, Fault> {
    seen.read(released.view());
    let ids: Vec<CopyId> = released.view().iter().map(|c| c.row.id.clone()).collect();
    let (entries, contents) = (tx.copy_entries(&ids)?, tx.copy_contents(&ids)?);
    Ok(released.map(|copied| {
        let all = copied.into_iter().zip(entries).zip(contents);
        all.map(|((copied, entry), content)| Copy {
            copied,
            entry,
            content,
        })
        .collect()
    }))
}
