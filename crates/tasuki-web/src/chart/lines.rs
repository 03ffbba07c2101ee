//! Documents as lines: kind, what it says, where to open it.

use super::Chart;
use crate::marks::Mark;
use crate::pages::words_of;
use crate::visit::Visit;
use crate::words::Words;
use tasuki_core::ports::{EntryFilter, Reading};
use tasuki_core::{Fault, Released};
use tasuki_model::{Category, DocumentEntry, EntryUuid, FacilityId, JstDay};
use tasuki_records::view::{Flag, Part, Summary};

/// One document in a list.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub facility: FacilityId,
    pub category: Category,
    pub kind: String,
    pub day: Option<JstDay>,
    pub time: String,
    pub title: String,
    pub author: String,
    pub says: Vec<Said>,
    pub problems: u32,
    pub href: String,
}

/// A piece of what a document says, with its flag as letter and shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub text: String,
    pub flag: Option<&'static str>,
}

/// Letter and shape of a flag: the meaning survives greyscale.
pub(crate) fn flag_mark(flag: Flag) -> &'static str {
    match flag {
        Flag::High => "H▲",
        Flag::Low => "L▼",
        Flag::Critical => "!!",
        Flag::Abnormal => "A◆",
    }
}

/// A summary as pieces, at most `most` of them.
pub(crate) fn said(w: Words, summary: &Summary, most: usize) -> Vec<Said> {
    let plain = |text: String| Said { text, flag: None };
    let mut pieces: Vec<Said> = summary
        .parts
        .iter()
        .take(most)
        .map(|part| match part {
            Part::Text(text) => plain(text.clone()),
            Part::Count(n) => plain(w.count_items(*n).into_owned()),
            Part::Days(n) => plain(w.count_days(*n).into_owned()),
            Part::Flagged(name, value, flag) => Said {
                text: format!("{name} {value}"),
                flag: flag.map(flag_mark),
            },
            Part::Time(time) => plain(time.to_string()),
            Part::Suspected => plain(w.label_suspected().into_owned()),
            Part::Cancelled => plain(w.label_cancelled().into_owned()),
        })
        .collect();
    let more = summary.parts.len().saturating_sub(most);
    if more > 0 {
        pieces.push(plain(w.count_more(more).into_owned()));
    }
    pieces
}

/// Finds entries and reads them to lines, under the grant of the chart.
pub(crate) fn lines(
    visit: &Visit<'_>,
    tx: &dyn Reading,
    chart: &Chart,
    filter: &EntryFilter,
    parts: usize,
) -> Result<Released<Vec<Line>>, Fault> {
    let found = tx.find_entries(&chart.grant.registrations(), filter)?;
    let entries = chart.grant.release(found);
    let ids: Vec<EntryUuid> = entries
        .view()
        .iter()
        .map(|e| e.entry_uuid.clone())
        .collect();
    let contents = tx.get_contents(&ids)?;
    let person = chart.grant.person().clone();
    Ok(entries.map(|entries| {
        entries
            .iter()
            .zip(&contents)
            .map(|(entry, content)| {
                let read = tasuki_records::read(
                    &entry.class_code.code,
                    &content.mime_type,
                    &content.bytes,
                );
                let problems = u32::try_from(read.problems.len()).unwrap_or(u32::MAX);
                Line {
                    says: said(visit.w, &read.summary, parts),
                    problems,
                    href: format!("/patients/{person}/documents/{}", entry.entry_uuid),
                    ..Line::of(visit.w, entry)
                }
            })
            .collect()
    }))
}

impl Line {
    fn of(w: Words, entry: &DocumentEntry) -> Self {
        let time = entry
            .service_start
            .as_ref()
            .or(entry.creation_time.as_ref());
        Self {
            facility: entry.facility.clone(),
            category: entry.category,
            kind: words_of::category(w, entry.category).into_owned(),
            day: entry.service_start.as_ref().map(tasuki_model::JstTime::day),
            time: time.map(ToString::to_string).unwrap_or_default(),
            title: title_of(w, entry),
            author: entry.author.clone().unwrap_or_default(),
            says: Vec::new(),
            problems: entry.problems,
            href: String::new(),
        }
    }
}

/// What a document is called: its own title, else the words of its class.
pub(crate) fn title_of(w: Words, entry: &DocumentEntry) -> String {
    entry
        .title
        .clone()
        .filter(|t| !t.is_empty())
        .or_else(|| {
            Some(entry.class_code.text.to_string())
                .filter(|t| !t.is_empty() && w.lang == crate::words::Lang::Ja)
        })
        .unwrap_or_else(|| {
            format!(
                "{} {}",
                words_of::category(w, entry.category),
                entry.class_code.code
            )
        })
}

/// The mark of a line's facility.
pub(crate) fn mark_of<'a>(marks: &'a [Mark], id: &FacilityId) -> Option<&'a Mark> {
    marks.iter().find(|m| m.id == *id)
}
