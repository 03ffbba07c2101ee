//! Injections of every source: each bottle that was ordered with what was given of it beneath. What
//! was given without an order that is here says so. Documents one by one stand under `?view=list`.

mod lines;

use crate::chart::Section;
use crate::chart::merged::{Drawn, View, merged};
use crate::pages::section;
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
use lines::{Day, days};
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::{Category, JstDay};
use tasuki_records::ClinicalValue;
use tasuki_records::injection::merge::{InjectionLine, facts, injections};

/// Days of one window; older ones are read on demand.
const WINDOW_DAYS: i64 = 365;
/// Lines at most; the page says how many there are besides.
const LINES_MAX: usize = 300;

#[derive(Template)]
#[template(path = "pages/injections/toolbar.html")]
struct Toolbar {
    w: Words,
}

#[derive(Template)]
#[template(path = "pages/injections/body.html")]
struct Body {
    w: Words,
    days: Vec<Day>,
    more: usize,
    earlier: String,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if visit.ask.query("view") == Some("list") {
        return section::list(visit, Section::Injections);
    }
    let to = visit.day("to")?;
    let last = to.unwrap_or_else(|| JstDay::at(visit.now));
    let from = last.plus_days(-WINDOW_DAYS);
    let filter = EntryFilter {
        categories: vec![Category::Injection],
        from: Some(from),
        to,
        service: Service::Either,
        ..EntryFilter::default()
    };
    merged(visit, Section::Injections, &filter, |view| {
        let lines = read(view);
        let shown = lines.iter().take(LINES_MAX);
        let body = Body {
            w: view.w,
            days: days(view, shown),
            more: lines.len().saturating_sub(LINES_MAX),
            earlier: format!("injections?to={}", from.plus_days(-1)),
        };
        Ok(Drawn {
            toolbar: Toolbar { w: view.w }.render()?,
            body: body.render()?,
            aside: String::new(),
        })
    })
}

/// Every bottle with what was given of it.
pub(crate) fn read(view: &View<'_>) -> Vec<InjectionLine> {
    let (mut bottles, mut given) = (Vec::new(), Vec::new());
    for document in &view.papers.documents {
        if let Some(ClinicalValue::Injection(injection)) = &document.value.value {
            let service = document.value.service.as_ref();
            let (ordered, done) = facts(injection, &document.origins, service);
            bottles.extend(ordered);
            given.extend(done);
        }
    }
    injections(bottles, given)
}
