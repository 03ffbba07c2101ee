//! One picture, or one study of an examination.

use crate::chart::badges::Badges;
use crate::chart::merged::View;
use crate::chart::papers::Paper;
use tasuki_core::gather::Source;
use tasuki_model::Category;
use tasuki_records::ClinicalValue;
use tasuki_records::document::Format;
use tasuki_records::merge::Routed;

/// A picture.
pub(super) struct Tile {
    pub badges: Badges,
    pub title: String,
    pub href: String,
    /// Where the picture itself is; nothing where it is fetched when it is opened, or is none that a
    /// browser shows.
    pub picture: Option<String>,
}

/// A study: what was examined, and who holds the images.
pub(super) struct Taken {
    pub badges: Badges,
    pub what: String,
    pub modality: String,
    /// The facilities that hold it.
    pub holder: String,
    pub href: String,
}

fn sources(paper: &Routed<Paper>) -> Vec<Source> {
    let mut sources: Vec<Source> = paper.origins.iter().map(|o| o.source.clone()).collect();
    sources.dedup();
    sources
}

/// A document of the category of images.
pub(super) fn tile(view: &View<'_>, paper: &Routed<Paper>) -> Option<Tile> {
    if paper.value.category != Category::Image {
        return None;
    }
    let format = match &paper.value.value {
        Some(ClinicalValue::Document(document)) => document.format,
        _ => Format::Other,
    };
    let title = paper.value.title.clone();
    let shown = matches!(format, Format::Jpeg | Format::Png | Format::Gif);
    Some(Tile {
        badges: view.badges(&sources(paper)),
        title: if title.is_empty() {
            view.w.category_image().into_owned()
        } else {
            title
        },
        href: paper.value.href.clone(),
        picture: shown.then(|| format!("{}/original", paper.value.href)),
    })
}

/// The studies that an examination made.
pub(super) fn taken(view: &View<'_>, paper: &Routed<Paper>) -> Vec<Taken> {
    let Some(ClinicalValue::Exam(exam)) = &paper.value.value else {
        return Vec::new();
    };
    let tests = exam
        .telling()
        .into_iter()
        .map(|request| request.test.display());
    let mut what: Vec<&str> = tests.filter(|test| !test.is_empty()).collect();
    what.dedup();
    let what = what.join("、");
    let from = sources(paper);
    let holder: Vec<String> = from.iter().map(|source| view.name(source)).collect();
    let one = |study: &tasuki_records::exam::Study| Taken {
        badges: view.badges(&from),
        what: what.clone(),
        modality: study.modality.display().to_owned(),
        holder: holder.join(&view.w.identity_join()),
        href: paper.value.href.clone(),
    };
    exam.studies().into_iter().map(one).collect()
}
