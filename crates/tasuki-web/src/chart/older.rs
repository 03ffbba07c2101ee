//! Contents of other communities that are not fetched ahead: those older than the first view. A page that
//! reaches further back says how many there are, and fetches them when the reader asks.

use super::{Chart, copied, errand};
use crate::visit::{Stop, Visit};
use tasuki_core::ports::EntryFilter;
use tasuki_model::CopyId;

/// Contents fetched for one page at most; the page then says how many are left.
const AT_ONCE: usize = 200;
/// What the address says to have them fetched.
const FETCH: (&str, &str) = ("fetch", "older");

/// Fetches what a page lacks, the newest first, where its reader has asked for that.
pub(super) fn fetch_older(
    visit: &Visit<'_>,
    chart: &Chart,
    filter: &EntryFilter,
) -> Result<(), Stop> {
    if visit.ask.query(FETCH.0) != Some(FETCH.1) {
        return Ok(());
    }
    let (Some(others), Some(gathering)) = (&visit.portal.others, &chart.gathering) else {
        return Ok(());
    };
    let Some(own) = chart.facts.view().records.first() else {
        return Ok(());
    };
    let store = &visit.portal.store;
    let found = store.reading(|tx| copied::copies(tx, chart, filter))?;
    let lacking = found.view().iter().filter(|copy| copy.is_later());
    let wanted: Vec<CopyId> = lacking
        .take(AT_ONCE)
        .map(|copy| copy.copied.row.id.clone())
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    match errand(visit, &chart.grant, own, gathering)? {
        Some(errand) => Ok(others.fetch(&errand, &wanted)?),
        None => Ok(()),
    }
}

/// The address of the page shown that has them fetched.
pub(crate) fn fetch_href(visit: &Visit<'_>) -> String {
    let kept = visit.ask.query.iter().filter(|(name, _)| name != FETCH.0);
    let mut pairs: Vec<(&str, &str)> = kept.map(|(n, v)| (n.as_str(), v.as_str())).collect();
    pairs.push(FETCH);
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    format!("{}?{query}", visit.ask.path)
}
