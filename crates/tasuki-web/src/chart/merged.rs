//! A page that merges the documents of a section: frame, toolbar, what the kind draws, what has to be
//! said of the whole, and what did not come. The kinds draw; this is the same for all of them.

use super::badges::Badges;
use super::older::fetch_href;
use super::papers::{Papers, papers};
use super::standing::foot;
use super::{Facts, Frame, Section, open, undated};
use crate::marks::Mark;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
use std::collections::BTreeMap;
use tasuki_core::audit::Action;
use tasuki_core::gather::Source;
use tasuki_core::ports::EntryFilter;
use tasuki_core::release::Body;
use tasuki_core::{Egress, Gathered};
use tasuki_model::{JstDay, SmolStr};

/// What a page draws from.
pub(crate) struct View<'a> {
    pub w: Words,
    pub today: JstDay,
    pub marks: &'a [Mark],
    pub facts: &'a Facts,
    pub papers: &'a Papers,
    /// Where each document is opened.
    pub addresses: BTreeMap<SmolStr, String>,
    /// Sources of which only old copies are here.
    pub old: Vec<Source>,
}

/// What a page has drawn: HTML of templates, escaped by them.
#[derive(Default)]
pub(crate) struct Drawn {
    pub toolbar: String,
    pub body: String,
    /// The detail of one line; empty where none is asked for.
    pub aside: String,
}

#[derive(Template)]
#[template(path = "chart/merged.html")]
struct MergedPage<'a> {
    shell: Shell,
    frame: Frame,
    drawn: &'a Drawn,
    body: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{% if let Some(fetch) = fetch %}<p class="more-line"><a class="button" href="{{ fetch }}">{{ w.merged_fetch() }}</a></p>{% endif %}{% for remark in remarks %}<p class="remark" role="note"><svg class="state-mark state-mark--inline" aria-hidden="true"><use href="#s-gap"/></svg> {{ remark }} <a href="?view=list">{{ w.merged_list() }}</a></p>{% endfor %}"##
)]
struct Remarks {
    w: Words,
    /// Fetches what nobody has fetched yet.
    fetch: Option<String>,
    remarks: Vec<String>,
}

impl<'a> View<'a> {
    pub fn of(visit: &Visit<'_>, marks: &'a [Mark], facts: &'a Facts, papers: &'a Papers) -> Self {
        Self::at((visit.w, JstDay::at(visit.now)), marks, facts, papers)
    }

    /// The same in a language on a day.
    pub fn at(
        (w, today): (Words, JstDay),
        marks: &'a [Mark],
        facts: &'a Facts,
        papers: &'a Papers,
    ) -> Self {
        Self {
            w,
            today,
            marks,
            facts,
            addresses: papers.addresses(),
            old: papers.old_sources(),
            papers,
        }
    }

    /// The letters of sources, as paper has them.
    pub fn shorts(&self, sources: &[Source]) -> String {
        self.badges(sources).words()
    }

    pub fn badges(&self, sources: &[Source]) -> Badges {
        Badges::of(self.marks, sources, &self.old)
    }

    /// The name of a source.
    pub fn name(&self, source: &Source) -> String {
        let mark = self.marks.iter().find(|mark| mark.source == *source);
        mark.map(|mark| mark.name.clone()).unwrap_or_default()
    }

    pub fn address(&self, document: &SmolStr) -> String {
        self.addresses.get(document).cloned().unwrap_or_default()
    }
}

/// The page of a section.
pub(crate) fn merged(
    visit: &Visit<'_>,
    section: Section,
    filter: &EntryFilter,
    draw: impl Fn(&View<'_>) -> askama::Result<Drawn>,
) -> Result<Reply, Stop> {
    merged_of(visit, open(visit)?, section, filter, draw)
}

/// The same of a chart that is open already.
pub(crate) fn merged_of(
    visit: &Visit<'_>,
    chart: super::Chart,
    section: Section,
    filter: &EntryFilter,
    draw: impl Fn(&View<'_>) -> askama::Result<Drawn>,
) -> Result<Reply, Stop> {
    let person = chart.grant.person().clone();
    let found = papers(visit, &chart, filter)?;
    let undated = undated(visit, &chart)?;
    let super::Chart { facts, marks, .. } = chart;
    let body = facts
        .zip(found)
        .zip(undated)
        .try_map(|((facts, papers), undated)| {
            let view = View::of(visit, &marks, &facts, &papers);
            let remarks = papers.remarks(visit.w);
            let fetch = (papers.later() > 0).then(|| fetch_href(visit));
            let drawn = draw(&view)?;
            let gathered = Gathered::new(drawn.body.as_str(), facts.reports.clone());
            let body = gathered.section(|body| (*body).to_owned()).render(
                |body| {
                    Ok::<_, askama::Error>(
                        body.clone()
                            + &Remarks {
                                w: visit.w,
                                fetch,
                                remarks,
                            }
                            .render()?,
                    )
                },
                |gaps| foot(visit.w, &marks, &facts, section.categories(), gaps),
            )?;
            let allergies = undated.allergy_words(visit.w);
            MergedPage {
                shell: Shell::of(visit, "patients", section.words(visit.w)),
                frame: Frame::of(visit, &person, &marks, &facts, allergies, section),
                drawn: &drawn,
                body,
            }
            .render()
            .map(Body::html)
        })?;
    Ok(Reply::new(Egress::released(Action::ChartView, body)).about(&person))
}
