//! What an institution is to the network, beside its name and codes: its kind, whether it looks into others'
//! records, and since when it posts the purposes for which it provides records.

use crate::Fault;
use serde::{Deserialize, Serialize};
use tasuki_model::{FacilityId, JstDay};

/// The kind of an institution.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstitutionKind {
    /// 病院
    #[default]
    Hospital,
    /// 診療所
    Clinic,
    /// 歯科
    Dental,
    /// 薬局
    Pharmacy,
    /// 訪問看護
    HomeNursing,
    /// 介護
    Care,
}

impl InstitutionKind {
    /// Every kind, in the order of screens.
    pub const ALL: &'static [Self] = &[
        Self::Hospital,
        Self::Clinic,
        Self::Dental,
        Self::Pharmacy,
        Self::HomeNursing,
        Self::Care,
    ];

    /// Its stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hospital => "hospital",
            Self::Clinic => "clinic",
            Self::Dental => "dental",
            Self::Pharmacy => "pharmacy",
            Self::HomeNursing => "home-nursing",
            Self::Care => "care",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// An institution as the operator keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// What it is.
    pub kind: InstitutionKind,
    /// Whether its people look into records of others (閲覧施設); one that only discloses does not.
    pub looks: bool,
    /// Since when it posts for what purposes it provides records to others, as the rule of 2020-03-31
    /// asks; nothing where it does not.
    #[serde(default)]
    pub posted: Option<JstDay>,
}

impl Default for Participant {
    /// What holds for one of which nobody has said anything.
    fn default() -> Self {
        Self {
            kind: InstitutionKind::default(),
            looks: true,
            posted: None,
        }
    }
}

/// Reading them.
pub trait Institutions {
    /// What is kept of a facility; the default where nothing is.
    ///
    /// # Errors
    /// Those of the store.
    fn institution(&self, facility: &FacilityId) -> Result<Participant, Fault>;
}

/// Writing them.
pub trait InstitutionsWrite {
    /// Keeps this of a facility, in the place of what was kept before.
    ///
    /// # Errors
    /// Those of the store.
    fn put_institution(
        &self,
        facility: &FacilityId,
        institution: &Participant,
    ) -> Result<(), Fault>;
}
