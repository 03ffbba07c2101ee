//! Items as graphs, one above the other on one axis of time, each with its own scale: values of
//! different units are never on one line. The point's shape is its source; the band is grey where the
//! latest source's range lies, and dashed where another source's range is another.

use super::scale::{months, ticks};
use super::values::{Line, lines};
use super::wanted::Wanted;
use crate::chart::badges::{Badges, handle};
use crate::chart::lines::flag_mark;
use crate::chart::merged::View;
use crate::words::Words;
use askama::Template;
use std::collections::BTreeSet;
use tasuki_core::gather::Source;
use tasuki_model::{Instant, JstDay};
use tasuki_records::lab::merge::ItemRow;
use tasuki_records::lab::range::Band;
use tasuki_records::lab::series::{Point, Series};
use tasuki_records::{OTHER_UNIT, THINNED};

/// Points of one graph at most.
const POINTS: usize = 400;
/// The plot within its 1000 units of width, and its height.
const LEFT: f64 = 56.0;
const RIGHT: f64 = 880.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 112.0;

/// One graph.
#[derive(Template)]
#[template(path = "pages/labs/graph.html")]
pub(super) struct Graph {
    w: Words,
    name: String,
    unit: String,
    close: String,
    says: String,
    legend: Vec<(Badges, String)>,
    levels: Vec<(f64, String)>,
    months: Vec<(f64, String)>,
    bands: Vec<Area>,
    runs: Vec<String>,
    points: Vec<Mark>,
    last: Option<(f64, f64, String, Option<&'static str>)>,
    remarks: Vec<String>,
    lines: Vec<Line>,
    lines_more: usize,
}

struct Area {
    y: f64,
    height: f64,
    dashed: bool,
}

struct Mark {
    x: f64,
    y: f64,
    shape: &'static str,
    /// A limit of detection, drawn hollow.
    limit: bool,
}

/// The graphs of the rows chosen.
pub(super) fn graphs(view: &View<'_>, wanted: &Wanted, rows: &[&ItemRow]) -> Vec<Graph> {
    let series: Vec<Series> = rows.iter().map(|row| row.series(None, POINTS)).collect();
    let points = || {
        series
            .iter()
            .flat_map(|s| s.runs.iter().flatten())
            .map(|point| point.at)
    };
    let (from, to) = (points().min(), points().max());
    let span = from
        .zip(to)
        .map(|(from, to)| (from, to.max(from.plus_seconds(86_400))));
    let all = rows.iter().zip(&series);
    all.map(|(row, series)| graph(view, wanted, row, series, span))
        .collect()
}

fn graph(
    view: &View<'_>,
    wanted: &Wanted,
    row: &ItemRow,
    series: &Series,
    span: Option<(Instant, Instant)>,
) -> Graph {
    let w = view.w;
    let points: Vec<&Point> = series.runs.iter().flatten().collect();
    let (low, high) = reach(&points, series);
    let y = |n: f64| BOTTOM - (n - low) / (high - low) * (BOTTOM - TOP);
    let (from, to) = span.unwrap_or((Instant::from_micros(0), Instant::from_micros(1)));
    let length = (to.micros() - from.micros()).max(1) as f64;
    let x = |at: Instant| LEFT + (at.micros() - from.micros()) as f64 / length * (RIGHT - LEFT);
    let (levels, decimals) = ticks(low, high);
    let newest = points.iter().max_by_key(|point| point.at);
    let main = newest.and_then(|point| point.source.clone());
    let drawn: usize = series.runs.iter().map(Vec::len).sum();
    let (lines, lines_more) = lines(view, row);
    let number = |n: f64| format!("{n:.decimals$}");
    let shape = |source: &Option<Source>| {
        let mark = view
            .marks
            .iter()
            .find(|mark| Some(&mark.source) == source.as_ref());
        mark.map_or("disc", |mark| mark.shape)
    };
    let mark = |point: &&Point| Mark {
        x: x(point.at),
        y: y(point.number),
        shape: shape(&point.source),
        limit: !point.exact,
    };
    let run = |run: &Vec<Point>| {
        let line = run
            .iter()
            .map(|p| format!("{:.1},{:.1}", x(p.at), y(p.number)));
        line.collect::<Vec<_>>().join(" ")
    };
    let name = row.names.first().cloned().unwrap_or_default();
    Graph {
        w,
        says: w.labs_graph_says(&name, drawn, &row.unit).into_owned(),
        name,
        unit: row.unit.clone(),
        close: wanted.with_row(&handle(&row.key)),
        legend: legend(view, series, &points, main.as_ref()),
        levels: levels.iter().map(|n| (y(*n), number(*n))).collect(),
        months: months(from, to)
            .into_iter()
            .map(|day| (x(day.starts()), month(day)))
            .collect(),
        bands: areas(series, main.as_ref(), y),
        runs: series
            .runs
            .iter()
            .filter(|run| run.len() > 1)
            .map(run)
            .collect(),
        points: points.iter().map(mark).collect(),
        last: newest.map(|p| (x(p.at), y(p.number), written(row, p), p.flag.map(flag_mark))),
        remarks: remarks(w, series, drawn),
        lines,
        lines_more,
    }
}

/// The newest value as it was sent.
fn written(row: &ItemRow, point: &Point) -> String {
    let at = |at: &tasuki_model::JstTime| at.start() == point.at;
    let mut facts = row.values.iter().map(|(_, fact)| &fact.value);
    let sent = facts.find(|m| m.at.as_ref().is_some_and(at));
    sent.map(|m| m.observation.value.display())
        .unwrap_or_default()
}

fn month(day: JstDay) -> String {
    format!("{}-{:02}", day.year(), day.month())
}

/// What the scale reaches: the values, and limits that are near enough not to flatten them.
fn reach(points: &[&Point], series: &Series) -> (f64, f64) {
    let numbers = points.iter().map(|point| point.number);
    let (low, high) = numbers.fold((f64::MAX, f64::MIN), |(l, h), n| (l.min(n), h.max(n)));
    if low > high {
        return (0.0, 1.0);
    }
    let span = (high - low).max(high.abs() * 0.2).max(1e-9);
    let limits = series
        .bands
        .iter()
        .flat_map(|(_, band)| [band.low, band.high])
        .flatten();
    let (least, most) = ((low - span).min(low * 0.4), (high + span).max(high * 2.5));
    let near = limits.filter(|limit| (least..=most).contains(limit));
    let (low, high) = near.fold((low, high), |(l, h), n| (l.min(n), h.max(n)));
    let edge = (high - low).max(span * 0.5) * 0.08;
    (low - edge, high + edge)
}

/// The bands: that of the newest value's source, and those of others that differ from it.
fn areas(series: &Series, main: Option<&Source>, y: impl Fn(f64) -> f64) -> Vec<Area> {
    let own = series.bands.iter().find(|(source, _)| Some(source) == main);
    let others = series
        .bands
        .iter()
        .filter(|(_, band)| own.is_none_or(|(_, own)| own != band));
    let area = |band: &Band, dashed| {
        let top = band.high.map_or(TOP, &y).clamp(TOP, BOTTOM);
        let bottom = band.low.map_or(BOTTOM, &y).clamp(TOP, BOTTOM);
        Area {
            y: top,
            height: (bottom - top).max(0.5),
            dashed,
        }
    };
    let own = own.map(|(_, band)| area(band, false));
    own.into_iter()
        .chain(others.map(|(_, band)| area(band, true)))
        .collect()
}

/// Which shape is whose, with its range; dashed where it is not the grey one.
fn legend(
    view: &View<'_>,
    series: &Series,
    points: &[&Point],
    main: Option<&Source>,
) -> Vec<(Badges, String)> {
    let sources: BTreeSet<&Source> = points
        .iter()
        .filter_map(|point| point.source.as_ref())
        .collect();
    let own = series
        .bands
        .iter()
        .find(|(source, _)| Some(source) == main)
        .map(|(_, band)| *band);
    let entry = |source: &Source| {
        let band = series
            .bands
            .iter()
            .find(|(s, _)| s == source)
            .map(|(_, band)| *band);
        let words = match band {
            None => String::new(),
            Some(band) if Some(band) == own => view.w.labs_band(&limits(band)).into_owned(),
            Some(band) => view.w.labs_band_dashed(&limits(band)).into_owned(),
        };
        (view.badges(std::slice::from_ref(source)), words)
    };
    sources.into_iter().map(entry).collect()
}

fn limits(band: Band) -> String {
    match (band.low, band.high) {
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (None, Some(high)) => format!("{}{high}", if band.open { "<" } else { "≤" }),
        (Some(low), None) => format!("{}{low}", if band.open { ">" } else { "≥" }),
        (None, None) => String::new(),
    }
}

fn remarks(w: Words, series: &Series, drawn: usize) -> Vec<String> {
    let thinned = (series.points > drawn).then(|| w.labs_thinned(series.points, drawn, THINNED));
    let other =
        (series.other_units > 0).then(|| w.labs_other_units(series.other_units, OTHER_UNIT));
    let words = (series.not_drawn > 0).then(|| w.labs_not_drawn(series.not_drawn));
    let broken = (series.runs.len() > 1).then(|| w.labs_broken());
    [thinned, other, words, broken]
        .into_iter()
        .flatten()
        .map(std::borrow::Cow::into_owned)
        .collect()
}
