//! Stays in hospital: what brings people in, and what each day brings.

use super::{Health, Years, at, later, reports};
use crate::chart::{CHEST, CT, Chart, Examination, HIP, Infusion, Line, Problem, Told};
use crate::clinical::diseases::{CATARACT, COLON, Disease, FAILURE, FRACTURE, PNEUMONIA};
use crate::clinical::drugs::{
    CEFAZOLIN, CEFTRIAXONE, DEXAMETHASONE, FUROSEMIDE_IV, GRANISETRON, LOXOPROFEN, MAINTENANCE,
    OXALIPLATIN, SALINE, VITAMIN,
};
use crate::clinical::labs::{CHEMISTRY, CLOTTING, COUNT, SPECIAL};
use crate::documents::png::Motif;
use jiff::civil::{Date, DateTime};

/// A reason to be admitted.
pub struct Episode {
    /// Diagnosis.
    pub disease: Disease,
    /// 診療科.
    pub department: &'static str,
    /// Ward, room, bed, and the bed after a move.
    pub beds: [(&'static str, &'static str, &'static str); 2],
    /// Shortest and longest stay in days.
    pub days: (i64, i64),
    /// CRP at admission, mg/dL.
    pub crp: f64,
    /// What is examined.
    pub examination: Examination,
    /// What the key image shows.
    pub motif: Motif,
    /// What is infused, and on how many days.
    pub infusion: (Infusion, i64),
    /// Course, for the summary.
    pub course: &'static str,
}

const GENERAL: (&str, &str) = ("00", "一般");

/// Reasons that befall many.
pub const EPISODES: [Episode; 4] = [
    Episode {
        disease: PNEUMONIA,
        department: "05",
        beds: [("04E", "412", "1"), ("04E", "405", "3")],
        days: (8, 16),
        crp: 14.0,
        examination: CT,
        motif: Motif::Chest,
        infusion: (
            Infusion {
                drugs: &[SALINE, CEFTRIAXONE],
                volume: 100,
                kind: GENERAL,
                hours: 1,
            },
            7,
        ),
        course: "発熱と咳で受診し、右下葉に浸潤影を認め入院。セフトリアキソンで解熱し、炎症反応は速やかに改善した。",
    },
    Episode {
        disease: FRACTURE,
        department: "11",
        beds: [("06W", "621", "2"), ("06W", "630", "1")],
        days: (18, 30),
        crp: 6.0,
        examination: HIP,
        motif: Motif::Joint,
        infusion: (
            Infusion {
                drugs: &[SALINE, CEFAZOLIN],
                volume: 100,
                kind: GENERAL,
                hours: 1,
            },
            4,
        ),
        course: "自宅で転倒し受傷。人工骨頭置換術を施行。術後経過良好で、杖歩行で退院となった。",
    },
    Episode {
        disease: FAILURE,
        department: "08",
        beds: [("05E", "503", "1"), ("05E", "512", "4")],
        days: (9, 20),
        crp: 1.5,
        examination: CHEST,
        motif: Motif::Chest,
        infusion: (
            Infusion {
                drugs: &[MAINTENANCE, FUROSEMIDE_IV],
                volume: 500,
                kind: GENERAL,
                hours: 5,
            },
            5,
        ),
        course: "呼吸困難と下腿浮腫で入院。利尿薬の静注で体重は４ｋｇ減少し、酸素は不要となった。",
    },
    Episode {
        disease: CATARACT,
        department: "26",
        beds: [("03W", "308", "2"), ("03W", "308", "2")],
        days: (2, 3),
        crp: 0.1,
        examination: CHEST,
        motif: Motif::Chest,
        infusion: (
            Infusion {
                drugs: &[SALINE, VITAMIN],
                volume: 100,
                kind: GENERAL,
                hours: 1,
            },
            1,
        ),
        course: "右眼の水晶体再建術を施行。術後の炎症は軽く、翌日退院とした。",
    },
];

const CHEMOTHERAPY: Infusion = Infusion {
    drugs: &[GRANISETRON, DEXAMETHASONE, OXALIPLATIN],
    volume: 350,
    kind: ("07", "抗がん剤"),
    hours: 3,
};

/// The stays that chance brings over the years.
pub fn stays(chart: &mut Chart, health: &Health, years: Years) -> Told {
    let mut year = years.from;
    while year < years.until {
        let sick = health.conditions.len() as f64;
        let age = chart.person.age(year) as f64;
        let probability = 0.012 + (age - 55.0).max(0.0) * 0.0022 + sick * 0.012;
        if chart.dice.chance(probability) {
            let heart = health
                .conditions
                .iter()
                .any(|(condition, _)| condition.disease.icd10 == "I500");
            let pick = if heart && chart.dice.chance(0.6) {
                2
            } else {
                *chart.dice.pick(&[0, 0, 1, 3])
            };
            let pick = if age < 50.0 { 0 } else { pick };
            let first = later(year, chart.dice.between(10, 330));
            if let (Some(episode), true) = (EPISODES.get(pick), later(first, 40) < years.until) {
                stay(chart, health, episode, first)?;
            }
        }
        year = later(year, 365);
    }
    if health.age > 48 && chart.dice.chance(0.035) {
        cancer(chart, health, years)?;
    }
    Ok(())
}

/// One stay from its first day on.
pub fn stay(chart: &mut Chart, health: &Health, episode: &Episode, first: Date) -> Told {
    let [bed, second] = episode.beds;
    let department = episode.department;
    let length = chart.dice.between(episode.days.0, episode.days.1);
    let admitted = at(first, 14, 10, &mut chart.dice);
    let first = admitted.date();
    arrive(chart, health, episode, admitted)?;
    let order = chart.order();
    let mut lines = health.regimen(first, 14);
    lines.push(Line {
        drug: LOXOPROFEN,
        days: 5,
    });
    chart.prescribe(
        first.at(16, 30, 0, 0),
        department,
        Some(bed),
        &order,
        &lines,
    )?;
    for day in 0..=length {
        let bed = if day > length / 2 { second } else { bed };
        ward_day(
            chart,
            health,
            episode,
            later(first, day),
            day,
            bed,
            (&order, &lines),
        )?;
        if day == length / 2 && second != episode.beds[0] {
            chart.transfer(later(first, day).at(13, 30, 0, 0), department, second)?;
        }
    }
    if length > 14 {
        let out = later(first, length - 5);
        chart.overnight(
            out.at(10, 0, 0, 0),
            later(out, 1).at(16, 0, 0, 0),
            department,
            second,
        )?;
    }
    leave(
        chart,
        health,
        episode,
        admitted,
        later(first, length).at(10, 30, 0, 0),
    )
}

/// The day of admission: bed, diagnosis, diet, first examination.
fn arrive(chart: &mut Chart, health: &Health, episode: &Episode, admitted: DateTime) -> Told {
    let (department, [bed, _]) = (episode.department, episode.beds);
    let first = admitted.date();
    let planned = episode.crp < 1.0;
    if planned {
        let asked = at(later(first, -12), 11, 0, &mut chart.dice);
        chart.plan(true, asked, admitted, department, bed)?;
    }
    chart.admit(admitted, department, bed)?;
    let mut problems = health.problems(first);
    problems.insert(0, diagnosis(episode, first, None));
    chart.problems(admitted, &problems)?;
    let diet = if health.age > 70 {
        "軟菜食 塩分６ｇ"
    } else {
        "常食"
    };
    chart.diet(admitted, department, bed, "002", diet)?;
    chart.examine(first.at(15, 0, 0, 0), department, episode.examination, "")?;
    reports::reading(
        chart,
        first.at(17, 0, 0, 0),
        department,
        episode.examination,
        episode.motif,
    )
}

/// The day of discharge: healed, summary, letter to the family doctor.
fn leave(
    chart: &mut Chart,
    health: &Health,
    episode: &Episode,
    admitted: DateTime,
    left: DateTime,
) -> Told {
    let (department, [_, bed]) = (episode.department, episode.beds);
    chart.plan(
        false,
        later(left.date(), -2).at(9, 0, 0, 0),
        left,
        department,
        bed,
    )?;
    chart.discharge(admitted, left, department, bed)?;
    let mut problems = health.problems(left.date());
    problems.insert(0, diagnosis(episode, admitted.date(), Some(left.date())));
    chart.problems(left, &problems)?;
    reports::summary(chart, health, (admitted, left), episode)?;
    reports::letter(
        chart,
        health,
        left.saturating_add(jiff::Span::new().hours(4)),
        department,
    )
}

fn diagnosis(episode: &Episode, since: Date, healed: Option<Date>) -> Problem {
    Problem {
        disease: episode.disease,
        since,
        healed,
        suspected: false,
        department: episode.department,
    }
}

type Bed = (&'static str, &'static str, &'static str);

fn ward_day(
    chart: &mut Chart,
    health: &Health,
    episode: &Episode,
    date: Date,
    day: i64,
    bed: Bed,
    (order, lines): (&str, &[Line]),
) -> Told {
    let department = episode.department;
    let (infusion, days) = &episode.infusion;
    if day < *days {
        chart.infuse(date.at(10, 5, 0, 0), department, Some(bed), infusion)?;
    }
    if day > 0 && day % 2 == 0 {
        chart.taken(date.at(8, 20, 0, 0), department, bed, order, lines)?;
    }
    let crp = episode.crp * (-0.32 * day as f64).exp();
    if day % 3 == 0 {
        let taken: DateTime = date.at(6, 40, 0, 0);
        let mut panels = vec![&CHEMISTRY, &COUNT];
        if day == 0 {
            panels.extend([&CLOTTING, &SPECIAL]);
        }
        for panel in panels {
            let mut dice = chart.dice.fork(panel.code, chart.files);
            let findings = health.measure(panel, date, crp, &mut dice);
            let taken = if day == 0 {
                date.at(14, 50, 0, 0)
            } else {
                taken
            };
            chart.lab(taken, department, Some(bed), panel, &findings)?;
        }
    }
    reports::vitals(chart, date, bed, department, crp)?;
    if day % 2 == 0 {
        reports::ward_note(chart, date.at(17, 20, 0, 0), department, day)?;
    }
    reports::nursing(chart, date.at(20, 15, 0, 0), department, day)
}

/// Cancer of the colon: a resection, then chemotherapy every three weeks as an outpatient.
fn cancer(chart: &mut Chart, health: &Health, years: Years) -> Told {
    let span = years
        .from
        .until(years.until)
        .map_or(0, |span| i64::from(span.get_days()));
    let first = later(years.from, chart.dice.between(60, (span - 300).max(61)));
    let resection = Episode {
        disease: COLON,
        department: "10",
        beds: [("07E", "701", "1"), ("07E", "715", "2")],
        days: (12, 18),
        crp: 8.0,
        examination: CT,
        motif: Motif::Lumen,
        infusion: (
            Infusion {
                drugs: &[MAINTENANCE, CEFAZOLIN],
                volume: 500,
                kind: GENERAL,
                hours: 6,
            },
            6,
        ),
        course: "Ｓ状結腸癌に対し腹腔鏡下切除術を施行。病理はｐＴ３Ｎ１。術後補助化学療法を外来で行う方針とした。",
    };
    stay(chart, health, &resection, first)?;
    for cycle in 0..8 {
        let day = later(first, 45 + cycle * 21);
        if day >= years.until {
            break;
        }
        let visit = at(day, 9, 0, &mut chart.dice);
        chart.visit(visit, "10")?;
        let findings = health.measure(&COUNT, visit.date(), 0.3, &mut chart.dice.clone());
        chart.lab(
            visit.saturating_add(jiff::Span::new().minutes(45)),
            "10",
            None,
            &COUNT,
            &findings,
        )?;
        chart.infuse(
            visit.saturating_add(jiff::Span::new().hours(3)),
            "10",
            None,
            &CHEMOTHERAPY,
        )?;
    }
    Ok(())
}
