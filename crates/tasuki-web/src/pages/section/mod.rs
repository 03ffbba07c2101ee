//! A section of the chart as a plain list: every document of its kinds, newest first, one line
//! each. The merged views of medicines, labs and problems stand on the same data.

use crate::chart::lines::{self, Line};
use crate::chart::{self, Frame, Section};
use crate::marks::{Mark, gap_lines};
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_core::release::Body;
use tasuki_core::{Egress, Gathered};
use tasuki_model::JstDay;

/// Documents on one page.
const PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "pages/section/page.html")]
struct SectionPage {
    shell: Shell,
    frame: Frame,
    title: String,
    body: String,
}

#[derive(Template)]
#[template(path = "pages/section/body.html")]
struct SectionBody<'a> {
    w: Words,
    title: &'a str,
    lines: Vec<(&'a Line, &'a Mark)>,
    older: Option<String>,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let section = Section::from_path(visit.ask.param("section"))
        .filter(|s| !s.categories().is_empty())
        .ok_or(Stop::Refused)?;
    let before = visit
        .ask
        .query("to")
        .map(|t| JstDay::parse_iso(t).map_err(|_| Stop::wrong("not a day")))
        .transpose()?;
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let filter = EntryFilter {
        categories: section.categories().to_vec(),
        to: before,
        service: if before.is_none() {
            Service::Either
        } else {
            Service::Dated
        },
        limit: Some(PAGE),
        ..EntryFilter::default()
    };
    let found = visit
        .portal
        .store
        .reading(|tx| lines::lines(visit, tx, &chart, &filter, 12))?;
    let undated = chart::undated(visit, &chart)?;
    let chart::Chart { facts, marks, .. } = chart;
    let title = section.words(visit.w).into_owned();
    let body = facts
        .zip(found)
        .zip(undated)
        .try_map(|((facts, lines), undated)| {
            let gathered = Gathered::new(lines, facts.reports.clone());
            let body = gathered.section(Clone::clone).render(
                |lines| {
                    SectionBody {
                        w: visit.w,
                        title: &title,
                        lines: lines
                            .iter()
                            .filter_map(|l| Some((l, lines::mark_of(&marks, &l.facility)?)))
                            .collect(),
                        older: older(lines),
                    }
                    .render()
                },
                |gaps| gap_lines(visit.w, &marks, gaps),
            )?;
            let allergies = undated.allergy_words(visit.w);
            SectionPage {
                shell: Shell::of(visit, "patients", title.clone()),
                frame: Frame::of(visit, &person, &marks, &facts, allergies, section),
                title: title.clone(),
                body,
            }
            .render()
            .map(Body::html)
        })?;
    Ok(Reply::new(Egress::released(Action::ChartView, body)).about(&person))
}

/// The day from which the next page goes on, when this one is full.
fn older(lines: &[Line]) -> Option<String> {
    if lines.len() < PAGE as usize {
        return None;
    }
    lines
        .iter()
        .filter_map(|l| l.day)
        .min()
        .map(|day| format!("?to={}", day.plus_days(-1)))
}
