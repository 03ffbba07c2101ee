//! Where the data of a chart comes from: who was asked, what came, how old it is, why something is
//! missing, whom to call.

use crate::chart::lines::mark_of;
use crate::chart::standing::{KINDS, Limit, Standing, limits};
use crate::chart::{self, Chart, Frame, Remark, Section};
use crate::marks::{Mark, count_words, state_words};
use crate::pages::words_of;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
use std::borrow::Cow;
use tasuki_core::audit::Action;
use tasuki_core::release::Body;
use tasuki_core::{Egress, SourceReport};
use tasuki_model::Category;

#[derive(Template)]
#[template(path = "pages/sources/page.html")]
struct SourcesPage {
    shell: Shell,
    frame: Frame,
    rows: Vec<Row>,
    kinds: Vec<Cow<'static, str>>,
    states: &'static [Standing],
    others: usize,
}

struct Row {
    mark: Mark,
    state: String,
    gap: bool,
    count: String,
    as_of: String,
    notes: Vec<String>,
    limits: Vec<Limit>,
    /// How it stands to each kind.
    stands: Vec<Standing>,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let undated = chart::undated(visit, &chart)?;
    let others = chart.disclosing_others();
    let Chart { facts, marks, .. } = chart;
    let body = facts.zip(undated).try_map(|(facts, undated)| {
        let rows = facts
            .reports
            .iter()
            .filter_map(|report| {
                let mark = mark_of(&marks, &report.source)?;
                let stands = KINDS.iter().map(|kind| {
                    let none = *kind == Category::Allergy && undated.states_none(&report.source);
                    Standing::of(&facts, mark, report, *kind, none)
                });
                Some(Row {
                    stands: stands.collect(),
                    limits: limits(visit.w, &facts, mark, KINDS),
                    mark: mark.clone(),
                    state: state_words(visit.w, report),
                    notes: notes(visit.w, &facts.remarks, report),
                    gap: report.has_gap(),
                    count: count_words(visit.w, report),
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
            kinds: KINDS
                .iter()
                .map(|kind| words_of::category(visit.w, *kind))
                .collect(),
            states: Standing::ALL,
            others,
        }
        .render()
        .map(Body::html)
    })?;
    Ok(Reply::new(Egress::released(Action::ChartView, body)).about(&person))
}

/// What is to be said of another community beside its state.
fn notes(w: Words, remarks: &[Remark], report: &SourceReport) -> Vec<String> {
    let remark = remarks.iter().find(|r| r.source == report.source);
    let Some(remark) = remark else {
        return Vec::new();
    };
    let unconfirmed = remark
        .unconfirmed
        .then(|| w.copy_unconfirmed().into_owned());
    let identified = remark.identified.map(|at| {
        let time = at.in_jst().to_string();
        w.strip_identified(&time).into_owned()
    });
    let undisclosed = remark
        .undisclosed
        .then(|| w.strip_undisclosed().into_owned());
    [unconfirmed, identified, undisclosed]
        .into_iter()
        .flatten()
        .collect()
}
