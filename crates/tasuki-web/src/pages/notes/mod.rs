//! Notes of every source in full, the newest first: who wrote what as what, when, with files and what was
//! added later, and what the team has agreed on. A note that came by two routes stands once. Showing a
//! note leaves a receipt. Documents one by one stand under `?view=list`.

mod agreed;
mod author;
mod card;
mod composer;
pub(crate) mod profession;
mod readers;
mod sent;
mod thread;
mod write;

pub(crate) use sent::Sent;
pub(crate) use write::{FILE_REFUSED, code_of, write};

use crate::chart::Section;
use crate::chart::merged::{Drawn, View, merged_of};
use crate::pages::section;
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use agreed::Agreed;
use askama::Template;
use card::{Card, name_of};
use composer::Composer;
use readers::Readers;
use std::borrow::Cow;
use std::cell::RefCell;
use tasuki_core::Fault;
use tasuki_core::gather::Source;
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::{Category, JstDay, SmolStr};
use thread::threads;

/// Days of one window; older notes are read on demand.
const WINDOW_DAYS: i64 = 365;
/// Notes at most; the page says how many there are besides.
const NOTES_MAX: usize = 60;

/// Which notes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    All,
    New,
    Pictures,
}

#[derive(Template)]
#[template(path = "pages/notes/toolbar.html")]
struct Toolbar<'a> {
    w: Words,
    shown: Vec<(&'static str, Cow<'static, str>, bool)>,
    done: bool,
    composer: Option<&'a Composer>,
}

#[derive(Template)]
#[template(path = "pages/notes/body.html")]
struct Body {
    w: Words,
    cards: Vec<Card>,
    agreed: String,
    more: usize,
    earlier: String,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if visit.ask.query("view") == Some("list") {
        return section::list(visit, Section::Notes);
    }
    page(visit, None)
}

/// The page; with what was typed, and why it was not taken, where it was not.
fn page(visit: &Visit<'_>, refused: Option<&Fault>) -> Result<Reply, Stop> {
    let to = visit.day("to")?;
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
    let chart = crate::chart::open(visit)?;
    let records = chart.facts.view().records.clone();
    let readers = Readers::of(visit, &records)?;
    let composer = Composer::of(visit, refused)?;
    let seen = RefCell::new(Vec::new());
    let reply = merged_of(visit, chart, Section::Notes, &filter, |view| {
        let earlier = format!("notes?to={}", from.plus_days(-1));
        let body = body(visit, view, &readers, composer.is_some(), earlier, &seen)?;
        Ok(Drawn {
            toolbar: toolbar(visit, composer.as_ref()).render()?,
            body: body.render()?,
            aside: String::new(),
        })
    })?;
    if let Some(own) = records.first() {
        readers.note_shown(visit, own, &seen.into_inner())?;
    }
    Ok(reply)
}

fn shown(visit: &Visit<'_>) -> Shown {
    match visit.ask.query("show") {
        Some("new") => Shown::New,
        Some("pictures") => Shown::Pictures,
        _ => Shown::All,
    }
}

fn toolbar<'a>(visit: &Visit<'_>, composer: Option<&'a Composer>) -> Toolbar<'a> {
    let (w, now) = (visit.w, shown(visit));
    Toolbar {
        w,
        shown: vec![
            ("notes", w.notes_all(), now == Shown::All),
            ("?show=new", w.notes_new(), now == Shown::New),
            ("?show=pictures", w.notes_pictures(), now == Shown::Pictures),
        ],
        done: visit.ask.query("done").is_some(),
        composer,
    }
}

fn body(
    visit: &Visit<'_>,
    view: &View<'_>,
    readers: &Readers,
    writes: bool,
    earlier: String,
    seen: &RefCell<Vec<SmolStr>>,
) -> askama::Result<Body> {
    let own = visit.who.as_ref().map(|who| who.facility.id.clone());
    let own = own.map_or_else(
        || Source::Community(visit.portal.config.community.clone()),
        Source::Facility,
    );
    let read: Vec<_> = view
        .papers
        .documents
        .iter()
        .filter(|d| d.value.value.is_some())
        .collect();
    let threads = threads(&read);
    let drawn = threads.iter().map(|thread| {
        let card = card::card(visit, view, thread, readers, (&own, writes));
        (thread, card)
    });
    let wanted = drawn.filter(|(_, card)| match shown(visit) {
        Shown::All => true,
        Shown::New => card.is_new,
        Shown::Pictures => card.has_picture(),
    });
    let mut wanted: Vec<_> = wanted.collect();
    let more = wanted.len().saturating_sub(NOTES_MAX);
    wanted.truncate(NOTES_MAX);
    let names = wanted.iter().map(|(thread, _)| name_of(thread.note).into());
    seen.replace(names.collect());
    Ok(Body {
        w: view.w,
        agreed: Agreed::of(view, &threads, &own).render()?,
        cards: wanted.into_iter().map(|(_, card)| card).collect(),
        more,
        earlier,
    })
}
