//! `[portal.emergency]` and `[portal.visit_consent]`: rules that the network has agreed on.

use serde::{Deserialize, Serialize};

/// The rule of 2020-03-31 (医政局総務課 事務連絡): a consent that the visited facility takes. Off unless the network has
/// agreed on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VisitConsent {
    /// Whether it holds here.
    pub enabled: bool,
    /// For so many days from the visit on.
    pub days: u32,
}

impl Default for VisitConsent {
    fn default() -> Self {
        Self {
            enabled: false,
            days: 30,
        }
    }
}

impl VisitConsent {
    /// For how many days, where it holds at all.
    #[must_use]
    pub fn days(&self) -> Option<i64> {
        self.enabled.then(|| i64::from(self.days))
    }
}

/// The network's rules of emergencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Emergency {
    /// A record is open for so many hours.
    pub open_hours: u32,
    /// The code of the facility that `ID@ems` means where none is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ems_facility: Option<String>,
    /// The patient ID of a disclosing facility is enough to begin (EMS); else only doctors whom that
    /// facility has let in (緊急カルテ).
    pub by_patient_id: bool,
    /// A patient's refusal in advance does not hold.
    pub despite_refusal: bool,
    /// Nor does it while disaster mode is in force.
    pub disaster_despite_refusal: bool,
    /// Physicians of other communities that take part (directory: `xua.emergency`) are answered in an
    /// emergency as ours are; else they are told what is disclosed.
    pub answers_others: bool,
    /// For how many people another community may look in an emergency within a minute.
    pub others_a_minute: u32,
}

impl Default for Emergency {
    fn default() -> Self {
        Self {
            open_hours: 24,
            ems_facility: None,
            by_patient_id: true,
            despite_refusal: false,
            disaster_despite_refusal: false,
            answers_others: true,
            others_a_minute: 30,
        }
    }
}

impl Emergency {
    /// The same as the portal knows it.
    #[must_use]
    pub fn rules(&self) -> tasuki_web::EmergencyRules {
        tasuki_web::EmergencyRules {
            open_seconds: i64::from(self.open_hours) * 3_600,
            ems: self.ems_facility.clone(),
            by_patient_id: self.by_patient_id,
            despite_refusal: self.despite_refusal,
            disaster_despite_refusal: self.disaster_despite_refusal,
            others: self.of_others(),
        }
    }

    /// The part of the rules that holds for other communities' users.
    #[must_use]
    pub const fn of_others(&self) -> tasuki_core::policy::PeerEmergencies {
        tasuki_core::policy::PeerEmergencies {
            answered: self.answers_others,
            despite_refusal: self.despite_refusal,
        }
    }
}
