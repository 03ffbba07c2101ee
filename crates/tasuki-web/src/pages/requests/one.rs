//! One request: at the facility that is asked, beside the registrations there that may be the same person; at
//! the one that asks, how it stands.

use super::{across, clerk, lines_of, state};
use crate::pages::words_of;
use crate::shell::{Shell, facility_name};
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::linking::{self, Clerk};
use tasuki_core::policy::{RequestLine, release_requests};
use tasuki_core::ports::{
    ForeignRequest, LinkRequest, PatientRecord, PatientSearch, Reading, RequestEnd, RequestState,
    Signer, Writing,
};
use tasuki_core::release::Body;
use tasuki_core::{Code, Egress, Fault, Released};
use tasuki_model::{
    ConsentId, Demographics, FacilityId, Instant, JstDay, LocalPatientId, RequestId,
};

/// Registrations that are offered.
const OFFERED_MAX: u32 = 5;

#[derive(Template)]
#[template(path = "pages/requests/one.html")]
pub(super) struct OnePage {
    pub shell: Shell,
    pub csrf: String,
    pub action: String,
    pub failed: Option<(&'static str, &'static str)>,
    pub from: String,
    pub to: String,
    pub state: String,
    /// Who holds it up, where it waits at another community.
    pub holds: String,
    pub reason: String,
    pub since: String,
    pub agreed: String,
    pub proxy: String,
    /// The facilities that may see, where the request names them.
    pub viewers: String,
    pub their_id: String,
    pub rows: Vec<Row>,
    /// IDs of registrations here that may be the same person.
    pub offered: Vec<String>,
    pub decides: bool,
    pub takes_back: bool,
    /// It is asked on paper: its answer is written down here.
    pub on_paper: bool,
}

/// What is told of a request whether it was made here or in another community.
pub(super) struct Said<'r> {
    id: &'r RequestId,
    state: RequestState,
    end: Option<&'r RequestEnd>,
    at: Instant,
    agreed: JstDay,
    signer: &'r Signer,
    their_id: Option<&'r String>,
}

impl<'r> From<&'r LinkRequest> for Said<'r> {
    fn from(request: &'r LinkRequest) -> Self {
        Self {
            id: &request.id,
            state: request.state,
            end: request.end.as_ref(),
            at: request.at,
            agreed: request.agreed,
            signer: &request.signer,
            their_id: request.their_id.as_ref(),
        }
    }
}

impl<'r> From<&'r ForeignRequest> for Said<'r> {
    fn from(request: &'r ForeignRequest) -> Self {
        Self {
            id: &request.id,
            state: request.state,
            end: request.end.as_ref(),
            at: request.at,
            agreed: request.agreed,
            signer: &request.signer,
            their_id: request.their_id.as_ref(),
        }
    }
}

impl OnePage {
    /// A request as it stands, with nothing to be done about it.
    pub fn of(
        visit: &Visit<'_>,
        said: &Said<'_>,
        asked: &Demographics,
        own: &[PatientRecord],
        failed: Option<Code>,
    ) -> Self {
        let w = visit.w;
        let own: Vec<(String, Vec<String>)> = own
            .iter()
            .map(|own| (own.local_id.to_string(), items(visit, &own.demographics)))
            .collect();
        let who = visit.who.as_ref();
        Self {
            shell: Shell::of(visit, "requests", w.requests_one_title()),
            csrf: who.map_or_else(String::new, |who| who.session.csrf.clone()),
            action: format!("/desk/requests/{}", said.id),
            failed: failed.map(|code| (visit.says(code), code.id())),
            from: String::new(),
            to: String::new(),
            state: state(visit, said.state),
            holds: String::new(),
            reason: said.end.map_or_else(String::new, |end| end.reason.clone()),
            since: said.at.in_jst().to_string(),
            agreed: words_of::long_day(w, said.agreed),
            proxy: match said.signer {
                Signer::Patient => String::new(),
                Signer::Proxy { name, relation } => format!("{name} ({relation})"),
            },
            viewers: String::new(),
            their_id: said.their_id.cloned().unwrap_or_default(),
            offered: own.iter().map(|(id, _)| id.clone()).collect(),
            rows: Row::all(visit, &items(visit, asked), &own),
            decides: false,
            takes_back: false,
            on_paper: false,
        }
    }

