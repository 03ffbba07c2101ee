//! One report per source of a chart. Only facilities whose records are open have one of their
//! own: of the others nothing is said, not even that they were not asked.

use crate::visit::Visit;
use tasuki_core::gather::{PartialReason, Source};
use tasuki_core::ports::{CalendarCell, PatientRecord, Reading};
use tasuki_core::{Fault, SourceReport, SourceState};
use tasuki_model::{Category, Instant};

pub(crate) fn reports_of(
    visit: &Visit<'_>,
    tx: &dyn Reading,
    records: &[PatientRecord],
    cells: &[(Source, CalendarCell)],
    undated: &[(Source, Category)],
) -> Result<Vec<SourceReport>, Fault> {
    let limit = visit.portal.config.feed_silent_seconds;
    reports_at(tx, (visit.now, limit), records, cells, undated)
}

/// The same at a moment, with the seconds after which a feed counts as silent.
pub(crate) fn reports_at(
    tx: &dyn Reading,
    (now, limit): (Instant, i64),
    records: &[PatientRecord],
    cells: &[(Source, CalendarCell)],
    undated: &[(Source, Category)],
) -> Result<Vec<SourceReport>, Fault> {
    records
        .iter()
        .map(|record| {
            let source = Source::Facility(record.facility.clone());
            let heard = tx.last_heard(&record.facility)?;
            let quarantined = tx.quarantined_of(&record.facility, &record.local_id)?;
            let silent = heard.is_none_or(|at| now.seconds_since(at) > limit);
            let dated: u32 = cells
                .iter()
                .filter(|(f, _)| *f == source)
                .map(|(_, c)| c.documents)
                .sum();
            let rest = undated.iter().filter(|(f, _)| *f == source).count();
            let state = match (quarantined, silent) {
                (0, false) => SourceState::Answered,
                (0, true) => SourceState::Partial(PartialReason::FeedSilent),
                (n, _) => SourceState::Partial(PartialReason::Quarantine(n)),
            };
            Ok(SourceReport {
                source,
                state,
                items: dated + u32::try_from(rest).unwrap_or(u32::MAX),
                data_as_of: heard,
            })
        })
        .collect()
}
