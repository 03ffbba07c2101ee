//! A storage of a stated size for the import benchmark: real, distinct files of one hospital.
//!
//! The mix, per visit: ADT-12, OMP-01, two panels (OML-01 and OML-11 each), one drip (OMP-02,
//! OMP-12), one X-ray (OMG-01, OMG-11): ten files. Each person has ADT-00 besides, and those
//! with a disease PPR-01.

use crate::chart::{CHEST, Chart, ChartError, Infusion, Line};
use crate::clinical::drugs::{AMLODIPINE_5, LANSOPRAZOLE, MAINTENANCE, ROSUVASTATIN, VITAMIN};
use crate::clinical::labs::{CHEMISTRY, COUNT};
use crate::community::Registration;
use crate::dice::Dice;
use crate::generate::UNTIL;
use crate::people::{Person, people};
use crate::story::{Health, Years, later};
use jiff::civil::Date;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Seed.
    pub seed: u64,
    /// Files in all, as nearly as whole visits allow (never fewer).
    pub files: usize,
    /// People.
    pub persons: usize,
    /// Files of the first person at least, who is then the one with many; 0 for as many as the rest.
    pub heavy: usize,
}

/// Writes the corpus below `out`; returns the number of files.
///
/// # Errors
/// When a file cannot be written.
pub fn write(order: Order, out: &Path) -> Result<usize, ChartError> {
    let dice = Dice::new(order.seed);
    let people = people(&dice, order.persons.max(1), UNTIL);
    let each = order.files.div_ceil(people.len());
    let next = AtomicUsize::new(0);
    let work = || -> Result<usize, ChartError> {
        let mut files = 0;
        while let Some(person) = people.get(next.fetch_add(1, Ordering::Relaxed)) {
            let each = if person.number == 0 {
                each.max(order.heavy)
            } else {
                each
            };
            files += chart(out, &dice, person, each)?;
        }
        Ok(files)
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mine = work();
        match other.join() {
            Ok(files) => Ok(mine? + files?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn chart(out: &Path, dice: &Dice, person: &Person, each: usize) -> Result<usize, ChartError> {
    let since = later(UNTIL, -365 * 8);
    let registration = Registration {
        facility: 0,
        local_id: format!("{:010}", person.number + 1),
        since,
    };
    let mut dice = dice.fork("corpus", person.number);
    let health = Health::of(
        person,
        &mut dice,
        Years {
            from: since,
            until: UNTIL,
        },
    );
    let mut chart = Chart::open(out, person, &registration, dice.clone());
    let first = since.at(9, 0, 0, 0);
    chart.demographics(first)?;
    let problems = health.problems(UNTIL);
    if !problems.is_empty() {
        chart.problems(first, &problems)?;
    }
    let mut day = later(since, dice.between(1, 30));
    while chart.files < each {
        visit(&mut chart, &health, day, true)?;
        // Somebody with very many files comes every other day, and still within the same years.
        day = later(day, if each > 2000 { 2 } else { dice.between(3, 28) });
    }
    Ok(chart.files)
}

/// What a visit leaves behind: ten files, or six where no blood is taken.
pub(crate) fn visit(
    chart: &mut Chart,
    health: &Health,
    day: Date,
    labs: bool,
) -> Result<(), ChartError> {
    chart.visit(day.at(9, 0, 0, 0), "01")?;
    let panels = [(5, &CHEMISTRY), (12, &COUNT)];
    for (minute, panel) in panels.into_iter().filter(|_| labs) {
        let findings = health.measure(
            panel,
            day,
            0.4,
            &mut chart.dice.fork(panel.code, chart.files),
        );
        chart.lab(day.at(9, minute, 0, 0), "01", None, panel, &findings)?;
    }
    let order = chart.order();
    let lines = [AMLODIPINE_5, ROSUVASTATIN, LANSOPRAZOLE].map(|drug| Line { drug, days: 28 });
    chart.prescribe(day.at(10, 30, 0, 0), "01", None, &order, &lines)?;
    let drip = Infusion {
        drugs: &[MAINTENANCE, VITAMIN],
        volume: 500,
        kind: ("00", "一般"),
        hours: 2,
    };
    chart.infuse(day.at(13, 0, 0, 0), "01", None, &drip)?;
    chart.examine(day.at(15, 0, 0, 0), "01", CHEST, "")
}
