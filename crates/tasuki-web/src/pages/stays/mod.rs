//! Stays in hospital of every source, each with its events beneath. Visits, meals and the documents of
//! stays one by one stand under `?view=list`.

mod paper;

use crate::chart::Section;
use crate::chart::badges::Badges;
use crate::chart::merged::{Drawn, View, merged};
use crate::pages::{section, words_of};
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
pub(crate) use paper::PAPER;
use std::borrow::Cow;
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::{Category, JstTime};
use tasuki_records::ClinicalValue;
use tasuki_records::merge::Fact;
use tasuki_records::stay::merge::{Stay, event, stays};
use tasuki_records::stay::{StayChange, StayEvent};

/// Stays at most; the page says how many there are besides.
const STAYS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "pages/stays/toolbar.html")]
struct Toolbar {
    w: Words,
}

#[derive(Template)]
#[template(path = "pages/stays/body.html")]
struct Body {
    w: Words,
    rows: Vec<Row>,
    more: usize,
}

struct Row {
    badges: Badges,
    admitted: String,
    discharged: String,
    length: String,
    planned: bool,
    place: String,
    events: Vec<Event>,
}

struct Event {
    at: String,
    what: String,
    says: String,
    cancelled: bool,
    href: String,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if visit.ask.query("view") == Some("list") {
        return section::list(visit, Section::Stays);
    }
    merged(visit, Section::Stays, &filter(), |view| {
        let found = read(view);
        let body = Body {
            w: view.w,
            rows: found
                .iter()
                .take(STAYS_MAX)
                .map(|stay| row(view, stay))
                .collect(),
            more: found.len().saturating_sub(STAYS_MAX),
        };
        Ok(Drawn {
            toolbar: Toolbar { w: view.w }.render()?,
            body: body.render()?,
            aside: String::new(),
        })
    })
}

fn filter() -> EntryFilter {
    EntryFilter {
        categories: vec![Category::Stay],
        service: Service::Either,
        ..EntryFilter::default()
    }
}

fn read(view: &View<'_>) -> Vec<Stay> {
    let documents = view.papers.documents.iter();
    let events = documents.filter_map(|document| match &document.value.value {
        Some(ClinicalValue::Stay(stay)) => Some(event(stay, &document.origins)),
        _ => None,
    });
    stays(events.collect())
}

fn row(view: &View<'_>, stay: &Stay) -> Row {
    let w = view.w;
    let (admitted, discharged) = (stay.admitted(), stay.discharged());
    let day = |time: &Option<JstTime>| time.as_ref().map(|time| time.day());
    let days = |from: tasuki_model::JstDay, to: tasuki_model::JstDay| {
        to.epoch_days() - from.epoch_days() + 1
    };
    let length = match (day(&admitted), day(&discharged)) {
        (Some(from), Some(to)) if from <= to => w.stay_days(days(from, to)).into_owned(),
        (Some(from), None) if from <= view.today => w.stays_open().into_owned(),
        _ => String::new(),
    };
    let unknown = || w.stays_unknown().into_owned();
    let shown = |time: Option<JstTime>| time.map(|time| time.to_string());
    let planned = stay.is_planned();
    let last = stay
        .events
        .iter()
        .rev()
        .map(|fact| place(&fact.value))
        .find(|place| !place.is_empty());
    Row {
        badges: view.badges(&stay.sources),
        admitted: shown(admitted)
            .unwrap_or_else(|| if planned { String::new() } else { unknown() }),
        discharged: shown(discharged).unwrap_or_default(),
        length,
        planned,
        place: last.unwrap_or_default(),
        events: stay.events.iter().map(|fact| printed(view, fact)).collect(),
    }
}

fn printed(view: &View<'_>, fact: &Fact<StayEvent>) -> Event {
    let event = &fact.value;
    let at = event.at.as_ref().map(ToString::to_string);
    let document = fact
        .origins
        .first()
        .map(|origin| view.address(&origin.document));
    let outcome = if event.outcome.is_empty() {
        String::new()
    } else {
        format!(
            "{} {}",
            words_of::label(view.w, tasuki_records::view::Label::Outcome),
            event.outcome
        )
    };
    let parts = [place(event), outcome, event.reason.to_string()];
    let says = parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("　");
    Event {
        at: at.unwrap_or_else(|| view.w.merged_no_day().into_owned()),
        what: change(view.w, event.change).into_owned(),
        says,
        cancelled: event.cancelled,
        href: document.unwrap_or_default(),
    }
}

/// Department, ward, room and bed, and who is in charge, as sent.
fn place(event: &StayEvent) -> String {
    let encounter = &event.encounter;
    let location = encounter.location.as_ref();
    let of = |location: &tasuki_records::v2::Location| {
        [&location.unit, &location.room, &location.bed].map(ToString::to_string)
    };
    let location = location.map(of).unwrap_or_default();
    let attending = encounter
        .attending
        .as_ref()
        .map(tasuki_records::v2::Staff::display);
    let parts = [tasuki_records::v2::department(&encounter.department).to_string()]
        .into_iter()
        .chain(location)
        .chain(attending);
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn change(w: Words, change: StayChange) -> Cow<'static, str> {
    match change {
        StayChange::AdmissionPlanned => w.stays_admission_planned(),
        StayChange::Admitted => w.label_admitted(),
        StayChange::LeaveStarted => w.stays_leave(),
        StayChange::LeaveEnded => w.stays_back(),
        StayChange::TransferPlanned => w.stays_transfer_planned(),
        StayChange::Transferred => w.stays_transfer(),
        StayChange::DischargePlanned => w.stays_discharge_planned(),
        StayChange::Discharged => w.label_discharged(),
    }
}
