//! 同意の一覧: what the desk's facility took last, what ends soon, and the way from a form in the hand to its
//! consent: the code on it, scanned or typed, opens exactly that one.

use crate::chart::basic_labels;
use crate::pages::consent::{clerk, words};
use crate::pages::words_of;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::policy::release_consents;
use tasuki_core::ports::{Consent, PatientRecord, Reading};
use tasuki_core::release::Body;
use tasuki_core::{Egress, Fault, Labelled, Released};
use tasuki_model::{ConsentId, JstDay, LocalPatientId, PersonId};

/// Lines of one list.
const LINES_MAX: u32 = 100;
/// Consents that end within so many days are shown as ending.
const ENDING_DAYS: i64 = 60;

#[derive(Template)]
#[template(path = "pages/consents/page.html")]
struct ConsentsPage {
    shell: Shell,
    /// What was looked for is not there.
    missing: bool,
    lists: Vec<List>,
}

struct List {
    title: String,
    lines: Vec<Line>,
}

struct Line {
    href: String,
    day: String,
    kana: String,
    name: String,
    id: String,
    withdrawn: bool,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    clerk(visit)?;
    let asked = visit.ask.query("code").or(visit.ask.query("id"));
    if let Some((person, consent)) = sought(visit)? {
        let mark = consent.map_or_else(String::new, |id| format!("#consent-{id}"));
        let reply = Reply::redirect(format!("/patients/{person}/consent{mark}"));
        return Ok(reply
            .about(&person)
            .with_detail("found by code or ID".to_owned()));
    }
    list(visit, asked.is_some())
}

/// Whose consent a code or a patient ID means, at the clerk's own facility.
fn sought(visit: &Visit<'_>) -> Result<Option<(PersonId, Option<ConsentId>)>, Stop> {
    let here = &visit.who()?.facility.id;
    let found = visit.portal.store.reading(|tx| {
        if let Some(begins) = visit.ask.query("code").and_then(words::begins) {
            let Some(consent) = tx.consent_by_code(here, &begins)? else {
                return Ok(None);
            };
            let record = tx.registration(&consent.patient)?;
            return Ok(record.map(|record| (record.person, Some(consent.id))));
        }
        let record = match visit.ask.query("id").map(LocalPatientId::new) {
            Some(Ok(id)) => tx.find_registration(here, &id)?,
            _ => None,
        };
        Ok(record.map(|record| (record.person, None)))
    })?;
    Ok(found)
}

type Found = Vec<Labelled<(Consent, PatientRecord)>>;

fn with_patients(tx: &dyn Reading, consents: Vec<Consent>) -> Result<Found, Fault> {
    let mut found = Vec::with_capacity(consents.len());
    for consent in consents {
        if let Some(record) = tx.registration(&consent.patient)? {
            found.push(Labelled::new(basic_labels(&record), (consent, record)));
        }
    }
    Ok(found)
}

fn list(visit: &Visit<'_>, missing: bool) -> Result<Reply, Stop> {
    let who = clerk(visit)?;
    let here = &who.facility.id;
    let until = visit.now.plus_seconds(ENDING_DAYS * 86_400);
    let (ending, taken) = visit.portal.store.reading(|tx| {
        let ending = tx.consents_ending(here, until, LINES_MAX)?;
        let taken = tx.consents_at(here, LINES_MAX)?;
        Ok((with_patients(tx, ending)?, with_patients(tx, taken)?))
    })?;
    let released = |found| -> Released<_> { release_consents(&who.caller(), found) };
    let body = released(ending)
        .zip(released(taken))
        .try_map(|(ending, taken)| {
            let ends = |c: &Consent| c.ends().unwrap_or(c.taken).plus_seconds(-1);
            ConsentsPage {
                shell: Shell::of(visit, "desk", visit.w.consents_title()),
                missing,
                lists: vec![
                    List {
                        title: visit.w.consents_ending().into_owned(),
                        lines: ending
                            .iter()
                            .map(|(c, r)| line(visit, c, r, ends(c)))
                            .collect(),
                    },
                    List {
                        title: visit.w.consents_taken().into_owned(),
                        lines: taken
                            .iter()
                            .map(|(c, r)| line(visit, c, r, c.taken))
                            .collect(),
                    },
                ],
            }
            .render()
            .map(Body::html)
        })?;
    Ok(Reply::new(Egress::released(Action::PatientSearch, body)))
}

fn line(
    visit: &Visit<'_>,
    consent: &Consent,
    record: &PatientRecord,
    at: tasuki_model::Instant,
) -> Line {
    let name = &record.demographics.name;
    Line {
        href: format!("/patients/{}/consent", record.person),
        day: words_of::long_day(visit.w, JstDay::at(at)),
        kana: name.kana(),
        name: name.display(),
        id: record.local_id.to_string(),
        withdrawn: consent.withdrawn.is_some(),
    }
}
