//! One note as a card.

use crate::chart::badges::Badges;
use crate::chart::merged::View;
use crate::chart::papers::Paper;
use crate::pages::document::{BlockView, blocks};
use tasuki_core::gather::Source;
use tasuki_records::ClinicalValue;
use tasuki_records::document::Format;
use tasuki_records::merge::Routed;

/// A note as it is printed.
pub(super) struct Card {
    pub badges: Badges,
    pub at: String,
    pub title: String,
    pub author: String,
    pub blocks: Vec<BlockView>,
    /// Where a picture is; nothing where the note is none.
    pub picture: Option<String>,
    /// Another document of its name has other content.
    pub differs: bool,
    pub href: String,
}

/// A note that has been read.
pub(super) fn card(view: &View<'_>, note: &Routed<Paper>) -> Option<Card> {
    let paper = &note.value;
    let value = paper.value.as_ref()?;
    let mut sources: Vec<Source> = note
        .origins
        .iter()
        .map(|origin| origin.source.clone())
        .collect();
    sources.dedup();
    let (title, picture) = match value {
        ClinicalValue::Document(document) => (document.title.clone(), document.format),
        _ => (String::new(), Format::Other),
    };
    let is_picture = matches!(picture, Format::Jpeg | Format::Png | Format::Gif);
    let at = paper.service.as_ref().map(ToString::to_string);
    Some(Card {
        badges: view.badges(&sources),
        at: at.unwrap_or_else(|| view.w.merged_no_day().into_owned()),
        title,
        author: value.author().unwrap_or_default(),
        blocks: blocks(view.w, &value.sheet()),
        picture: is_picture.then(|| format!("{}/original", paper.href)),
        differs: note.differs,
        href: paper.href.clone(),
    })
}