    /// The page as a reply: with a failure it is the form once more.
    pub fn reply(released: Released<Body>, failed: Option<Code>) -> Reply {
        let mut reply = Reply::new(Egress::released(Action::PatientSearch, released));
        reply.status = failed.map_or(200, |_| 422);
        reply
    }
}

/// One item: what it is called, what the request says, and what each registration here says, with its ID
/// and whether it is the same.
pub(super) struct Row {
    label: String,
    asked: String,
    own: Vec<(String, String, bool)>,
}

impl Row {
    /// Every item.
    pub fn all(visit: &Visit<'_>, asked: &[String], own: &[(String, Vec<String>)]) -> Vec<Self> {
        let w = visit.w;
        let labels = [
            w.requests_kana(),
            w.requests_name(),
            w.requests_birth(),
            w.requests_sex(),
            w.requests_address(),
            w.requests_phone(),
        ];
        let row = |(at, (label, asked)): (usize, (&std::borrow::Cow<'_, str>, &String))| Self {
            label: label.to_string(),
            own: own
                .iter()
                .map(|(id, items)| {
                    let says = items.get(at).cloned().unwrap_or_default();
                    let same = says == *asked || asked.is_empty();
                    (id.clone(), says, same)
                })
                .collect(),
            asked: asked.clone(),
        };
        labels.iter().zip(asked).enumerate().map(row).collect()
    }
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    render(visit, None)
}

pub(super) fn id_of(visit: &Visit<'_>) -> Result<RequestId, Stop> {
    RequestId::new(visit.ask.param("request")).map_err(|_| Stop::Refused)
}

/// The registrations here that may be meant: the ID that was named, then those of the same birth date and
/// name.
pub(super) fn candidates_of(
    tx: &dyn Reading,
    to: &FacilityId,
    their_id: Option<&str>,
    asked: &Demographics,
) -> Result<Vec<PatientRecord>, Fault> {
    let mut found = Vec::new();
    if let Some(Ok(id)) = their_id.map(LocalPatientId::new) {
        found.extend(tx.find_registration(to, &id)?);
    }
    let search = PatientSearch {
        name: Some(asked.name.kana()).filter(|kana| !kana.is_empty()),
        birth: asked.birth,
        ..PatientSearch::default()
    };
    let (hits, _) = tx.search_patients(to, &search, OFFERED_MAX)?;
    for hit in hits {
        if found
            .iter()
            .all(|known| known.patient_key != hit.record.patient_key)
        {
            found.push(hit.record);
        }
    }
    found.retain(|record| record.survivor.is_none());
    Ok(found)
}

/// The four items, and the name in kanji.
pub(super) fn items(visit: &Visit<'_>, of: &Demographics) -> Vec<String> {
    let address = of.addresses.first().map(|a| a.text.clone());
    vec![
        of.name.kana(),
        of.name
            .ideographic
            .as_ref()
            .map_or_else(String::new, |name| name.joined()),
        of.birth
            .map_or_else(String::new, |day| words_of::long_day(visit.w, day)),
        words_of::sex(visit.w, of.sex).into_owned(),
        address.unwrap_or_default(),
        of.phones.first().cloned().unwrap_or_default(),
    ]
}

fn render(visit: &Visit<'_>, failed: Option<Code>) -> Result<Reply, Stop> {
    let clerk = clerk(visit)?;
    let id = id_of(visit)?;
    let (lines, facilities) = visit.portal.store.reading(|tx| {
        let mut lines = lines_of(tx, tx.link_request(&id)?.into_iter().collect())?;
        for line in &mut lines {
            let here = line.request.to == clerk.facility && line.request.beyond.is_none();
            if here && line.request.state == RequestState::Asked {
                let (request, asked) = (&line.request, &line.asked.demographics);
                line.own = candidates_of(tx, &request.to, request.their_id.as_deref(), asked)?;
            }
        }
        Ok((lines, tx.facilities()?))
    })?;
    let released = release_requests(&visit.who()?.caller(), lines);
    if released.view().is_empty() {
        return across::one(visit, &id, failed);
    }
    let named = |id: &FacilityId| {
        let facility = facilities.iter().find(|f| f.id == *id);
        facility.map_or_else(String::new, |f| facility_name(visit, f))
    };
    let body = released.try_map(|lines| match lines.first() {
        Some(line) => page(visit, &clerk, line, named, failed)
            .render()
            .map(Body::html),
        None => Ok(Body::html(String::new())),
    })?;
    Ok(OnePage::reply(body, failed))
}

fn page(
    visit: &Visit<'_>,
    clerk: &Clerk,
    line: &RequestLine,
    named: impl Fn(&FacilityId) -> String,
    failed: Option<Code>,
) -> OnePage {
    let request = &line.request;
    let waits = request.state == RequestState::Asked;
    OnePage {
        from: named(&request.from),
        to: match (&request.beyond, &request.across) {
            (Some(name), Some(to)) => {
                let community = across::community_name(visit, &to.community);
                visit.w.requests_elsewhere(name, &community).into_owned()
            }
            (Some(name), None) => visit.w.requests_on_paper(name).into_owned(),
            (None, _) => named(&request.to),
        },
        holds: across::holds(visit, request),
        decides: waits && request.to == clerk.facility && request.beyond.is_none(),
        takes_back: waits && request.from == clerk.facility,
        on_paper: waits && request.on_paper(),
        ..OnePage::of(
            visit,
            &Said::from(request),
            &line.asked.demographics,
            &line.own,
            failed,
        )
    }
}

/// The registration here that the form names.
pub(super) fn named_here(
    visit: &Visit<'_>,
    tx: &dyn Writing,
    clerk: &Clerk,
) -> Result<PatientRecord, Fault> {
    let none = || Fault::new(Code::RequestPatient, "no such patient ID here");
    let id = visit.ask.form("own_id").unwrap_or_default();
    let own = LocalPatientId::new(id).map_err(|_| none())?;
    tx.find_registration(&clerk.facility, &own)?
        .ok_or_else(none)
}

/// Approve, send back, take back.
pub(crate) fn act(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let clerk = clerk(visit)?;
    let id = id_of(visit)?;
    let form = |name: &str| visit.ask.form(name).unwrap_or_default();
    let random: String = crate::sign_in::random_hex()?.chars().take(32).collect();
    let consent = ConsentId::new(&random).map_err(|_| Stop::wrong("an id of hex digits"))?;
    let done = visit.portal.store.writing(|tx| {
        if let Some(done) = across::act(visit, tx, &id, &consent)? {
            return Ok(done);
        }
        match form("act") {
            "approve" => {
                let own = named_here(visit, tx, &clerk)?;
                linking::approve(tx, &id, &own, consent.clone(), &clerk).map(|()| "approved")
            }
            "answered" => linking::answered(tx, &id, &clerk).map(|()| "answered"),
            "return" => linking::send_back(tx, &id, form("reason"), &clerk).map(|()| "returned"),
            "withdraw" => linking::take_back(tx, &id, &clerk).map(|()| "withdrawn"),
            _ => Err(Fault::new(Code::RequestWrong, "no such act")),
        }
    });
    match done {
        Ok(done) => {
            let reply = Reply::redirect(format!("/desk/requests?done={done}"));
            Ok(reply.with_detail(format!("request {id} {done}")))
        }
        // A request of others is not there.
        Err(fault) if fault.code == Code::RequestUnknown => Err(Stop::Refused),
        Err(fault) if [Code::RequestPatient, Code::ReasonMissing].contains(&fault.code) => {
            render(visit, Some(fault.code))
        }
        Err(fault) => Err(Stop::Fault(fault)),
    }
}
