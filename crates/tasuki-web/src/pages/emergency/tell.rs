//! Who is told of an emergency: the privacy officers of each facility whose records it opens, and those
//! of the reader's own. Other communities are told by the purpose of use of what they are asked.

use crate::emergency::random_id;
use crate::visit::{Stop, Visit};
use tasuki_core::ports::{Emergency, Reading, Watch, WatchKind};
use tasuki_core::{Code, Fault};
use tasuki_model::{EmergencyId, FacilityId, PatientKey, WatchId};

/// A facility that is told, and the patient's registration there.
pub(super) type Told = (FacilityId, Option<PatientKey>);

/// Whom an emergency is told to, the reader's own facility last.
pub(super) fn told(tx: &dyn Reading, emergency: &Emergency) -> Result<Vec<Told>, Fault> {
    let records = tx.registrations_of(&emergency.person)?;
    let mut told: Vec<Told> = Vec::new();
    for record in records {
        if !told
            .iter()
            .any(|(facility, _)| *facility == record.facility)
        {
            told.push((record.facility, Some(record.patient_key)));
        }
    }
    told.sort_by_key(|(facility, _)| *facility == emergency.facility);
    if !told
        .iter()
        .any(|(facility, _)| *facility == emergency.facility)
    {
        told.push((emergency.facility.clone(), None));
    }
    Ok(told)
}

/// Lines for the queues of facilities about what the user does now.
pub(super) fn lines(
    visit: &Visit<'_>,
    kind: WatchKind,
    emergency: Option<&EmergencyId>,
    told: impl Iterator<Item = Told>,
) -> Result<Vec<Watch>, Stop> {
    let who = visit.who()?;
    told.map(|(facility, patient)| {
        let id = WatchId::new(&random_id()?)
            .map_err(|e| Fault::new(Code::InternalFault, e.to_string()))?;
        Ok(Watch {
            id,
            facility,
            kind,
            user: who.account.id.clone(),
            from: who.facility.id.clone(),
            peer: None,
            patient,
            emergency: emergency.cloned(),
            at: visit.now,
            judged: Vec::new(),
        })
    })
    .collect()
}
