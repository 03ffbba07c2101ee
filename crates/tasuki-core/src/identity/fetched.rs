//! Who has seen a registration's data because it was taken for another's: told when a link is
//! parted.

use crate::Fault;
use crate::audit::{Action, Actor};
use crate::ports::{AuditSearch, Reading};
use tasuki_model::{FacilityId, Instant, PatientKey, UserId};

/// The most events looked through.
const EVENTS_MAX: u32 = 10_000;

/// Someone who has seen data of the other side through a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Who.
    pub user: UserId,
    /// Where they worked.
    pub facility: FacilityId,
    /// When.
    pub at: Instant,
    /// The registration whose data it was.
    pub patient: PatientKey,
    /// How many items.
    pub items: u64,
}

/// Who has seen data of a registration while working at the facility of the other, newest first:
/// they saw it because the two were taken for one person.
///
/// # Errors
/// Those of the store.
pub fn fetched(tx: &dyn Reading, a: &PatientKey, b: &PatientKey) -> Result<Vec<Fetched>, Fault> {
    let (Some(one), Some(other)) = (tx.registration(a)?, tx.registration(b)?) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (seen, from) in [(&one, &other), (&other, &one)] {
        let search = AuditSearch {
            patient: Some(seen.patient_key.clone()),
            ..AuditSearch::default()
        };
        for line in tx.find_events(&search, EVENTS_MAX)? {
            let event = line.event;
            let views = matches!(
                event.action,
                Action::ChartView | Action::DocumentView | Action::Export
            );
            match event.actor {
                Actor::User { user, facility, .. }
                    if views && facility == from.facility && facility != seen.facility =>
                {
                    found.push(Fetched {
                        user,
                        facility,
                        at: event.at,
                        patient: seen.patient_key.clone(),
                        items: event.items,
                    });
                }
                _ => {}
            }
        }
    }
    found.sort_by_key(|f| std::cmp::Reverse(f.at));
    Ok(found)
}
