//! What happens to people: a life of visits, stays and documents, told into charts.
//!
//! Told facility by facility, because that is how it lies on disk; what ties the parts
//! together is the person's [`Health`], which is the same everywhere.

mod health;
mod inpatient;
mod outpatient;
mod reports;
mod showcase;
mod states;

pub use health::Health;
pub use states::{STATES, states};

use crate::chart::{Chart, ChartError};
use crate::community::Registration;
use crate::dice::Dice;
use crate::people::{Person, Planted};
use jiff::Span;
use jiff::civil::{Date, DateTime, Weekday};
use std::path::Path;

/// The years that are told.
#[derive(Clone, Copy, Debug)]
pub struct Years {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
}

/// Tells one person's life into all their charts; returns how many files that made.
///
/// # Errors
/// When a chart cannot be written.
pub fn tell(
    root: &Path,
    dice: &Dice,
    person: &Person,
    registrations: &[Registration],
    (years, heavy): (Years, usize),
) -> Result<usize, ChartError> {
    let mut dice = dice.fork("life", person.number);
    let health = Health::of(person, &mut dice, years);
    let mut files = 0;
    for (rank, registration) in registrations.iter().enumerate() {
        let until = years.until;
        let Some(years) = here(person, registration, years) else {
            continue;
        };
        let mut chart = Chart::open(
            root,
            person,
            registration,
            dice.fork("chart", registration.facility),
        );
        outpatient::begin(&mut chart, &health, years)?;
        // The first facility sees to everyday care; the others are seen now and then.
        if rank == 0 {
            outpatient::everyday(&mut chart, &health, years)?;
        } else {
            outpatient::specialist(&mut chart, &health, years)?;
        }
        if chart.facility().hospital {
            inpatient::stays(&mut chart, &health, years)?;
        }
        if person.planted == Some(Planted::Showcase) {
            showcase::tell(&mut chart, until)?;
            showcase::often(&mut chart, until, heavy / registrations.len().max(1))?;
        }
        files += chart.files;
    }
    Ok(files)
}

/// The years in which somebody goes to a facility: planted people change theirs.
fn here(person: &Person, registration: &Registration, years: Years) -> Option<Years> {
    let turn = match person.planted {
        Some(Planted::Married) => person.names.last().map(|(from, _)| (*from, 0)),
        Some(Planted::Miswritten) => person.names.last().map(|(from, _)| (*from, 1)),
        Some(Planted::Moved) => person.homes.last().map(|(from, _)| (*from, 2)),
        Some(Planted::Died) => {
            let last = years.until.saturating_sub(Span::new().months(7));
            return Some(Years {
                until: last,
                ..years
            });
        }
        // Her last weeks are told one by one.
        Some(Planted::Showcase) => {
            return Some(Years {
                until: later(years.until, -45),
                ..years
            });
        }
        _ => None,
    };
    let years = match turn {
        Some((turn, new)) if registration.facility == new => Years {
            from: turn.max(years.from),
            ..years
        },
        Some((turn, _)) => Years {
            until: turn.min(years.until),
            ..years
        },
        None => years,
    };
    let years = Years {
        from: years.from.max(person.birth),
        ..years
    };
    (years.from < years.until).then_some(years)
}

/// So many days later.
pub(crate) fn later(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

/// A time of a working day: Sundays move to Monday.
pub(crate) fn at(day: Date, hour: i8, minute: i8, dice: &mut Dice) -> DateTime {
    let day = if day.weekday() == Weekday::Sunday {
        later(day, 1)
    } else {
        day
    };
    day.at(hour, minute, dice.below(60) as i8, 0)
}
