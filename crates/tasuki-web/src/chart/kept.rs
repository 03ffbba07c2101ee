//! What a reader keeps in a chart: the patient as one of their own, and documents as bookmarks. A
//! bookmark is kept by the document's `uniqueId`: it finds our own document, and whatever copy of
//! another community's is here now.

use super::Chart;
use super::copied;
use super::lines::{Line, drawn};
use crate::visit::{Stop, Visit};
use std::collections::BTreeSet;
use tasuki_core::gather::Source;
use tasuki_core::ports::{CalendarCell, EntryFilter, Reading, Service};
use tasuki_core::{Fault, Labelled, Released};
use tasuki_model::{EntryUuid, PatientKey, UniqueId};

/// What the reader keeps here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The patient is one of theirs.
    pub mine: bool,
    /// The documents they have marked, by `uniqueId`.
    pub bookmarks: BTreeSet<String>,
}

/// What a user keeps of the registration through which they came.
pub(super) fn kept(
    visit: &Visit<'_>,
    tx: &dyn Reading,
    patient: &PatientKey,
) -> Result<Kept, Fault> {
    let Some(who) = &visit.who else {
        return Ok(Kept::default());
    };
    Ok(Kept {
        mine: tx.kept_patients(&who.account.id)?.contains(patient),
        bookmarks: tx
            .bookmarks(&who.account.id, patient)?
            .into_iter()
            .collect(),
    })
}

/// The marked documents as lines, under the grant of the chart; the newest day first.
pub(crate) fn marked(
    visit: &Visit<'_>,
    chart: &Chart,
    parts: usize,
) -> Result<Released<Vec<Line>>, Stop> {
    let wanted = &chart.facts.view().kept.bookmarks;
    let found = visit.portal.store.reading(|tx| {
        let ids = wanted.iter().filter_map(|id| UniqueId::new(id).ok());
        let entries = ids.map(|id| tx.find_unique(&id));
        let entries: Vec<Labelled<_>> = entries
            .filter_map(Result::transpose)
            .collect::<Result<_, _>>()?;
        let entries = chart.grant.release(entries);
        let ids = entries.view().iter().map(|e| e.entry_uuid.clone());
        let contents = tx.get_contents(&ids.collect::<Vec<EntryUuid>>())?;
        let any = EntryFilter {
            service: Service::Either,
            ..EntryFilter::default()
        };
        let copies = copied::copies(tx, chart, &any)?.map(|mut copies| {
            let marked = |id: &Option<String>| id.as_ref().is_some_and(|id| wanted.contains(id));
            copies.retain(|copy| marked(&copy.entry.unique_id));
            copies
        });
        Ok(drawn(visit, chart, entries, &contents, copies, parts))
    });
    Ok(found?)
}

/// Lines as the calendar counts them.
pub(crate) fn cells(lines: &[Line]) -> Vec<(Source, CalendarCell)> {
    let cell = |line: &Line| {
        let cell = CalendarCell {
            day: line.day?,
            category: line.category,
            kind: line.kind.as_str().into(),
            documents: 1,
            items: 1,
        };
        Some((line.source.clone(), cell))
    };
    lines.iter().filter_map(cell).collect()
}
