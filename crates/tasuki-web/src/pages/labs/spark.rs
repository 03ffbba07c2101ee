//! A row's line in the size of a word: the course, the band, the last point. It is broken where the
//! row's line is broken, and says nothing that the cells beside it do not say.

use std::fmt::Write;
use tasuki_records::lab::merge::ItemRow;
use tasuki_records::lab::range::Band;
use tasuki_records::lab::series::Point;

const WIDTH: f64 = 64.0;
const HEIGHT: f64 = 20.0;
const EDGE: f64 = 2.5;
/// Points at most; on 64 pixels no more can be told apart.
const POINTS: usize = 32;

/// What the line reaches: the values, and a limit of the band that is near enough not to flatten them.
fn reach(points: &[&Point], band: Option<&Band>) -> (f64, f64) {
    let numbers = points.iter().map(|point| point.number);
    let (mut low, mut high) = numbers.fold((f64::MAX, f64::MIN), |(l, h), n| (l.min(n), h.max(n)));
    let span = (high - low).max(high.abs() * 0.05).max(f64::MIN_POSITIVE);
    for limit in band
        .into_iter()
        .flat_map(|band| [band.low, band.high])
        .flatten()
    {
        if limit > low - 2.0 * span && limit < high + 2.0 * span {
            (low, high) = (low.min(limit), high.max(limit));
        }
    }
    if high - low < span {
        (low, high) = (low - span / 2.0, high + span / 2.0);
    }
    (low, high)
}

/// The line as the content of an SVG symbol of 64 by 20; nothing where there are no numbers. A page
/// draws it once and refers to it from table and cards.
pub(super) fn spark(row: &ItemRow) -> String {
    let series = row.series(None, POINTS);
    let points: Vec<&Point> = series.runs.iter().flatten().collect();
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return String::new();
    };
    let of_last = |(source, _): &&(_, Band)| last.source.as_ref() == Some(source);
    let band = series.bands.iter().find(of_last).map(|(_, band)| band);
    let (low, high) = reach(&points, band);
    let (from, to) = (
        first.at.micros(),
        last.at.micros().max(first.at.micros() + 1),
    );
    let x = |p: &Point| {
        EDGE + (p.at.micros() - from) as f64 / (to - from) as f64 * (WIDTH - 2.0 * EDGE)
    };
    let y = |n: f64| {
        (HEIGHT - EDGE - (n - low) / (high - low) * (HEIGHT - 2.0 * EDGE)).clamp(0.0, HEIGHT)
    };
    let mut svg = String::new();
    if let Some(band) = band {
        let (top, bottom) = (band.high.map_or(0.0, y), band.low.map_or(HEIGHT, y));
        let height = (bottom - top).max(1.0);
        let _ = write!(
            svg,
            r#"<rect class="spark__band" x="0" y="{top:.1}" width="64" height="{height:.1}"/>"#
        );
    }
    let dot = |p: &Point, r: f64| {
        format!(
            r#"<circle class="spark__dot" cx="{:.1}" cy="{:.1}" r="{r}"/>"#,
            x(p),
            y(p.number)
        )
    };
    for run in &series.runs {
        match run.as_slice() {
            [one] => svg.push_str(&dot(one, 1.2)),
            line => {
                let line: Vec<String> = line
                    .iter()
                    .map(|p| format!("{:.1},{:.1}", x(p), y(p.number)))
                    .collect();
                let _ = write!(
                    svg,
                    r#"<polyline class="spark__line" points="{}"/>"#,
                    line.join(" ")
                );
            }
        }
    }
    svg + &dot(last, 2.2)
}
