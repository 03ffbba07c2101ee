//! Which documents belong together: a note, the files enclosed with it, what was added to it later. Told
//! from `referenceIdList`, which entries of other communities carry as ours do.

use crate::chart::papers::Paper;
use std::collections::BTreeMap;
use tasuki_model::SmolStr;
use tasuki_records::ClinicalValue;
use tasuki_records::document::Content;
use tasuki_records::merge::Routed;

/// How far addenda of addenda are followed.
const DEPTH_MAX: usize = 32;
/// The type of references that are documents (ITI TF-3, 4.2.3.2.28).
const DOCUMENT: &str = "urn:ihe:iti:xds:2013:uniqueId";

/// A note with what hangs on it.
#[derive(Debug, Clone)]
pub(super) struct Thread<'a> {
    pub note: &'a Routed<Paper>,
    /// Pictures and PDFs, in the order of their documents.
    pub files: Vec<&'a Routed<Paper>>,
    /// The oldest first.
    pub addenda: Vec<&'a Routed<Paper>>,
}

/// The threads of some documents, the newest note first. A document whose note is not among them
/// stands by itself: nothing is left out.
pub(super) fn threads<'a>(documents: &[&'a Routed<Paper>]) -> Vec<Thread<'a>> {
    let mut places: BTreeMap<&SmolStr, usize> = BTreeMap::new();
    for (place, document) in documents.iter().enumerate() {
        for origin in &document.origins {
            places.entry(&origin.document).or_insert(place);
        }
    }
    let parent = |place: usize| {
        let document = documents.get(place)?;
        let mut names = references(&document.value).into_iter();
        names.find_map(|name| {
            places
                .get(&SmolStr::from(name))
                .copied()
                .filter(|p| *p != place)
        })
    };
    let mut threads: BTreeMap<usize, Thread<'a>> = BTreeMap::new();
    let mut hung = Vec::new();
    for (place, document) in documents.iter().enumerate() {
        let mut root = place;
        for _ in 0..DEPTH_MAX {
            match parent(root) {
                Some(next) => root = next,
                None => break,
            }
        }
        // References that go round lead nowhere.
        if root == place || parent(root).is_some() {
            let (files, addenda) = (Vec::new(), Vec::new());
            let note = *document;
            threads.insert(
                place,
                Thread {
                    note,
                    files,
                    addenda,
                },
            );
        } else {
            hung.push((root, *document));
        }
    }
    for (root, document) in hung {
        let Some(thread) = threads.get_mut(&root) else {
            continue;
        };
        if is_file(&document.value) {
            thread.files.push(document);
        } else {
            thread.addenda.push(document);
        }
    }
    let mut threads: Vec<Thread<'a>> = threads.into_values().collect();
    for thread in &mut threads {
        thread.addenda.sort_by_key(|d| start(d));
    }
    threads.sort_by_key(|t| std::cmp::Reverse(start(t.note)));
    threads
}

fn start(document: &Routed<Paper>) -> Option<tasuki_model::Instant> {
    document
        .value
        .service
        .as_ref()
        .map(tasuki_model::JstTime::start)
}

/// The documents that a note's metadata name.
fn references(paper: &Paper) -> Vec<&str> {
    let ids = paper.stated.iter().flat_map(|stated| &stated.reference_ids);
    ids.filter_map(|id| {
        let mut parts = id.split('^');
        let name = parts.next()?;
        (parts.nth(3)? == DOCUMENT).then_some(name)
    })
    .collect()
}

/// Whether a document is a picture or a file and no text.
pub(super) fn is_file(paper: &Paper) -> bool {
    matches!(&paper.value, Some(ClinicalValue::Document(d)) if d.content == Content::Binary)
}
