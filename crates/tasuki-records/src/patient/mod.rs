//! 患者基本情報 (ADT-00): what a facility has registered about a patient, and what its record adds:
//! relatives, insurance, body measures, blood group, disabilities, allergies by AL1.
//!
//! Undated: it stands beside the calendar. ADT^A23 takes the registration back.

mod from_ssmix2;
#[cfg(test)]
mod tests;
mod value;
mod view;

pub(crate) use from_ssmix2::demographics;
pub use value::{Coverage, Disability, PatientRecord, Relative};

use tasuki_model::Category;
use tasuki_wire::ssmix2::DataKind;

use crate::kinds::{Kind, Place};

/// The kind.
pub const KIND: Kind = Kind {
    id: "patient",
    title_key: "kind-patient",
    codes: &[DataKind::Adt00],
    category: Category::Basic,
    place: Place::Undated,
    decode: Some(from_ssmix2::decode),
};
