//! Weights as versioned data. The shipped table is part of the program; another can be given for a
//! trial run, never learnt in production. What each value is, the table's own comments say.
#![allow(missing_docs)]

use crate::{Code, Fault};
use serde::Deserialize;

/// The whole table. Bits throughout.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    pub version: String,
    pub family: NameWeights,
    pub given: NameWeights,
    pub swapped: Swapped,
    pub birth: Birth,
    pub sex: Equality,
    pub home: Home,
    pub branch: Equality,
    pub decision: Decision,
    /// Where nothing is known of households, twins and namesakes: see [`super::general`].
    #[serde(default)]
    pub general: Option<General>,
}

/// Weights of one name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameWeights {
    pub both: f32,
    pub other_character: f32,
    pub kanji: f32,
    pub kana_only: f32,
    pub kana_other_kanji: f32,
    pub close: f32,
    pub differ: f32,
    #[serde(default)]
    pub differ_woman: Option<f32>,
    pub frequency_max: f32,
}

/// Both names in each other's field.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swapped {
    pub bits: f32,
}

/// Birth dates.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Birth {
    pub equal: f32,
    pub era: f32,
    pub month_day: f32,
    pub one_digit: f32,
    pub day_unknown: f32,
    pub two_digits: f32,
    pub differ: f32,
}

/// Equal or not.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equality {
    pub equal: f32,
    pub differ: f32,
}

/// Insurance, telephone, address.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Home {
    pub further: f32,
    pub max: f32,
    pub near: f32,
    pub insurer: f32,
    pub differ: f32,
}

/// A population without Japanese registrations' own evidence.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct General {
    pub slip: f32,
    pub similar: f32,
    pub similar_from: f64,
    pub number: [f32; 4],
    pub postal: [f32; 3],
    pub address: Vec<[f32; 2]>,
}

/// Thresholds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub automatic: f32,
    pub review: f32,
}

/// The shipped table.
const SHIPPED: &str = include_str!("weights.toml");

impl Weights {
    /// The shipped table.
    ///
    /// # Errors
    /// `WEB-009` if this program was built with a broken table; a test reads it.
    pub fn shipped() -> Result<Self, Fault> {
        Self::parse(SHIPPED)
    }

    /// Another table, for a trial run.
    ///
    /// # Errors
    /// `CFG-003` with what is wrong.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        toml::from_str(text).map_err(|e| Fault::new(Code::ConfigInvalid, format!("weights: {e}")))
    }
}

#[cfg(test)]
mod tests {
    use super::Weights;

    #[test]
    fn the_shipped_table_is_whole() {
        assert!(Weights::shipped().unwrap().version.starts_with("weights-"));
        assert!(Weights::parse("version = \"x\"").is_err());
    }
}
