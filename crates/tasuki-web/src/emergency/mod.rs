//! What every part of emergency access shares: the network's rules, and how fast one may look for
//! patients.

mod pace;

pub(crate) use pace::{Pace, Paced};

use crate::visit::Visit;
use ring::rand::{SecureRandom, SystemRandom};
use tasuki_core::policy::PeerEmergencies;
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};

/// The network's rules of emergencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyRules {
    /// For how many seconds a record is open, and each extension opens it anew.
    pub open_seconds: i64,
    /// The code of the facility that `ID@ems` means where none is chosen.
    pub ems: Option<String>,
    /// The patient ID of a disclosing facility opens the first step (EMS); without it only for doctors
    /// whom that facility has let in (緊急カルテ).
    pub by_patient_id: bool,
    /// A patient's refusal in advance does not hold.
    pub despite_refusal: bool,
    /// Nor does it while disaster mode is in force.
    pub disaster_despite_refusal: bool,
    /// What holds for users of other communities.
    pub others: PeerEmergencies,
}

/// Whether a refusal in advance does not hold for what the user does now.
pub(crate) fn despite_refusal(visit: &Visit<'_>) -> bool {
    let rules = &visit.portal.config.emergency;
    rules.despite_refusal || (rules.disaster_despite_refusal && visit.in_disaster())
}

/// A random id.
pub(crate) fn random_id() -> Result<String, Fault> {
    let mut bytes = [0u8; 16];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
    Ok(hex(&bytes))
}
