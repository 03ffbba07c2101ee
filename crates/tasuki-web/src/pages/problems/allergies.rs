//! The allergy block: one sentence, then what each source has said, in its state.

use super::saying::{Saying, sayings};
use crate::chart::merged::View;
use crate::chart::standing::Standing;
use crate::marks::{Mark, state_words};
use tasuki_core::SourceReport;
use tasuki_model::{Category, Coded};
use tasuki_records::allergy::Allergy;
use tasuki_records::allergy::merge::{Allergies, AllergyLine};
use tasuki_records::merge::sources_of;

/// One allergen as it is printed.
pub(super) struct Told {
    pub name: String,
    /// What each source says of it: name, kind, severity, reaction, onset.
    pub says: Vec<Saying>,
}

/// One source in its state.
pub(super) struct Six {
    pub mark: Mark,
    pub state: Standing,
    pub icon: &'static str,
    pub head: String,
    pub lines: Vec<String>,
    pub old: bool,
}

impl Six {
    pub fn away(&self) -> bool {
        self.state == Standing::Away
    }
}

/// Every source of the chart in its state.
pub(super) fn six(view: &View<'_>, allergies: &Allergies) -> Vec<Six> {
    let reports = view.facts.reports.iter();
    let mark = |report: &SourceReport| view.marks.iter().find(|mark| mark.source == report.source);
    reports
        .filter_map(|report| Some(of_source(view, allergies, report, mark(report)?)))
        .collect()
}

fn of_source(view: &View<'_>, allergies: &Allergies, report: &SourceReport, mark: &Mark) -> Six {
    let w = view.w;
    let source = &report.source;
    let named = allergies
        .lines
        .iter()
        .filter(|line| line.valid().any(|f| f.sources().any(|s| s == source)));
    let names: Vec<String> = named.map(|line| line.name.clone()).collect();
    let none = allergies
        .none_at()
        .into_iter()
        .find(|(s, _)| *s == source)
        .map(|(_, at)| at.map(str::to_owned));
    let gap = report.has_gap();
    let (state, head, mut lines) = if !names.is_empty() {
        let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
        let head = w.problems_recorded(count).into_owned();
        (Standing::Data, head, names)
    } else {
        let state = match (
            none.is_some(),
            Standing::of(view.facts, mark, report, Category::Allergy, false),
        ) {
            (true, _) => Standing::None,
            // Documents that name nothing any more.
            (false, Standing::Data | Standing::Part | Standing::None) if gap => Standing::Away,
            (false, Standing::Data | Standing::Part | Standing::None) => Standing::Unknown,
            (false, other) => other,
        };
        let at = none.flatten();
        let at = at.map(|at| w.problems_confirmed(&at).into_owned());
        (
            state,
            state.words(&w).into_owned(),
            at.into_iter().collect(),
        )
    };
    if gap {
        lines.push(state_words(w, report));
    }
    Six {
        old: view.old.contains(source),
        mark: mark.clone(),
        icon: state.icon(),
        state,
        head,
        lines,
    }
}

/// What is known, who says otherwise, and of whom nothing is known.
pub(super) fn sentence(view: &View<'_>, allergies: &Allergies, six: &[Six]) -> String {
    let w = view.w;
    let names = |state: Standing| {
        let of = six
            .iter()
            .filter(|s| s.state == state)
            .map(|s| s.mark.name.as_str());
        of.collect::<Vec<_>>().join(&w.identity_join())
    };
    let (none, away) = (names(Standing::None), names(Standing::Away));
    let mut said = match (allergies.lines.len(), none.is_empty()) {
        (0, true) => w.problems_allergy_unknown().into_owned(),
        (0, false) => w.problems_allergy_none(&none).into_owned(),
        (count, true) => w.problems_allergy_some(count).into_owned(),
        (count, false) => w.problems_allergy_but_none(count, &none).into_owned(),
    };
    if !away.is_empty() {
        said.push_str(&w.problems_allergy_away(&away));
    }
    said
}

/// Contradictions, in sentences.
pub(super) fn conflicts(view: &View<'_>, allergies: &Allergies) -> Vec<String> {
    let names = |sources: Vec<tasuki_core::gather::Source>| {
        let names = sources.iter().map(|source| view.name(source));
        names.collect::<Vec<_>>().join(&view.w.identity_join())
    };
    let none: Vec<_> = allergies
        .none_at()
        .into_iter()
        .map(|(source, _)| source.clone())
        .collect();
    let here = sources_of(allergies.lines.iter().flat_map(AllergyLine::valid));
    let mut said = Vec::new();
    if !none.is_empty() && !here.is_empty() {
        said.push(
            view.w
                .problems_conflict_none(&names(here), &names(none))
                .into_owned(),
        );
    }
    for line in &allergies.lines {
        let gone = sources_of(
            line.entries
                .iter()
                .filter(|entry| entry.value.is_withdrawn()),
        );
        if !gone.is_empty() {
            let holding = names(sources_of(line.valid()));
            said.push(
                view.w
                    .problems_conflict_withdrawn(&line.name, &holding, &names(gone))
                    .into_owned(),
            );
        }
    }
    said
}

/// An allergen with what each source says of it.
pub(super) fn told(view: &View<'_>, line: &AllergyLine) -> Told {
    let unnamed = || view.w.merged_no_name().into_owned();
    Told {
        name: Some(line.name.clone())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(unnamed),
        says: sayings(view, &line.entries, words),
    }
}

/// An allergy in the words of its source.
pub(crate) fn words(allergy: &Allergy) -> String {
    let onset = match &allergy.onset {
        Some(onset) => onset.to_string(),
        None => allergy.onset_text.to_string(),
    };
    let shown = |coded: &Coded| coded.display().to_owned();
    let parts = [
        shown(&allergy.allergen),
        shown(&allergy.kind),
        shown(&allergy.severity),
    ];
    let status = if allergy.is_deleted() {
        shown(&allergy.action)
    } else {
        shown(&allergy.status)
    };
    let rest = allergy.reactions.iter().cloned().chain([onset, status]);
    parts
        .into_iter()
        .chain(rest)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("　")
}
