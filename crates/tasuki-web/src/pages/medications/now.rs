//! The table of medicines: what is current first, by class, then what has ended.

use super::gantt::{Axis, Look};
use super::handle;
use super::overlapping::Overlapping;
use super::ticks;
use super::wanted::{Wanted, YEAR};
use crate::chart::badges::Badges;
use crate::chart::merged::View;
use crate::pages::words_of;
use tasuki_model::JstDay;
use tasuki_records::prescription::class::Class;
use tasuki_records::prescription::merge::{Medicine, Supply};

/// Few days are left: said with a chip.
const FEW_DAYS: i64 = 3;

/// An order within so many days of the beginning of what was read may continue an older one.
pub(super) const CUT_DAYS: i64 = 35;

/// One medicine as a row.
pub(super) struct Row {
    pub name: String,
    pub href: String,
    pub chosen: bool,
    pub others: Vec<String>,
    pub usage: String,
    pub since: String,
    /// Days left, and whether they are few; a dash where nobody said how long.
    pub left: String,
    pub few: bool,
    pub badges: Badges,
    pub overlaps: bool,
    pub ended: bool,
    pub gantt: String,
}

/// The table: what it is drawn from.
pub(super) struct Table<'a> {
    view: &'a View<'a>,
    wanted: &'a Wanted,
    overlapping: &'a Overlapping,
    axis: Axis,
}

impl<'a> Table<'a> {
    pub fn new(view: &'a View<'a>, wanted: &'a Wanted, overlapping: &'a Overlapping) -> Self {
        let axis = Axis {
            from: view.today.plus_days(-YEAR * wanted.years),
            today: view.today,
        };
        Self {
            view,
            wanted,
            overlapping,
            axis,
        }
    }

    /// The head of the bars.
    pub fn head(&self) -> String {
        self.axis.head()
    }

    /// The rows under their heads.
    pub fn groups(&self, lines: &[Medicine]) -> Vec<(String, Vec<Row>)> {
        let w = self.view.w;
        let is_current = |line: &Medicine| line.is_current(self.view.today);
        let rows = |fits: &dyn Fn(&Medicine) -> bool| -> Vec<Row> {
            let fitting = lines.iter().enumerate().filter(|(_, line)| fits(line));
            fitting.map(|(place, line)| self.row(place, line)).collect()
        };
        let classes = Class::ALL.iter().map(|class| Some(*class)).chain([None]);
        let mut groups: Vec<(String, Vec<Row>)> = classes
            .map(|class| {
                let words =
                    class.map_or_else(|| w.meds_unclassed(), |class| words_of::class(w, class));
                let rows = rows(&|line| is_current(line) && line.class == class);
                (words.into_owned(), rows)
            })
            .collect();
        if !self.wanted.current_only {
            groups.push((w.meds_ended().into_owned(), rows(&|line| !is_current(line))));
        }
        groups.retain(|(_, rows)| !rows.is_empty());
        groups
    }

    /// What was injected.
    pub fn injected(&self) -> (Vec<Row>, usize) {
        ticks::rows(self.view, self.wanted, &self.axis)
    }

    fn row(&self, place: usize, line: &Medicine) -> Row {
        let (view, wanted) = (self.view, self.wanted);
        let ended = !line.is_current(view.today);
        let handle = handle(line);
        let chosen = wanted.chosen.as_ref() == Some(&handle);
        let now = line.valid().find(|supply| supply.value.covers(view.today));
        let now = now
            .or_else(|| line.valid().next())
            .or(line.supplies.first());
        let until = line.until();
        let left = until.map(|until| until.epoch_days() - view.today.epoch_days() + 1);
        let left = left.filter(|_| !ended);
        let painted = wanted.class.is_some() && wanted.class == line.class;
        let look = match (ended, painted) {
            (_, true) => Look::Painted,
            (true, false) => Look::Ended,
            (false, false) => Look::Grey,
        };
        let day = |day: Option<JstDay>| day.map(|day| day.to_string()).unwrap_or_default();
        let (since, end) = (day(line.since()), day(until));
        let unnamed = || view.w.merged_no_name().into_owned();
        let name = Some(line.name.clone())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(unnamed);
        let says = view
            .w
            .meds_bars(&name, line.valid().count(), &since, &end)
            .into_owned();
        // What begins with the time that was read may have begun before it.
        let cut = line
            .since()
            .is_some_and(|since| since < self.axis.from.plus_days(CUT_DAYS));
        let dash = if ended { "" } else { "—" };
        Row {
            href: wanted.href("drug", if chosen { "" } else { &handle }),
            chosen,
            others: line.other_names().into_iter().map(str::to_owned).collect(),
            usage: now.map(|fact| usage(&fact.value)).unwrap_or_default(),
            since: match (ended, cut) {
                (true, _) => view.w.meds_until(&end).into_owned(),
                (false, true) => view.w.meds_before(&since).into_owned(),
                (false, false) => since,
            },
            left: left.map_or_else(|| dash.to_owned(), |left| left.to_string()),
            few: left.is_some_and(|left| left <= FEW_DAYS),
            badges: view.badges(&line.sources(view.today)),
            overlaps: !self.overlapping.about(place).is_empty(),
            gantt: self.axis.bars(line, look, &says),
            ended,
            name,
        }
    }
}

/// Dose and usage as sent.
pub(super) fn usage(supply: &Supply) -> String {
    let parts = [supply.dose.as_str(), supply.usage.as_str()];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
