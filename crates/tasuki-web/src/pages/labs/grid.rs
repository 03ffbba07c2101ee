//! The table: items down, takings across, newest left. Every cell has its own flag and range, and its
//! own unit where that is not the row's.

use super::codes::codes_of;
use super::spark::spark;
use super::wanted::{Takings, Wanted};
use crate::chart::badges::{Badges, handle};
use crate::chart::lines::flag_mark;
use crate::chart::merged::View;
use crate::marks::Mark;
use crate::pages::words_of;
use crate::words::Words;
use std::collections::BTreeMap;
use tasuki_core::gather::Source;
use tasuki_model::{JstTime, SmolStr};
use tasuki_records::lab::item::ItemGroup;
use tasuki_records::lab::merge::{ItemRow, LabTable, Measure, Measured, Taking};
use tasuki_records::lab::range::judgement;
use tasuki_records::merge::Fact;
use tasuki_records::view::Flag;

/// Columns at most; the page says when there are more.
const COLUMNS_MAX: usize = 60;
/// Values of one cell that are shown; the page says how many there are besides.
const VALUES_MAX: usize = 3;

/// The table as it is printed.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    pub heads: Vec<Head>,
    pub groups: Vec<(String, Vec<Row>)>,
    /// What is not among it, in sentences.
    pub left_out: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Head {
    pub day: String,
    pub weekday: String,
    pub clock: String,
    pub badges: Badges,
    pub hrefs: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub name: String,
    pub unit: String,
    /// Known by a local code only.
    pub local: bool,
    pub others: Vec<String>,
    /// Its codes, where the reader asked for them.
    pub codes: Vec<String>,
    pub graphed: bool,
    pub toggle: String,
    /// Its name in the page.
    pub handle: String,
    /// Its line, drawn once under that name; empty where it has none.
    pub spark: String,
    pub cells: Vec<Cell>,
}

impl Row {
    /// Its cell in a column.
    pub fn cell(&self, column: &usize) -> Option<&Cell> {
        self.cells.get(*column)
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub values: Vec<Value>,
    /// How many more there are.
    pub more: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Value {
    pub text: String,
    pub flag: Option<&'static str>,
    pub class: &'static str,
    pub range: String,
    /// Its unit where it is another than the row's.
    pub unit: String,
    /// What else is to be said: another method, preliminary, corrected.
    pub notes: Vec<String>,
}

/// What the table is drawn from.
pub(super) struct Drawing<'a> {
    pub w: Words,
    pub wanted: &'a Wanted,
    pub table: &'a LabTable,
    pub marks: &'a [Mark],
    pub addresses: &'a BTreeMap<SmolStr, String>,
    pub old: &'a [Source],
}

/// The class of a flag in the style sheet.
pub(super) fn flag_class(flag: Option<Flag>) -> &'static str {
    match flag {
        Some(Flag::High | Flag::Abnormal) => " lab--H",
        Some(Flag::Low) => " lab--L",
        Some(Flag::Critical) => " lab--X",
        None => "",
    }
}

/// The table of a page as it is asked for.
pub(super) fn drawing<'a>(
    view: &'a View<'_>,
    wanted: &'a Wanted,
    table: &'a LabTable,
) -> Drawing<'a> {
    Drawing {
        w: view.w,
        wanted,
        table,
        marks: view.marks,
        addresses: &view.addresses,
        old: &view.old,
    }
}

impl<'a> Drawing<'a> {
    pub fn grid(&self) -> Grid {
        let columns = self.columns();
        let mut grid = Grid {
            heads: columns
                .iter()
                .filter_map(|c| self.table.takings.get(*c))
                .map(|t| self.head(t))
                .collect(),
            left_out: self.left_out(&columns),
            groups: Vec::new(),
        };
        let mut group = None;
        for row in self.rows(&columns) {
            if group != Some(row.group) {
                group = Some(row.group);
                let words = words_of::item_group(self.w, row.group).into_owned();
                grid.groups.push((words, Vec::new()));
            }
            if let Some((_, rows)) = grid.groups.last_mut() {
                rows.push(self.row(row, &columns));
            }
        }
        grid
    }

