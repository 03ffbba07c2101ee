//! The drawer of some days, grouped by facility, and the same days as a list of cards.

use crate::chart::lines::{self, Line};
use crate::chart::{Chart, kept};
use crate::marks::{Mark, gap_lines};
use crate::pages::words_of;
use crate::visit::{Stop, Visit};
use crate::words::Words;
use askama::Template;
use tasuki_core::ports::EntryFilter;
use tasuki_core::{Gathered, Released};
use tasuki_model::{Category, JstDay};

/// Documents in one drawer at most; it says so when there are more.
const DOCUMENTS_MAX: u32 = 200;
/// Documents read for the cards of the list.
const LIST_DOCUMENTS_MAX: u32 = 100;
/// Parts of a summary in a drawer.
const PARTS: usize = 8;

/// The drawer: its head, and its body with the gaps rendered in.
pub(crate) struct Drawer {
    pub title: String,
    pub counts: String,
    pub body: String,
}

#[derive(Template)]
#[template(path = "pages/calendar/drawer_body.html")]
struct DrawerBody<'a> {
    w: Words,
    sources: &'a [DaySource],
    /// Open facilities that answered and have nothing on these days.
    empty: Vec<&'a Mark>,
    /// How many other disclosing facilities there are, of which nothing is said.
    others: usize,
    more: bool,
    several_days: bool,
}

/// What one facility documented on the days of a drawer.
#[derive(Clone)]
pub(crate) struct DaySource {
    pub mark: Mark,
    pub lines: Vec<Line>,
}

/// One day of the list.
pub(crate) struct ListDay {
    pub words: String,
    pub href: String,
    pub rows: Vec<ListRow>,
}

pub(crate) struct ListRow {
    pub kind: String,
    pub says: Vec<lines::Said>,
    pub mark: Mark,
    pub href: String,
}

/// Everything that was documented on some days.
pub(crate) fn of_days(
    visit: &Visit<'_>,
    chart: &Chart,
    (from, to): (JstDay, JstDay),
    only: Option<Category>,
) -> Result<Released<Drawer>, Stop> {
    let filter = EntryFilter {
        categories: only.into_iter().collect(),
        from: Some(from),
        to: Some(to),
        limit: Some(DOCUMENTS_MAX + 1),
        ..EntryFilter::default()
    };
    read(visit, chart, &filter, PARTS)?
        .try_map(|lines| drawer(visit, chart, (from, to), lines))
        .map_err(Stop::from)
}

/// The documents of some days; of a calendar of marked documents, those among them.
fn read(
    visit: &Visit<'_>,
    chart: &Chart,
    filter: &EntryFilter,
    parts: usize,
) -> Result<Released<Vec<Line>>, Stop> {
    if chart.facts.view().marked.is_none() {
        let store = &visit.portal.store;
        return Ok(store.reading(|tx| lines::lines(visit, tx, chart, filter, parts))?);
    }
    let days = filter.from..=filter.to;
    let fits = |line: &Line| {
        let category = filter.categories.is_empty() || filter.categories.contains(&line.category);
        category && line.day.is_some() && days.contains(&line.day)
    };
    let found = kept::marked(visit, chart, parts)?;
    Ok(found.map(|lines| lines.into_iter().filter(fits).collect()))
}

fn drawer(
    visit: &Visit<'_>,
    chart: &Chart,
    (from, to): (JstDay, JstDay),
    mut lines: Vec<Line>,
) -> askama::Result<Drawer> {
    let more = lines.len() > DOCUMENTS_MAX as usize;
    lines.truncate(DOCUMENTS_MAX as usize);
    let documents = lines.len();
    let facts = chart.facts.view();
    let gathered = Gathered::new(by_source(&chart.marks, &lines), facts.reports.clone());
    let section = gathered.section(Clone::clone);
    let mut facilities = 0;
    let body = section.render(
        |sources| {
            facilities = sources.len();
            let empty: Vec<&Mark> = chart
                .marks
                .iter()
                .filter(|m| facts.reports.iter().any(|r| r.source == m.source))
                .filter(|m| !sources.iter().any(|s| s.mark.source == m.source))
                .collect();
            let others = chart.disclosing_others();
            let several_days = from != to;
            DrawerBody {
                w: visit.w,
                sources,
                empty,
                others,
                more,
                several_days,
            }
            .render()
        },
        |gaps| gap_lines(visit.w, &chart.marks, gaps),
    )?;
    let title = if from == to {
        words_of::long_day(visit.w, from)
    } else {
        visit
            .w
            .calendar_from_to(&from.to_string(), &to.to_string())
            .into_owned()
    };
    let counts = visit.w.drawer_counts(documents, facilities).into_owned();
    Ok(Drawer {
        title,
        counts,
        body,
    })
}

fn by_source(marks: &[Mark], lines: &[Line]) -> Vec<DaySource> {
    marks
        .iter()
        .filter_map(|mark| {
            let mut mine: Vec<Line> = lines
                .iter()
                .filter(|l| l.source == mark.source)
                .cloned()
                .collect();
            mine.sort_by(|a, b| (b.day, a.category).cmp(&(a.day, b.category)));
            (!mine.is_empty()).then(|| DaySource {
                mark: mark.clone(),
                lines: mine,
            })
        })
        .collect()
}

/// The days of the list as cards.
pub(crate) fn of_list(
    visit: &Visit<'_>,
    chart: &Chart,
    days: &[JstDay],
    only: Option<Category>,
) -> Result<Released<Vec<ListDay>>, Stop> {
    let filter = EntryFilter {
        categories: only.into_iter().collect(),
        from: Some(days.last().copied().unwrap_or(JstDay::at(visit.now))),
        to: Some(days.first().copied().unwrap_or(JstDay::at(visit.now))),
        limit: Some(LIST_DOCUMENTS_MAX),
        ..EntryFilter::default()
    };
    let found = read(visit, chart, &filter, 5)?;
    Ok(found.map(|lines| {
        days.iter()
            .map(|day| ListDay {
                words: words_of::long_day(visit.w, *day),
                href: format!("calendar?view=list&from={day}&to={day}"),
                rows: lines
                    .iter()
                    .filter(|l| l.day == Some(*day))
                    .filter_map(|l| {
                        Some(ListRow {
                            kind: l.kind.clone(),
                            says: l.says.clone(),
                            mark: lines::mark_of(&chart.marks, &l.source)?.clone(),
                            href: l.href.clone(),
                        })
                    })
                    .collect(),
            })
            .filter(|d| !d.rows.is_empty())
            .collect()
    }))
}
