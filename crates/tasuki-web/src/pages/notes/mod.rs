//! Notes of every source in full, the newest first: who wrote what, when, with pictures. A note that
//! came by two routes stands once. Writing notes is not here yet; documents one by one stand under
//! `?view=list`.

mod card;

use crate::chart::Section;
use crate::chart::merged::{Drawn, merged};
use crate::pages::section;
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
use card::Card;
use std::cmp::Reverse;
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::{Category, JstDay, JstTime};

/// Days of one window; older notes are read on demand.
const WINDOW_DAYS: i64 = 365;
/// Notes at most; the page says how many there are besides.
const NOTES_MAX: usize = 60;

#[derive(Template)]
#[template(path = "pages/notes/toolbar.html")]
struct Toolbar {
    w: Words,
}

#[derive(Template)]
#[template(path = "pages/notes/body.html")]
struct Body {
    w: Words,
    cards: Vec<Card>,
    more: usize,
    earlier: String,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if visit.ask.query("view") == Some("list") {
        return section::list(visit, Section::Notes);
    }
    let day = visit
        .ask
        .query("to")
        .map(|text| JstDay::parse_iso(text).map_err(|_| Stop::wrong("not a day")));
    let to = day.transpose()?;
    let from = to
        .unwrap_or_else(|| JstDay::at(visit.now))
        .plus_days(-WINDOW_DAYS);
    let filter = EntryFilter {
        categories: vec![Category::Note],
        from: Some(from),
        to,
        service: Service::Either,
        ..EntryFilter::default()
    };
    merged(visit, Section::Notes, &filter, |view| {
        let mut found: Vec<_> = view
            .papers
            .documents
            .iter()
            .filter(|d| d.value.value.is_some())
            .collect();
        found.sort_by_key(|d| Reverse(d.value.service.as_ref().map(JstTime::start)));
        let body = Body {
            w: view.w,
            cards: found
                .iter()
                .take(NOTES_MAX)
                .filter_map(|note| card::card(view, note))
                .collect(),
            more: found.len().saturating_sub(NOTES_MAX),
            earlier: format!("notes?to={}", from.plus_days(-1)),
        };
        Ok(Drawn {
            toolbar: Toolbar { w: view.w }.render()?,
            body: body.render()?,
            aside: String::new(),
        })
    })
}
