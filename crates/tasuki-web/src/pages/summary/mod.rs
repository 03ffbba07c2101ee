//! The patient on one page (フェイスシート): who it is, allergies and problems, medicines, the last
//! labs, stays and notes; in the parts that paper has, so that what is handed over is what was read.

mod basic;
mod drawn;
mod notes;

pub(crate) use basic::PAPER as BASIC;
pub(crate) use notes::PAPER as NOTES;

use crate::chart::merged::View;
use crate::chart::papers::Papers;
use crate::chart::standing::{self, foot};
use crate::chart::{self, Facts, Frame, Section, undated};
use crate::marks::Mark;
use crate::pages::print::{Part, read};
use crate::pages::{labs, medications, problems, stays};
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use drawn::Blocks;
use tasuki_core::audit::Action;
use tasuki_core::release::Body;
use tasuki_core::{Egress, Gathered};

/// What stands on it, and the section that says more.
const PARTS: &[(&Part, Option<Section>)] = &[
    (&BASIC, None),
    (&problems::PAPER, Some(Section::Problems)),
    (&medications::PAPER, Some(Section::Medications)),
    (&labs::PAPER, Some(Section::Labs)),
    (&stays::PAPER, Some(Section::Stays)),
    (&NOTES, Some(Section::Notes)),
];

#[derive(Template)]
#[template(path = "pages/summary/page.html")]
struct SummaryPage {
    shell: Shell,
    frame: Frame,
    body: String,
}

#[derive(Template)]
#[template(path = "pages/summary/body.html")]
struct SummaryBody {
    /// Blocks, and where more stands with what that is called.
    parts: Vec<(Blocks, Option<(String, String)>)>,
    remarks: Vec<String>,
}

/// Parts, what each was read from, and the address that the links of the parts begin with.
pub(crate) type Read<'p> = (
    &'p [(&'static Part, Option<Section>)],
    &'p [Papers],
    &'p str,
);

/// Parts as a screen shows them, with what did not come.
pub(crate) fn body(
    visit: &Visit<'_>,
    marks: &[Mark],
    facts: &Facts,
    (wanted, found, base): Read<'_>,
) -> Result<String, askama::Error> {
    let w = visit.w;
    let mut parts = Vec::new();
    let mut remarks = Vec::new();
    for ((part, section), papers) in wanted.iter().zip(found) {
        let view = View::of(visit, marks, facts, papers);
        let blocks = Blocks::of((part.blocks)(&view));
        let more = section.map(|more| {
            let href = format!("{base}{}", more.path());
            (href, more.words(w).into_owned())
        });
        parts.push((blocks, more));
        remarks.extend(papers.remarks(w));
    }
    remarks.dedup();
    let page = SummaryBody { parts, remarks };
    let gathered = Gathered::new(page.render()?, facts.reports.clone());
    gathered.section(Clone::clone).render(
        |page| Ok::<_, askama::Error>(page.clone()),
        |gaps| foot(w, marks, facts, standing::KINDS, gaps),
    )
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let found = read(visit, &chart, PARTS.iter().map(|(part, _)| *part))?;
    let undated = undated(visit, &chart)?;
    let chart::Chart { facts, marks, .. } = chart;
    let body = facts
        .zip(found)
        .zip(undated)
        .try_map(|((facts, found), undated)| {
            let body = body(visit, &marks, &facts, (PARTS, &found, ""))?;
            let allergies = undated.allergy_words(visit.w);
            SummaryPage {
                shell: Shell::of(visit, "patients", visit.w.section_summary()),
                frame: Frame::of(visit, &person, &marks, &facts, allergies, Section::Summary),
                body,
            }
            .render()
            .map(Body::html)
        })?;
    Ok(Reply::new(Egress::released(Action::ChartView, body)).about(&person))
}
