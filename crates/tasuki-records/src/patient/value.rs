//! The value of a patient record.

use serde::{Deserialize, Serialize};
use tasuki_model::person::{Address, Insurance};
use tasuki_model::{Coded, Demographics, JstTime, PersonName, SmolStr};

use crate::allergy::Allergy;
use crate::v2::{Encounter, Observation};

/// 患者基本情報.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PatientRecord {
    /// Names, birth, sex, addresses, telephones, insurances.
    pub demographics: Demographics,
    /// NK1.
    pub relatives: Vec<Relative>,
    /// IN1 with what belongs to it beside the numbers.
    pub coverages: Vec<Coverage>,
    /// OBX: height, weight, blood group …
    pub observations: Vec<Observation>,
    /// AL1.
    pub allergies: Vec<Allergy>,
    /// DB1.
    pub disabilities: Vec<Disability>,
    /// PV1.
    pub encounter: Encounter,
    /// PID-33, else EVN-2: when it was last changed.
    pub updated: Option<JstTime>,
    /// PID-30 and PID-29: the patient has died; time where sent.
    pub died: Option<Option<JstTime>>,
    /// True for ADT^A23: the facility takes the registration back.
    pub deleted: bool,
}

/// NK1: a relative or the employer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Relative {
    /// NK1-2.
    pub name: PersonName,
    /// NK1-3 (HL70063).
    pub relationship: Coded,
    /// NK1-4.
    pub addresses: Vec<Address>,
    /// NK1-5 and NK1-6.
    pub phones: Vec<String>,
    /// NK1-13: name of the organisation.
    pub organisation: SmolStr,
}

/// IN1.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Kind and numbers.
    pub insurance: Insurance,
    /// IN1-4: name of the insurer.
    pub insurer_name: SmolStr,
    /// IN1-12.
    pub from: Option<JstTime>,
    /// IN1-13.
    pub to: Option<JstTime>,
    /// IN1-17: relationship of the insured to the patient.
    pub relationship: Coded,
}

/// DB1.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Disability {
    /// DB1-2: whose (HL70334; `PT` the patient's).
    pub person: SmolStr,
    /// DB1-4: `Y` or `N`.
    pub present: SmolStr,
}
