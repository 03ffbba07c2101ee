//! Allergies and diseases: what has no day of service and stands beside the calendar and in the
//! banner. "None" is said only where a source has stated none.

use super::papers::own;
use super::{Chart, copied};
use crate::visit::{Stop, Visit};
use crate::words::Words;
use std::collections::BTreeMap;
use tasuki_core::Released;
use tasuki_core::gather::Source;
use tasuki_core::ports::EntryFilter;
use tasuki_model::Category;
use tasuki_records::view::{Part, Summary};

/// What the sources say of allergies and diseases, one line per document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Undated {
    pub allergies: Vec<Summary>,
    pub problems: Vec<Summary>,
    /// Whose lists of allergies name any, and whose name none.
    named: BTreeMap<Source, bool>,
}

/// Reads the undated documents of an open chart.
pub(crate) fn undated(visit: &Visit<'_>, chart: &Chart) -> Result<Released<Undated>, Stop> {
    let filter = EntryFilter {
        categories: vec![Category::Allergy, Category::Problem],
        service: tasuki_core::ports::Service::Undated,
        ..EntryFilter::default()
    };
    visit
        .portal
        .store
        .reading(|tx| {
            let (entries, contents) = own(tx, chart, &filter)?;
            let copies = copied::copies(tx, chart, &filter)?;
            Ok(entries.zip(copies).map(|(entries, copies)| {
                let mut undated = Undated::default();
                for (entry, content) in entries.iter().zip(&contents) {
                    let read = tasuki_records::read(
                        &entry.class_code.code,
                        &content.mime_type,
                        &content.bytes,
                    );
                    match entry.category {
                        Category::Allergy => {
                            undated.put(Source::Facility(entry.facility.clone()), read.summary);
                        }
                        _ => undated.problems.push(read.summary),
                    }
                }
                for copy in copies.iter().filter(|copy| copy.content.is_some()) {
                    let summary = copy.read().summary;
                    match copy.copied.row.category {
                        Category::Allergy => undated.put(copy.source(), summary),
                        _ => undated.problems.push(summary),
                    }
                }
                undated
            }))
        })
        .map_err(Stop::from)
}

fn names(summaries: &[Summary]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for part in summaries.iter().flat_map(|s| &s.parts) {
        if let Part::Text(text) = part
            && !names.contains(&text.as_str())
        {
            names.push(text);
        }
    }
    names
}

impl Undated {
    fn put(&mut self, source: Source, allergies: Summary) {
        let text = |part: &Part| matches!(part, Part::Text(_));
        *self.named.entry(source).or_default() |= allergies.parts.iter().any(text);
        self.allergies.push(allergies);
    }

    /// Whether a source states that there are no allergies.
    pub fn states_none(&self, source: &Source) -> bool {
        self.named.get(source) == Some(&false)
    }

    /// The banner's item: how many and the first one.
    pub fn allergy_words(&self, w: Words) -> String {
        match names(&self.allergies)[..] {
            [] if self.allergies.is_empty() => w.allergy_nothing().into_owned(),
            [] => w.allergy_stated_none().into_owned(),
            [one] => w.allergy_one(one).into_owned(),
            [first, ..] => w
                .allergy_some(names(&self.allergies).len(), first)
                .into_owned(),
        }
    }

    /// All allergies in one line.
    pub fn allergy_line(&self, w: Words) -> String {
        let names = names(&self.allergies);
        if names.is_empty() {
            self.allergy_words(w)
        } else {
            names.join("、")
        }
    }

    /// The first diseases in one line, and how many more there are.
    pub fn problem_line(&self, w: Words) -> String {
        const SHOWN: usize = 8;
        let names = names(&self.problems);
        let more = names.len().saturating_sub(SHOWN);
        let line = names.into_iter().take(SHOWN).collect::<Vec<_>>().join("、");
        match (line.is_empty(), more) {
            (true, _) => w.state_unknown().into_owned(),
            (false, 0) => line,
            (false, more) => w.problem_more(&line, more).into_owned(),
        }
    }
}
