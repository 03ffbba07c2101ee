//! What a piece of patient data says about itself to the policy: nothing can be released without.

use crate::{Category, EntryUuid, FacilityId, JstDay, PatientKey};
use serde::{Deserialize, Serialize};

/// HL7 confidentiality (code system 2.16.840.1.113883.5.25), the three values in use here.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Confidentiality {
    /// `N`: ordinary.
    #[default]
    Normal,
    /// `R`: restricted (psychiatry, HIV, genetic findings).
    Restricted,
    /// `V`: very restricted.
    VeryRestricted,
}

impl Confidentiality {
    /// The HL7 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Normal => "N",
            Self::Restricted => "R",
            Self::VeryRestricted => "V",
        }
    }

    /// The value of an HL7 code; an unknown code is read as the strictest.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "N" => Self::Normal,
            "R" => Self::Restricted,
            _ => Self::VeryRestricted,
        }
    }
}

/// The labels of one item of patient data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// The registration it belongs to.
    pub patient_key: PatientKey,
    /// The facility that disclosed it.
    pub facility: FacilityId,
    /// What kind of data it is.
    pub category: Category,
    /// 診療科 code as sent, where known.
    pub department: Option<Box<str>>,
    /// The day of service in Japan, where the kind has one.
    pub day: Option<JstDay>,
    /// Author as sent, where known.
    pub author: Option<Box<str>>,
    /// Confidentiality of the document.
    pub confidentiality: Confidentiality,
    /// The document it stands in, where it stands in one.
    pub document: Option<EntryUuid>,
}
