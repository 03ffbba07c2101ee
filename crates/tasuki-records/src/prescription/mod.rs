//! 処方 (OMP-01 order, RDE^O11; OMP-11 administration, RAS^O17).
//!
//! Drugs that are taken together form an RP: one usage, one duration. In a message each drug is a
//! group of its own (ORC RXE TQ1 RXR), and ORC-4 says which RP it belongs to.

pub mod class;
mod classes;
pub mod drug;
mod from_ssmix2;
pub mod merge;
pub mod overlap;
mod supply;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use from_ssmix2::administrations;
pub(crate) use view::administration_table;

use serde::{Deserialize, Serialize};
use tasuki_model::{Category, Coded, JstTime, Quantity, SmolStr};
use tasuki_wire::ssmix2::DataKind;

use crate::kinds::{Kind, Place};
use crate::v2::{Encounter, Location, OrderHead, Staff, Timing};

/// The kind.
pub const KIND: Kind = Kind {
    id: "prescription",
    title_key: "kind-prescription",
    codes: &[DataKind::Omp01, DataKind::Omp11],
    category: Category::Prescription,
    place: Place::Row,
    decode: Some(from_ssmix2::decode),
};

/// A prescription, or what was given of one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Prescription {
    /// Number, requester, department.
    pub order: OrderHead,
    /// PV1.
    pub encounter: Encounter,
    /// The RPs; none in an administration notice.
    pub groups: Vec<Rp>,
    /// What was given; none in an order.
    pub given: Vec<Administration>,
}

/// One RP.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rp {
    /// RP number as far as ORC-4 says it.
    pub number: SmolStr,
    /// Usage, days, start.
    pub timing: Timing,
    /// RXR-1 (HL70162).
    pub route: Coded,
    /// RXR-2: site.
    pub site: Coded,
    /// RXE-21: 外来処方, 院外処方, 定時処方 …
    pub settings: Vec<Coded>,
    /// RXE-15: number of the prescription.
    pub prescription_number: SmolStr,
    /// The drugs.
    pub drugs: Vec<Drug>,
}

/// One drug of an RP.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Drug {
    /// RXE-2: HOT9 and local code.
    pub drug: Coded,
    /// RXE-3 and -5: dose each time.
    pub dose: Option<Quantity>,
    /// RXE-4: upper dose, where a range is given.
    pub dose_max: SmolStr,
    /// RXE-19: dose per day.
    pub daily: Option<Quantity>,
    /// RXE-10 and -11: amount dispensed in all.
    pub total: Option<Quantity>,
    /// RXE-6: dosage form.
    pub form: Coded,
    /// RXE-7: instructions (粉砕, 一包化 …).
    pub instructions: Vec<Coded>,
    /// RXE-9 (HL70167): substitution.
    pub substitution: SmolStr,
    /// ORC-1: `NW`, or `CA`, `DC` where this drug is taken back.
    pub control: SmolStr,
    /// NTE.
    pub comments: Vec<String>,
}

/// RXA: one drug given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Administration {
    /// RXA-3.
    pub start: Option<JstTime>,
    /// RXA-4.
    pub end: Option<JstTime>,
    /// RXA-5.
    pub drug: Coded,
    /// RXA-6 and -7.
    pub amount: Option<Quantity>,
    /// RXA-9: notes.
    pub notes: Vec<Coded>,
    /// RXA-10.
    pub by: Option<Staff>,
    /// RXA-11.
    pub location: Option<Location>,
    /// RXA-12: rate, as sent.
    pub rate: SmolStr,
    /// RXA-15: lot number.
    pub lot: SmolStr,
    /// RXA-18: why it was refused.
    pub refusal: Coded,
    /// RXA-20 (HL70322): CP complete, PA partial, NA not given, RE refused.
    pub status: SmolStr,
    /// RXR-1.
    pub route: Coded,
    /// RXR-2.
    pub site: Coded,
    /// RXR-3: device.
    pub device: Coded,
    /// ORC-4: the group of the order that it carries out.
    pub group: SmolStr,
}
