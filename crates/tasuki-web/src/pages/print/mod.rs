//! What is handed over on paper: presets of the chart's parts as one PDF, made by the server. The
//! parts are those of the screen, merged alike; what did not come stands before them. Each print is
//! an audit event of its own.

mod banner;
mod sources;

pub(crate) use banner::{banner, printed};
pub(crate) use sources::{source_rows, sources as sources_of};

use crate::chart::merged::View;
use crate::chart::papers::{Papers, papers};
use crate::chart::standing::{self, limit_sentences};
use crate::chart::{self, undated};
use crate::marks::gap_of;
use crate::pages::{labs, medications, problems, stays, summary};
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use std::borrow::Cow;
use tasuki_core::audit::Action;
use tasuki_core::ports::EntryFilter;
use tasuki_core::release::Body;
use tasuki_core::{Egress, Gathered, Released};
use tasuki_model::JstDay;
use tasuki_report::{Block, Document};

/// A part of a print: what it reads, and what it says of it.
pub(crate) struct Part {
    pub filter: fn(JstDay) -> EntryFilter,
    pub blocks: fn(&View<'_>) -> Vec<Block>,
}

/// What is needed first of somebody who is not known: on paper, and in the summary for who asks from outside.
pub(crate) const EMERGENCY: &[&Part] = &[
    &problems::PAPER,
    &medications::PAPER,
    &labs::PAPER,
    &stays::PAPER,
];

/// What is printed under one name.
struct Preset {
    name: &'static str,
    title: fn(Words) -> Cow<'static, str>,
    parts: &'static [&'static Part],
}

/// Every preset. Adding one is a line here.
const PRESETS: &[Preset] = &[
    Preset {
        name: "referral",
        title: |w| w.print_referral(),
        parts: &[&problems::PAPER, &medications::PAPER, &labs::PAPER],
    },
    Preset {
        name: "medications",
        title: |w| w.print_medications(),
        parts: &[&problems::ALLERGY_PAPER, &medications::PAPER],
    },
    Preset {
        name: "labs",
        title: |w| w.print_labs(),
        parts: &[&labs::PAPER],
    },
    Preset {
        name: "emergency",
        title: |w| w.print_emergency(),
        parts: EMERGENCY,
    },
    Preset {
        name: "handover",
        title: |w| w.print_handover(),
        parts: &[
            &summary::BASIC,
            &problems::PAPER,
            &medications::PAPER,
            &labs::PAPER,
            &stays::PAPER,
            &summary::NOTES,
        ],
    },
    Preset {
        name: "visit",
        title: |w| w.print_visit(),
        parts: &[
            &summary::BASIC,
            &problems::ALLERGY_PAPER,
            &medications::PAPER,
            &summary::NOTES,
        ],
    },
];

/// What each of some parts draws from, in their order.
pub(crate) fn read(
    visit: &Visit<'_>,
    chart: &chart::Chart,
    parts: impl Iterator<Item = &'static Part>,
) -> Result<Released<Vec<Papers>>, Stop> {
    let today = JstDay::at(visit.now);
    let mut read: Option<Released<Vec<Papers>>> = None;
    for part in parts {
        let one = papers(visit, chart, &(part.filter)(today))?;
        read = Some(match read {
            None => one.map(|papers| vec![papers]),
            Some(all) => all.zip(one).map(|(mut all, papers)| {
                all.push(papers);
                all
            }),
        });
    }
    read.ok_or(Stop::Refused)
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let name = visit.ask.param("preset");
    let preset = PRESETS.iter().find(|preset| preset.name == name);
    let preset = preset.ok_or(Stop::Refused)?;
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let today = JstDay::at(visit.now);
    let read = read(visit, &chart, preset.parts.iter().copied())?;
    let undated = undated(visit, &chart)?;
    let faces = visit.portal.faces()?;
    let chart::Chart { facts, marks, .. } = chart;
    let body = facts
        .zip(read)
        .zip(undated)
        .try_map(|((facts, read), undated)| {
            let mut blocks = Vec::new();
            let mut remarks = Vec::new();
            for (part, papers) in preset.parts.iter().zip(&read) {
                let view = View::of(visit, &marks, &facts, papers);
                blocks.extend((part.blocks)(&view));
                remarks.extend(papers.remarks(visit.w));
            }
            remarks.dedup();
            let allergies = undated.allergy_words(visit.w);
            blocks.push(sources::sources(visit.w, &marks, &facts));
            let printed = printed(visit)?;
            let gathered = Gathered::new(blocks, facts.reports.clone());
            // What did not come stands before everything, as it ends every page of the screen.
            let document = gathered.section(Clone::clone).compose(|blocks, missing| {
                let gaps = missing.iter().map(|report| {
                    let gap = gap_of(visit.w, &marks, report);
                    format!("{}　{}", gap.name, gap.what)
                });
                let limits = limit_sentences(visit.w, &marks, &facts, standing::KINDS);
                Document {
                    title: (preset.title)(visit.w).into_owned(),
                    lang: visit.w.lang.tag().to_owned(),
                    banner: banner(visit, &marks, &facts, allergies),
                    gaps: gaps.chain(limits).chain(remarks).collect(),
                    gap_mark: visit.w.print_incomplete().into_owned(),
                    blocks: blocks.clone(),
                    printed,
                }
            });
            let pdf = document.to_pdf(&faces)?;
            Ok::<_, Stop>(Body::new("application/pdf", pdf))
        })?;
    let mut reply = Reply::new(Egress::released(Action::Export, body)).about(&person);
    reply.file_name = Some(format!("tasuki-{name}-{today}.pdf"));
    Ok(reply.with_detail(format!("print {name}")))
}
