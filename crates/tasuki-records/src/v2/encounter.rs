//! PV1: where the patient was and under whom (HL7 v2.5 §3.4.3).

use serde::{Deserialize, Serialize};
use tasuki_model::SmolStr;
use tasuki_wire::hl7::Field;

use super::{Reader, Staff, short};

/// PV1-2 (HL7 table 0004).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum PatientClass {
    /// `I`: 入院.
    Inpatient,
    /// `O`: 外来.
    Outpatient,
    /// `E`: 救急.
    Emergency,
    /// Another code, or none.
    #[default]
    Unknown,
}

/// PL: a place in a hospital.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Location {
    /// 病棟, or 診療科 of a clinic.
    pub unit: SmolStr,
    /// 病室.
    pub room: SmolStr,
    /// 病床.
    pub bed: SmolStr,
    /// True for a clinic (PL-6 `C`), whose unit is a department code.
    pub clinic: bool,
}

impl Location {
    pub(crate) fn of(field: Field<'_>) -> Option<Self> {
        if field.is_empty() {
            return None;
        }
        let [unit, room, bed, _, _, kind] = field.rep(0).first_comps::<6>();
        let location = Self {
            unit: short(unit.value()),
            room: short(room.value()),
            bed: short(bed.value()),
            clinic: kind.raw() == "C",
        };
        let said =
            !(location.unit.is_empty() && location.room.is_empty() && location.bed.is_empty());
        said.then_some(location)
    }
}

/// What PV1 says beside the kind's own matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Encounter {
    /// PV1-2.
    pub class: PatientClass,
    /// PV1-3.
    pub location: Option<Location>,
    /// PV1-7.
    pub attending: Option<Staff>,
    /// PV1-10: 診療科 code.
    pub department: SmolStr,
}

impl Encounter {
    /// Reads the message's PV1; empty without one.
    pub(crate) fn read(reader: &Reader<'_, '_>) -> Self {
        let Some(pv1) = reader.first("PV1") else {
            return Self::default();
        };
        let location = pv1.location(3);
        let clinic = location.as_ref().filter(|location| location.clinic);
        let department = match (pv1.text(10), clinic) {
            (department, Some(clinic)) if department.is_empty() => clinic.unit.clone(),
            (department, _) => department,
        };
        Self {
            class: match pv1.field(2).raw() {
                "I" => PatientClass::Inpatient,
                "O" => PatientClass::Outpatient,
                "E" => PatientClass::Emergency,
                _ => PatientClass::Unknown,
            },
            location,
            attending: pv1.staff(7),
            department,
        }
    }
}
