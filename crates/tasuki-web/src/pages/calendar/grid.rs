//! The grid: kinds down, time across, counts with the shapes of their facilities. Pure but for
//! the words.

use super::columns::{Column, Grain};
use super::stays::Stay;
use crate::marks::Mark;
use crate::pages::words_of;
use crate::words::Words;
use std::collections::BTreeMap;
use tasuki_core::gather::Source;
use tasuki_core::ports::CalendarCell;
use tasuki_model::{Category, JstDay};

/// The rows of the calendar, in the order of the network's own screens.
pub(crate) const ROWS: &[Category] = &[
    Category::Prescription,
    Category::Injection,
    Category::Lab,
    Category::Image,
    Category::Report,
    Category::File,
    Category::Record,
    Category::Note,
];

pub(crate) struct Grid {
    pub year: String,
    pub era: String,
    pub spans: Vec<Span>,
    pub heads: Vec<Head>,
    pub lanes: Vec<Vec<Band>>,
    pub rows: Vec<Row>,
}

pub(crate) struct Span {
    pub words: String,
    pub columns: usize,
    pub edge: bool,
}

pub(crate) struct Head {
    pub big: String,
    pub small: String,
    pub full: String,
    pub class: String,
}

/// A stretch of a stays lane: empty, or a stay.
pub(crate) struct Band {
    pub columns: usize,
    pub stay: Option<(&'static str, String)>,
}

pub(crate) struct Row {
    pub words: String,
    pub cells: Vec<Cell>,
}

pub(crate) struct Cell {
    pub class: String,
    pub count: u32,
    pub shapes: Vec<&'static str>,
    pub more: usize,
    pub href: String,
    pub says: String,
}

/// What the grid is drawn from.
pub(crate) struct Drawing<'a> {
    pub w: Words,
    pub columns: &'a [Column],
    pub cells: &'a [(Source, CalendarCell)],
    pub stays: &'a [Stay],
    pub marks: &'a [Mark],
    pub today: JstDay,
    /// The days whose drawer is open.
    pub picked: Option<(JstDay, JstDay)>,
    pub only: Option<Category>,
    /// Address of a drawer, to which the days are added.
    pub drawer: &'a str,
}

