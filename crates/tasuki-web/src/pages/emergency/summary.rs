//! Step 3: what one has to know at once, on one screen: allergies and problems, medicines, the last labs,
//! stays and wishes. The rest of the chart stands behind a link.

use super::steps::StepsPage;
use crate::chart::{self, Frame, Section, undated};
use crate::pages::print::{Part, read};
use crate::pages::{labs, medications, problems, stays, summary};
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::Egress;
use tasuki_core::audit::Action;
use tasuki_core::ports::Emergency;
use tasuki_core::release::Body;

/// What stands on it, and the section that says more.
const PARTS: &[(&Part, Option<Section>)] = &[
    (&problems::PAPER, Some(Section::Problems)),
    (&medications::PAPER, Some(Section::Medications)),
    (&labs::PAPER, Some(Section::Labs)),
    (&stays::PAPER, Some(Section::Stays)),
    (&summary::NOTES, Some(Section::Notes)),
];

pub(super) fn show(visit: &Visit<'_>, emergency: &Emergency) -> Result<Reply, Stop> {
    let chart = chart::open_of(visit, &emergency.person)?;
    let person = chart.grant.person().clone();
    let found = read(visit, &chart, PARTS.iter().map(|(part, _)| *part))?;
    let undated = undated(visit, &chart)?;
    let chart::Chart { facts, marks, .. } = chart;
    let body = facts
        .zip(found)
        .zip(undated)
        .try_map(|((facts, found), undated)| {
            let base = format!("/patients/{person}");
            let links = format!("{base}/");
            let body = summary::body(visit, &marks, &facts, (PARTS, &found, &links))?;
            let allergies = undated.allergy_words(visit.w);
            let own = facts.records.first();
            let said = own.map(|r| r.demographics.clone()).unwrap_or_default();
            let mut page = StepsPage::of(visit, emergency, &said, None)?;
            page.frame = Some(Frame::of(
                visit,
                &person,
                &marks,
                &facts,
                allergies,
                Section::Summary,
            ));
            page.body = Some((base, body));
            page.render().map(Body::html).map_err(Stop::from)
        })?;
    Ok(Reply::new(Egress::released(Action::ChartView, body)).about(&person))
}
