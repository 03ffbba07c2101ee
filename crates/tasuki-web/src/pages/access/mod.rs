//! 誰が私の記録を見たか: for a patient who asks, at the desk of the facility whose record it is. Who, from
//! where, when and what for, in plain words; and which networks have reported nothing.

mod names;
mod paper;
mod reported;
mod told;

pub(crate) use paper::print;

use crate::chart::basic_labels;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
pub(crate) use names::Names;
pub(crate) use reported::gaps;
use tasuki_core::audit::Action;
use tasuki_core::policy::release_access;
use tasuki_core::ports::{AuditSearch, PatientRecord};
use tasuki_core::release::Body;
use tasuki_core::{Egress, Labelled, Released};
use tasuki_model::PersonId;
pub(crate) use told::{Told, told};

/// Events of one registration that are looked at.
const EVENTS_MAX: u32 = 5_000;

#[derive(Template)]
#[template(path = "pages/access/page.html")]
struct AccessPage {
    shell: Shell,
    name: String,
    id: String,
    told: Vec<Told>,
    silent: Vec<String>,
    print: String,
    /// Rows of the trail that the search does not know yet.
    lag: u64,
    more: bool,
}

/// What is known of who has read a patient's record at the caller's facility.
struct History {
    record: PatientRecord,
    told: Vec<Told>,
    /// What other communities have not reported, in words.
    silent: Vec<String>,
    more: bool,
}

/// The history of the person of the path; unknown, elsewhere and not allowed look the same.
fn history(visit: &Visit<'_>) -> Result<(PersonId, Released<History>, u64), Stop> {
    let person = PersonId::new(visit.ask.param("person")).map_err(|_| Stop::Refused)?;
    let who = visit.who()?;
    crate::pages::audit::up_to_now(visit)?;
    let found = visit.portal.store.reading(|tx| {
        let records = tx.registrations_of(&person)?;
        let own = records.into_iter().find(|r| r.facility == who.facility.id);
        let Some(record) = own else {
            return Ok(None);
        };
        let search = AuditSearch {
            patient: Some(record.patient_key.clone()),
            ..AuditSearch::default()
        };
        let events = tx.find_events(&search, EVENTS_MAX)?;
        let names = names::Names::of(tx, &events)?;
        Ok(Some((
            record,
            events,
            names,
            tx.facilities()?,
            tx.views_reported()?,
            tx.audit_lag()?,
        )))
    })?;
    let (record, events, names, facilities, reported, lag) = found.ok_or(Stop::Refused)?;
    let labels = basic_labels(&record);
    let item = (record, events, names, facilities, reported);
    let released = release_access(&who.caller(), vec![Labelled::new(labels, item)]);
    let history = released.try_map(|mut items| {
        let (record, events, names, facilities, reported) = items.pop().ok_or(Stop::Refused)?;
        Ok::<_, Stop>(History {
            told: told(visit, &events, &names, &facilities),
            silent: gaps(visit, &events, &reported),
            more: events.len() >= EVENTS_MAX as usize,
            record,
        })
    })?;
    Ok((person, history, lag))
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let (person, history, lag) = history(visit)?;
    let body = history.try_map(|history| {
        let demographics = &history.record.demographics;
        AccessPage {
            shell: Shell::of(visit, "patients", visit.w.access_title()),
            name: demographics.name.display(),
            id: history.record.local_id.to_string(),
            told: history.told,
            silent: history.silent,
            print: format!("/patients/{person}/access/print"),
            lag,
            more: history.more,
        }
        .render()
        .map(Body::html)
    })?;
    Ok(Reply::new(Egress::released(Action::AuditView, body)).about(&person))
}
