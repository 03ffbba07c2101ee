//! Where the data of a chart comes from: who was asked, what came, how old it is, why something is
//! missing, whom to call.

use crate::chart::{self, Chart, Frame, Section};
use crate::marks::{Mark, state_words};
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::Egress;
use tasuki_core::audit::Action;
use tasuki_core::gather::Source;
use tasuki_core::release::Body;

#[derive(Template)]
#[template(path = "pages/sources/page.html")]
struct SourcesPage {
    shell: Shell,
    frame: Frame,
    rows: Vec<Row>,
    others: usize,
}

struct Row {
    mark: Mark,
    state: String,
    gap: bool,
    count: String,
    as_of: String,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let undated = chart::undated(visit, &chart)?;
    let others = chart.disclosing_others(chart.facts.view().reports.len());
    let Chart { facts, marks, .. } = chart;
    let body = facts.zip(undated).try_map(|(facts, undated)| {
        let rows = facts
            .reports
            .iter()
            .filter_map(|report| {
                let Source::Facility(id) = &report.source else {
                    return None;
                };
                Some(Row {
                    mark: marks.iter().find(|m| m.id == *id)?.clone(),
                    state: state_words(visit.w, report),
                    gap: report.has_gap(),
                    count: visit.w.strip_count(report.items).into_owned(),
                    as_of: report
                        .data_as_of
                        .map(|t| t.in_jst().to_string())
                        .unwrap_or_default(),
                })
            })
            .collect();
        let allergies = undated.allergy_words(visit.w);
        SourcesPage {
            shell: Shell::of(visit, "patients", visit.w.section_sources()),
            frame: Frame::of(visit, &person, &marks, &facts, allergies, Section::Sources),
            rows,
            others,
        }
        .render()
        .map(Body::html)
    })?;
    Ok(Reply::new(Egress::released(Action::ChartView, body)).about(&person))
}
