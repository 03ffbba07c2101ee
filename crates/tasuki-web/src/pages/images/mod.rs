//! Pictures and examinations with images, by day, the newest first: key images as small pictures, and
//! beside them what was examined and which facility holds the DICOM study. Documents one by one stand
//! under `?view=list`.

mod tile;

use crate::chart::Section;
use crate::chart::merged::{Drawn, View, merged};
use crate::pages::{section, words_of};
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::{Category, JstDay, JstTime};
use tile::{Taken, Tile};

/// Days of one window; older ones are read on demand.
const WINDOW_DAYS: i64 = 365;
/// Pictures and examinations of one window at most; the page says how many there are besides.
const TILES_MAX: usize = 120;

#[derive(Template)]
#[template(path = "pages/images/toolbar.html")]
struct Toolbar {
    w: Words,
}

#[derive(Template)]
#[template(path = "pages/images/body.html")]
struct Body {
    w: Words,
    days: Vec<Day>,
    more: usize,
    earlier: String,
}

/// What was taken on one day.
struct Day {
    words: String,
    taken: Vec<Taken>,
    tiles: Vec<Tile>,
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    if visit.ask.query("view") == Some("list") {
        return section::list(visit, Section::Images);
    }
    let to = visit.day("to")?;
    let from = to
        .unwrap_or_else(|| JstDay::at(visit.now))
        .plus_days(-WINDOW_DAYS);
    let filter = EntryFilter {
        // Reports say which study an examination made.
        categories: vec![Category::Image, Category::Report],
        from: Some(from),
        to,
        service: Service::Either,
        ..EntryFilter::default()
    };
    merged(visit, Section::Images, &filter, |view| {
        let (days, more) = days(view);
        let body = Body {
            w: view.w,
            days,
            more,
            earlier: format!("images?to={}", from.plus_days(-1)),
        };
        Ok(Drawn {
            toolbar: Toolbar { w: view.w }.render()?,
            body: body.render()?,
            aside: String::new(),
        })
    })
}

fn days(view: &View<'_>) -> (Vec<Day>, usize) {
    let mut by_day: BTreeMap<Reverse<Option<JstDay>>, Day> = BTreeMap::new();
    let (mut shown, mut more) = (0, 0);
    for paper in &view.papers.documents {
        let tile = tile::tile(view, paper);
        let taken = tile::taken(view, paper);
        if tile.is_none() && taken.is_empty() {
            continue;
        }
        if shown >= TILES_MAX {
            more += 1;
            continue;
        }
        shown += 1;
        let day = paper.value.service.as_ref().map(JstTime::day);
        let words = || match day {
            Some(day) => words_of::long_day(view.w, day),
            None => view.w.merged_no_day().into_owned(),
        };
        let on = by_day.entry(Reverse(day)).or_insert_with(|| Day {
            words: words(),
            taken: Vec::new(),
            tiles: Vec::new(),
        });
        on.tiles.extend(tile);
        on.taken.extend(taken);
    }
    (by_day.into_values().collect(), more)
}
