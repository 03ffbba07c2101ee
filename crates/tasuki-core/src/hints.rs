//! Hints of unusual reading (通常でない閲覧の手がかり): a record of somebody with the reader's own family name,
//! of somebody who works at the same facility, or far more records in a day than the reader usually opens.
//! They are found in the audit trail after the fact, for the privacy officer of the reader's facility to
//! ask; they refuse nothing and say nothing of the record.

mod found;

use crate::audit::{Action, Actor, AuditEvent, Ending};
use crate::ports::{AuditRow, Store, Watch, WatchKind};
use crate::release::hex;
use crate::{Code, Fault};
use std::collections::BTreeSet;
use tasuki_model::{FacilityId, Instant, PatientKey, PersonId, Purpose, UserId, WatchId};

/// The name of the cursor in the audit trail.
const CURSOR: &str = "hints";
/// Events looked through in one step.
const BATCH: u32 = 500;
/// Rows that the index takes up before one step.
const INDEXED: u32 = 2_000;
/// Older events are passed over: nobody asks after so long.
const DAYS: i64 = 7;
/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// The network's rule of what is unusual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusual {
    /// Fewer records than this in a day are never unusual.
    pub charts: usize,
}

/// Somebody who has read a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Reading {
    user: UserId,
    facility: FacilityId,
    person: PersonId,
}

/// A hint before it becomes a line: of which kind, about which registration of the reader's facility, and
/// what makes it one of its own.
struct Hint {
    kind: WatchKind,
    reading: Reading,
    patient: Option<PatientKey>,
    mark: String,
}

/// Looks through the next events; gives how many there were. Called again while it is a whole step.
///
/// # Errors
/// Those of the store.
pub fn look(store: &dyn Store, rule: Unusual, now: Instant) -> Result<u32, Fault> {
    let rows = store.reading(|tx| tx.audit_after(CURSOR, BATCH))?;
    if rows.is_empty() {
        return Ok(0);
    }
    // What is counted is found by the index: these events have to be in it, or their count comes too late.
    store.index_audit(INDEXED)?;
    let oldest = now.plus_seconds(-DAYS * DAY_SECONDS);
    let events = rows.iter().filter_map(|row| row.event.as_ref());
    let readings: BTreeSet<Reading> = events
        .filter(|event| event.at >= oldest)
        .filter_map(reading)
        .collect();
    let hints = store.reading(|tx| found::hints(tx, &readings, rule, now))?;
    let lines: Vec<Watch> = hints
        .into_iter()
        .map(|hint| line(hint, now))
        .collect::<Result<_, _>>()?;
    store.writing(|tx| {
        for line in &lines {
            // Once: what was said of it stays.
            if tx.watch(&line.id)?.is_none() {
                tx.put_watch(line)?;
            }
        }
        lasts(&rows).try_for_each(|row| tx.pass_audit(CURSOR, &row.stream, row.seq))
    })?;
    Ok(u32::try_from(rows.len()).unwrap_or(BATCH))
}

/// Whether a whole step was looked through, so that there may be more.
#[must_use]
pub const fn is_more(looked: u32) -> bool {
    looked >= BATCH
}

/// The last row of each stream.
fn lasts(rows: &[AuditRow]) -> impl Iterator<Item = &AuditRow> {
    rows.iter().enumerate().filter_map(|(n, row)| {
        let next = rows.get(n + 1);
        next.is_none_or(|next| next.stream != row.stream)
            .then_some(row)
    })
}

/// Who read whose record, for treatment: an emergency stands in the queue already.
fn reading(event: &AuditEvent) -> Option<Reading> {
    let read = matches!(
        event.action,
        Action::ChartView | Action::DocumentView | Action::Export
    );
    let treated = event.purpose == Some(Purpose::Treatment);
    let Actor::User { user, facility, .. } = &event.actor else {
        return None;
    };
    (read && treated && event.ending == Ending::Success).then_some(())?;
    Some(Reading {
        user: user.clone(),
        facility: facility.clone(),
        person: event.person.clone()?,
    })
}

fn line(hint: Hint, now: Instant) -> Result<Watch, Fault> {
    let digest = ring::digest::digest(&ring::digest::SHA256, hint.mark.as_bytes());
    let digest = hex(digest.as_ref());
    let id = format!("hint-{}", digest.get(..32).unwrap_or_default());
    let id = WatchId::new(&id).map_err(|e| Fault::new(Code::InternalFault, e.to_string()))?;
    Ok(Watch {
        id,
        facility: hint.reading.facility.clone(),
        kind: hint.kind,
        user: hint.reading.user,
        from: hint.reading.facility,
        peer: None,
        patient: hint.patient,
        emergency: None,
        at: now,
        judged: Vec::new(),
    })
}
