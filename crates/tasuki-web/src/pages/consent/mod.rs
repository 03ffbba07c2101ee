//! 同意: what one patient has agreed to at the clerk's facility: what is in force, the form of a new consent,
//! withdrawal in two steps, the facility's disclosure flag, what it keeps out by itself, and everything that
//! was agreed to before. No clinical content: documents to be kept out are day, kind and department.

mod act;
mod hidden;
mod paper;
mod scan;
mod sheet;
mod typed;
pub(crate) mod words;

pub(crate) use act::act;
pub(crate) use sheet::print;

use crate::chart::basic_labels;
use crate::pages::words_of;
use crate::shell::{Shell, facility_name};
use crate::visit::{Reply, SignedIn, Stop, Visit};
use askama::Template;
use std::collections::BTreeMap;
use tasuki_core::audit::Action;
use tasuki_core::policy::{Terms, release_consents, release_outlines, role_takes_consents};
use tasuki_core::ports::{Consent, EntryFilter, PatientRecord, Reading, Service};
use tasuki_core::release::Body;
use tasuki_core::{Egress, Fault, Labelled, Released};
use tasuki_model::{Category, CommunityId, Facility, FacilityId, PersonId, UserId};
use words::Past;

/// Documents that are offered to be kept out: the newest.
const OUTLINES_MAX: u32 = 200;

