//! A row as a line over time: broken where unit, method or kind of result change, and thinned where
//! it has more points than anybody could see.

use super::merge::{ItemRow, Measure, Measured};
use super::range::{Band, judgement, number};
use crate::merge::Fact;
use crate::view::Flag;
use tasuki_core::gather::Source;
use tasuki_model::Instant;

/// A point of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// When.
    pub at: Instant,
    /// How much, in the unit of the series.
    pub number: f64,
    /// False for a limit of detection.
    pub exact: bool,
    /// By whom.
    pub source: Option<Source>,
    /// Its flag.
    pub flag: Option<Flag>,
}

/// A row as lines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// Runs of points, oldest first; between runs the line is broken.
    pub runs: Vec<Vec<Point>>,
    /// How many points there were before thinning.
    pub points: usize,
    /// How many numbers have another unit and are in the table only.
    pub other_units: usize,
    /// How many results are words, or have no time.
    pub not_drawn: usize,
    /// The latest band of each source, in the unit of the series.
    pub bands: Vec<(Source, Band)>,
}

impl ItemRow {
    /// The values in the main unit as lines of at most `most` points in all; `from` leaves out what
    /// is older.
    #[must_use]
    pub fn series(&self, from: Option<Instant>, most: usize) -> Series {
        let mut series = Series::default();
        let mut last: Option<Measure> = None;
        let shown = |fact: &&Fact<Measured>| {
            let start = fact.value.at.as_ref().map(tasuki_model::JstTime::start);
            from.is_none_or(|from| start.is_none_or(|start| start >= from))
        };
        // Values stand newest first; a line is drawn from the oldest on.
        for fact in self.values.iter().rev().map(|(_, fact)| fact).filter(shown) {
            let measure = Measure::of(&fact.value.observation);
            let (Some(point), true) = (point(fact), measure.unit == self.main.unit) else {
                let other = number(&fact.value.observation.value).is_some()
                    && measure.unit != self.main.unit;
                series.other_units += usize::from(other);
                series.not_drawn += usize::from(!other);
                last = if other { None } else { last };
                continue;
            };
            series.band_of(fact);
            series.points += 1;
            match series.runs.last_mut() {
                Some(run) if last.as_ref() == Some(&measure) => run.push(point),
                _ => series.runs.push(vec![point]),
            }
            last = Some(measure);
        }
        if series.points > most {
            let share = |run: &Vec<Point>| (run.len() * most / series.points).max(2);
            series.runs = series
                .runs
                .iter()
                .map(|run| thinned(run, share(run)))
                .collect();
        }
        series
    }
}

impl Series {
    /// Keeps the band of a source; a later one takes the place of an earlier one.
    fn band_of(&mut self, fact: &Fact<Measured>) {
        let band = Band::parse(&fact.value.observation.range);
        let source = fact.origins.first().map(|origin| origin.source.clone());
        let (Some(band), Some(source)) = (band, source) else {
            return;
        };
        match self.bands.iter_mut().find(|(known, _)| *known == source) {
            Some((_, known)) => *known = band,
            None => self.bands.push((source, band)),
        }
    }
}

fn point(fact: &Fact<Measured>) -> Option<Point> {
    let (number, exact) = number(&fact.value.observation.value)?;
    Some(Point {
        at: fact.value.at.as_ref()?.start(),
        number,
        exact,
        source: fact.origins.first().map(|origin| origin.source.clone()),
        flag: judgement(&fact.value.observation),
    })
}

/// At most `most` points: the least and the greatest of each stretch, so that no peak is lost.
fn thinned(run: &[Point], most: usize) -> Vec<Point> {
    if run.len() <= most {
        return run.to_vec();
    }
    let stretches = (most / 2).max(1);
    let by_number = |a: &&Point, b: &&Point| a.number.total_cmp(&b.number);
    let mut kept: Vec<Point> = Vec::with_capacity(most);
    for stretch in run.chunks(run.len().div_ceil(stretches)) {
        let (least, greatest) = (
            stretch.iter().min_by(by_number),
            stretch.iter().max_by(by_number),
        );
        let mut two: Vec<&Point> = least.into_iter().chain(greatest).collect();
        two.sort_by_key(|point| point.at);
        two.dedup_by(|a, b| std::ptr::eq(*a, *b));
        kept.extend(two.into_iter().cloned());
    }
    kept
}
