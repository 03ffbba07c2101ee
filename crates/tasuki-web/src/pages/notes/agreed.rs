//! 在宅の連携情報: what the team has last agreed on, each with who wrote it when, and how many notes of
//! other facilities there are (在宅医療情報連携加算 asks for one within 90 days).

use super::author::By;
use super::thread::Thread;
use crate::chart::merged::View;
use crate::chart::papers::Paper;
use askama::Template;
use tasuki_core::gather::Source;
use tasuki_model::JstTime;
use tasuki_records::ClinicalValue;
use tasuki_records::document::Content;
use tasuki_records::merge::Routed;
use tasuki_records::note::{Item, Note};

/// Days within which notes of others count.
const OTHERS_DAYS: i64 = 90;

struct Line {
    label: String,
    text: Option<String>,
    by: String,
}

#[derive(Template)]
#[template(path = "pages/notes/agreed.html")]
pub(super) struct Agreed {
    w: crate::words::Words,
    lines: Vec<Line>,
    others: usize,
}

/// The text of a note in its parts; nothing for a picture or a document of another form.
pub(super) fn note_of(paper: &Paper) -> Option<Note> {
    match paper.value.as_ref()? {
        ClinicalValue::Document(document) => match &document.content {
            Content::Text(text) => Some(Note::read(text)),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn label(w: crate::words::Words, item: Item) -> String {
    match item {
        Item::NextVisit => w.notes_next_visit(),
        Item::ChangeOfPlan => w.notes_change_of_plan(),
        Item::PointsToWatch => w.notes_points_to_watch(),
        Item::Wishes => w.notes_wishes(),
    }
    .into_owned()
}

impl Agreed {
    pub fn of(view: &View<'_>, threads: &[Thread<'_>], own: &Source) -> Self {
        let mut papers: Vec<&Routed<Paper>> = Vec::new();
        for thread in threads {
            papers.push(thread.note);
            papers.extend(&thread.addenda);
        }
        papers.sort_by_key(|p| std::cmp::Reverse(p.value.service.as_ref().map(JstTime::start)));
        let lines = Item::ALL.iter().map(|item| last(view, &papers, *item));
        let since = view.today.plus_days(-OTHERS_DAYS);
        let recent = |p: &&&Routed<Paper>| {
            let day = p.value.service.as_ref().map(JstTime::day);
            day.is_some_and(|day| day >= since)
                && p.origins.iter().all(|origin| origin.source != *own)
        };
        Self {
            w: view.w,
            lines: lines.collect(),
            others: papers.iter().filter(recent).count(),
        }
    }
}

/// What was last written of an item.
fn last(view: &View<'_>, papers: &[&Routed<Paper>], item: Item) -> Line {
    let found = papers.iter().find_map(|paper| {
        let note = note_of(&paper.value)?;
        let (_, text) = note.items.into_iter().find(|(of, _)| *of == item)?;
        let day = paper.value.service.as_ref().map(|t| t.day().to_string());
        let by = format!("{}　{}", day.unwrap_or_default(), By::of(&paper.value).line);
        Some((text, by))
    });
    let (text, by) = found.map_or((None, String::new()), |(text, by)| (Some(text), by));
    Line {
        label: label(view.w, item),
        text,
        by,
    }
}
