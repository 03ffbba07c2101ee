//! The calendar: home of the chart. Grid and list; a cell opens the drawer of its days.

mod columns;
mod drawer;
mod grid;
mod stays;

use crate::chart::badges::{COMMUNITY, source_code};
use crate::chart::standing::{self, foot};
use crate::chart::{self, Chart, Frame, Section};
use crate::marks::Mark;
use crate::pages::words_of;
use crate::shell::Shell;
use crate::visit::{Reply, Stop, Visit};
use crate::words::Words;
use askama::Template;
use columns::Reach;
use drawer::{Drawer, ListDay};
use grid::{Drawing, Grid};
use stays::Event;
use tasuki_core::audit::Action;
use tasuki_core::gather::Source;
use tasuki_core::release::Body;
use tasuki_core::{Egress, Gathered};
use tasuki_model::{Category, CommunityId, FacilityId, JstDay};

/// Days in the list at most; the list says so when there are more.
const LIST_DAYS_MAX: usize = 14;

#[derive(Template)]
#[template(path = "pages/calendar/page.html")]
struct CalendarPage {
    shell: Shell,
    frame: Frame,
    tools: Tools,
    as_list: bool,
    /// Grid and list, with the gaps rendered in.
    body: String,
    drawer: Option<Drawer>,
}

/// Grid and list of the same data: the width of the screen or the reader's choice shows one.
#[derive(Template)]
#[template(path = "pages/calendar/body.html")]
struct CalendarBody<'a> {
    w: Words,
    as_list: bool,
    grid: &'a Grid,
    list: &'a [ListDay],
    list_more: bool,
    marks: Vec<&'a Mark>,
    allergies: String,
    problems: String,
}

/// The part that the island swaps in.
#[derive(Template)]
#[template(path = "pages/calendar/drawer.html")]
struct DrawerPart {
    w: Words,
    drawer: Option<Drawer>,
}

/// The controls above the grid, all of them plain links and a form.
struct Tools {
    reaches: Vec<(String, String, bool)>,
    facilities: Vec<(String, String, bool)>,
    kinds: Vec<(String, String, bool)>,
    reach: &'static str,
    view: &'static str,
    marked: bool,
    last: String,
    today: String,
    table: String,
    list: String,
    earlier: String,
    later: String,
}

/// What the address asks for.
struct Wanted {
    reach: Reach,
    last: JstDay,
    source: Option<Source>,
    category: Option<Category>,
    list: bool,
    /// Only documents that the reader has marked.
    marked: bool,
    picked: Option<(JstDay, JstDay)>,
}

impl Wanted {
    fn of(visit: &Visit<'_>) -> Result<Self, Stop> {
        let picked = match (visit.day("from")?, visit.day("to")?) {
            (Some(from), Some(to)) if from <= to => Some((from, to)),
            (None, None) => None,
            _ => return Err(Stop::wrong("from and to")),
        };
        Ok(Self {
            reach: visit
                .ask
                .query("reach")
                .and_then(Reach::from_code)
                .unwrap_or_default(),
            last: visit.day("last")?.unwrap_or_else(|| JstDay::at(visit.now)),
            source: visit.ask.query("facility").map(source_of).transpose()?,
            category: visit.ask.query("kind").and_then(Category::from_code),
            list: visit.ask.query("view") == Some("list"),
            marked: visit.ask.query("only") == Some("marked"),
            picked,
        })
    }

    fn shows(&self, source: &Source) -> bool {
        self.source.as_ref().is_none_or(|only| only == source)
    }