impl Drawing<'_> {
    pub fn grid(&self) -> Grid {
        let last = self.columns.first().map_or(self.today, |c| c.to);
        let era = last
            .era()
            .map(|(era, year)| (words_of::era(self.w, era), year));
        Grid {
            year: self.w.calendar_year(last.year()).into_owned(),
            era: era.map_or_else(String::new, |(era, year)| {
                self.w.calendar_era(&era, year).into_owned()
            }),
            spans: self.spans(),
            heads: self
                .columns
                .iter()
                .enumerate()
                .map(|(i, c)| self.head(i, c))
                .collect(),
            lanes: self.lanes(),
            rows: ROWS
                .iter()
                .filter(|&&c| self.only.is_none_or(|only| only == c))
                .map(|&c| self.row(c))
                .collect(),
        }
    }

    /// A heading over each run of columns of the same grain and, for days, the same month.
    fn spans(&self) -> Vec<Span> {
        let key = |c: &Column| match c.grain {
            Grain::Day => (0, c.from.year(), c.from.month()),
            Grain::Week => (1, 0, 0),
            Grain::Month => (2, 0, 0),
            Grain::Quarter => (3, 0, 0),
        };
        let mut spans: Vec<Span> = Vec::new();
        let mut before = None;
        for column in self.columns {
            let now = key(column);
            if before == Some(now) {
                if let Some(span) = spans.last_mut() {
                    span.columns += 1;
                }
            } else {
                let words = match column.grain {
                    Grain::Day => self.w.calendar_by_day(column.from.month()),
                    Grain::Week => self.w.calendar_by_week(),
                    Grain::Month => self.w.calendar_by_month(),
                    Grain::Quarter => self.w.calendar_by_quarter(),
                };
                spans.push(Span {
                    words: words.into_owned(),
                    columns: 1,
                    edge: before.is_some(),
                });
            }
            before = Some(now);
        }
        spans
    }

    fn class(&self, at: usize, column: &Column) -> String {
        let mut class = String::new();
        let before = at.checked_sub(1).and_then(|i| self.columns.get(i));
        if before.is_some_and(|b| {
            b.grain != column.grain
                || (column.grain == Grain::Day && b.from.month() != column.from.month())
        }) {
            class.push_str(" edge");
        }
        if column.grain == Grain::Day && column.from.weekday() >= 5 {
            class.push_str(" rest");
        }
        if self
            .picked
            .is_some_and(|(from, to)| from <= column.from && column.to <= to)
        {
            class.push_str(" pick");
        }
        class
    }

    fn head(&self, at: usize, column: &Column) -> Head {
        let mut class = self.class(at, column);
        if column.holds(self.today) && column.grain == Grain::Day {
            class.push_str(" today");
        }
        let (from, to) = (column.from, column.to);
        let january = from.month() == 1 || (column.grain == Grain::Quarter && from.month() <= 3);
        let (big, small) = match column.grain {
            Grain::Day => (
                from.day().to_string(),
                words_of::weekday(self.w, from).into_owned(),
            ),
            Grain::Week => (
                from.day().to_string(),
                self.w.calendar_week_from(from.month()).into_owned(),
            ),
            // A year stands where it begins, so that no month is bare of one.
            Grain::Month | Grain::Quarter if january => {
                (from.month().to_string(), from.year().to_string())
            }
            Grain::Month | Grain::Quarter => (
                from.month().to_string(),
                self.w.calendar_month().into_owned(),
            ),
        };
        Head {
            big,
            small,
            full: self.full(from, to),
            class,
        }
    }

    fn full(&self, from: JstDay, to: JstDay) -> String {
        if from == to {
            words_of::long_day(self.w, from)
        } else {
            self.w
                .calendar_from_to(&from.to_string(), &to.to_string())
                .into_owned()
        }
    }

    /// Stays side by side in as few lanes as they need, three at most: a fourth overlapping stay
    /// joins the count of the last lane's label.
    fn lanes(&self) -> Vec<Vec<Band>> {
        let mut lanes: Vec<Vec<Option<usize>>> = vec![vec![None; self.columns.len()]];
        for (index, stay) in self.stays.iter().enumerate() {
            let covered: Vec<usize> = self
                .columns
                .iter()
                .enumerate()
                .filter(|(_, c)| stay.from <= c.to && stay.until(self.today) >= c.from)
                .map(|(i, _)| i)
                .collect();
            let free = lanes.iter().position(|lane| {
                covered
                    .iter()
                    .all(|&i| lane.get(i).is_some_and(Option::is_none))
            });
            let lane = match free {
                Some(lane) => lane,
                None if lanes.len() < 3 => {
                    lanes.push(vec![None; self.columns.len()]);
                    lanes.len() - 1
                }
                None => continue,
            };
            for i in covered {
                if let Some(place) = lanes.get_mut(lane).and_then(|l| l.get_mut(i)) {
                    *place = Some(index);
                }
            }
        }
        lanes.iter().map(|lane| self.bands(lane)).collect()
    }

    fn bands(&self, lane: &[Option<usize>]) -> Vec<Band> {
        let mut bands: Vec<Band> = Vec::new();
        let mut before = None;
        for place in lane {
            if before == Some(*place) && place.is_some() {
                if let Some(band) = bands.last_mut() {
                    band.columns += 1;
                }
            } else {
                let stay = place.and_then(|i| self.stays.get(i)).map(|stay| {
                    let shape = self.mark(&stay.source).map_or("disc", |m| m.shape);
                    (shape, stay.words(self.w, self.today))
                });
                bands.push(Band { columns: 1, stay });
            }
            before = Some(*place);
        }
        bands
    }

    fn mark(&self, source: &Source) -> Option<&Mark> {
        self.marks.iter().find(|m| m.source == *source)
    }

    fn row(&self, category: Category) -> Row {
        let cells = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| self.cell(category, at, column))
            .collect();
        Row {
            words: words_of::category(self.w, category).into_owned(),
            cells,
        }
    }

    fn cell(&self, category: Category, at: usize, column: &Column) -> Cell {
        let counts = counts_of(self.cells, category, column);
        let count: u32 = counts.values().sum();
        let mut class = self.class(at, column);
        if count > 0 {
            class.push_str(" has");
        }
        let shapes: Vec<&'static str> = counts
            .keys()
            .filter_map(|id| self.mark(id))
            .map(|m| m.shape)
            .collect();
        let who: Vec<&str> = counts
            .keys()
            .filter_map(|id| self.mark(id))
            .map(|m| m.name.as_str())
            .collect();
        let says = self.w.calendar_cell(
            &words_of::category(self.w, category),
            count,
            &self.full(column.from, column.to),
            &who.join("、"),
        );
        Cell {
            class,
            count,
            more: shapes.len().saturating_sub(3),
            shapes: shapes.into_iter().take(3).collect(),
            href: format!("{}from={}&to={}", self.drawer, column.from, column.to),
            says: says.into_owned(),
        }
    }
}

/// Facts per source. An order and what came of it are one thing to a reader: where something was
/// done or reported on a day, the orders of that day and facility are not counted beside it.
fn counts_of<'a>(
    cells: &'a [(Source, CalendarCell)],
    category: Category,
    column: &Column,
) -> BTreeMap<&'a Source, u32> {
    let mut days: BTreeMap<(&Source, JstDay), (u32, u32)> = BTreeMap::new();
    for (source, cell) in cells {
        if cell.category != category || !column.holds(cell.day) {
            continue;
        }
        let (orders, done) = days.entry((source, cell.day)).or_default();
        if tasuki_records::kinds::is_order(&cell.kind) {
            *orders += cell.items.max(cell.documents);
        } else {
            *done += cell.items.max(cell.documents);
        }
    }
    let mut counts = BTreeMap::new();
    for ((source, _), (orders, done)) in days {
        *counts.entry(source).or_insert(0) += if done > 0 { done } else { orders };
    }
    counts
}

/// The documents of a column for which a drawer would show something, by day, newest first.
pub(crate) fn days_with_data(
    cells: &[(Source, CalendarCell)],
    only: Option<Category>,
) -> Vec<JstDay> {
    let mut days: Vec<JstDay> = cells
        .iter()
        .filter(|(_, c)| only.is_none_or(|o| o == c.category))
        .map(|(_, c)| c.day)
        .collect();
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.dedup();
    days
}
