//! 連携登録: requests to tie IDs, from both desks: those that wait here, those that were made here, and the
//! form of a new one. For clerks; nothing clinical.

mod across;
mod form;
mod one;
mod paper;

pub(crate) use form::ask;
pub(crate) use one::{act, show as one};
pub(crate) use paper::print;

use crate::shell::{Shell, facility_name};
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use form::Typed;
use tasuki_core::audit::Action;
use tasuki_core::linking::{Clerk, REMIND_AFTER_DAYS};
use tasuki_core::policy::{
    RequestLine, release_foreign_requests, release_requests, role_decides_identity,
};
use tasuki_core::ports::{LinkRequest, Reading, RequestState};
use tasuki_core::release::Body;
use tasuki_core::{Code, Egress, Fault};
use tasuki_model::Facility;
use tasuki_model::facility::Part;

/// Lines of one list.
const LINES_MAX: u32 = 100;

#[derive(Template)]
#[template(path = "pages/requests/page.html")]
struct RequestsPage {
    shell: Shell,
    csrf: String,
    done: Option<String>,
    failed: Option<(&'static str, &'static str)>,
    waiting: Vec<Line>,
    made: Vec<Line>,
    disclosing: Vec<(String, String)>,
    /// Communities whose facilities are asked on paper.
    on_paper: Vec<String>,
    typed: Typed,
    today: String,
    /// The network lets the visited facility take consents.
    by_visit: bool,
}

/// One request in a list.
struct Line {
    href: String,
    since: String,
    /// It has waited for so many days.
    late: Option<i64>,
    kana: String,
    name: String,
    place: String,
    state: String,
    reason: String,
    /// Who holds it up, where it waits at another community.
    holds: String,
}

/// Who works at this desk, where somebody does.
fn clerk_of(visit: &Visit<'_>) -> Option<Clerk> {
    clerk(visit).ok()
}

/// Who works at this desk; to others there is none.
pub(super) fn clerk(visit: &Visit<'_>) -> Result<Clerk, Stop> {
    let who = visit.who()?;
    match role_decides_identity(who.session.membership.role) {
        true => Ok(Clerk {
            user: who.account.id.clone(),
            facility: who.facility.id.clone(),
            at: visit.now,
        }),
        false => Err(Stop::Refused),
    }
}

/// Requests with the registrations that they name; one whose registration is gone is left out.
pub(super) fn lines_of(
    tx: &dyn Reading,
    requests: Vec<LinkRequest>,
) -> Result<Vec<RequestLine>, Fault> {
    let mut lines = Vec::with_capacity(requests.len());
    for request in requests {
        if let Some(asked) = tx.registration(&request.patient)? {
            lines.push(RequestLine {
                request,
                asked,
                own: Vec::new(),
            });
        }
    }
    Ok(lines)
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    list(visit, None, Typed::default())
}

fn list(visit: &Visit<'_>, failed: Option<Code>, typed: Typed) -> Result<Reply, Stop> {
    let clerk = clerk(visit)?;
    let who = visit.who()?;
    let (lines, foreign, facilities, told) = visit.portal.store.reading(|tx| {
        let mut requests = tx.requests_to(&clerk.facility, LINES_MAX)?;
        // What is asked on paper waits for somebody else.
        requests.retain(|request| request.beyond.is_none());
        requests.extend(tx.requests_from(&clerk.facility, LINES_MAX)?);
        let lines = lines_of(tx, requests)?;
        let foreign = across::waiting(tx, &clerk.facility)?;
        Ok((
            lines,
            foreign,
            tx.facilities()?,
            across::facilities(visit, tx)?,
        ))
    })?;
    let w = visit.w;
    let elsewhere = across::elsewhere(visit, &told);
    let foreign = release_foreign_requests(&who.caller(), foreign);
    let released = release_requests(&who.caller(), lines).zip(foreign);
    let body = released.try_map(|(lines, foreign)| {
        let of = |mine: bool| -> Vec<Line> {
            let lines = lines
                .iter()
                .filter(|line| (line.request.from == clerk.facility) == mine);
            lines.map(|l| line(visit, &facilities, l, mine)).collect()
        };
        let done = match visit.ask.query("done") {
            Some("asked") => Some(w.requests_done_asked()),
            Some("visited") => Some(w.requests_done_visited()),
            Some("answered") => Some(w.requests_done_answered()),
            Some("approved") => Some(w.requests_done_approved()),
            Some("returned") => Some(w.requests_done_returned()),
            Some("withdrawn") => Some(w.requests_done_withdrawn()),
            _ => None,
        };
        let others = facilities
            .iter()
            .filter(|f| f.part == Part::Disclosing && f.id != clerk.facility);
        RequestsPage {
            shell: Shell::of(visit, "requests", w.requests_title()),
            csrf: who.session.csrf.clone(),
            done: done.map(std::borrow::Cow::into_owned),
            failed: failed.map(|code| (visit.says(code), code.id())),
            waiting: {
                let mut waiting = of(false);
                waiting.extend(foreign.iter().map(|l| across::line(visit, &l.request)));
                waiting.sort_by(|a, b| a.since.cmp(&b.since));
                waiting
            },
            made: of(true),
            disclosing: others
                .map(|f| (f.id.to_string(), facility_name(visit, f)))
                .chain(elsewhere.offered.iter().cloned())
                .collect(),
            on_paper: elsewhere.on_paper.clone(),
            typed: typed.clone(),
            today: tasuki_model::JstDay::at(visit.now).to_string(),
            by_visit: visit.portal.config.visit_consent_days.is_some(),
        }
        .render()
        .map(Body::html)
    })?;
    let mut reply = Reply::new(Egress::released(Action::PatientSearch, body));
    reply.status = failed.map_or(200, |_| 422);
    Ok(reply)
}

fn line(visit: &Visit<'_>, facilities: &[Facility], line: &RequestLine, mine: bool) -> Line {
    let request = &line.request;
    let place = if mine { &request.to } else { &request.from };
    let facility = facilities.iter().find(|f| f.id == *place);
    let days = visit.now.seconds_since(request.at) / 86_400;
    let waits = request.state == RequestState::Asked;
    let name = &line.asked.demographics.name;
    Line {
        href: format!("/desk/requests/{}", request.id),
        since: request.at.in_jst().to_string(),
        late: (waits && days >= REMIND_AFTER_DAYS).then_some(days),
        kana: name.kana(),
        name: name.display(),
        place: match (&request.beyond, &request.across) {
            (Some(name), Some(to)) => {
                let community = across::community_name(visit, &to.community);
                visit.w.requests_elsewhere(name, &community).into_owned()
            }
            (Some(name), None) => visit.w.requests_on_paper(name).into_owned(),
            (None, _) => facility.map_or_else(String::new, |f| facility_name(visit, f)),
        },
        state: state(visit, request.state),
        reason: request
            .end
            .as_ref()
            .map_or_else(String::new, |end| end.reason.clone()),
        holds: across::holds(visit, request),
    }
}

pub(super) fn state(visit: &Visit<'_>, state: RequestState) -> String {
    match state {
        RequestState::Asked => visit.w.requests_state_asked(),
        RequestState::Approved => visit.w.requests_state_approved(),
        RequestState::Returned => visit.w.requests_state_returned(),
        RequestState::Withdrawn => visit.w.requests_state_withdrawn(),
    }
    .into_owned()
}
