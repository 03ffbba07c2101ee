//! アレルギー (ADT-61, ADT^A60): allergens with severity, reaction and onset.
//!
//! One message states the whole list. An empty list with a message is a statement too ("none is
//! recorded"); whether that means "no known allergy" the standard does not say, and neither do we.

mod from_ssmix2;
pub mod merge;
mod sameness;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use view::allergy_table;

use serde::{Deserialize, Serialize};
use tasuki_model::{Category, Coded, JstTime, SmolStr};
use tasuki_wire::ssmix2::DataKind;

use crate::kinds::{Kind, Place};
use crate::v2::Encounter;

/// The kind.
pub const KIND: Kind = Kind {
    id: "allergy",
    title_key: "kind-allergy",
    codes: &[DataKind::Adt61],
    category: Category::Allergy,
    place: Place::Undated,
    decode: Some(from_ssmix2::decode),
};

/// A patient's allergies as one facility states them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AllergyList {
    /// The allergies, taken-back ones included.
    pub entries: Vec<Allergy>,
    /// EVN-2: when they were stated.
    pub stated: Option<JstTime>,
    /// PV1, where sent.
    pub encounter: Encounter,
}

/// One allergy (IAM, or AL1 of ADT-00).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Allergy {
    /// IAM-2 (HL70127): DA 薬剤, FA 食物, EA 環境, LA 花粉 …
    pub kind: Coded,
    /// IAM-3: allergen by HOT9, JLAC10 or local code.
    pub allergen: Coded,
    /// IAM-4 (HL70128): SV, MO, MI, U.
    pub severity: Coded,
    /// IAM-5: reactions in words.
    pub reactions: Vec<String>,
    /// IAM-6 (HL70323): A added, D deleted, U updated, X no change.
    pub action: Coded,
    /// IAM-7: the facility's own id of the entry.
    pub id: SmolStr,
    /// IAM-10: group of allergens.
    pub group: Coded,
    /// IAM-11.
    pub onset: Option<JstTime>,
    /// IAM-12: onset in words (小学校低学年の頃).
    pub onset_text: SmolStr,
    /// IAM-13: when it was told.
    pub reported: Option<JstTime>,
    /// IAM-17 (HL70438): confirmed, suspected, erroneous …
    pub status: Coded,
}

impl Allergy {
    /// True if the entry is taken back.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.action
            .codings
            .first()
            .is_some_and(|coding| coding.code == "D")
    }
}
