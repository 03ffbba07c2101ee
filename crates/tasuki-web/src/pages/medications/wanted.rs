//! What the address of the medications page asks for.

use crate::visit::{Stop, Visit};
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::{Category, JstDay};
use tasuki_records::prescription::class::Class;

/// Days of the first view; older orders are read on demand.
pub(super) const YEAR: i64 = 365;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// Drugs by dates instead of lines over time.
    pub matrix: bool,
    /// How many years are read.
    pub years: i64,
    /// The badge of the only source shown.
    pub source: Option<String>,
    /// The class that is painted.
    pub class: Option<Class>,
    /// Medicines that have ended are left out.
    pub current_only: bool,
    /// The handle of the medicine whose orders are shown.
    pub chosen: Option<String>,
}

impl Wanted {
    pub fn of(visit: &Visit<'_>) -> Result<Self, Stop> {
        let ask = visit.ask;
        let matrix = match ask.query("view") {
            None | Some("now") => false,
            Some("matrix") => true,
            Some(_) => return Err(Stop::wrong("view")),
        };
        Ok(Self {
            matrix,
            years: if ask.query("years") == Some("5") {
                5
            } else {
                1
            },
            source: ask
                .query("source")
                .map(|text| text.chars().take(80).collect()),
            class: ask.query("class").and_then(Class::from_code),
            current_only: ask.query("ended") == Some("off"),
            chosen: ask
                .query("drug")
                .filter(|text| text.len() == 16)
                .map(str::to_owned),
        })
    }

    /// The prescriptions to read; over time also what was injected.
    pub fn filter(&self, today: JstDay) -> EntryFilter {
        EntryFilter {
            categories: match self.matrix {
                true => vec![Category::Prescription],
                false => vec![Category::Prescription, Category::Injection],
            },
            from: Some(today.plus_days(-YEAR * self.years)),
            service: Service::Either,
            ..EntryFilter::default()
        }
    }

    /// What an address of this page says.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut say = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        say("view", self.matrix.then(|| "matrix".to_owned()));
        say("years", (self.years > 1).then(|| self.years.to_string()));
        say("source", self.source.clone());
        say("class", self.class.map(|class| class.code().to_owned()));
        say("ended", self.current_only.then(|| "off".to_owned()));
        say("drug", self.chosen.clone());
        pairs
    }

    /// The address of the same page with one thing changed; an empty value leaves it out.
    pub fn href(&self, name: &str, value: &str) -> String {
        let mut pairs: Vec<(&str, String)> = self.pairs();
        pairs.retain(|(n, _)| *n != name);
        if !value.is_empty() {
            pairs.push((name, value.to_owned()));
        }
        format!(
            "medications?{}",
            serde_urlencoded::to_string(pairs).unwrap_or_default()
        )
    }
}
