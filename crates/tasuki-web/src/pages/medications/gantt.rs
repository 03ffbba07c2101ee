//! Orders of a medicine as bars over time: grey, one class painted on demand, a gap where nothing was
//! ordered, side by side where two sources' orders reach the same days. A heavier bar is a higher dose,
//! and its label says it.

use std::collections::BTreeMap;
use std::fmt::Write;
use tasuki_model::JstDay;
use tasuki_records::merge::Fact;
use tasuki_records::prescription::merge::{Medicine, Supply, UNSAID_DAYS};

/// The drawing: units of width and height.
const WIDTH: f64 = 280.0;
const HEIGHT: f64 = 30.0;
/// Bars side by side at most; what does not fit lies on the last.
const LANES_MAX: usize = 3;
/// Bars of one row at most; the newest are drawn.
const BARS_MAX: usize = 200;
/// Days after the last of the axis, so that what is ordered ahead is in sight.
const AHEAD: i64 = 35;

/// The axis: from a day to a little after today.
pub(super) struct Axis {
    pub from: JstDay,
    pub today: JstDay,
}

/// What a day of an injected drug is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tick {
    /// Ordered; nobody has told that it was given.
    Ordered,
    /// Given.
    Given,
}

/// How a row's bars look.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Grey,
    Painted,
    Ended,
}

impl Axis {
    fn x(&self, day: JstDay) -> f64 {
        let all = (self.today.epoch_days() + AHEAD - self.from.epoch_days()).max(1);
        let days = day.epoch_days() - self.from.epoch_days();
        (days as f64 / all as f64 * WIDTH).clamp(0.0, WIDTH)
    }

    /// The beginnings of months, every third one where there are years.
    fn months(&self) -> Vec<JstDay> {
        let step = if self.today.epoch_days() - self.from.epoch_days() > 400 {
            6
        } else {
            1
        };
        let mut day = self.from.plus_days(31).month_start();
        let mut found = Vec::new();
        while day <= self.today.plus_days(AHEAD) {
            if (i64::from(day.month()) - 1) % step == 0 {
                found.push(day);
            }
            day = day.plus_days(32).month_start();
        }
        found
    }

    fn ground(&self, svg: &mut String) {
        for month in self.months() {
            let _ = write!(
                svg,
                r#"<path class="gantt__month" d="M{:.1} 0v{HEIGHT}"/>"#,
                self.x(month)
            );
        }
        let _ = write!(
            svg,
            r#"<path class="gantt__today" d="M{:.1} 0v{HEIGHT}"/>"#,
            self.x(self.today)
        );
    }

