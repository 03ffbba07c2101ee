//! Documents as lines: kind, what it says, where to open it.

use super::Chart;
use super::copied::{self, Copy};
use super::papers::own;
use crate::marks::Mark;
use crate::pages::words_of;
use crate::visit::Visit;
use crate::words::Words;
use tasuki_core::gather::Source;
use tasuki_core::ports::{Content, EntryFilter, Reading};
use tasuki_core::{Fault, Released};
use tasuki_model::{Category, Coding, DocumentEntry, JstDay};
use tasuki_records::view::{Flag, Part, Summary};

/// One document in a list.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub source: Source,
    pub category: Category,
    pub kind: String,
    pub day: Option<JstDay>,
    pub time: String,
    pub title: String,
    pub author: String,
    pub says: Vec<Said>,
    pub problems: u32,
    /// What has to be said of the line itself: its age, how sure it is.
    pub notes: Vec<String>,
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
    let (entries, contents) = own(tx, chart, filter)?;
    let copies = copied::copies(tx, chart, filter)?;
    Ok(drawn(visit, chart, entries, &contents, copies, parts))
}

/// Released documents as lines.
pub(super) fn drawn(
    visit: &Visit<'_>,
    chart: &Chart,
    entries: Released<Vec<DocumentEntry>>,
    contents: &[Content],
    copies: Released<Vec<Copy>>,
    parts: usize,
) -> Released<Vec<Line>> {
    let person = chart.grant.person().clone();
    entries.zip(copies).map(|(entries, copies)| {
        let own = entries.iter().zip(contents).map(|(entry, content)| {
            let read =
                tasuki_records::read(&entry.class_code.code, &content.mime_type, &content.bytes);
            let problems = u32::try_from(read.problems.len()).unwrap_or(u32::MAX);
            Line {
                says: said(visit.w, &read.summary, parts),
                problems,
                href: format!("/patients/{person}/documents/{}", entry.entry_uuid),
                ..Line::of(visit.w, entry)
            }
        });
        let copies = copies.iter().map(|copy| copy.line(visit, chart, parts));
        let mut lines: Vec<Line> = own.chain(copies).collect();
        // Days from now backwards, then what has none; our own before others' of one day.
        lines.sort_by_key(|line| std::cmp::Reverse(line.day));
        lines
    })
}

impl Line {
    fn of(w: Words, entry: &DocumentEntry) -> Self {
        let time = entry
            .service_start
            .as_ref()
            .or(entry.creation_time.as_ref());
        Self {
            source: Source::Facility(entry.facility.clone()),
            category: entry.category,
            kind: words_of::category(w, entry.category).into_owned(),
            day: entry.service_start.as_ref().map(tasuki_model::JstTime::day),
            time: time.map(ToString::to_string).unwrap_or_default(),
            title: title_of(w, entry),
            author: entry.author.clone().unwrap_or_default(),
            says: Vec::new(),
            problems: entry.problems,
            notes: Vec::new(),
            href: String::new(),
        }
    }
}

/// What a document is called: its own title, else the words of its class.
pub(crate) fn title_of(w: Words, entry: &DocumentEntry) -> String {
    title_or_class(w, entry.title.clone(), &entry.class_code, entry.category)
}

/// A title; else the words of a class where the page is in their language; else category and code.
pub(crate) fn title_or_class(
    w: Words,
    title: Option<String>,
    class: &Coding,
    category: Category,
) -> String {
    let own = title.filter(|t| !t.is_empty());
    let words = || {
        Some(class.text.to_string()).filter(|t| !t.is_empty() && w.lang == crate::words::Lang::Ja)
    };
    own.or_else(words)
        .unwrap_or_else(|| format!("{} {}", words_of::category(w, category), class.code))
}

/// The mark of a source.
pub(crate) fn mark_of<'a>(marks: &'a [Mark], source: &Source) -> Option<&'a Mark> {
    marks.iter().find(|m| m.source == *source)
}
