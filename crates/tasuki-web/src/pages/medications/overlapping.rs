//! Overlaps in sentences: one for each medicine, or pair of medicines, with every source it is about.

use crate::chart::merged::View;
use std::collections::BTreeMap;
use tasuki_core::gather::Source;
use tasuki_model::JstDay;
use tasuki_records::prescription::merge::Medicine;
use tasuki_records::prescription::overlap::overlaps;

/// The sentences about medicines, with the places of the lines they are about.
pub(super) struct Overlapping {
    said: Vec<((usize, usize), String)>,
}

/// What one sentence is about.
#[derive(Default)]
struct About {
    sources: Vec<Source>,
    days: Option<(JstDay, JstDay)>,
}

/// The overlaps that are not over: what is over is history, and the orders themselves show it.
pub(super) fn overlapping(view: &View<'_>, lines: &[Medicine]) -> Overlapping {
    let mut all: BTreeMap<(usize, usize), About> = BTreeMap::new();
    for overlap in overlaps(lines)
        .into_iter()
        .filter(|o| o.days.1 >= view.today)
    {
        let about = all.entry(overlap.lines).or_default();
        about.sources.extend([overlap.sources.0, overlap.sources.1]);
        let (from, to) = about.days.unwrap_or(overlap.days);
        about.days = Some((from.min(overlap.days.0), to.max(overlap.days.1)));
    }
    let said = all.into_iter().filter_map(|(places, about)| {
        let words = sentence(view, (lines.get(places.0)?, lines.get(places.1)?), about)?;
        Some((places, words))
    });
    Overlapping {
        said: said.collect(),
    }
}

fn sentence(
    view: &View<'_>,
    (one, two): (&Medicine, &Medicine),
    mut about: About,
) -> Option<String> {
    about.sources.sort();
    about.sources.dedup();
    let names: Vec<String> = about
        .sources
        .iter()
        .map(|source| view.name(source))
        .collect();
    let names = names.join(&view.w.identity_join());
    let (from, to) = about.days?;
    let (from, to) = (from.to_string(), to.to_string());
    Some(if std::ptr::eq(one, two) {
        view.w
            .meds_overlap(&one.name, &names, &from, &to)
            .into_owned()
    } else {
        view.w
            .meds_overlap_other(&one.name, &two.name, &names, &from, &to)
            .into_owned()
    })
}

impl Overlapping {
    /// Every sentence.
    pub fn all(&self) -> Vec<String> {
        self.said.iter().map(|(_, words)| words.clone()).collect()
    }

    /// The sentences about the line at a place.
    pub fn about(&self, place: usize) -> Vec<String> {
        let mine = self
            .said
            .iter()
            .filter(|(places, _)| places.0 == place || places.1 == place);
        mine.map(|(_, words)| words.clone()).collect()
    }
}
