//! One document of another community: a copy, looked at as one of our own is. Its content is fetched
//! when it is opened, where it has not been before.

use crate::chart::copied::{self, Copy};
use crate::chart::lines::mark_of;
use crate::chart::{self, Chart, Frame};
use crate::edge::Framing;
use crate::marks::gap_lines;
use crate::pages::document::{self, DocumentPage};
use crate::pages::kept::Star;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::ports::CopyContent;
use tasuki_core::release::Body;
use tasuki_core::{Egress, Gathered, Released};
use tasuki_model::CopyId;

/// The copy that a path names, released under the chart's grant, with its content if it can be had.
/// Where it is opened `anew`, its source makes it again if it is one that is made on demand.
fn find(visit: &Visit<'_>, chart: &Chart, anew: bool) -> Result<Released<Copy>, Stop> {
    let store = &visit.portal.store;
    let id = CopyId::new(visit.ask.param("copy")).map_err(|_| Stop::Refused)?;
    let found = store.reading(|tx| copied::one(tx, chart, id.as_str()))?;
    let found = found.ok_or(Stop::Refused)?;
    let copy = found.view();
    let again = anew && copy.on_demand() && !visit.ask.part && !visit.ask.live;
    let due = (copy.content.is_none() || again) && !copy.copied.old;
    if let (true, Some(others), Some(gathering)) = (due, &visit.portal.others, &chart.gathering)
        && let Some(own) = chart.facts.view().records.first()
        && let Some(errand) = chart::errand(visit, &chart.grant, own, gathering)?
    {
        if again {
            store.writing(|tx| tx.put_copy_content(&id, &CopyContent::Due, visit.now))?;
        }
        others.fetch(&errand, std::slice::from_ref(&id))?;
        return store
            .reading(|tx| copied::one(tx, chart, id.as_str()))?
            .ok_or(Stop::Refused);
    }
    Ok(found)
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let found = find(visit, &chart, true)?;
    let undated = chart::undated(visit, &chart)?;
    let Chart { facts, marks, .. } = chart;
    let body = facts
        .zip(found)
        .zip(undated)
        .try_map(|((facts, copy), undated)| {
            let w = visit.w;
            let read = copy.read();
            let section = document::section_of(copy.copied.row.category);
            let gathered = Gathered::new((), facts.reports.clone());
            let gaps = gathered
                .section(|()| ())
                .render(|()| Ok(String::new()), |g| gap_lines(w, &marks, g))?;
            let base = format!("/patients/{person}");
            let title = copy.title(w);
            let address = format!("{base}/received/{}", copy.copied.row.id);
            let allergies = undated.allergy_words(w);
            DocumentPage {
                shell: Shell::of(visit, "patients", title.clone()),
                frame: Frame::of(visit, &person, &marks, &facts, allergies, section),
                star: copy
                    .entry
                    .unique_id
                    .as_deref()
                    .and_then(|id| Star::of_document(visit, &base, id, &facts.kept)),
                mark: mark_of(&marks, &copy.source()).cloned(),
                facts: facts_of(visit, &copy),
                notes: copy.notes(w, &facts.remarks),
                replaced: false,
                versions: Vec::new(),
                problems: read.problems.clone(),
                inline: document::inline_of(&read),
                blocks: document::blocks(w, &read.sheet),
                original: format!("{address}/original"),
                download: format!("{address}/original?download=1"),
                back: match copy.copied.row.day {
                    Some(day) => format!("{base}/calendar?from={day}&to={day}"),
                    None => format!("{base}/{}", section.path()),
                },
                title,
                gaps,
            }
            .render()
            .map(Body::html)
        })?;
    Ok(Reply::new(Egress::released(Action::DocumentView, body)).about(&person))
}

fn facts_of(visit: &Visit<'_>, copy: &Copy) -> Vec<(String, String)> {
    let w = visit.w;
    let time = |t: Option<tasuki_model::JstTime>| t.map_or_else(String::new, |t| t.to_string());
    let row = &copy.copied.row;
    let fetched = row.fetched.map(|at| at.in_jst().to_string());
    let size = copy.content.as_ref().map(|c| c.bytes.len() as u64);
    [
        (w.document_service(), time(copy.service())),
        (w.document_written(), time(copy.created())),
        (w.document_author(), copy.author()),
        (w.document_received(), fetched.unwrap_or_default()),
        (w.document_confirmed(), row.confirmed.in_jst().to_string()),
        (w.document_class(), copy.class().to_owned()),
        (
            w.document_size(),
            size.map_or_else(String::new, |n| w.document_bytes(n).into_owned()),
        ),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(label, value)| (label.into_owned(), value))
    .collect()
}

/// The original of a copy, by the rules of our own originals.
pub(crate) fn original(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let download = visit.ask.query("download").is_some();
    let mut name = String::new();
    let body = find(visit, &chart, false)?.try_map(|copy| {
        let class = copy.class().to_owned();
        let content = copy.content.ok_or(Stop::Refused)?;
        name = document::file_name(&class, &content.mime_type);
        Ok::<_, Stop>(document::original_of(&class, content, download))
    })?;
    let mut reply = Reply::new(Egress::released(Action::DocumentView, body)).about(&person);
    reply.framing = Framing::SameOrigin;
    reply.file_name = download.then_some(name);
    Ok(reply)
}
