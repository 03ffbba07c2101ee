//! 東京 花子's last weeks: something of every kind, so that the demo and the browser tests
//! find it whatever the seed.

use super::inpatient::{EPISODES, stay};
use super::{Health, Years, later, reports};
use crate::chart::{CHEST, Chart, Infusion, Line, MRI, Told};
use crate::clinical::drugs::{
    AMLODIPINE_5, EDOXABAN, ELDECALCITOL, LANSOPRAZOLE, MAINTENANCE, METFORMIN_HIGH, VITAMIN,
};
use crate::clinical::labs::{CHEMISTRY, COUNT, METABOLIC, SPECIAL, URINE};
use crate::corpus;
use crate::documents::png::Motif;
use jiff::civil::Date;

/// What she is given on a bad day.
const DRIP: Infusion = Infusion {
    drugs: &[MAINTENANCE, VITAMIN],
    volume: 500,
    kind: ("00", "一般"),
    hours: 3,
};

/// Tells the part of it that happens at this chart's facility.
pub fn tell(chart: &mut Chart, until: Date) -> Told {
    let from = later(until, -1826);
    let health = Health::of(chart.person, &mut chart.dice.clone(), Years { from, until });
    match chart.registration.facility {
        0 => hospital(chart, &health, until),
        1 => second_hospital(chart, &health, later(until, -12)),
        3 => clinic(chart, &health, until),
        // Where she has been seen in the neighbouring communities.
        5 => {
            second_hospital(chart, &health, later(until, -19))?;
            // Given there, under that hospital's order.
            let drip = Infusion { hours: 2, ..DRIP };
            chart.infuse(later(until, -19).at(16, 0, 0, 0), "04", None, &drip)
        }
        8 => second_hospital(chart, &health, later(until, -26)),
        10 => {
            clinic(chart, &health, later(until, -2))?;
            otherwise(chart, &health, later(until, -5))
        }
        _ => Ok(()),
    }
}

/// So many files more, in visits over five years; laboratory results at every sixth.
pub fn often(chart: &mut Chart, until: Date, files: usize) -> Told {
    let from = later(until, -1826);
    let health = Health::of(chart.person, &mut chart.dice.clone(), Years { from, until });
    // Six visits are forty files.
    let visits = i64::try_from(files.div_ceil(40) * 6).unwrap_or(i64::MAX);
    for visit in 0..visits {
        let day = later(until, -1 - visit * 1820 / visits);
        corpus::visit(chart, &health, day, visit % 6 == 0)?;
    }
    Ok(())
}

/// 架空総合病院: a pneumonia five weeks ago, then the check-up of last week.
fn hospital(chart: &mut Chart, health: &Health, until: Date) -> Told {
    if let Some(episode) = EPISODES.first() {
        stay(chart, health, episode, later(until, -38))?;
    }
    let day = later(until, -8);
    chart.visit(day.at(9, 32, 10, 0), "01")?;
    for panel in [&CHEMISTRY, &COUNT, &METABOLIC, &SPECIAL, &URINE] {
        let findings = health.measure(panel, day, 0.32, &mut chart.dice.fork(panel.code, 1));
        chart.lab(day.at(9, 50, 0, 0), "01", None, panel, &findings)?;
    }
    let drugs =
        [AMLODIPINE_5, METFORMIN_HIGH, EDOXABAN, LANSOPRAZOLE].map(|drug| Line { drug, days: 28 });
    let order = chart.order();
    chart.prescribe(day.at(10, 41, 0, 0), "01", None, &order, &drugs)?;
    chart.examine(day.at(11, 5, 0, 0), "01", CHEST, "")?;
    reports::reading(chart, day.at(12, 10, 0, 0), "01", CHEST, Motif::Chest)?;
    reports::note(chart, health, day.at(10, 50, 0, 0), "01")?;
    reports::letter(chart, health, day.at(14, 20, 0, 0), "01")?;
    chart.infuse(later(until, -4).at(13, 0, 0, 0), "01", None, &DRIP)
}

/// みなと第二病院: CRP in mg/L, the same drug once more, an MRI.
fn second_hospital(chart: &mut Chart, health: &Health, day: Date) -> Told {
    chart.visit(day.at(13, 15, 0, 0), "04")?;
    for panel in [&CHEMISTRY, &COUNT] {
        let findings = health.measure(panel, day, 0.55, &mut chart.dice.fork(panel.code, 1));
        chart.lab(day.at(13, 40, 0, 0), "04", None, panel, &findings)?;
    }
    let order = chart.order();
    let drugs = [EDOXABAN, ELDECALCITOL].map(|drug| Line { drug, days: 28 });
    chart.prescribe(day.at(14, 30, 0, 0), "04", None, &order, &drugs)?;
    chart.examine(day.at(15, 0, 0, 0), "04", MRI, "")?;
    reports::reading(chart, day.at(15, 40, 0, 0), "04", MRI, Motif::Echo)
}

/// 青葉クリニック: seen three days ago.
fn clinic(chart: &mut Chart, health: &Health, until: Date) -> Told {
    let day = later(until, -3);
    chart.visit(day.at(10, 10, 0, 0), "08")?;
    let order = chart.order();
    chart.prescribe(
        day.at(10, 30, 0, 0),
        "08",
        None,
        &order,
        &health.regimen(day, 28),
    )?;
    reports::note(chart, health, day.at(10, 35, 0, 0), "08")?;
    reports::team_note(chart, day.at(11, 20, 0, 0), "08", 0)?;
    reports::team_note(chart, later(until, -17).at(15, 5, 0, 0), "08", 1)
}

/// A clinic in another community that knows things otherwise: no allergy, and her last condition
/// healed. Whoever reads both has to be told.
fn otherwise(chart: &mut Chart, health: &Health, day: Date) -> Told {
    chart.allergies(day.at(10, 20, 0, 0), &[])?;
    let mut problems = health.problems(day);
    if let Some(last) = problems.last_mut() {
        last.healed = Some(later(day, -200));
    }
    chart.problems(day.at(10, 25, 0, 0), &problems)
}
