//! What is done with an emergency: opened with a reason, extended with one, ended.

use super::{FOUND_SECONDS, own, steps, tell, typed};
use crate::sign_in::again;
use crate::visit::{Reply, Stop, Visit};
use tasuki_core::audit::Action;
use tasuki_core::ports::{
    Emergency, EmergencyReason, Extension, Opening, Watch, WatchKind, Writing,
};
use tasuki_core::{Code, Fault};

/// Extensions of one emergency.
const EXTENSIONS_MAX: usize = 6;

pub(crate) fn act(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let emergency = own(visit)?;
    match visit.ask.form("act") {
        Some("open") => open(visit, emergency),
        Some("extend") => extend(visit, emergency),
        Some("end") => end(visit, emergency),
        _ => Err(Stop::wrong("what to do with the emergency")),
    }
}

fn open(visit: &Visit<'_>, emergency: Emergency) -> Result<Reply, Stop> {
    let waited = visit.now.seconds_since(emergency.found) > FOUND_SECONDS;
    if waited || emergency.opening.is_some() {
        return Ok(Reply::redirect(format!("/emergency/{}", emergency.id)));
    }
    let reason = match visit.ask.form("reason") {
        Some("life") => EmergencyReason::Life,
        Some("disaster") => EmergencyReason::Disaster,
        _ => return steps::asked_again(visit, &emergency, Code::EmergencyUnsaid),
    };
    match again(visit) {
        Ok(()) => {}
        Err(Stop::Fault(fault))
            if matches!(fault.code, Code::SignInFailed | Code::SignInLocked) =>
        {
            return steps::asked_again(visit, &emergency, fault.code);
        }
        Err(stop) => return Err(stop),
    }
    let opening = Opening {
        at: visit.now,
        reason,
        words: typed(visit, "words").into(),
        team: typed(visit, "team").into(),
        extended: Vec::new(),
    };
    let seconds = visit.portal.config.emergency.open_seconds;
    let opened = Emergency {
        opening: Some(opening),
        until: visit.now.plus_seconds(seconds),
        ..emergency
    };
    let told = visit.portal.store.reading(|tx| tell::told(tx, &opened))?;
    let kind = match visit.in_disaster() {
        true => WatchKind::Disaster,
        false => WatchKind::Emergency,
    };
    let lines = tell::lines(visit, kind, Some(&opened.id), told.into_iter())?;
    write(visit, &opened, &lines, "opened")
}

fn extend(visit: &Visit<'_>, mut emergency: Emergency) -> Result<Reply, Stop> {
    let why = typed(visit, "why");
    let is_open = emergency.is_open(visit.now);
    let Some(opening) = emergency.opening.as_mut().filter(|_| is_open) else {
        return Err(Stop::Refused);
    };
    if why.is_empty() || opening.extended.len() >= EXTENSIONS_MAX {
        return Err(Stop::Fault(Fault::new(Code::EmergencyUnsaid, "extension")));
    }
    opening.extended.push(Extension {
        at: visit.now,
        why: why.into(),
    });
    let seconds = visit.portal.config.emergency.open_seconds;
    emergency.until = visit.now.plus_seconds(seconds);
    write(visit, &emergency, &[], "extended")
}

fn end(visit: &Visit<'_>, mut emergency: Emergency) -> Result<Reply, Stop> {
    if !emergency.is_open(visit.now) {
        return Ok(Reply::redirect("/emergency/mine"));
    }
    emergency.until = visit.now;
    write(visit, &emergency, &[], "ended")
}

/// Writes an emergency, what is told of it and its audit event in one transaction.
fn write(
    visit: &Visit<'_>,
    emergency: &Emergency,
    lines: &[Watch],
    what: &str,
) -> Result<Reply, Stop> {
    let mut event = visit.event(Action::Emergency, "emergency-act")?;
    event.purpose = Some(tasuki_model::Purpose::Emergency);
    event.person = Some(emergency.person.clone());
    event.patients = lines
        .iter()
        .filter_map(|line| line.patient.clone())
        .collect();
    let said = emergency.opening.as_ref();
    let said = said.map(|o| format!("{:?} {} {}", o.reason, o.words, o.team));
    event.detail = Some(format!("{what} {}", said.unwrap_or_default()));
    visit.portal.store.writing(|tx: &dyn Writing| {
        tx.put_emergency(emergency)?;
        lines.iter().try_for_each(|line| tx.put_watch(line))?;
        tx.append_audit(&event)
    })?;
    let to = match what {
        "ended" => "/emergency/mine".to_owned(),
        _ => format!("/emergency/{}", emergency.id),
    };
    let mut reply = Reply::redirect(to);
    reply.audited = true;
    Ok(reply)
}
