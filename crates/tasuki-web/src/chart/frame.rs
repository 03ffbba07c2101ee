//! Banner, freshness strip and rail as one template, included by every chart page.

use super::lines::mark_of;
use super::{Facts, Section};
use crate::marks::{self, Mark};
use crate::pages::kept::Star;
use crate::pages::words_of;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use tasuki_core::gather::{PartialReason, Source};
use tasuki_core::{SourceReport, SourceState};
use tasuki_model::{JstDay, PersonId};

#[derive(Template)]
#[template(path = "chart/frame.html")]
pub(crate) struct Frame {
    pub w: Words,
    pub base: String,
    /// What is printed from this page.
    preset: &'static str,
    kana: String,
    name: String,
    sex: String,
    birth: String,
    age: String,
    own_id: String,
    own_short: String,
    other_ids: Vec<(String, String)>,
    /// The patient is one of the reader's own, or may become one.
    star: Star,
    namesakes: String,
    twins: String,
    allergies: String,
    allergies_incomplete: bool,
    pub answered: usize,
    pub asked: usize,
    chips: Vec<Chip>,
    /// Where the island asks whether more has come, and what this page shows.
    arrival: Option<(String, i64)>,
    /// The same page as far as it has come by then, and one that asks everybody again.
    reload: String,
    again: Option<String>,
    pub rail: Vec<RailItem>,
    pub sources_current: bool,
}

struct Chip {
    shape: &'static str,
    name: String,
    count: String,
    as_of: String,
    partial: Option<String>,
}

pub(crate) struct RailItem {
    pub href: String,
    pub words: String,
    pub count: String,
    pub current: bool,
    pub key: &'static str,
}

impl Frame {
    /// The frame of a chart page. `allergies` is the sentence of the allergy item.
    pub fn of(
        visit: &Visit<'_>,
        person: &PersonId,
        marks: &[Mark],
        facts: &Facts,
        allergies: String,
        current: Section,
    ) -> Self {
        let w = visit.w;
        let base = format!("/patients/{person}");
        let own = facts.records.first();
        let demographics = own.map(|r| r.demographics.clone()).unwrap_or_default();
        let today = JstDay::at(visit.now);
        let short = |id| mark_of(marks, &Source::Facility(id)).map(|m| m.short.clone());
        Self {
            w,
            preset: match current {
                Section::Medications => "medications",
                Section::Labs => "labs",
                Section::Summary => "handover",
                _ => "referral",
            },
            kana: demographics.name.kana(),
            name: demographics.name.display(),
            sex: words_of::sex(w, demographics.sex).into_owned(),
            birth: demographics.birth.map_or_else(
                || w.banner_unknown().into_owned(),
                |day| words_of::birth(w, day),
            ),
            age: demographics.birth.map_or_else(String::new, |day| {
                w.banner_age(day.years_until(today)).into_owned()
            }),
            own_id: own.map(|r| r.local_id.to_string()).unwrap_or_default(),
            own_short: own
                .and_then(|r| short(r.facility.clone()))
                .unwrap_or_default(),
            other_ids: facts
                .records
                .iter()
                .skip(1)
                .filter_map(|r| Some((short(r.facility.clone())?, r.local_id.to_string())))
                .collect(),
            star: Star::of_patient(visit, &base, facts.kept.mine),
            namesakes: match facts.namesakes {
                0 => String::new(),
                n => w.banner_namesakes(n).into_owned(),
            },
            twins: match facts.twins {
                0 => String::new(),
                n => w.banner_twins(n).into_owned(),
            },
            allergies,
            allergies_incomplete: facts.reports.iter().any(SourceReport::has_gap),
            answered: facts.reports.iter().filter(|r| !r.has_gap()).count(),
            asked: facts.reports.len(),
            chips: facts
                .reports
                .iter()
                .filter_map(|r| chip(w, marks, facts, r))
                .collect(),
            arrival: facts
                .arrival
                .as_ref()
                .map(|a| (format!("{base}/arrival/{}", a.id), a.revision)),
            reload: visit.ask.target.clone(),
            again: (facts.arrival.is_none() && facts.reports.iter().any(is_away))
                .then(|| format!("{}?ask=again", visit.ask.path)),
            rail: rail(w, &base, facts, current),
            sources_current: current == Section::Sources,
            base,
        }
    }
}

fn rail(w: Words, base: &str, facts: &Facts, current: Section) -> Vec<RailItem> {
    let item = |section: &Section| RailItem {
        href: format!("{base}/{}", section.path()),
        words: section.words(w).into_owned(),
        count: section
            .count(facts)
            .map(|n| n.to_string())
            .unwrap_or_default(),
        current: *section == current,
        key: section.key(),
    };
    Section::ALL.iter().map(item).collect()
}

/// Whether asking again may bring what did not come.
fn is_away(report: &SourceReport) -> bool {
    matches!(
        report.state,
        SourceState::Unavailable { .. } | SourceState::Unidentified { .. }
    )
}

fn chip(w: Words, marks: &[Mark], facts: &Facts, report: &SourceReport) -> Option<Chip> {
    let mark = mark_of(marks, &report.source)?;
    let partial = match &report.state {
        SourceState::Answered => None,
        SourceState::Partial(PartialReason::Quarantine(n)) => {
            Some(w.strip_quarantine(*n).into_owned())
        }
        SourceState::Partial(PartialReason::FeedSilent) => Some(w.strip_silent().into_owned()),
        SourceState::Awaited => Some(w.strip_awaited().into_owned()),
        SourceState::Unavailable { .. } => Some(w.strip_away().into_owned()),
        SourceState::Unidentified { .. } => Some(w.strip_unidentified().into_owned()),
        SourceState::Refused => Some(w.strip_refused().into_owned()),
        SourceState::NotAsked => Some(w.strip_not_asked().into_owned()),
        SourceState::Partial(_) => Some(marks::state_words(w, report)),
    };
    let remark = facts.remarks.iter().find(|r| r.source == report.source);
    let partial = match (partial, remark.is_some_and(|r| r.unconfirmed)) {
        (Some(partial), true) => Some(format!("{partial}　{}", w.copy_unconfirmed())),
        (None, true) => Some(w.copy_unconfirmed().into_owned()),
        (partial, false) => partial,
    };
    let as_of = report.data_as_of.map(|at| at.in_jst());
    Some(Chip {
        shape: mark.shape,
        name: mark.short.clone(),
        count: marks::count_words(w, report),
        as_of: as_of
            .map(|t| {
                format!(
                    "{}/{} {}",
                    t.day().month(),
                    t.day().day(),
                    t.clock().unwrap_or_default()
                )
            })
            .unwrap_or_default(),
        partial,
    })
}
