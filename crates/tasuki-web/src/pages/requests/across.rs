//! Requests to and from other communities, beside those between members here.

use super::one::{OnePage, Said, candidates_of, named_here};
use super::{LINES_MAX, Line, clerk};
use crate::shell::facility_name;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::linking::REMIND_AFTER_DAYS;
use tasuki_core::linking::across;
use tasuki_core::policy::{ForeignLine, release_foreign_requests};
use tasuki_core::ports::{
    Across, FacilityElsewhere, ForeignRequest, LinkRequest, Reading, RequestState, Writing,
};
use tasuki_core::release::Body;
use tasuki_core::{Code, Fault, Released};
use tasuki_model::{CommunityId, ConsentId, FacilityCode, FacilityId, RequestId};

/// Facilities of other communities that are offered.
const FACILITIES_MAX: u32 = 5_000;
/// One that was not told for so many seconds is not offered.
const HEARD_SECONDS: i64 = 86_400;

/// The facilities elsewhere that can be asked, as the form names them, and the communities that have told of none:
/// those are asked on paper.
pub(super) struct Elsewhere {
    pub offered: Vec<(String, String)>,
    pub on_paper: Vec<String>,
}

/// What a community is called.
pub(super) fn community_name(visit: &Visit<'_>, id: &CommunityId) -> String {
    let others = visit.portal.others.as_ref();
    let members = others.map_or_else(Vec::new, |others| others.members());
    let member = members.into_iter().find(|m| m.community == *id);
    member.map_or_else(|| id.to_string(), |m| m.name.into())
}

pub(super) fn facilities(
    visit: &Visit<'_>,
    tx: &dyn Reading,
) -> Result<Vec<FacilityElsewhere>, Fault> {
    tx.facilities_elsewhere(visit.now.plus_seconds(-HEARD_SECONDS), FACILITIES_MAX)
}

pub(super) fn elsewhere(visit: &Visit<'_>, told: &[FacilityElsewhere]) -> Elsewhere {
    let others = visit.portal.others.as_ref();
    let members = others.map_or_else(Vec::new, |others| others.members());
    let mut found = Elsewhere {
        offered: Vec::new(),
        on_paper: Vec::new(),
    };
    for member in members {
        let of_it: Vec<_> = told
            .iter()
            .filter(|f| f.community == member.community)
            .collect();
        if of_it.is_empty() {
            found.on_paper.push(member.name.into());
            continue;
        }
        found.offered.extend(of_it.iter().map(|f| {
            let named = visit.w.requests_elsewhere(&f.name, &member.name);
            (format!("{}/{}", f.community, f.code), named.into_owned())
        }));
    }
    found
}

/// The facility that the form names as `community/code`; nothing where it is none of another community.
pub(super) fn chosen(
    visit: &Visit<'_>,
    tx: &dyn Reading,
    to: &str,
) -> Result<Option<(Across, Box<str>)>, Fault> {
    let Some((community, code)) = to.split_once('/') else {
        return Ok(None);
    };
    let (Ok(community), Ok(code)) = (CommunityId::new(community), FacilityCode::new(code)) else {
        return Ok(None);
    };
    let others = visit.portal.others.as_ref();
    let known = others.is_some_and(|o| o.members().iter().any(|m| m.community == community));
    let told = tx.facility_elsewhere(&community, &code)?.filter(|_| known);
    Ok(told.map(|facility| {
        let across = Across {
            community,
            facility: code.as_str().into(),
            taken: None,
        };
        (across, facility.name)
    }))
}

/// What to say of a request of ours that waits elsewhere: whether it has arrived, and who holds it up.
pub(super) fn holds(visit: &Visit<'_>, request: &LinkRequest) -> String {
    let Some(across) = &request.across else {
        return String::new();
    };
    if request.state != RequestState::Asked {
        return String::new();
    }
    match across.taken {
        Some(at) => visit.w.requests_taken(&at.in_jst().to_string()),
        None => visit
            .w
            .requests_untaken(&community_name(visit, &across.community)),
    }
    .into_owned()
}

