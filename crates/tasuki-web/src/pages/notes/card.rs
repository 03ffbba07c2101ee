//! One note as a card, with what hangs on it.

use super::agreed::{label, note_of};
use super::author::By;
use super::profession::Profession;
use super::readers::{Reader, Readers};
use super::thread::{Thread, is_file};
use crate::chart::badges::Badges;
use crate::chart::merged::View;
use crate::chart::papers::Paper;
use crate::pages::document::{BlockView, blocks};
use crate::visit::Visit;
use tasuki_core::gather::Source;
use tasuki_records::ClinicalValue;
use tasuki_records::document::Format;
use tasuki_records::merge::Routed;
use tasuki_records::note::CLASS;

/// What is written, in its parts.
pub(super) struct Written {
    pub at: String,
    pub by: String,
    pub text: String,
    pub items: Vec<(String, String)>,
    /// A document of another form than text.
    pub blocks: Vec<BlockView>,
    pub href: String,
}

/// A file of a note.
pub(super) struct Enclosed {
    pub name: String,
    pub href: String,
    /// Where the picture is; nothing for a PDF.
    pub picture: Option<String>,
}

/// A note as it is printed.
pub(super) struct Card {
    pub badges: Badges,
    pub profession: Profession,
    pub title: String,
    pub written: Written,
    pub files: Vec<Enclosed>,
    pub addenda: Vec<Written>,
    pub is_new: bool,
    /// Who has opened it; nothing where that is not this facility's to know.
    pub readers: Option<Vec<Reader>>,
    /// Where something can be added to it.
    pub add: Option<String>,
    /// Another document of its name has other content.
    pub differs: bool,
}

impl Card {
    pub fn has_picture(&self) -> bool {
        self.files.iter().any(|file| file.picture.is_some())
    }
}

/// The name of a note in receipts: its own.
pub(super) fn name_of(note: &Routed<Paper>) -> &str {
    note.origins
        .first()
        .map_or("", |origin| origin.document.as_str())
}

/// A note that has been read. `writes`: the reader may write at the facility of `own`.
pub(super) fn card(
    visit: &Visit<'_>,
    view: &View<'_>,
    thread: &Thread<'_>,
    readers: &Readers,
    (own, writes): (&Source, bool),
) -> Card {
    let note = thread.note;
    let by = By::of(&note.value);
    let mut sources: Vec<Source> = note.origins.iter().map(|o| o.source.clone()).collect();
    sources.dedup();
    let ours = sources.contains(own);
    let mut files = Vec::new();
    if is_file(&note.value) {
        files.push(enclosed(note));
    }
    files.extend(thread.files.iter().map(|file| enclosed(file)));
    // Accounts of other communities may have the same ids as ours.
    let here = sources.iter().any(|s| matches!(s, Source::Facility(_)));
    let who = visit.who.as_ref().filter(|_| here);
    let mine = who.is_some_and(|who| who.account.id.as_str() == by.user);
    let is_new = !mine && readers.is_new(visit, name_of(note));
    let told = ours.then(|| readers.of_note(visit, name_of(note), &by.user));
    let entry = note.value.href.rsplit('/').next().unwrap_or_default();
    Card {
        badges: view.badges(&sources),
        profession: by.profession(view.w),
        title: title_of(&note.value),
        written: written(view, note),
        files,
        addenda: thread.addenda.iter().map(|a| written(view, a)).collect(),
        is_new,
        readers: told,
        add: (ours && writes && note.value.stated.is_some()).then(|| format!("?add={entry}#write")),
        differs: note.differs,
    }
}

/// The title of a document that is not a note of the portal, whose title is its first line.
fn title_of(paper: &Paper) -> String {
    let class = paper
        .stated
        .iter()
        .filter_map(|stated| stated.class_code.as_ref());
    if class.into_iter().any(|class| class.code == CLASS) {
        return String::new();
    }
    match &paper.value {
        Some(ClinicalValue::Document(document)) => document.title.clone(),
        _ => String::new(),
    }
}

fn written(view: &View<'_>, note: &Routed<Paper>) -> Written {
    let paper = &note.value;
    let at = paper.service.as_ref().map(ToString::to_string);
    let by = By::of(paper).line;
    let source = note.origins.first().map(|origin| view.name(&origin.source));
    let parts = note_of(paper);
    let others = paper.value.as_ref().filter(|_| parts.is_none());
    let parts = parts.unwrap_or_default();
    let items = parts.items.into_iter();
    Written {
        at: at.unwrap_or_else(|| view.w.merged_no_day().into_owned()),
        by: if by.is_empty() {
            source.unwrap_or_default()
        } else {
            by
        },
        text: parts.text,
        items: items
            .map(|(item, text)| (label(view.w, item), text))
            .collect(),
        blocks: others
            .map(|v| blocks(view.w, &v.sheet()))
            .unwrap_or_default(),
        href: paper.href.clone(),
    }
}

fn enclosed(file: &Routed<Paper>) -> Enclosed {
    let paper = &file.value;
    let format = match &paper.value {
        Some(ClinicalValue::Document(document)) => document.format,
        _ => Format::Other,
    };
    let is_picture = matches!(format, Format::Jpeg | Format::Png | Format::Gif);
    let stated = paper.stated.iter().flat_map(|stated| &stated.title);
    let name = stated.map(|title| title.value.clone()).next();
    Enclosed {
        name: name.unwrap_or_else(|| title_of(paper)),
        href: paper.href.clone(),
        picture: is_picture.then(|| format!("{}/original", paper.href)),
    }
}
