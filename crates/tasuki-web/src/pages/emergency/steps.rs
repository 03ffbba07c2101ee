//! Steps 2 and 3: who was found, held against the patient, and the reason; the summary once it is open.

use super::{FOUND_SECONDS, failed, own, summary, tell};
use crate::chart::{Frame, basic_labels};
use crate::pages::words_of;
use crate::shell::{Shell, facility_name};
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::policy::release_found;
use tasuki_core::ports::{Emergency, EmergencyDoor, EmergencyReason};
use tasuki_core::release::Body;
use tasuki_core::{Code, Egress, Labelled};
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, Demographics, JstDay, Labels};

#[derive(Template)]
#[template(path = "pages/emergency/steps.html")]
pub(super) struct StepsPage {
    shell: Shell,
    csrf: String,
    action: String,
    kana: String,
    name: String,
    sex: String,
    birth: String,
    /// How they were found.
    door: String,
    /// Who is told at once.
    told: Vec<String>,
    /// Other communities are asked, and write it down themselves.
    others: bool,
    hours: i64,
    failed: Option<(String, &'static str)>,
    /// The reason as it was given, with those present, once it is open.
    said: Option<String>,
    /// Extensions so far, as they were asked for.
    pub frame: Option<Frame>,
    /// Address of the chart, and what stands on the summary.
    pub body: Option<(String, String)>,
}

/// The words of a reason.
pub(crate) fn reason(visit: &Visit<'_>, reason: EmergencyReason) -> String {
    match reason {
        EmergencyReason::Life => visit.w.emergency_life().into_owned(),
        EmergencyReason::Disaster => visit.w.emergency_disaster().into_owned(),
    }
}

impl StepsPage {
    pub fn of(
        visit: &Visit<'_>,
        emergency: &Emergency,
        said: &Demographics,
        failure: Option<Code>,
    ) -> Result<Self, Stop> {
        let w = visit.w;
        let who = visit.who()?;
        let (told, facilities) = visit
            .portal
            .store
            .reading(|tx| Ok((tell::told(tx, emergency)?, tx.facilities()?)))?;
        let named = facilities
            .iter()
            .filter(|f| told.iter().any(|(id, _)| *id == f.id));
        let today = JstDay::at(visit.now);
        Ok(Self {
            shell: Shell::of(visit, "emergency", w.emergency_title()),
            csrf: who.session.csrf.clone(),
            action: format!("/emergency/{}", emergency.id),
            kana: said.name.kana(),
            name: said.name.display(),
            sex: words_of::sex(w, said.sex).into_owned(),
            birth: said.birth.map_or_else(
                || w.banner_unknown().into_owned(),
                |day| {
                    let age = w.banner_age(day.years_until(today));
                    format!("{} {age}", words_of::birth(w, day))
                },
            ),
            door: match emergency.door {
                EmergencyDoor::PatientId => w.emergency_by_id(),
                EmergencyDoor::Invited => w.emergency_by_invitation(),
                EmergencyDoor::Demographics => w.emergency_by_items(),
            }
            .into_owned(),
            told: named.map(|f| facility_name(visit, f)).collect(),
            others: visit.portal.others.is_some(),
            hours: visit.portal.config.emergency.open_seconds / 3_600,
            failed: failure.map(|code| failed(visit, code)),
            said: emergency.opening.as_ref().map(|opening| {
                let at = opening.at.in_jst().clock().unwrap_or_default();
                let parts = [
                    reason(visit, opening.reason),
                    opening.words.to_string(),
                    opening.team.to_string(),
                    at,
                ];
                let parts = parts.into_iter().filter(|part| !part.is_empty());
                parts.collect::<Vec<_>>().join("　／　")
            }),
            frame: None,
            body: None,
        })
    }
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let emergency = own(visit)?;
    if emergency.is_open(visit.now) {
        return summary::show(visit, &emergency);
    }
    let late = visit.now.seconds_since(emergency.found) > FOUND_SECONDS;
    if emergency.opening.is_some() || late {
        return Ok(Reply::redirect("/emergency"));
    }
    confirm(visit, &emergency, None)
}

/// Step 2 once more: what was wrong stands in it.
pub(super) fn asked_again(
    visit: &Visit<'_>,
    emergency: &Emergency,
    code: Code,
) -> Result<Reply, Stop> {
    let mut reply = confirm(visit, emergency, Some(code))?;
    reply.status = match code {
        Code::SignInFailed => 401,
        Code::SignInLocked => 429,
        _ => 422,
    };
    Ok(reply.with_detail(code.id().to_owned()))
}

/// Name, kana, sex and birth date, and nothing else, before there is a reason.
fn confirm(visit: &Visit<'_>, emergency: &Emergency, code: Option<Code>) -> Result<Reply, Stop> {
    let who = visit.who()?;
    let despite = visit.portal.config.emergency.despite_refusal;
    let records = visit
        .portal
        .store
        .reading(|tx| tx.registrations_of(&emergency.person))?;
    let open = records
        .into_iter()
        .filter(|record| despite || record.terms.let_emergency());
    let mut found: Vec<Labelled<Demographics>> = open
        .map(|record| Labelled::new(basic_labels(&record), record.demographics))
        .collect();
    if let Some(elsewhere) = &emergency.elsewhere {
        let labels = Labels {
            patient_key: emergency.shelf()?,
            facility: who.facility.id.clone(),
            category: Category::Basic,
            department: None,
            day: None,
            author: None,
            confidentiality: Confidentiality::Normal,
            document: None,
        };
        found.push(Labelled::new(labels, elsewhere.said.clone()));
    }
    found.truncate(1);
    let released = release_found(&who.caller(), found);
    let body = released.try_map(|found| {
        let said = found.first().ok_or(Stop::Refused)?;
        let page = StepsPage::of(visit, emergency, said, code)?;
        page.render().map(Body::html).map_err(Stop::from)
    })?;
    let reply = Reply::new(Egress::released(Action::Emergency, body));
    Ok(reply.about(&emergency.person))
}
