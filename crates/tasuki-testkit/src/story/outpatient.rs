//! Life outside the ward: first visit, everyday care, the specialist twice a year, colds.

use super::{Health, Years, at, later, reports};
use crate::chart::{CHEST, COLONOSCOPY, Chart, ECG, ECHO, ENDOSCOPY, Line, Problem, Told};
use crate::clinical::diseases::{COLD, GASTRITIS};
use crate::clinical::drugs::{ACETAMINOPHEN, AMOXICILLIN, CARBOCISTEINE, REBAMIPIDE};
use crate::clinical::labs::{CHEMISTRY, CLOTTING, COUNT, METABOLIC, SPECIAL, URINE};
use crate::documents::png::Motif;
use jiff::civil::Date;

/// The first visit: who it is, what is known.
pub fn begin(chart: &mut Chart, health: &Health, years: Years) -> Told {
    let at = at(
        later(years.from, chart.dice.between(0, 20)),
        9,
        5,
        &mut chart.dice,
    );
    chart.demographics(at)?;
    if !health.allergies.is_empty() {
        chart.allergies(at, &health.allergies)?;
    }
    let mut problems = health.problems(at.date());
    if problems.is_empty() {
        let (since, department) = (at.date(), "01");
        problems.push(Problem {
            disease: GASTRITIS,
            since,
            healed: None,
            suspected: true,
            department,
        });
    }
    chart.problems(at, &problems)?;
    if chart.facility().hospital {
        chart.attending(at, "01")?;
    }
    Ok(())
}

/// Care by the family doctor, or by the hospital that takes his place.
pub fn everyday(chart: &mut Chart, health: &Health, years: Years) -> Told {
    let mut day = later(years.from, chart.dice.between(1, 60));
    let mut known = health.problems(years.from).len();
    let mut count = 0;
    while day < years.until {
        news(chart, day)?;
        let conditions = health.problems(day).len();
        if conditions > known {
            known = conditions;
            let at = at(day, 9, 40, &mut chart.dice);
            chart.problems(at, &health.problems(day))?;
        }
        let weeks = if conditions == 0 {
            cold(chart, day)?;
            chart.dice.between(18, 44)
        } else {
            let weeks = *chart.dice.pick(&[4, 4, 5, 6, 8, 8]);
            review(chart, health, day, weeks as u32, count)?;
            weeks
        };
        count += 1;
        day = later(day, weeks * 7 + chart.dice.between(-2, 3));
    }
    Ok(())
}

/// The hospital that sees somebody now and then.
pub fn specialist(chart: &mut Chart, health: &Health, years: Years) -> Told {
    let mut day = later(years.from, chart.dice.between(20, 200));
    let mut count = 0;
    while day < years.until {
        news(chart, day)?;
        let department = main_department(health, day);
        let visit = at(day, 10, 20, &mut chart.dice);
        chart.visit(visit, department)?;
        labs(chart, health, day, department, true)?;
        examine(chart, health, day, department, count)?;
        if count % 2 == 0 {
            let time = at(day, 15, 45, &mut chart.dice);
            reports::letter(chart, health, time, department)?;
        }
        count += 1;
        day = later(day, chart.dice.between(150, 320));
    }
    Ok(())
}

/// A routine visit: reception, prescription, now and then labs and a note.
fn review(chart: &mut Chart, health: &Health, day: Date, weeks: u32, count: usize) -> Told {
    let department = main_department(health, day);
    let visit = at(day, 9 + chart.dice.below(7) as i8, 15, &mut chart.dice);
    chart.visit(visit, department)?;
    if count % 4 == 1 {
        labs(chart, health, day, department, count % 8 == 1)?;
    }
    let lines = health.regimen(day, weeks * 7);
    if !lines.is_empty() {
        let order = chart.order();
        let written = visit.saturating_add(jiff::Span::new().minutes(25));
        chart.prescribe(written, department, None, &order, &lines)?;
        amend(chart, written, department, &order, &lines)?;
    }
    if chart.dice.chance(0.4) {
        let written = visit.saturating_add(jiff::Span::new().minutes(31));
        reports::note(chart, health, written, department)?;
    }
    // The clinics write for the others.
    if !chart.facility().hospital && count % 3 == 2 {
        let written = visit.saturating_add(jiff::Span::new().minutes(44));
        reports::team_note(chart, written, department, count)?;
    }
    Ok(())
}

