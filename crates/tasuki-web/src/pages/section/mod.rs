//! A section of the chart as a plain list: every document of its kinds, newest first, one line
//! each. The merged views of medicines, labs and problems stand on the same data.

use crate::chart::lines::{self, Line};
use crate::chart::standing::foot;
use crate::chart::{self, Frame, Section};
use crate::marks::Mark;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_core::release::Body;
use tasuki_core::{Egress, Gathered};

/// Documents on one page.
const PAGE: u32 = 100;
/// Documents without a day, which stand on the first one.
const BARE_MAX: u32 = 500;

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
    /// There are more without a day than so many, which stand here.
    more: Option<u32>,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let section = Section::from_path(visit.ask.param("section"))
        .filter(|s| !s.categories().is_empty())
        .ok_or(Stop::Refused)?;
    list(visit, section)
}

/// The documents of a section, as a list.
pub(crate) fn list(visit: &Visit<'_>, section: Section) -> Result<Reply, Stop> {
    let before = visit.day("to")?;
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let dated = EntryFilter {
        categories: section.categories().to_vec(),
        to: before,
        limit: Some(PAGE + 1),
        ..EntryFilter::default()
    };
    // What has no day stands before everything else, and once: it has no place among the pages.
    let bare = EntryFilter {
        categories: section.categories().to_vec(),
        service: Service::Undated,
        limit: Some(BARE_MAX + 1),
        ..EntryFilter::default()
    };
    let found = visit.portal.store.reading(|tx| {
        let found = lines::lines(visit, tx, &chart, &dated, 12)?;
        Ok(match before {
            Some(_) => found.map(|found| (Vec::new(), found)),
            None => lines::lines(visit, tx, &chart, &bare, 12)?.zip(found),
        })
    })?;
    let undated = chart::undated(visit, &chart)?;
    let chart::Chart { facts, marks, .. } = chart;
    let title = section.words(visit.w).into_owned();
    let body = facts
        .zip(found)
        .zip(undated)
        .try_map(|((facts, (mut bare, lines)), undated)| {
            let more = bare.len() > BARE_MAX as usize;
            bare.truncate(BARE_MAX as usize);
            let (lines, older) = page(lines);
            let lines: Vec<Line> = bare.into_iter().chain(lines).collect();
            let gathered = Gathered::new(lines, facts.reports.clone());
            let body = gathered.section(Clone::clone).render(
                |lines| {
                    SectionBody {
                        w: visit.w,
                        title: &title,
                        lines: lines
                            .iter()
                            .filter_map(|l| Some((l, lines::mark_of(&marks, &l.source)?)))
                            .collect(),
                        older: older.clone(),
                        more: more.then_some(BARE_MAX),
                    }
                    .render()
                },
                |gaps| foot(visit.w, &marks, &facts, section.categories(), gaps),
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

/// The lines of one page, and where the next one begins. A page ends with a whole day: our own
/// documents and copies come from two places, and neither may be cut in the middle of one.
fn page(mut lines: Vec<Line>) -> (Vec<Line>, Option<String>) {
    let Some(Some(next)) = lines.get(PAGE as usize).map(|l| l.day) else {
        return (lines, None);
    };
    if lines.first().is_some_and(|l| l.day != Some(next)) {
        lines.retain(|l| l.day > Some(next));
        return (lines, Some(format!("?view=list&to={next}")));
    }
    // More on one day than a page takes.
    let before = next.plus_days(-1);
    (lines, Some(format!("?view=list&to={before}")))
}
