//! 本人の閲覧: what a patient reads by the link that a clerk has handed over: what was agreed, who has looked, and
//! a copy of the data of that facility. Without an account: the code of the link and the birth date, together,
//! a few times. A wrong birth date takes a use, so that a found sheet of paper opens nothing.

mod copy;
mod link;

pub(crate) use link::hand_over;

use crate::pages::access::{Names as Readers, Told, gaps, told};
use crate::pages::consent::words::{self, Past};
use crate::pages::consent::{Names, names};
use crate::shell::Shell;
use crate::sign_in::sha256;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::policy::release_to_patient;
use tasuki_core::ports::{
    AuditLine, AuditSearch, Consent, PatientRecord, RightsLink, ViewsReported,
};
use tasuki_core::release::Body;
use tasuki_core::{Code, Egress, Fault, Labelled, Released};
use tasuki_model::{Facility, JstDay};

/// Guesses of codes are counted as of this name: it is nobody's.
const COUNTED_AS: &str = " a patient's link";
/// Events of one registration that are looked at.
const EVENTS_MAX: u32 = 5_000;

#[derive(Template)]
#[template(path = "pages/rights/page.html")]
struct RightsPage<'a> {
    shell: Shell,
    failed: Option<(&'static str, &'static str)>,
    /// What was found, with the code and birth date by which the copies are asked for.
    opened: Option<Opened>,
    code: &'a str,
    birth: &'a str,
}

/// What the patient reads.
pub(super) struct Opened {
    pub name: String,
    pub facility: String,
    pub consents: Vec<Past>,
    pub told: Vec<Told>,
    pub silent: Vec<String>,
}

/// What is known of the patient of a link.
pub(super) struct Known {
    pub record: PatientRecord,
    consents: Vec<Consent>,
    events: Vec<AuditLine>,
    readers: Readers,
    reported: Vec<ViewsReported>,
    pub facilities: Vec<Facility>,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    Ok(Reply::notice(form(visit, None)?))
}

fn form(visit: &Visit<'_>, failed: Option<Code>) -> Result<String, Stop> {
    let page = RightsPage {
        shell: Shell::of(visit, "rights", visit.w.rights_title()),
        failed: failed.map(|code| (visit.says(code), code.id())),
        opened: None,
        code: "",
        birth: "",
    };
    Ok(page.render()?)
}

/// The page, the sheet or the archive: each takes one use.
pub(crate) fn open(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if !visit.ask.same_origin {
        return Err(Fault::new(Code::FormRefused, "from another site").into());
    }
    match opened(visit) {
        Ok(reply) => Ok(reply),
        Err(Stop::Fault(fault))
            if [Code::RightsRefused, Code::SignInLocked].contains(&fault.code) =>
        {
            let mut reply = Reply::notice(form(visit, Some(fault.code))?);
            reply.status = 422;
            Ok(reply.with_detail(fault.code.id().to_owned()))
        }
        Err(stop) => Err(stop),
    }
}

fn opened(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let link = link(visit)?;
    let known = known(visit, &link)?;
    match visit.ask.form("as") {
        Some("sheet") => copy::sheet(visit, known),
        Some("archive") => copy::archive(visit, &link, known),
        _ => page(visit, known),
    }
}

/// The link of what was typed, once it has been used. Wrong in whatever way looks the same.
fn link(visit: &Visit<'_>) -> Result<RightsLink, Stop> {
    let (throttle, address) = (&visit.portal.throttle, &visit.ask.address);
    if throttle.waits(COUNTED_AS, address, visit.now) {
        return Err(Fault::new(Code::SignInLocked, "too many codes").into());
    }
    let typed = visit.ask.form("code").unwrap_or_default();
    let code: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    let hash = sha256(&code.to_ascii_lowercase());
    let birth = visit
        .ask
        .form("birth")
        .and_then(|text| JstDay::parse_iso(text).ok());
    let found = visit.portal.store.writing(|tx| {
        if !tx.use_rights_link(&hash, visit.now)? {
            return Ok(None);
        }
        let Some(link) = tx.rights_link(&hash)? else {
            return Ok(None);
        };
        let record = tx.registration(&link.patient)?;
        let born = record.and_then(|record| record.demographics.birth);
        Ok((born.is_some() && born == birth).then_some(link))
    })?;
    throttle.note(COUNTED_AS, address, visit.now, found.is_some());
    let refused = || Fault::new(Code::RightsRefused, "no such code with this birth date");
    Ok(found.ok_or_else(refused)?)
}

fn known(visit: &Visit<'_>, link: &RightsLink) -> Result<Released<Known>, Stop> {
    let found = visit.portal.store.reading(|tx| {
        let Some(record) = tx.registration(&link.patient)? else {
            return Ok(None);
        };
        let search = AuditSearch {
            patient: Some(record.patient_key.clone()),
            ..AuditSearch::default()
        };
        let events = tx.find_events(&search, EVENTS_MAX)?;
        Ok(Some(Known {
            consents: tx.consents_of(&record.patient_key)?,
            readers: Readers::of(tx, &events)?,
            facilities: tx.facilities()?,
            reported: tx.views_reported()?,
            events,
            record,
        }))
    })?;
    let known = found.ok_or(Stop::Refused)?;
    let labels = crate::chart::basic_labels(&known.record);
    let released = release_to_patient(link, vec![Labelled::new(labels, known)]);
    released.try_map(|mut known| known.pop().ok_or(Stop::Refused))
}

/// In words, for page and paper.
pub(super) fn drawn(visit: &Visit<'_>, known: &Known) -> Result<Opened, Stop> {
    let names: Names = names(visit, &known.consents)?;
    let own = &known.record.facility;
    let all = known.consents.iter().enumerate();
    Ok(Opened {
        name: known.record.demographics.name.display(),
        facility: names.facilities.get(own).cloned().unwrap_or_default(),
        consents: all
            .map(|(n, consent)| words::past(visit, consent, &names, n == 0))
            .collect(),
        told: told(visit, &known.events, &known.readers, &known.facilities),
        silent: gaps(visit, &known.events, &known.reported),
    })
}

fn page(visit: &Visit<'_>, known: Released<Known>) -> Result<Reply, Stop> {
    let form = |name: &str| visit.ask.form(name).unwrap_or_default();
    let body = known.try_map(|known| {
        RightsPage {
            shell: Shell::of(visit, "rights", visit.w.rights_title()),
            failed: None,
            opened: Some(drawn(visit, &known)?),
            code: form("code"),
            birth: form("birth"),
        }
        .render()
        .map(Body::html)
        .map_err(Stop::from)
    })?;
    let reply = Reply::new(Egress::released(Action::AuditView, body));
    Ok(reply.with_detail("by the patient's link".to_owned()))
}
