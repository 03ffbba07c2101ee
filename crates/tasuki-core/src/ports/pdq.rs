//! The patient index of a community as other systems ask it: identifiers of a person (PIX) and
//! demographics (PDQ). What is found is not yet released: the policy takes away what the asking
//! system may not be told.

use super::PatientRecord;
use crate::Fault;
use tasuki_model::{FacilityId, LocalPatientId, PatientKey, PersonId};

/// One identifier of a person: a registration without its demographics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonIdentifier {
    /// Storage key.
    pub patient_key: PatientKey,
    /// The person it is projected to.
    pub person: PersonId,
    /// The facility.
    pub facility: FacilityId,
    /// Its ID for the patient.
    pub local_id: LocalPatientId,
    /// 開示対象設定.
    pub disclosed: bool,
}

/// A text that is looked for, as typed: with `*` it stands for anything there (ITI TF-2
/// 3.21.4.1.2.2.1), without for itself. Compared folded: width, kana script and case do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(pub String);

/// What is looked for across the community. Every field given must fit; at least one has to be
/// given that narrows more than sex does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DemographicsQuery {
    /// At these facilities only.
    pub facilities: Vec<FacilityId>,
    /// Local patient IDs, any of which fits; with the facility where its authority was said.
    pub ids: Vec<(Option<FacilityId>, Pattern)>,
    /// Family name in any writing.
    pub family: Option<Pattern>,
    /// Given name in any writing.
    pub given: Option<Pattern>,
    /// Beginning of the birth date, `YYYY[MM[DD]]`.
    pub birth: Option<String>,
    /// HL7 code of the sex.
    pub sex: Option<String>,
    /// Parts of the address.
    pub address: Vec<Pattern>,
    /// Postal code.
    pub postal: Option<Pattern>,
    /// Telephone number; digits only are compared.
    pub phone: Option<Pattern>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DemographicsFound {
    /// Disclosed registrations that fit, in the order of kana name, facility and ID.
    pub records: Vec<PatientRecord>,
    /// More fit, or had to be looked at, than the bounds allow: the answer would not be whole.
    pub too_many: bool,
}

/// Reading the patient index.
pub trait PatientIndex {
    /// The registration of a local ID, first, and every other one of the same person. Empty where
    /// nobody has that ID or it is no longer in use (merged into another).
    fn person_identifiers(
        &self,
        facility: &FacilityId,
        id: &LocalPatientId,
    ) -> Result<Vec<PersonIdentifier>, Fault>;

    /// Every identifier of a person that is in use, by facility and ID.
    fn identifiers_of(&self, person: &PersonId) -> Result<Vec<PersonIdentifier>, Fault>;

    /// Disclosed registrations in use that fit, at most `limit`.
    fn query_demographics(
        &self,
        query: &DemographicsQuery,
        limit: u32,
    ) -> Result<DemographicsFound, Fault>;
}
