//! A person's health: conditions with their onset, and the lab values that follow from them.

use super::{Years, later};
use crate::chart::{Finding, Line, Problem};
use crate::clinical::diseases::{CONDITIONS, Condition};
use crate::clinical::labs::{Analyte, Panel};
use crate::dice::Dice;
use crate::people::{Person, Planted};
use jiff::civil::Date;

/// What somebody lives with.
#[derive(Clone, Debug)]
pub struct Health {
    /// Conditions and since when.
    pub conditions: Vec<(&'static Condition, Date)>,
    /// Allergies: (type, code, name, system, severity, reaction); none known when empty.
    pub allergies: Vec<[&'static str; 6]>,
    /// Age at the beginning.
    pub age: i64,
    /// How far this person's normal lies from the middle, by analyte.
    own: Dice,
    began: Date,
}

const ALLERGIES: [[&str; 6]; 5] = [
    [
        "DA",
        "110626901",
        "パンスポリンＴ錠（１００mg)",
        "HOT9",
        "SV",
        "呼吸困難",
    ],
    ["FA", "5A1002411023006", "ソバ", "JC10", "MO", "蕁麻疹"],
    ["DA", "A00012", "ペニシリン系", "", "SV", "発疹、血圧低下"],
    ["DA", "A00031", "ヨード造影剤", "", "MO", "膨疹"],
    ["FA", "A00105", "鶏卵", "", "MO", "口周囲の発赤"],
];

impl Health {
    /// Throws a person's health.
    #[must_use]
    pub fn of(person: &Person, dice: &mut Dice, years: Years) -> Self {
        let age = person.age(years.from);
        let showcase = person.planted == Some(Planted::Showcase);
        let mut conditions = Vec::new();
        for (n, condition) in CONDITIONS.iter().enumerate() {
            let (youngest, oldest) = condition.ages;
            let has = dice.chance(condition.share) && (youngest..=oldest).contains(&(age + 2));
            // 東京 花子: hypertension, diabetes, kidney, atrial fibrillation, osteoporosis.
            let has = if showcase {
                [0, 1, 3, 5, 8].contains(&n)
            } else {
                has
            };
            let asthma_twin = person.planted == Some(Planted::Twin) && n == 7;
            if has || asthma_twin {
                let onset = later(years.from, dice.between(-2500, 700));
                conditions.push((condition, onset.max(person.birth)));
            }
        }
        let mut allergies = Vec::new();
        if showcase {
            allergies.extend(ALLERGIES.into_iter().take(2));
        } else if dice.chance(0.22) {
            allergies.push(*dice.pick(&ALLERGIES));
        }
        Self {
            conditions,
            allergies,
            age,
            own: dice.fork("own", person.number),
            began: years.from,
        }
    }

    /// What is taken on a day, each for so many days.
    #[must_use]
    pub fn regimen(&self, day: Date, days: u32) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for (condition, onset) in self.conditions.iter().filter(|(_, onset)| *onset <= day) {
            let step = (years_between(*onset, day) / 2.2) as usize;
            let step = condition.steps.get(step).or(condition.steps.last());
            for drug in step.into_iter().flat_map(|drugs| drugs.iter()) {
                if !lines.iter().any(|line| line.drug.local == drug.local) {
                    lines.push(Line { drug: *drug, days });
                }
            }
        }
        lines.sort_by_key(|line| line.drug.usage.text);
        lines
    }

    /// The problem list on a day.
    #[must_use]
    pub fn problems(&self, day: Date) -> Vec<Problem> {
        let known = self.conditions.iter().filter(|(_, onset)| *onset <= day);
        known
            .map(|(condition, since)| Problem {
                disease: condition.disease,
                since: *since,
                healed: None,
                suspected: false,
                department: condition.department,
            })
            .collect()
    }

    /// A panel measured on a day; `inflamed` is the CRP in mg/dL of whatever goes on.
    #[must_use]
    pub fn measure(
        &self,
        panel: &Panel,
        day: Date,
        inflamed: f64,
        dice: &mut Dice,
    ) -> Vec<Finding> {
        panel
            .analytes
            .iter()
            .map(|analyte| Finding {
                analyte: *analyte,
                value: self.value(analyte, day, inflamed, dice),
            })
            .collect()
    }

    fn value(
        &self,
        analyte: &Analyte,
        day: Date,
        inflamed: f64,
        dice: &mut Dice,
    ) -> Result<f64, &'static str> {
        if analyte.key.starts_with("U-") {
            let positive = self.affects(analyte.key) && dice.chance(0.45);
            return Err(if positive {
                "(2+)"
            } else if dice.chance(0.06) {
                "(+-)"
            } else {
                "(-)"
            });
        }
        let (low, high) = analyte.range;
        let middle = if low > 0.0 {
            (low + high) / 2.0
        } else {
            high * 0.35
        };
        let mut own = self.own.fork(analyte.key, 0);
        let mut value = middle + own.bell() * (high - low) * 0.1;
        for (condition, onset) in self.conditions.iter().filter(|(_, onset)| *onset <= day) {
            for (_, factor, trend) in condition
                .labs
                .iter()
                .filter(|(key, ..)| *key == analyte.key)
            {
                let years = years_between((*onset).max(self.began), day);
                value *= (factor + trend * years).max(0.5);
            }
        }
        value *= 1.0 + 0.045 * dice.bell();
        Ok(match analyte.key {
            "CRP" => inflamed * (1.0 + 0.1 * dice.bell()) + 0.03 * dice.share(),
            "WBC" => value * (1.0 + (inflamed / 12.0).min(1.4)),
            "ALB" => value - (inflamed / 15.0).min(1.2),
            _ => value.max(0.01),
        })
    }

    fn affects(&self, key: &str) -> bool {
        self.conditions
            .iter()
            .any(|(condition, _)| condition.labs.iter().any(|(analyte, ..)| *analyte == key))
    }
}

fn years_between(from: Date, to: Date) -> f64 {
    let days = from.until(to).map_or(0, |span| span.get_days());
    f64::from(days.max(0)) / 365.25
}
