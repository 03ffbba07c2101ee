//! Who asks and what for: roles and purposes of use.

use serde::{Deserialize, Serialize};

/// A user's role at a facility. One user may hold several memberships, each with one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 医師.
    Physician,
    /// 歯科医師.
    Dentist,
    /// 看護師.
    Nurse,
    /// 薬剤師.
    Pharmacist,
    /// 介護支援専門員.
    CareManager,
    /// 地域連携室などの事務.
    Clerk,
    /// 施設の管理者.
    FacilityAdministrator,
    /// ネットワークの運営者. Never sees clinical data.
    NetworkOperator,
    /// 個人情報保護の責任者.
    PrivacyOfficer,
    /// 監査人.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = &[
        Self::Physician,
        Self::Dentist,
        Self::Nurse,
        Self::Pharmacist,
        Self::CareManager,
        Self::Clerk,
        Self::FacilityAdministrator,
        Self::NetworkOperator,
        Self::PrivacyOfficer,
        Self::Auditor,
    ];

    /// The stable word stored and exchanged.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Physician => "physician",
            Self::Dentist => "dentist",
            Self::Nurse => "nurse",
            Self::Pharmacist => "pharmacist",
            Self::CareManager => "care-manager",
            Self::Clerk => "clerk",
            Self::FacilityAdministrator => "facility-administrator",
            Self::NetworkOperator => "network-operator",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Auditor => "auditor",
        }
    }

    /// The role of a stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.code() == code)
    }
}

/// Purpose of use (ISO 14265 in the wording of IHE XUA, ITI TF-2 3.40.4.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// 診療.
    Treatment,
    /// 救急: consent is overridden by a grant.
    Emergency,
    /// 運営事務: linking, consent registration.
    Administration,
    /// 監査.
    Audit,
    /// 本人の求め.
    PatientRequest,
}

impl Purpose {
    /// The stable word stored and exchanged.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Emergency => "emergency",
            Self::Administration => "administration",
            Self::Audit => "audit",
            Self::PatientRequest => "patient-request",
        }
    }

    /// The purpose of a stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::Treatment,
            Self::Emergency,
            Self::Administration,
            Self::Audit,
            Self::PatientRequest,
        ]
        .into_iter()
        .find(|p| p.code() == code)
    }
}