    /// The head of the column: years and months.
    pub fn head(&self) -> String {
        let mut svg = format!(r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">"#);
        self.ground(&mut svg);
        let mut year = 0;
        for (n, month) in self.months().into_iter().enumerate() {
            let x = self.x(month) + 2.0;
            // The first year is left out where the next one begins before it could be read.
            let room = n > 0 || month.month() < 11;
            if month.year() != year && room {
                let _ = write!(svg, r#"<text x="{x:.1}" y="11">{}</text>"#, month.year());
                year = month.year();
            }
            let _ = write!(svg, r#"<text x="{x:.1}" y="25">{}</text>"#, month.month());
        }
        svg + "</svg>"
    }

    /// The bars of a medicine; `says` is what they show, for those who hear it.
    pub fn bars(&self, medicine: &Medicine, look: Look, says: &str) -> String {
        let mut svg = format!(
            r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}">"#,
            escaped(says)
        );
        self.ground(&mut svg);
        let shown = |fact: &&Fact<Supply>| end(&fact.value).is_some_and(|end| end > self.from);
        let mut orders: Vec<&Fact<Supply>> =
            medicine.valid().filter(shown).take(BARS_MAX).collect();
        orders.reverse();
        let least = orders
            .iter()
            .filter_map(|order| weight(&order.value))
            .fold(f64::MAX, f64::min);
        let lanes = lanes(&orders);
        let count = lanes.iter().map(|lane| lane + 1).max().unwrap_or(1);
        let class = match look {
            Look::Grey => "gantt__bar",
            Look::Painted => "gantt__bar gantt__bar--painted",
            Look::Ended => "gantt__bar gantt__bar--ended",
        };
        let mut dose = String::new();
        for (order, lane) in orders.iter().zip(lanes) {
            let (Some(start), Some(end)) = (order.value.start, end(&order.value)) else {
                continue;
            };
            let (x, to) = (self.x(start), self.x(end));
            let heavy = weight(&order.value).is_some_and(|weight| weight > least);
            let height = if count > 1 {
                5.0
            } else if heavy {
                10.0
            } else {
                6.0
            };
            let y = if count > 1 {
                12.0 + lane as f64 * 6.0
            } else {
                19.0 - height / 2.0
            };
            let _ = write!(
                svg,
                r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{:.1}" height="{height}"/>"#,
                (to - x).max(1.5)
            );
            // A change of dose is said where it begins.
            let said = amount(&order.value);
            if !dose.is_empty() && !said.is_empty() && dose != said {
                let anchor = if x > WIDTH - 40.0 { "end" } else { "start" };
                let at = if x > WIDTH - 40.0 { WIDTH - 1.0 } else { x };
                let _ = write!(
                    svg,
                    r#"<text x="{at:.1}" y="9" text-anchor="{anchor}">{}</text>"#,
                    escaped(said)
                );
            }
            if !said.is_empty() {
                said.clone_into(&mut dose);
            }
        }
        svg + "</svg>"
    }
}

impl Axis {
    /// One tick a day; `says` is what they show, for those who hear it.
    pub fn ticks(&self, days: &BTreeMap<JstDay, Tick>, says: &str) -> String {
        let mut svg = format!(
            r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}">"#,
            escaped(says)
        );
        self.ground(&mut svg);
        let shown = days.iter().filter(|(day, _)| **day >= self.from);
        for (day, tick) in shown.rev().take(BARS_MAX) {
            let (y, length) = match tick {
                Tick::Given => (7.0, 16.0),
                Tick::Ordered => (12.0, 6.0),
            };
            let x = self.x(*day);
            let _ = write!(
                svg,
                r#"<path class="gantt__tick" d="M{x:.1} {y}v{length}"/>"#
            );
        }
        svg + "</svg>"
    }
}

fn escaped(text: &str) -> String {
    let escape = |c| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        c => String::from(c),
    };
    text.chars().map(escape).collect()
}

fn end(supply: &Supply) -> Option<JstDay> {
    let unsaid = || Some(supply.start?.plus_days(UNSAID_DAYS));
    supply.end().or_else(unsaid)
}

fn amount(supply: &Supply) -> &str {
    if supply.daily.is_empty() {
        &supply.dose
    } else {
        &supply.daily
    }
}

/// The dose as a number; the unit is one medicine's own.
fn weight(supply: &Supply) -> Option<f64> {
    amount(supply).split(' ').next()?.parse().ok()
}

/// For each order, oldest first, the lane it lies on: orders of different sources whose days meet lie
/// side by side; an order that only follows its predecessor a little early stays on its lane.
fn lanes(orders: &[&Fact<Supply>]) -> Vec<usize> {
    let mut taken: Vec<(JstDay, &Fact<Supply>)> = Vec::new();
    let mut lanes = Vec::with_capacity(orders.len());
    for order in orders {
        let start = order.value.start.unwrap_or(JstDay::from_epoch_days(0));
        let end = end(&order.value).unwrap_or(start);
        let free = |(until, last): &(JstDay, &Fact<Supply>)| {
            until.plus_days(-3) <= start
                || last.origins.first().map(|o| &o.source)
                    == order.origins.first().map(|o| &o.source)
        };
        let lane = taken
            .iter()
            .position(free)
            .unwrap_or(taken.len())
            .min(LANES_MAX - 1);
        match taken.get_mut(lane) {
            Some(place) => *place = (place.0.max(end), order),
            None => taken.push((end, order)),
        }
        lanes.push(lane);
    }
    lanes
}
