//! Medicines of every source: what is current, each once with all its badges, over time; or drugs by
//! dates. Documents one by one stand under `?view=list`.

mod detail;
mod gantt;
mod matrix;
mod now;
mod overlapping;
mod paper;
mod ticks;
mod wanted;

use crate::chart::merged::{Drawn, View, merged};
use crate::chart::{Section, badges};
use crate::pages::{section, words_of};
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
use matrix::Matrix;
use now::{Row, Table};
use overlapping::{Overlapping, overlapping};
pub(crate) use paper::PAPER;
use tasuki_core::gather::Source;
use tasuki_model::JstDay;
use tasuki_records::ClinicalValue;
use tasuki_records::merge::Fact;
use tasuki_records::prescription::class::Class;
use tasuki_records::prescription::merge::{Medicine, Supply, UNSAID_DAYS, medicines, supplies};
use wanted::Wanted;

#[derive(Template)]
#[template(path = "pages/medications/toolbar.html")]
struct Toolbar {
    w: Words,
    count: usize,
    now: String,
    dates: String,
    matrix: bool,
    sources: Vec<(String, String, bool)>,
    classes: Vec<(&'static str, String, bool)>,
    painted: Option<String>,
    kept: Vec<(&'static str, String)>,
    current_only: bool,
}

#[derive(Template)]
#[template(path = "pages/medications/body.html")]
struct Body {
    w: Words,
    matrix: Option<Matrix>,
    head: String,
    groups: Vec<(String, Vec<Row>)>,
    /// Drugs that were injected and stand in no row.
    more_injected: usize,
    overlaps: Vec<String>,
    unsaid_days: i64,
    further: Option<String>,
    any: bool,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if visit.ask.query("view") == Some("list") {
        return section::list(visit, Section::Medications);
    }
    let wanted = Wanted::of(visit)?;
    let filter = wanted.filter(JstDay::at(visit.now));
    merged(visit, Section::Medications, &filter, |view| {
        let lines = lines(view, &wanted);
        let found = overlapping(view, &lines);
        let chosen = |line: &Medicine| wanted.chosen.as_ref() == Some(&handle(line));
        let detail = lines.iter().position(chosen).and_then(|place| {
            let said = found.about(place);
            let detail = detail::detail(view, lines.get(place)?, said, wanted.href("drug", ""));
            Some(detail.render())
        });
        Ok(Drawn {
            toolbar: toolbar(view, &wanted, &lines).render()?,
            body: body(view, &wanted, &lines, &found).render()?,
            aside: detail.transpose()?.unwrap_or_default(),
        })
    })
}

/// The name of a line in addresses.
fn handle(line: &Medicine) -> String {
    let first = line
        .supplies
        .last()
        .map(|supply| (&supply.origins, supply.item));
    match &line.key {
        Some(key) => badges::handle(key),
        None => badges::handle(&first),
    }
}

/// Every medicine.
fn all(view: &View<'_>) -> Vec<Medicine> {
    medicines(stated(view))
}

/// Everything that was prescribed.
fn stated(view: &View<'_>) -> Vec<Fact<Supply>> {
    let mut facts = Vec::new();
    for document in &view.papers.documents {
        if let Some(ClinicalValue::Prescription(prescription)) = &document.value.value {
            facts.extend(supplies(
                prescription,
                &document.origins,
                document.value.service.as_ref(),
            ));
        }
    }
    facts
}

/// The medicines, of one source only where that is asked for.
fn lines(view: &View<'_>, wanted: &Wanted) -> Vec<Medicine> {
    let mut facts = stated(view);
    if let Some(code) = &wanted.source {
        facts.retain(|fact| {
            fact.sources()
                .any(|source| badges::source_code(source) == *code)
        });
    }
    medicines(facts)
}

fn body(view: &View<'_>, wanted: &Wanted, lines: &[Medicine], found: &Overlapping) -> Body {
    let shown = lines
        .iter()
        .filter(|line| !wanted.current_only || line.is_current(view.today));
    let shown: Vec<&Medicine> = shown.collect();
    let table = Table::new(view, wanted, found);
    let mut groups = table.groups(lines);
    let (injected, more_injected) = table.injected();
    if !injected.is_empty() {
        groups.push((view.w.meds_injected().into_owned(), injected));
    }
    Body {
        w: view.w,
        matrix: wanted.matrix.then(|| matrix::matrix(view, &shown)),
        head: table.head(),
        any: !groups.is_empty() || !lines.is_empty(),
        groups,
        more_injected,
        overlaps: found.all(),
        unsaid_days: UNSAID_DAYS,
        further: (wanted.years == 1).then(|| wanted.href("years", "5")),
    }
}

fn toolbar(view: &View<'_>, wanted: &Wanted, lines: &[Medicine]) -> Toolbar {
    let w = view.w;
    let reported = |source: &Source| {
        view.facts
            .reports
            .iter()
            .any(|report| report.source == *source)
    };
    let source = |mark: &crate::marks::Mark| {
        let code = badges::source_code(&mark.source);
        (
            code.clone(),
            mark.name.clone(),
            wanted.source.as_ref() == Some(&code),
        )
    };
    let all = (
        String::new(),
        w.calendar_all_facilities().into_owned(),
        wanted.source.is_none(),
    );
    let marks = view.marks.iter().filter(|mark| reported(&mark.source));
    let present = |class: &&Class| {
        lines.iter().any(|line| line.class == Some(**class)) || wanted.class == Some(**class)
    };
    let class = |class: &Class| {
        (
            class.code(),
            words_of::class(w, *class).into_owned(),
            wanted.class == Some(*class),
        )
    };
    let none = ("", w.meds_no_class().into_owned(), wanted.class.is_none());
    let chosen = ["source", "class", "ended"];
    Toolbar {
        w,
        count: lines
            .iter()
            .filter(|line| line.is_current(view.today))
            .count(),
        now: wanted.href("view", ""),
        dates: wanted.href("view", "matrix"),
        matrix: wanted.matrix,
        sources: std::iter::once(all).chain(marks.map(source)).collect(),
        classes: std::iter::once(none)
            .chain(Class::ALL.iter().filter(present).map(class))
            .collect(),
        painted: wanted
            .class
            .map(|class| words_of::class(w, class).into_owned()),
        kept: wanted
            .pairs()
            .into_iter()
            .filter(|(name, _)| !chosen.contains(name))
            .collect(),
        current_only: wanted.current_only,
    }
}