#[derive(Template)]
#[template(path = "pages/consent/page.html")]
struct ConsentPage {
    shell: Shell,
    csrf: String,
    action: String,
    name: String,
    kana: String,
    birth: String,
    id: String,
    own: String,
    disclosed: bool,
    done: Option<String>,
    failed: Option<(&'static str, &'static str)>,
    /// What is in force.
    now: Option<Past>,
    past: Vec<Past>,
    /// The first step of a withdrawal was made.
    withdrawing: bool,
    hidden: Vec<(usize, String)>,
    outlines: Vec<(String, String)>,
    facilities: Vec<(String, String)>,
    communities: Vec<(String, String)>,
    categories: Vec<(&'static str, String)>,
    today: String,
    /// The network lets the visited facility take consents (the rule of 2020-03-31).
    by_visit: bool,
}

/// What the page is made of.
pub(crate) struct Known {
    pub record: PatientRecord,
    pub consents: Vec<Consent>,
    pub hidden: Terms,
}

/// Who takes consents here; to others there is no such page.
pub(crate) fn clerk<'v>(visit: &'v Visit<'_>) -> Result<&'v SignedIn, Stop> {
    let who = visit.who()?;
    match role_takes_consents(who.session.membership.role) {
        true => Ok(who),
        false => Err(Stop::Refused),
    }
}

/// The registration at the clerk's own facility that the path's person has there.
pub(super) fn own(
    tx: &dyn Reading,
    who: &SignedIn,
    person: &PersonId,
) -> Result<Option<PatientRecord>, Fault> {
    let records = tx.registrations_of(person)?;
    let here = |r: &PatientRecord| r.facility == who.facility.id && r.survivor.is_none();
    Ok(records.into_iter().find(here))
}

pub(crate) fn person(visit: &Visit<'_>) -> Result<PersonId, Stop> {
    PersonId::new(visit.ask.param("person")).map_err(|_| Stop::Refused)
}

/// The patient's consents here, released to the clerk; unknown and elsewhere look the same.
pub(crate) fn known(visit: &Visit<'_>) -> Result<Released<Known>, Stop> {
    let (who, person) = (clerk(visit)?, person(visit)?);
    let found = visit.portal.store.reading(|tx| {
        let Some(record) = own(tx, who, &person)? else {
            return Ok(None);
        };
        Ok(Some(Known {
            consents: tx.consents_of(&record.patient_key)?,
            hidden: tx.hidden_of(&record.patient_key)?,
            record,
        }))
    })?;
    let known = found.ok_or(Stop::Refused)?;
    let labels = basic_labels(&known.record);
    let released = release_consents(&who.caller(), vec![Labelled::new(labels, known)]);
    released.try_map(|mut known| known.pop().ok_or(Stop::Refused))
}

/// How facilities, communities and users are called.
pub(crate) struct Names {
    pub facilities: BTreeMap<FacilityId, String>,
    pub communities: BTreeMap<CommunityId, String>,
    pub users: BTreeMap<UserId, String>,
}

pub(crate) fn names(visit: &Visit<'_>, consents: &[Consent]) -> Result<Names, Fault> {
    let (facilities, users) = visit.portal.store.reading(|tx| {
        let mut users = BTreeMap::new();
        for consent in consents {
            let by = [Some(&consent.by), consent.withdrawn.as_ref().map(|w| &w.1)];
            for user in by.into_iter().flatten() {
                if !users.contains_key(user) {
                    let account = tx.account(user)?;
                    users.insert(user.clone(), account.map_or_else(String::new, |a| a.name));
                }
            }
        }
        Ok((tx.facilities()?, users))
    })?;
    let named = |f: &Facility| (f.id.clone(), facility_name(visit, f));
    let others = visit.portal.others.as_ref();
    let others = others.map_or_else(Vec::new, |others| others.members());
    Ok(Names {
        facilities: facilities.iter().map(named).collect(),
        communities: others
            .into_iter()
            .map(|m| (m.community, m.name.into()))
            .collect(),
        users,
    })
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    page(visit, None)
}

pub(super) fn page(visit: &Visit<'_>, failed: Option<&Fault>) -> Result<Reply, Stop> {
    let who = clerk(visit)?;
    let known = known(visit)?;
    let names = names(visit, &known.view().consents)?;
    let key = known.view().record.patient_key.clone();
    let filter = EntryFilter {
        service: Service::Either,
        limit: Some(OUTLINES_MAX),
        ..EntryFilter::default()
    };
    let found = visit
        .portal
        .store
        .reading(|tx| tx.find_entries(std::slice::from_ref(&key), &filter))?;
    let outlines = release_outlines(&who.caller(), found);
    let body = known.zip(outlines).try_map(|(known, outlines)| {
        let mut page = drawn(visit, &known, &names);
        page.failed = failed.map(|fault| (visit.says(fault.code), fault.code.id()));
        page.hidden = hidden::lines(visit, &known.hidden, &outlines);
        page.outlines = hidden::choices(visit, &known.hidden, &outlines);
        page.render().map(Body::html)
    })?;
    let mut reply = Reply::new(Egress::released(Action::PatientSearch, body));
    reply.status = failed.map_or(200, |fault| crate::pipeline::status_of(fault.code));
    Ok(reply.about(&person(visit)?))
}

fn drawn(visit: &Visit<'_>, known: &Known, names: &Names) -> ConsentPage {
    let w = visit.w;
    let said = &known.record.demographics;
    let (now, past) = words::pasts(visit, known, names);
    let done = match visit.ask.query("done") {
        Some("taken") => Some(w.consent_done_taken()),
        Some("withdrawn") => Some(w.consent_done_withdrawn()),
        Some("disclosed") => Some(w.consent_done_disclosed()),
        Some("closed") => Some(w.consent_done_closed()),
        Some("hidden") => Some(w.consent_done_hidden()),
        Some("paper") => Some(w.consent_done_paper()),
        _ => None,
    };
    let own = known.record.facility.clone();
    let others = names.facilities.iter().filter(|(id, _)| **id != own);
    ConsentPage {
        shell: Shell::of(visit, "desk", w.consent_title()),
        csrf: visit
            .who
            .as_ref()
            .map_or_else(String::new, |who| who.session.csrf.clone()),
        action: format!("/patients/{}/consent", known.record.person),
        name: said.name.display(),
        kana: said.name.kana(),
        birth: said
            .birth
            .map_or_else(String::new, |day| words_of::birth(w, day)),
        id: known.record.local_id.to_string(),
        own: names.facilities.get(&own).cloned().unwrap_or_default(),
        disclosed: known.record.disclosed,
        done: done.map(std::borrow::Cow::into_owned),
        failed: None,
        withdrawing: visit.ask.query("step") == Some("withdraw") && now.is_some(),
        now,
        past,
        hidden: Vec::new(),
        outlines: Vec::new(),
        facilities: others
            .map(|(id, name)| (id.to_string(), name.clone()))
            .collect(),
        communities: names
            .communities
            .iter()
            .map(|(id, name)| (id.to_string(), name.clone()))
            .collect(),
        categories: Category::of_the_record()
            .map(|c| (c.code(), words_of::category(w, c).into_owned()))
            .collect(),
        today: tasuki_model::JstDay::at(visit.now).to_string(),
        by_visit: visit.portal.config.visit_consent_days.is_some(),
    }
}