    /// The address of the same calendar with some of it changed.
    fn href(&self, changes: &[(&str, &str)]) -> String {
        let last = self.last.to_string();
        let mut pairs: Vec<(&str, &str)> = vec![("reach", self.reach.code()), ("last", &last)];
        let source = self.source.as_ref().map(source_code).unwrap_or_default();
        if !source.is_empty() {
            pairs.push(("facility", &source));
        }
        if let Some(category) = self.category {
            pairs.push(("kind", category.code()));
        }
        if self.list {
            pairs.push(("view", "list"));
        }
        if self.marked {
            pairs.push(("only", "marked"));
        }
        for &(name, value) in changes {
            pairs.retain(|(n, _)| *n != name);
            if !value.is_empty() {
                pairs.push((name, value));
            }
        }
        format!(
            "calendar?{}",
            serde_urlencoded::to_string(pairs).unwrap_or_default()
        )
    }
}

fn source_of(value: &str) -> Result<Source, Stop> {
    let source = match value.strip_prefix(COMMUNITY) {
        Some(id) => CommunityId::new(id).map(Source::Community),
        None => FacilityId::new(value).map(Source::Facility),
    };
    source.map_err(|_| Stop::wrong("facility"))
}

pub(crate) fn show(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let wanted = Wanted::of(visit)?;
    let chart = opened(visit, wanted.marked)?;
    let person = chart.grant.person().clone();
    let drawer = wanted
        .picked
        .map(|days| drawer::of_days(visit, &chart, days, wanted.category))
        .transpose()?;
    if visit.ask.part
        && let Some(drawer) = drawer
    {
        let body = drawer.try_map(|drawer| {
            DrawerPart {
                w: visit.w,
                drawer: Some(drawer),
            }
            .render()
            .map(Body::html)
        })?;
        return Ok(Reply::new(Egress::released(Action::ChartView, body)).about(&person));
    }
    let days = shown_days(&chart, &wanted);
    let list = drawer::of_list(visit, &chart, &days, wanted.category)?;
    let undated = chart::undated(visit, &chart)?;
    let Chart { facts, marks, .. } = chart;
    let body = facts.zip(list).zip(undated).zip_option(drawer).try_map(
        |(((facts, list), undated), drawer)| {
            let body = body(visit, &wanted, &marks, &facts, &list, &undated)?;
            let allergies = undated.allergy_words(visit.w);
            CalendarPage {
                shell: Shell::of(visit, "patients", visit.w.section_calendar()),
                frame: Frame::of(visit, &person, &marks, &facts, allergies, Section::Calendar),
                tools: tools(visit, &wanted, &marks, &facts),
                as_list: wanted.list,
                body,
                drawer,
            }
            .render()
            .map(Body::html)
        },
    )?;
    Ok(Reply::new(Egress::released(Action::ChartView, body)).about(&person))
}

/// The chart; with the marked documents counted apart where they alone are asked for.
fn opened(visit: &Visit<'_>, marked: bool) -> Result<Chart, Stop> {
    let chart = chart::open(visit)?;
    if !marked {
        return Ok(chart);
    }
    let found = chart::kept::marked(visit, &chart, 0)?;
    let facts = chart.facts.zip(found).map(|(facts, lines)| chart::Facts {
        marked: Some(chart::kept::cells(&lines)),
        ..facts
    });
    Ok(Chart { facts, ..chart })
}

fn body(
    visit: &Visit<'_>,
    wanted: &Wanted,
    marks: &[Mark],
    facts: &chart::Facts,
    list: &[ListDay],
    undated: &chart::Undated,
) -> askama::Result<String> {
    let cells: Vec<_> = facts
        .shown_cells()
        .iter()
        .filter(|(f, _)| wanted.shows(f))
        .cloned()
        .collect();
    let columns = columns::columns(wanted.reach, wanted.last);
    let gathered = Gathered::new(cells, facts.reports.clone());
    let section = gathered.section(|cells| {
        let drawing = Drawing {
            w: visit.w,
            columns: &columns,
            cells,
            stays: &stays_of(cells),
            marks,
            today: JstDay::at(visit.now),
            picked: wanted.picked,
            only: wanted.category,
            drawer: &format!("{}&", wanted.href(&[])),
        };
        (
            drawing.grid(),
            grid::days_with_data(cells, wanted.category).len(),
        )
    });
    section.render(
        |(grid, days)| {
            CalendarBody {
                w: visit.w,
                as_list: wanted.list,
                grid,
                list,
                list_more: *days > list.len(),
                marks: marks
                    .iter()
                    .filter(|m| facts.reports.iter().any(|r| r.source == m.source))
                    .collect(),
                allergies: undated.allergy_line(visit.w),
                problems: undated.problem_line(visit.w),
            }
            .render()
        },
        |gaps| foot(visit.w, marks, facts, standing::KINDS, gaps),
    )
}

