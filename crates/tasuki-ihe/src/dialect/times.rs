//! Times of metadata that are those of Japan although the framework has them in UTC.

use tasuki_model::JstTime;
use tasuki_model::time::Instant;
use tasuki_model::xds::DocumentEntry;

/// Digits up to the day: what has no more has no hour that could be another's.
const DAY_DIGITS: usize = 8;

/// Makes UTC of every time of an entry.
pub(super) fn from_jst(entry: &mut DocumentEntry) {
    let times = [
        &mut entry.creation_time,
        &mut entry.service_start,
        &mut entry.service_stop,
    ];
    for time in times.into_iter().flatten() {
        if time.len() > DAY_DIGITS
            && let Ok(said) = JstTime::parse_hl7(time)
        {
            *time = said.xds();
        }
    }
}

/// A moment as such a community compares it: its clock time in Japan, to the second.
#[must_use]
pub(crate) fn in_japan(moment: Instant) -> String {
    JstTime::from_instant(moment)
        .text()
        .chars()
        .take(14)
        .collect()
}