/// Some prescriptions are corrected the same day, a few are taken back.
fn amend(
    chart: &mut Chart,
    written: jiff::civil::DateTime,
    department: &'static str,
    order: &str,
    lines: &[Line],
) -> Told {
    let again = written.saturating_add(jiff::Span::new().minutes(12));
    match chart.dice.below(100) {
        0..5 => {
            let longer: Vec<Line> = lines
                .iter()
                .map(|line| Line {
                    days: line.days + 7,
                    ..*line
                })
                .collect();
            chart.prescribe(again, department, None, order, &longer)
        }
        5..7 => {
            let wrong = chart.order();
            chart.prescribe(written, department, None, &wrong, lines)?;
            chart.withdraw(again, department, &wrong, lines)
        }
        _ => Ok(()),
    }
}

fn labs(
    chart: &mut Chart,
    health: &Health,
    day: Date,
    department: &'static str,
    wide: bool,
) -> Told {
    let taken = at(day, 9, 10 + chart.dice.below(40) as i8, &mut chart.dice);
    let mut panels = vec![&CHEMISTRY, &COUNT];
    if wide {
        panels.push(&METABOLIC);
        panels.push(&URINE);
    }
    let heart = health
        .conditions
        .iter()
        .any(|(condition, _)| condition.department == "08");
    if heart && chart.facility().hospital {
        panels.push(&SPECIAL);
        panels.push(&CLOTTING);
    }
    for panel in panels {
        let mut dice = chart.dice.fork(panel.code, chart.files);
        let findings = health.measure(panel, taken.date(), 0.08, &mut dice);
        chart.lab(taken, department, None, panel, &findings)?;
    }
    Ok(())
}

fn examine(
    chart: &mut Chart,
    health: &Health,
    day: Date,
    department: &'static str,
    count: usize,
) -> Told {
    let time = at(day, 11, 30, &mut chart.dice);
    let has = |icd: &str| {
        health
            .conditions
            .iter()
            .any(|(condition, _)| condition.disease.icd10.starts_with(icd))
    };
    if has("I") || health.age > 60 {
        let impression = if has("I489") {
            "心房細動"
        } else {
            "正常範囲"
        };
        chart.examine(time, department, ECG, impression)?;
    }
    match count % 4 {
        0 => {
            chart.examine(time, department, CHEST, "")?;
            reports::reading(chart, time, department, CHEST, Motif::Chest)
        }
        1 if has("I5") || has("I4") => {
            chart.examine(
                time,
                department,
                ECHO,
                "左室収縮能は保たれている。中等度の僧帽弁逆流。",
            )?;
            reports::reading(chart, time, department, ECHO, Motif::Echo)
        }
        2 if has("K21") => {
            chart.examine(time, department, ENDOSCOPY, "")?;
            reports::reading(chart, time, department, ENDOSCOPY, Motif::Lumen)
        }
        2 if health.age > 50 && chart.dice.chance(0.2) => {
            chart.examine(time, department, COLONOSCOPY, "")?;
            reports::reading(chart, time, department, COLONOSCOPY, Motif::Lumen)
        }
        _ => Ok(()),
    }
}

fn cold(chart: &mut Chart, day: Date) -> Told {
    let department = if chart.person.age(day) < 16 {
        "09"
    } else {
        "01"
    };
    let visit = at(day, 10, 40, &mut chart.dice);
    chart.visit(visit, department)?;
    let drugs: &[_] = if chart.dice.chance(0.3) {
        &[AMOXICILLIN, CARBOCISTEINE]
    } else {
        &[CARBOCISTEINE, REBAMIPIDE, ACETAMINOPHEN]
    };
    let lines: Vec<Line> = drugs
        .iter()
        .map(|drug| Line {
            drug: *drug,
            days: 5,
        })
        .collect();
    let order = chart.order();
    chart.prescribe(
        visit.saturating_add(jiff::Span::new().minutes(18)),
        department,
        None,
        &order,
        &lines,
    )?;
    let problem = Problem {
        disease: COLD,
        since: visit.date(),
        healed: None,
        suspected: false,
        department,
    };
    chart.problems(visit, &[problem])
}

/// A new name or address is written down at the first visit after it.
fn news(chart: &mut Chart, day: Date) -> Told {
    let changed =
        |from: &Date| *from <= day && later(*from, 120) > day && *from > chart.person.birth;
    let moved = chart.person.homes.iter().any(|(from, _)| changed(from));
    let renamed = chart.person.names.iter().any(|(from, _)| changed(from));
    if moved || renamed {
        let at = at(day, 8, 55, &mut chart.dice);
        chart.demographics(at)?;
    }
    Ok(())
}

fn main_department(health: &Health, day: Date) -> &'static str {
    let known = health.conditions.iter().find(|(_, onset)| *onset <= day);
    known.map_or("01", |(condition, _)| condition.department)
}
