//! One document: where it comes from, what it says, what could not be read, and its original.

mod original;
mod sheet;
#[cfg(test)]
mod tests;

pub(crate) use original::{file_name, original_of, show as original};
pub(crate) use sheet::{BlockView, blocks};

use crate::chart::lines::{mark_of, title_of};
use crate::chart::{self, Chart, Frame, Section};
use crate::marks::{Mark, gap_lines};
use crate::pages::kept::Star;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use askama::Template;
use tasuki_core::audit::Action;
use tasuki_core::gather::Source;
use tasuki_core::ports::Content;
use tasuki_core::release::Body;
use tasuki_core::{Egress, Gathered, Released};
use tasuki_model::{AvailabilityStatus, Category, DocumentEntry, EntryUuid};
use tasuki_records::Read;

#[derive(Template)]
#[template(path = "pages/document/page.html")]
pub(crate) struct DocumentPage {
    pub shell: Shell,
    pub frame: Frame,
    pub title: String,
    pub mark: Option<Mark>,
    pub facts: Vec<(String, String)>,
    /// What has to be said of the document itself: its age, how sure it is.
    pub notes: Vec<String>,
    pub replaced: bool,
    pub versions: Vec<(String, String)>,
    pub problems: Vec<String>,
    /// How a browser shows the original itself.
    pub inline: Option<Inline>,
    pub blocks: Vec<BlockView>,
    pub original: String,
    pub download: String,
    pub gaps: String,
    pub back: String,
    /// The bookmark.
    pub star: Option<Star>,
}

pub(crate) enum Inline {
    Picture,
    Frame,
}

/// The entry and content that a path names, released under the chart's grant.
fn find(visit: &Visit<'_>, chart: &Chart) -> Result<Released<(DocumentEntry, Content)>, Stop> {
    let id = EntryUuid::new(visit.ask.param("entry")).map_err(|_| Stop::Refused)?;
    let found = visit.portal.store.reading(|tx| {
        let Some(entry) = chart.grant.release_one(tx.find_entry(&id)?) else {
            return Ok(None);
        };
        let content = tx
            .get_contents(std::slice::from_ref(&id))?
            .into_iter()
            .next();
        Ok(content.map(|content| entry.map(|entry| (entry, content))))
    })?;
    found.ok_or(Stop::Refused)
}

fn versions(visit: &Visit<'_>, chart: &Chart) -> Result<Released<Vec<DocumentEntry>>, Stop> {
    let id = EntryUuid::new(visit.ask.param("entry")).map_err(|_| Stop::Refused)?;
    Ok(chart
        .grant
        .release(visit.portal.store.reading(|tx| tx.find_versions(&id))?))
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let chart = chart::open(visit)?;
    let person = chart.grant.person().clone();
    let found = find(visit, &chart)?;
    let others = versions(visit, &chart)?;
    let undated = chart::undated(visit, &chart)?;
    let Chart { facts, marks, .. } = chart;
    let body = facts.zip(found).zip(others).zip(undated).try_map(
        |(((facts, (entry, content)), others), undated)| {
            let read =
                tasuki_records::read(&entry.class_code.code, &content.mime_type, &content.bytes);
            let section = section_of(entry.category);
            let gathered = Gathered::new((), facts.reports.clone());
            let gaps = gathered
                .section(|()| ())
                .render(|()| Ok(String::new()), |g| gap_lines(visit.w, &marks, g))?;
            let allergies = undated.allergy_words(visit.w);
            let base = format!("/patients/{person}");
            let title = title_of(visit.w, &entry);
            let address = format!("{base}/documents/{}", entry.entry_uuid);
            DocumentPage {
                shell: Shell::of(visit, "patients", title.clone()),
                frame: Frame::of(visit, &person, &marks, &facts, allergies, section),
                star: Star::of_document(visit, &base, entry.unique_id.as_str(), &facts.kept),
                mark: mark_of(&marks, &Source::Facility(entry.facility.clone())).cloned(),
                facts: facts_of(visit, &entry),
                notes: Vec::new(),
                replaced: entry.status == AvailabilityStatus::Deprecated,
                versions: version_links(visit, &base, &entry, &others),
                problems: read.problems.clone(),
                inline: inline_of(&read),
                blocks: blocks(visit.w, &read.sheet),
                original: format!("{address}/original"),
                download: format!("{address}/original?download=1"),
                back: back_of(&base, &entry),
                title,
                gaps,
            }
            .render()
            .map(Body::html)
        },
    )?;
    Ok(Reply::new(Egress::released(Action::DocumentView, body)).about(&person))
}

pub(crate) fn inline_of(read: &Read) -> Option<Inline> {
    match read.inline {
        Some(media) if media.starts_with("image/") => Some(Inline::Picture),
        Some(_) => Some(Inline::Frame),
        None => None,
    }
}

fn back_of(base: &str, entry: &DocumentEntry) -> String {
    match entry.service_start.as_ref().map(tasuki_model::JstTime::day) {
        Some(day) => format!("{base}/calendar?from={day}&to={day}"),
        None => format!("{base}/{}", section_of(entry.category).path()),
    }
}

/// The section that lists documents of a category.
pub(crate) fn section_of(category: Category) -> Section {
    Section::ALL
        .iter()
        .copied()
        .find(|s| s.categories().contains(&category))
        .unwrap_or(Section::Documents)
}

fn facts_of(visit: &Visit<'_>, entry: &DocumentEntry) -> Vec<(String, String)> {
    let w = visit.w;
    let time = |t: &Option<tasuki_model::JstTime>| {
        t.as_ref().map_or_else(String::new, ToString::to_string)
    };
    [
        (w.document_service(), time(&entry.service_start)),
        (w.document_written(), time(&entry.creation_time)),
        (
            w.document_author(),
            entry.author.clone().unwrap_or_default(),
        ),
        (
            w.document_department(),
            entry
                .practice_setting
                .as_ref()
                .map_or_else(String::new, |d| {
                    if d.text.is_empty() {
                        d.code.to_string()
                    } else {
                        d.text.to_string()
                    }
                }),
        ),
        (w.document_received(), entry.received.in_jst().to_string()),
        (w.document_class(), entry.class_code.code.to_string()),
        (
            w.document_size(),
            w.document_bytes(entry.size_bytes).into_owned(),
        ),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(label, value)| (label.into_owned(), value))
    .collect()
}

fn version_links(
    visit: &Visit<'_>,
    base: &str,
    entry: &DocumentEntry,
    others: &[DocumentEntry],
) -> Vec<(String, String)> {
    others
        .iter()
        .filter(|o| o.entry_uuid != entry.entry_uuid)
        .map(|o| {
            let written = o
                .creation_time
                .as_ref()
                .map_or_else(|| o.received.in_jst().to_string(), ToString::to_string);
            let words = if o.status == AvailabilityStatus::Approved {
                visit.w.document_version_current(&written)
            } else {
                visit.w.document_version_old(&written)
            };
            (
                format!("{base}/documents/{}", o.entry_uuid),
                words.into_owned(),
            )
        })
        .collect()
}
