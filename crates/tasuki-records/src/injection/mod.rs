//! 注射 (OMP-02 order, RDE^O11; OMP-12 administration, RAS^O17).
//!
//! One ORC group is one bottle at one time: RXE says kind, volume and rate, RXC the base and what is
//! added to it. Vaccinations are injections of kind 06 (JHSI0002).

mod from_ssmix2;
pub mod merge;
#[cfg(test)]
mod tests;
mod view;

use serde::{Deserialize, Serialize};
use tasuki_model::{Category, Coded, Quantity, SmolStr};
use tasuki_wire::ssmix2::DataKind;

use crate::kinds::{Kind, Place};
use crate::prescription::Administration;
use crate::v2::{Encounter, OrderHead, Timing};

/// The kind.
pub const KIND: Kind = Kind {
    id: "injection",
    title_key: "kind-injection",
    codes: &[DataKind::Omp02, DataKind::Omp12],
    category: Category::Injection,
    place: Place::Row,
    decode: Some(from_ssmix2::decode),
};

/// An injection order, or what was given of one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Injection {
    /// Number, requester, department.
    pub order: OrderHead,
    /// PV1.
    pub encounter: Encounter,
    /// The bottles; none in an administration notice.
    pub groups: Vec<Mixture>,
    /// What was given; none in an order.
    pub given: Vec<Administration>,
}

/// What is given together at one time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mixture {
    /// ORC-4.
    pub number: SmolStr,
    /// ORC-1 of this group.
    pub control: SmolStr,
    /// RXE-2: 注射種別 (JHSI0002), or the drug itself where there is no RXC.
    pub kind: Coded,
    /// RXE-3 and -5: volume.
    pub volume: Option<Quantity>,
    /// RXE-6.
    pub form: Coded,
    /// RXE-7: instructions.
    pub instructions: Vec<Coded>,
    /// RXE-15.
    pub prescription_number: SmolStr,
    /// RXE-21.
    pub settings: Vec<Coded>,
    /// RXE-22: the time unit of the rate (`H1`).
    pub rate_per: SmolStr,
    /// RXE-23 and -24.
    pub rate: Option<Quantity>,
    /// When.
    pub timing: Timing,
    /// RXR-1 (HL70162).
    pub route: Coded,
    /// RXR-2 (HL70163).
    pub site: Coded,
    /// RXR-3 (HL70164).
    pub device: Coded,
    /// RXR-4 (HL70165).
    pub method: Coded,
    /// RXC.
    pub ingredients: Vec<Ingredient>,
    /// NTE.
    pub comments: Vec<String>,
}

/// RXC-1 (HL7 table 0166).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Role {
    /// `B`: the fluid that the rest goes into.
    Base,
    /// `A`: added to it.
    Additive,
    /// Not said, or another code.
    #[default]
    Unknown,
}

/// RXC: one ingredient.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ingredient {
    /// RXC-1.
    pub role: Role,
    /// RXC-2.
    pub drug: Coded,
    /// RXC-3 and -4.
    pub amount: Option<Quantity>,
    /// RXC-5 and -6.
    pub strength: Option<Quantity>,
}
