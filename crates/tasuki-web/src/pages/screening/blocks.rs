//! The three blocks.

use crate::chart::badges::Badges;
use crate::chart::merged::View;
use crate::chart::papers::Paper;
use crate::pages::problems::saying::{Saying, sayings};
use crate::pages::problems::{read, words};
use crate::words::Words;
use askama::Template;
use std::cmp::Reverse;
use tasuki_core::gather::Source;
use tasuki_model::JstTime;
use tasuki_records::ClinicalValue;
use tasuki_records::contraindication::contraindications;
use tasuki_records::health_check::{is_health_check, is_named};
use tasuki_records::infection::{Agent, infections};
use tasuki_records::lab::merge::{Measured, measured};
use tasuki_records::merge::{Fact, Routed};

/// A result as it is printed.
pub(super) struct Result {
    pub at: String,
    pub name: String,
    pub value: String,
    pub badges: Badges,
    pub href: String,
}

/// A medicine with what each source says of it.
pub(super) struct Medicine {
    pub name: String,
    pub stated: bool,
    pub says: Vec<Saying>,
}

/// A report of a health check.
pub(super) struct Check {
    pub at: String,
    pub title: String,
    pub badges: Badges,
    pub href: String,
}

#[derive(Template)]
#[template(path = "pages/screening/body.html")]
pub(super) struct Blocks {
    w: Words,
    pub infection_sentence: String,
    infections: Vec<(String, Vec<Result>)>,
    pub contraindication_sentence: String,
    contraindications: Vec<Medicine>,
    pub check_sentence: String,
    checks: Vec<Check>,
}

pub(super) fn blocks(view: &View<'_>) -> Blocks {
    let (allergies, _) = read(view);
    let none: Vec<Source> = allergies
        .none_at()
        .into_iter()
        .map(|(s, _)| s.clone())
        .collect();
    let medicines = contraindications(&allergies);
    let found = infections(facts(view));
    let results: usize = found.iter().map(|i| i.results.len()).sum();
    let checks = checks(view);
    Blocks {
        w: view.w,
        infection_sentence: sentence(view, results, &[]),
        infections: found
            .iter()
            .map(|i| {
                let results = i.results.iter().map(|fact| result(view, fact));
                (agent(view.w, i.agent), results.collect())
            })
            .collect(),
        contraindication_sentence: sentence(view, medicines.len(), &none),
        contraindications: medicines
            .iter()
            .map(|medicine| Medicine {
                name: medicine.line.name.clone(),
                stated: medicine.stated,
                says: sayings(view, &medicine.line.entries, words),
            })
            .collect(),
        check_sentence: sentence(view, checks.len(), &[]),
        checks,
    }
}

/// What is known of a block and what is not: how much there is, who has stated that there is none, and
/// of whom nothing is known.
fn sentence(view: &View<'_>, count: usize, none: &[Source]) -> String {
    let w = view.w;
    let names = |sources: &[Source]| {
        let names = sources.iter().map(|source| view.name(source));
        names.collect::<Vec<_>>().join(&w.identity_join())
    };
    let gaps = view.facts.reports.iter().filter(|r| r.has_gap());
    let gaps: Vec<Source> = gaps.map(|report| report.source.clone()).collect();
    let mut said = match (count, none.is_empty()) {
        (0, true) => w.screening_unknown().into_owned(),
        (0, false) => w.screening_none(&names(none)).into_owned(),
        (count, _) => w.screening_recorded(count).into_owned(),
    };
    if !gaps.is_empty() {
        said.push_str(&w.screening_away(&names(&gaps)));
    }
    said
}

fn facts(view: &View<'_>) -> Vec<Fact<Measured>> {
    let documents = view.papers.documents.iter();
    let labs = documents.filter_map(|document| match &document.value.value {
        Some(ClinicalValue::Lab(lab)) => {
            let service = document.value.service.as_ref();
            Some(measured(lab, &document.origins, service))
        }
        _ => None,
    });
    labs.flatten().collect()
}

fn agent(w: Words, agent: Agent) -> String {
    match agent {
        Agent::Syphilis => w.screening_syphilis(),
        Agent::HepatitisB => w.screening_hepatitis_b(),
        Agent::HepatitisC => w.screening_hepatitis_c(),
        Agent::Hiv => w.screening_hiv(),
    }
    .into_owned()
}

fn result(view: &View<'_>, fact: &Fact<Measured>) -> Result {
    let sources: Vec<Source> = fact.sources().cloned().collect();
    let observation = &fact.value.observation;
    let unit = observation.unit.display();
    let value = observation.value.display();
    let at = fact.value.at.as_ref().map(ToString::to_string);
    let document = fact.origins.first().map(|o| view.address(&o.document));
    Result {
        at: at.unwrap_or_else(|| view.w.merged_no_day().into_owned()),
        name: observation.item.display().to_owned(),
        value: format!("{value} {unit}").trim_end().to_owned(),
        badges: view.badges(&sources),
        href: document.unwrap_or_default(),
    }
}

fn checks(view: &View<'_>) -> Vec<Check> {
    let documents = view.papers.documents.iter();
    let mut found: Vec<&Routed<Paper>> = documents.filter(|d| is_check(&d.value)).collect();
    found.sort_by_key(|d| Reverse(d.value.service.as_ref().map(JstTime::start)));
    let check = |document: &Routed<Paper>| {
        let mut sources: Vec<Source> = document.origins.iter().map(|o| o.source.clone()).collect();
        sources.dedup();
        let at = document.value.service.as_ref().map(ToString::to_string);
        let title = match &document.value.value {
            Some(ClinicalValue::Document(d)) if !d.title.is_empty() => d.title.clone(),
            _ => view.w.screening_checks().into_owned(),
        };
        Check {
            at: at.unwrap_or_else(|| view.w.merged_no_day().into_owned()),
            title,
            badges: view.badges(&sources),
            href: document.value.href.clone(),
        }
    };
    found.into_iter().map(check).collect()
}

/// By the document itself, or by its class where the content is not here.
fn is_check(paper: &Paper) -> bool {
    match &paper.value {
        Some(ClinicalValue::Document(document)) => is_health_check(&paper.class, document),
        Some(_) => false,
        None => is_named(&paper.class, ""),
    }
}