    /// The rows shown, by group and code.
    pub fn rows(&self, columns: &[usize]) -> impl Iterator<Item = &'a ItemRow> {
        let flagged = |fact: &Fact<Measured>| judgement(&fact.value.observation).is_some();
        let fits = move |row: &&ItemRow| {
            let mut shown = self.shown(row, columns).peekable();
            let asked = self.wanted.group.is_none_or(|only| only == row.group);
            asked
                && shown.peek().is_some()
                && (!self.wanted.abnormal || shown.any(|(_, fact)| flagged(fact)))
        };
        self.table.rows.iter().filter(fits)
    }

    fn shown<'s>(
        &self,
        row: &'s ItemRow,
        columns: &[usize],
    ) -> impl Iterator<Item = &'s (usize, Fact<Measured>)> {
        row.values
            .iter()
            .filter(|(column, _)| columns.contains(column))
    }

    /// Takings that were not asked for or do not fit, and items that have no value in the columns
    /// shown.
    pub fn left_out(&self, columns: &[usize]) -> Vec<String> {
        let older = self.table.takings.len() - columns.len();
        let asked = |row: &&ItemRow| self.wanted.group.is_none_or(|only| only == row.group);
        let elsewhere = self.table.rows.iter().filter(asked);
        let elsewhere = elsewhere.filter(|row| self.shown(row, columns).next().is_none());
        let elsewhere = elsewhere.count();
        let older = (older > 0).then(|| self.w.labs_older(older).into_owned());
        let elsewhere = (elsewhere > 0).then(|| self.w.labs_elsewhere(elsewhere).into_owned());
        older.into_iter().chain(elsewhere).collect()
    }

    /// The takings shown, as places in the table.
    pub fn columns(&self) -> Vec<usize> {
        let of_group = |column: usize| {
            let rows = self
                .table
                .rows
                .iter()
                .filter(|row| self.wanted.group.is_none_or(|g| g == row.group));
            rows.flat_map(|row| &row.values).any(|(c, _)| *c == column)
        };
        let fits = |taking: &Taking| match self.wanted.takings {
            Takings::Last(_) => true,
            Takings::Period(from, to) => {
                let day = taking.at.as_ref().map(JstTime::day);
                day.is_none_or(|day| from <= day && day <= to)
            }
        };
        let most = match self.wanted.takings {
            Takings::Last(most) => most,
            Takings::Period(..) => COLUMNS_MAX,
        };
        let all = self.table.takings.iter().enumerate();
        let fitting = all.filter(|(_, taking)| fits(taking)).map(|(n, _)| n);
        fitting
            .filter(|n| self.wanted.group.is_none() || of_group(*n))
            .take(most)
            .collect()
    }

    pub fn head(&self, taking: &Taking) -> Head {
        let day = taking.at.as_ref().map(JstTime::day);
        let address = |document: &SmolStr| self.addresses.get(document).cloned();
        Head {
            day: day.map_or_else(
                || self.w.merged_no_day().into_owned(),
                |day| day.to_string(),
            ),
            weekday: day
                .map(|day| words_of::weekday(self.w, day).into_owned())
                .unwrap_or_default(),
            clock: taking
                .at
                .as_ref()
                .and_then(JstTime::clock)
                .unwrap_or_default(),
            badges: Badges::of(self.marks, &taking.sources, self.old),
            hrefs: taking.documents.iter().filter_map(address).collect(),
        }
    }

    fn row(&self, row: &ItemRow, columns: &[usize]) -> Row {
        let handle = handle(&row.key);
        let mut names = row.names.iter().filter(|name| !name.is_empty()).cloned();
        Row {
            name: names
                .next()
                .unwrap_or_else(|| self.w.merged_no_name().into_owned()),
            others: names.collect(),
            codes: codes_of(row, self.wanted.codes.as_deref()),
            unit: row.unit.clone(),
            local: row.group == ItemGroup::Local,
            graphed: self.wanted.rows.contains(&handle),
            toggle: self.wanted.with_row(&handle),
            spark: spark(row),
            handle,
            cells: columns
                .iter()
                .map(|column| self.cell(row, *column))
                .collect(),
        }
    }

    fn cell(&self, row: &ItemRow, column: usize) -> Cell {
        let mut values = row
            .values
            .iter()
            .filter(|(c, _)| *c == column)
            .map(|(_, fact)| fact);
        let shown = values.by_ref().take(VALUES_MAX);
        Cell {
            values: shown.map(|fact| value(self.w, row, fact)).collect(),
            more: values.count(),
        }
    }
}

/// One value of a row.
pub(super) fn value(w: Words, row: &ItemRow, fact: &Fact<Measured>) -> Value {
    let observation = &fact.value.observation;
    let flag = judgement(observation);
    let measure = Measure::of(observation);
    let foreign = measure.unit != row.main.unit;
    let unit = || Some(observation.unit.display()).filter(|unit| !unit.is_empty());
    let other_method =
        (measure.method != row.main.method || measure.kind != row.main.kind) && !foreign;
    let status = match observation.status.as_str() {
        "P" => Some(w.labs_preliminary()),
        "C" => Some(w.labs_corrected()),
        "X" => Some(w.labs_not_measured()),
        _ => None,
    };
    let method = other_method.then(|| w.labs_other_method());
    let comments = observation
        .comments
        .iter()
        .filter(|c| !c.is_empty())
        .cloned();
    let notes = status
        .into_iter()
        .chain(method)
        .map(std::borrow::Cow::into_owned);
    Value {
        text: observation.value.display(),
        flag: flag.map(flag_mark),
        class: flag_class(flag),
        range: observation.range.to_string(),
        unit: if foreign {
            unit().map_or_else(|| w.labs_no_unit().into_owned(), str::to_owned)
        } else {
            String::new()
        },
        notes: notes.chain(comments).collect(),
    }
}
