//! Diseases in three groups, each with the wording of every source beneath, and what the sources do
//! not agree on.

use super::saying::{Saying, sayings};
use crate::chart::merged::View;
use crate::words::Words;
use std::borrow::Cow;
use tasuki_model::{Coded, JstTime};
use tasuki_records::problem_list::merge::{ProblemLine, State, Stated};

/// Diseases of one state.
pub(super) struct Group {
    pub head: String,
    pub resolved: bool,
    pub rows: Vec<Row>,
}

/// One disease as it is printed.
pub(super) struct Row {
    pub name: String,
    pub main: bool,
    pub suspected: bool,
    pub conflict: bool,
    pub when: String,
    /// What each source calls it, with its document.
    pub says: Vec<Saying>,
}

/// A disease on whose state sources do not agree.
pub(super) struct Conflict {
    pub name: String,
    pub says: Vec<(String, String)>,
}

fn state_words(w: Words, state: State) -> Cow<'static, str> {
    match state {
        State::Active => w.problems_active(),
        State::Suspected => w.problems_suspected(),
        State::Resolved => w.problems_resolved(),
    }
}

/// The three groups; an empty one is left out.
pub(super) fn groups(view: &View<'_>, lines: &[ProblemLine]) -> Vec<Group> {
    let group = |state: State| {
        let of_state = lines.iter().filter(|line| line.state == state);
        Group {
            head: state_words(view.w, state).into_owned(),
            resolved: state == State::Resolved,
            rows: of_state.map(|line| row(view, line)).collect(),
        }
    };
    let groups = [State::Active, State::Suspected, State::Resolved].map(group);
    groups
        .into_iter()
        .filter(|group| !group.rows.is_empty())
        .collect()
}

/// A time as far as it was said: a year, a month, a day.
fn day(time: Option<&JstTime>) -> String {
    let Some(time) = time else {
        return String::new();
    };
    let day = time.day().to_string();
    let length = match time.text().len() {
        ..=4 => 4,
        5..=6 => 7,
        _ => day.len(),
    };
    day.get(..length).unwrap_or(&day).to_owned()
}

fn row(view: &View<'_>, line: &ProblemLine) -> Row {
    let since = day(line.since());
    let when = match (line.state, line.until()) {
        (State::Resolved, Some(until)) => format!("{since} → {}", day(Some(until))),
        _ => since,
    };
    Row {
        name: if line.name.is_empty() {
            view.w.merged_no_name().into_owned()
        } else {
            line.name.clone()
        },
        main: line.main,
        suspected: line.state == State::Suspected,
        conflict: !line.conflict().is_empty(),
        when,
        says: sayings(view, &line.entries, words),
    }
}

/// A disease in the words of its source.
fn words(stated: &Stated) -> String {
    let icd10 = stated.disease.icd10().next().map(str::to_owned);
    let onset = Some(stated.disease.onset_text.to_string());
    let shown = |coded: &Coded| Some(coded.display().to_owned());
    let end = Some(day(stated.end.as_ref()));
    let outcome = shown(&stated.disease.outcome);
    let department = shown(&stated.disease.order.department);
    let parts = [
        Some(stated.name.clone()),
        icd10,
        onset,
        outcome,
        end,
        department,
    ];
    let words = parts.into_iter().flatten().filter(|part| !part.is_empty());
    words.collect::<Vec<_>>().join("　")
}

/// What the sources do not agree on, side by side.
pub(super) fn contradictions(view: &View<'_>, lines: &[ProblemLine]) -> Vec<Conflict> {
    let conflicts = lines.iter().map(|line| (line, line.conflict()));
    let conflicts = conflicts.filter(|(_, said)| !said.is_empty());
    let conflict = |(line, said): (&ProblemLine, Vec<_>)| Conflict {
        name: line.name.clone(),
        says: said
            .into_iter()
            .map(|(source, state)| (view.name(&source), state_words(view.w, state).into_owned()))
            .collect(),
    };
    conflicts.map(conflict).collect()
}
