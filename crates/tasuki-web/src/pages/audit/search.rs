//! What is looked for in the trail, and what of it the reader's facility answers for.

use super::row::{Known, Row};
use crate::visit::{SignedIn, Stop, Visit};
use tasuki_core::audit::Action;
use tasuki_core::policy::{release_events, role_reads_audit};
use tasuki_core::ports::{AuditLine, AuditSearch, PatientSearch, Reading};
use tasuki_core::{Fault, Labelled, Released};
use tasuki_model::Instant;

/// Events of one answer; the page says that there are more.
const EVENTS_MAX: u32 = 500;
/// Events looked through for them at most; beyond it the page says that there are more.
const LOOKED_MAX: u32 = 10_000;
/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;

/// Actions that may be asked for.
pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("chart", Action::ChartView),
    ("document", Action::DocumentView),
    ("export", Action::Export),
    ("search", Action::PatientSearch),
    ("emergency", Action::Emergency),
    ("identity", Action::Identity),
    ("administration", Action::Administration),
    ("sign-in", Action::SignIn),
    ("audit", Action::AuditView),
];

fn reader<'v>(visit: &'v Visit<'_>) -> Result<&'v SignedIn, Stop> {
    let who = visit.who()?;
    match role_reads_audit(who.session.membership.role) {
        true => Ok(who),
        false => Err(Stop::Refused),
    }
}

/// What is looked for; nothing where it names a patient or a user that the facility does not have.
fn meant(
    visit: &Visit<'_>,
    who: &SignedIn,
    tx: &dyn Reading,
    days: (Option<Instant>, Option<Instant>),
) -> Result<Option<AuditSearch>, Fault> {
    let ask = visit.ask;
    let mut search = AuditSearch {
        from: days.0,
        to: days.1,
        action: action(visit),
        ..AuditSearch::default()
    };
    if let Some(id) = ask.query("patient") {
        let typed = PatientSearch {
            local_id: Some(id.to_owned()),
            ..PatientSearch::default()
        };
        let (hits, _) = tx.search_patients(&who.facility.id, &typed, 2)?;
        let [hit] = &hits[..] else {
            return Ok(None);
        };
        search.patient = Some(hit.record.patient_key.clone());
    }
    if let Some(name) = ask.query("user") {
        let Some(account) = tx.account_by_name(name)? else {
            return Ok(None);
        };
        search.user = Some(account.id);
    }
    Ok(Some(search))
}

fn action(visit: &Visit<'_>) -> Option<Action> {
    let asked = visit.ask.query("action")?;
    let found = ACTIONS.iter().find(|(word, _)| *word == asked);
    found.map(|(_, action)| *action)
}

/// What fits, as far as the reader answers for it, and how far the search is behind.
pub(super) fn found(visit: &Visit<'_>) -> Result<(Released<Vec<Row>>, u64, bool), Stop> {
    let who = reader(visit)?;
    super::up_to_now(visit)?;
    let start = |day: tasuki_model::JstDay| day.starts();
    let from = visit.day("from")?.map(start);
    let to = visit.day("to")?.map(start);
    let to = to.map(|to| to.plus_seconds(DAY_SECONDS));
    let (rows, lag, more) = visit.portal.store.reading(|tx| {
        let Some(search) = meant(visit, who, tx, (from, to))? else {
            return Ok((Vec::new(), tx.audit_lag()?, false));
        };
        let names = Known::of(tx)?;
        // Others' events stand between: further back is looked until enough of them are the reader's.
        let mut looked = EVENTS_MAX;
        loop {
            let events: Vec<AuditLine> = tx.find_events(&search, looked)?;
            let all = events.len() < looked as usize;
            let rows = events
                .iter()
                .map(|line| names.labelled(visit, tx, who, line));
            let mut rows: Vec<Labelled<Row>> = rows.collect::<Result<_, _>>()?;
            rows.retain(|row| row.labels().facility == who.facility.id);
            let enough = rows.len() >= EVENTS_MAX as usize;
            if all || enough || looked >= LOOKED_MAX {
                let more = !all || rows.len() > EVENTS_MAX as usize;
                rows.truncate(EVENTS_MAX as usize);
                return Ok((rows, tx.audit_lag()?, more));
            }
            looked = (looked * 4).min(LOOKED_MAX);
        }
    })?;
    Ok((release_events(&who.caller(), rows), lag, more))
}
