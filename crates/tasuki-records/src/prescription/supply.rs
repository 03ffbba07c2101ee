//! The drugs of one prescription as facts: each with its dose, usage, first day and length.

use super::{Drug, Prescription, Rp};
use crate::merge::{Fact, Origin, facts_of};
use crate::sheet::amount;
use tasuki_model::{Coded, JstDay, JstTime};

/// An order without a length (頓用) counts as current for so many days.
pub const UNSAID_DAYS: i64 = 90;

/// One drug of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supply {
    /// The drug as sent.
    pub drug: Coded,
    /// Dose each time, with unit, as sent.
    pub dose: String,
    /// Dose per day, with unit, as sent.
    pub daily: String,
    /// 用法 in words.
    pub usage: String,
    /// 外来処方, 院外処方 … in words.
    pub setting: String,
    /// First day; nothing where no day was sent at all.
    pub start: Option<JstDay>,
    /// For so many days; nothing for 頓用 and where it was not sent.
    pub days: Option<u32>,
    /// Taken back by its source.
    pub cancelled: bool,
    /// What the order says besides.
    pub comments: Vec<String>,
    /// Who ordered it, as sent.
    pub author: String,
}

impl Supply {
    /// The first day after it, where its length is known.
    #[must_use]
    pub fn end(&self) -> Option<JstDay> {
        Some(self.start?.plus_days(i64::from(self.days?)))
    }

    /// Whether it reaches a day.
    #[must_use]
    pub fn covers(&self, day: JstDay) -> bool {
        let Some(start) = self.start else {
            return false;
        };
        let end = self.end().unwrap_or_else(|| start.plus_days(UNSAID_DAYS));
        !self.cancelled && start <= day && day < end
    }
}

/// The drugs of one prescription, wherever it was found. What was given of one is no order.
#[must_use]
pub fn supplies(
    prescription: &Prescription,
    origins: &[Origin],
    service: Option<&JstTime>,
) -> Vec<Fact<Supply>> {
    let day = service
        .or(prescription.order.entered.as_ref())
        .map(JstTime::day);
    let author = prescription.author().unwrap_or_default();
    let whole = prescription.is_cancelled();
    let drugs = prescription
        .groups
        .iter()
        .flat_map(|rp| rp.drugs.iter().map(move |d| (rp, d)));
    let supply = |(rp, drug): (&Rp, &Drug)| Supply {
        cancelled: whole || matches!(drug.control.as_str(), "CA" | "DC" | "OC"),
        author: author.clone(),
        ..supply(rp, drug, day)
    };
    facts_of(origins, drugs.map(supply)).collect()
}

fn supply(rp: &Rp, drug: &Drug, day: Option<JstDay>) -> Supply {
    let words = |all: &[Coded]| all.iter().map(Coded::display).collect::<Vec<_>>().join(" ");
    let start = rp.timing.start.as_ref().map(JstTime::day).or(day);
    let end = rp.timing.end.as_ref().map(JstTime::day);
    let said = end
        .zip(start)
        .map(|(end, start)| end.epoch_days() - start.epoch_days() + 1);
    Supply {
        drug: drug.drug.clone(),
        dose: amount(drug.dose.as_ref()),
        daily: amount(drug.daily.as_ref()),
        usage: words(&rp.timing.usage),
        setting: words(&rp.settings),
        start,
        days: rp
            .timing
            .days()
            .or_else(|| said.and_then(|days| u32::try_from(days).ok())),
        cancelled: false,
        comments: drug.comments.clone(),
        author: String::new(),
    }
}
