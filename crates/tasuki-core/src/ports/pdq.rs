//! The patient index of a community as other systems ask it: identifiers of a person (PIX) and
//! demographics (PDQ). What is found is not yet released: the policy takes away what the asking
//! system may not be told.

use super::PatientRecord;
use crate::Fault;
use crate::policy::Terms;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    /// What consent and facility take away from that.
    pub terms: Terms,
}

/// A text that is looked for, as typed: with `*` it stands for anything there (ITI TF-2
/// 3.21.4.1.2.2.1), without for itself. Names and addresses are compared
/// folded: width, kana script and case do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(pub String);

impl Pattern {
    /// Whether all of a text fits, letter by letter; whoever folds, folds both before. Each piece
    /// is taken where it first comes: nothing is tried twice, so no pattern costs more than a walk.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let Some((beginning, rest)) = self.0.split_once('*') else {
            return self.0 == text;
        };
        let Some(mut left) = text.strip_prefix(beginning) else {
            return false;
        };
        let mut pieces: Vec<&str> = rest.split('*').collect();
        let end = pieces.pop().unwrap_or_default();
        for piece in pieces {
            let Some(at) = left.find(piece) else {
                return false;
            };
            left = left.get(at + piece.len()..).unwrap_or_default();
        }
        left.ends_with(end)
    }
}

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
    /// Also registrations that are not disclosed: for emergencies only.
    pub undisclosed: bool,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DemographicsFound {
    /// Registrations that fit, in the order of kana name, facility and ID.
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

    /// Registrations in use that fit, disclosed unless others are asked for, at most `limit`.
    fn query_demographics(
        &self,
        query: &DemographicsQuery,
        limit: u32,
    ) -> Result<DemographicsFound, Fault>;
}

/// The visit that a hospital stated last: field numbers of PV1 (HL7 v2.5 §3.4.3), each with the
/// components of its first repetition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatedVisit(pub BTreeMap<u8, Vec<String>>);

/// What other systems have still to be told, and what hospitals say of visits.
pub trait ChangedIdentities {
    /// Registrations of whose person a consumer has not been told the present identifiers, oldest
    /// change first, each with the stamp of its newest change; at most `limit`.
    fn changed(&self, consumer: &str, limit: u32) -> Result<Vec<(PatientKey, i64)>, Fault>;

    /// How many registrations wait to be told, over all consumers.
    fn untold(&self) -> Result<u64, Fault>;

    /// The visit on record.
    fn stated_visit(&self, patient: &PatientKey) -> Result<Option<StatedVisit>, Fault>;
}

/// Writing what other systems have to be told.
pub trait ChangedIdentitiesWrite {
    /// Says who is told; what waits for anybody else is dropped.
    fn set_consumers(&self, consumers: &[String]) -> Result<(), Fault>;

    /// Marks registrations whose person has other identifiers now. To be called for every
    /// registration of every person that a change touches, before and after it: for those that
    /// stay behind as much as for the one that goes.
    fn mark_changed(&self, patients: &[PatientKey]) -> Result<(), Fault>;

    /// A consumer has been told; each is taken off only if its stamp is still the one seen.
    fn notified(&self, consumer: &str, told: &[(PatientKey, i64)]) -> Result<(), Fault>;

    /// Keeps the visit that a hospital states.
    fn put_visit(&self, patient: &PatientKey, visit: &StatedVisit) -> Result<(), Fault>;
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_star_stands_for_anything_and_the_rest_for_itself() {
        for (pattern, text, fits) in [
            ("東京", "東京", true),
            ("東京", "東京都", false),
            ("東*", "東京", true),
            ("*京", "東京", true),
            ("*京", "東京都", false),
            ("東*都", "東京都", true),
            ("*", "", true),
            ("a*a", "a", false),
            ("a*b*a", "aba", true),
            ("**", "x", true),
        ] {
            assert_eq!(
                Pattern(pattern.to_owned()).fits(text),
                fits,
                "{pattern} {text}"
            );
        }
    }
}