/// Admissions and discharges as the registry knows them: the day of service of ADT-22 and ADT-52
/// is the day of the event. A cancellation holds no facts and is no event.
fn stays_of(cells: &[(Source, tasuki_core::ports::CalendarCell)]) -> Vec<stays::Stay> {
    stays::pair(
        cells
            .iter()
            .filter(|(_, c)| c.items > 0)
            .filter_map(|(source, c)| {
                let event = match c.kind.as_ref() {
                    "ADT-22" => Event::Admitted,
                    "ADT-52" => Event::Discharged,
                    _ => return None,
                };
                Some((source.clone(), c.day, event))
            })
            .collect(),
    )
}

fn shown_days(chart: &Chart, wanted: &Wanted) -> Vec<JstDay> {
    let columns = columns::columns(wanted.reach, wanted.last);
    let first = columns.last().map_or(wanted.last, |c| c.from);
    let cells: Vec<_> = chart
        .facts
        .view()
        .shown_cells()
        .iter()
        .filter(|(f, c)| wanted.shows(f) && first <= c.day && c.day <= wanted.last)
        .cloned()
        .collect();
    let mut days = grid::days_with_data(&cells, wanted.category);
    days.truncate(LIST_DAYS_MAX);
    days
}

fn tools(visit: &Visit<'_>, wanted: &Wanted, marks: &[Mark], facts: &chart::Facts) -> Tools {
    let w = visit.w;
    let step = match wanted.reach {
        Reach::TwoWeeks => 14,
        Reach::HalfYear => 30,
        Reach::Year => 182,
        Reach::FiveYears => 365,
    };
    let words = |reach| match reach {
        Reach::TwoWeeks => w.calendar_two_weeks(),
        Reach::HalfYear => w.calendar_half_year(),
        Reach::Year => w.calendar_one_year(),
        Reach::FiveYears => w.calendar_five_years(),
    };
    let mut facilities = vec![(
        String::new(),
        w.calendar_all_facilities().into_owned(),
        wanted.source.is_none(),
    )];
    facilities.extend(
        marks
            .iter()
            .filter(|m| facts.reports.iter().any(|r| r.source == m.source))
            .map(|m| {
                let current = wanted.source.as_ref() == Some(&m.source);
                (source_code(&m.source), m.name.clone(), current)
            }),
    );
    let mut kinds = vec![(
        String::new(),
        w.calendar_all_kinds().into_owned(),
        wanted.category.is_none(),
    )];
    kinds.extend(grid::ROWS.iter().map(|&c| {
        (
            c.code().to_owned(),
            words_of::category(w, c).into_owned(),
            wanted.category == Some(c),
        )
    }));
    let moved = |days: i64| wanted.href(&[("last", &wanted.last.plus_days(days).to_string())]);
    Tools {
        reaches: Reach::ALL
            .iter()
            .map(|&r| {
                (
                    wanted.href(&[("reach", r.code())]),
                    words(r).into_owned(),
                    r == wanted.reach,
                )
            })
            .collect(),
        facilities,
        kinds,
        reach: wanted.reach.code(),
        view: if wanted.list { "list" } else { "" },
        marked: wanted.marked,
        last: wanted.last.to_string(),
        today: wanted.href(&[("last", "")]),
        table: wanted.href(&[("view", "")]),
        list: wanted.href(&[("view", "list")]),
        earlier: moved(-step),
        later: moved(step),
    }
}
