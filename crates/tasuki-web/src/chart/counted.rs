//! Copies counted as the calendar and the rail count our own documents.

use super::Copied;
use std::collections::BTreeMap;
use tasuki_core::gather::Source;
use tasuki_core::ports::CalendarCell;
use tasuki_model::{Category, JstDay};

/// Copies as cells of the calendar.
pub(super) fn cells(copies: &[Copied]) -> Vec<(Source, CalendarCell)> {
    type Key<'c> = (&'c tasuki_model::CommunityId, JstDay, Category, &'c str);
    let mut counts: BTreeMap<Key<'_>, (u32, u32)> = BTreeMap::new();
    for Copied { row, .. } in copies {
        let Some(day) = row.day else {
            continue;
        };
        let key = (&row.source, day, row.category, row.kind.as_ref());
        let (documents, items) = counts.entry(key).or_default();
        *documents += 1;
        *items = items.saturating_add(row.items);
    }
    let cell = |((source, day, category, kind), (documents, items)): (Key<'_>, (u32, u32))| {
        let cell = CalendarCell {
            day,
            category,
            kind: kind.into(),
            documents,
            items,
        };
        (Source::Community(source.clone()), cell)
    };
    counts.into_iter().map(cell).collect()
}

/// The copies that have no day of service.
pub(super) fn undated(copies: &[Copied]) -> Vec<(Source, Category)> {
    let undated = copies.iter().filter(|c| c.row.day.is_none());
    undated
        .map(|c| (Source::Community(c.row.source.clone()), c.row.category))
        .collect()
}