/// Requests of other communities that wait for the clerk's facility.
pub(super) fn waiting(tx: &dyn Reading, facility: &FacilityId) -> Result<Vec<ForeignLine>, Fault> {
    let requests = tx.foreign_requests_to(facility, LINES_MAX)?;
    let line = |request| ForeignLine {
        request,
        own: Vec::new(),
    };
    Ok(requests.into_iter().map(line).collect())
}

pub(super) fn line(visit: &Visit<'_>, request: &ForeignRequest) -> Line {
    let days = visit.now.seconds_since(request.at) / 86_400;
    let name = &request.demographics.name;
    Line {
        href: format!("/desk/requests/{}", request.id),
        since: request.at.in_jst().to_string(),
        late: (days >= REMIND_AFTER_DAYS).then_some(days),
        kana: name.kana(),
        name: name.display(),
        place: place(visit, request),
        state: super::state(visit, request.state),
        reason: String::new(),
        holds: String::new(),
    }
}

fn place(visit: &Visit<'_>, request: &ForeignRequest) -> String {
    let community = community_name(visit, &request.community);
    let named = visit.w.requests_elsewhere(&request.facility, &community);
    named.into_owned()
}

/// One request of another community, for the desk that is asked; nothing where it is none.
pub(super) fn one(visit: &Visit<'_>, id: &RequestId, failed: Option<Code>) -> Result<Reply, Stop> {
    let clerk = clerk(visit)?;
    let (lines, facilities) = visit.portal.store.reading(|tx| {
        let mut lines = Vec::new();
        if let Some(request) = tx.foreign_request(id)? {
            let own = match request.to == clerk.facility && request.state == RequestState::Asked {
                true => candidates_of(
                    tx,
                    &request.to,
                    request.their_id.as_deref(),
                    &request.demographics,
                )?,
                false => Vec::new(),
            };
            lines.push(ForeignLine { request, own });
        }
        Ok((lines, tx.facilities()?))
    })?;
    let released: Released<_> = release_foreign_requests(&visit.who()?.caller(), lines);
    let to = facilities.iter().find(|f| f.id == clerk.facility);
    let to = to.map_or_else(String::new, |f| facility_name(visit, f));
    let body = released.try_map(|lines| {
        let line = lines.first().ok_or(Stop::Refused)?;
        Ok::<_, Stop>(Body::html(page(visit, line, to, failed).render()?))
    })?;
    Ok(OnePage::reply(body, failed))
}

fn page(visit: &Visit<'_>, line: &ForeignLine, to: String, failed: Option<Code>) -> OnePage {
    let request = &line.request;
    OnePage {
        from: format!("{} {}", place(visit, request), request.phone),
        to,
        viewers: request.viewers.join(", "),
        decides: request.state == RequestState::Asked,
        ..OnePage::of(
            visit,
            &Said::from(request),
            &request.demographics,
            &line.own,
            failed,
        )
    }
}

/// Approves or sends back; nothing where the id is of no request of another community.
pub(super) fn act(
    visit: &Visit<'_>,
    tx: &dyn Writing,
    id: &RequestId,
    consent: &ConsentId,
) -> Result<Option<&'static str>, Fault> {
    let clerk = super::clerk_of(visit);
    let Some(clerk) = clerk.filter(|_| !matches!(tx.foreign_request(id), Ok(None))) else {
        return Ok(None);
    };
    let form = |name: &str| visit.ask.form(name).unwrap_or_default();
    match form("act") {
        "approve" => {
            let own = named_here(visit, tx, &clerk)?;
            across::approve(tx, id, &own, consent.clone(), &clerk)?;
            Ok(Some("approved"))
        }
        "return" => {
            across::send_back(tx, id, form("reason"), &clerk)?;
            Ok(Some("returned"))
        }
        _ => Err(Fault::new(Code::RequestUnknown, "not for this desk")),
    }
}
