//! Declared, confirmed, ended: each by an operator who says again who they are.

use super::{operator, page};
use crate::emergency::random_id;
use crate::sign_in::again;
use crate::visit::{Reply, Stop, Visit};
use std::collections::BTreeSet;
use tasuki_core::audit::Action;
use tasuki_core::ports::{DISASTER_HOURS_MAX, Disaster, Done};
use tasuki_core::{Code, Fault};
use tasuki_model::{DisasterId, FacilityId};

/// Longest description.
const WORDS_MAX: usize = 200;

pub(crate) fn act(visit: &Visit<'_>) -> Result<Reply, Stop> {
    operator(visit)?;
    match again(visit) {
        Ok(()) => {}
        Err(Stop::Fault(fault))
            if matches!(fault.code, Code::SignInFailed | Code::SignInLocked) =>
        {
            return page(visit, Some(fault.code));
        }
        Err(stop) => return Err(stop),
    }
    match visit.ask.form("act") {
        Some("declare") => declare(visit),
        Some("confirm") => change(visit, "confirmed", |disaster, done| {
            disaster.confirmed_by(&done.by, done.at)
        }),
        Some("end") => change(visit, "ended", |disaster, done| {
            let open = disaster.in_force(done.at) || disaster.waits(done.at);
            open.then(|| Disaster {
                ended: Some(done.clone()),
                ..disaster
            })
        }),
        _ => Err(Stop::wrong("what to do with disaster mode")),
    }
}

fn done(visit: &Visit<'_>) -> Result<Done, Stop> {
    Ok(Done {
        by: visit.who()?.account.id.clone(),
        at: visit.now,
    })
}

/// What the form says; nothing where something is missing, or a facility is none.
fn meant(visit: &Visit<'_>, all: &[FacilityId]) -> Option<(BTreeSet<FacilityId>, String, u32)> {
    let said = visit.ask.form.iter().filter(|(name, _)| name == "area");
    let area: Option<BTreeSet<FacilityId>> = said
        .map(|(_, id)| all.iter().find(|known| known.as_str() == id).cloned())
        .collect();
    let area = area.filter(|area| !area.is_empty())?;
    let words: String = visit.ask.form("words")?.chars().take(WORDS_MAX).collect();
    let hours = visit.ask.form("hours")?.parse().ok()?;
    (1..=DISASTER_HOURS_MAX)
        .contains(&hours)
        .then_some((area, words, hours))
}

fn declare(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let facilities = visit.portal.store.reading(|tx| tx.facilities())?;
    let all: Vec<FacilityId> = facilities.into_iter().map(|f| f.id).collect();
    let Some((area, words, hours)) = meant(visit, &all) else {
        return page(visit, Some(Code::EmergencyUnsaid));
    };
    let id = DisasterId::new(&random_id()?)
        .map_err(|e| Fault::new(Code::InternalFault, e.to_string()))?;
    let disaster = Disaster {
        id,
        area,
        words: words.into(),
        hours,
        declared: done(visit)?,
        confirmed: None,
        ended: None,
        closed: false,
    };
    write(visit, &disaster, "declared")
}

fn change(
    visit: &Visit<'_>,
    what: &str,
    next: impl Fn(Disaster, &Done) -> Option<Disaster>,
) -> Result<Reply, Stop> {
    let id = visit.ask.form("disaster").unwrap_or_default();
    let id = DisasterId::new(id).map_err(|_| Stop::Refused)?;
    let done = done(visit)?;
    let found = visit.portal.store.reading(|tx| tx.disaster(&id))?;
    let disaster = found.and_then(|disaster| next(disaster, &done));
    write(visit, &disaster.ok_or(Stop::Refused)?, what)
}

/// Writes a declaration and its audit event in one transaction.
fn write(visit: &Visit<'_>, disaster: &Disaster, what: &str) -> Result<Reply, Stop> {
    let mut event = visit.event(Action::Administration, "disaster-form")?;
    let area: Vec<&str> = disaster.area.iter().map(FacilityId::as_str).collect();
    event.detail = Some(format!(
        "disaster mode {} {what}: {} for {} hours at {}",
        disaster.id,
        disaster.words,
        disaster.hours,
        area.join(" ")
    ));
    visit.portal.store.writing(|tx| {
        tx.put_disaster(disaster)?;
        tx.append_audit(&event)
    })?;
    let mut reply = Reply::redirect("/admin/disaster");
    reply.audited = true;
    Ok(reply)
}
