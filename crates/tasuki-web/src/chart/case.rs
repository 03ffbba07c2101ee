//! Under what a chart is opened: as treatment, or by an emergency of the reader, which stands in for the
//! registration at the reader's facility. Read in the snapshot in which is decided.

use super::subject_of;
use crate::emergency::despite_refusal;
use crate::visit::{SignedIn, Visit};
use tasuki_core::Fault;
use tasuki_core::policy::{Caller, Subject};
use tasuki_core::ports::{Emergency, PatientRecord, Reading};
use tasuki_model::{Instant, LocalPatientId, PersonId, Purpose};

/// Digits of the number that stands in for a patient ID.
const NUMBER_DIGITS: usize = 8;

/// Who asks, what for, and about which registrations.
pub(super) struct Case {
    pub caller: Caller,
    pub subjects: Vec<Subject>,
    pub records: Vec<PatientRecord>,
    /// The emergency, with what stands in for a registration at the reader's facility.
    pub emergency: Option<(Emergency, PatientRecord)>,
}

impl Case {
    /// The registration through which the reader comes.
    pub fn own(&self) -> Option<PatientRecord> {
        if let Some((_, stand_in)) = &self.emergency {
            return Some(stand_in.clone());
        }
        let here = &self.caller.facility;
        let mut own = self.records.iter().filter(|r| r.facility == *here);
        let in_use = own.clone().find(|r| r.survivor.is_none());
        in_use.or_else(|| own.next()).cloned()
    }
}

/// How a user comes to a person's records now.
pub(super) fn case(
    visit: &Visit<'_>,
    who: &SignedIn,
    tx: &dyn Reading,
    person: &PersonId,
    now: Instant,
) -> Result<Case, Fault> {
    let mut caller = who.caller();
    let mut records = tx.registrations_of(person)?;
    let subjects = records.iter().map(|record| subject_of(record, now));
    let mut subjects: Vec<Subject> = subjects.collect();
    if !tx.institution(&caller.facility)?.looks {
        // 開示のみ: its people see what is its own.
        subjects.retain(|subject| subject.facility == caller.facility);
        records.retain(|record| record.facility == caller.facility);
    }
    let emergency = tx.open_emergency(&caller.user, person, now)?;
    let emergency = emergency.filter(|e| e.facility == caller.facility && e.role == caller.role);
    let Some(emergency) = emergency else {
        return Ok(Case {
            caller,
            subjects,
            records,
            emergency: None,
        });
    };
    caller.purpose = Purpose::Emergency;
    let despite = despite_refusal(visit);
    let open = subjects.into_iter().map(|subject| {
        let subject = subject.opened(emergency.until, now);
        match despite {
            true => subject.despite_refusal(),
            false => subject,
        }
    });
    subjects = open.collect();
    let stand_in = stand_in(&emergency, &records)?;
    let own = Subject::new(
        stand_in.patient_key.clone(),
        stand_in.facility.clone(),
        true,
    );
    subjects.push(own.opened(emergency.until, now));
    if !records.iter().any(|r| r.facility == caller.facility) {
        records.insert(0, stand_in.clone());
    }
    Ok(Case {
        caller,
        subjects,
        records,
        emergency: Some((emergency, stand_in)),
    })
}

/// A registration that is in no table: what the emergency is kept under, and what is known of the patient.
fn stand_in(emergency: &Emergency, records: &[PatientRecord]) -> Result<PatientRecord, Fault> {
    let id = emergency.id.as_str();
    let number = id.get(..NUMBER_DIGITS).unwrap_or(id).to_uppercase();
    let local_id = LocalPatientId::new(&format!("EMS-{number}"))
        .map_err(|e| Fault::new(tasuki_core::Code::InternalFault, e.to_string()))?;
    let said = emergency.elsewhere.as_ref().map(|found| found.said.clone());
    let said = said.or_else(|| records.first().map(|record| record.demographics.clone()));
    Ok(PatientRecord {
        patient_key: emergency.shelf()?,
        person: emergency.person.clone(),
        facility: emergency.facility.clone(),
        local_id,
        demographics: said.unwrap_or_default(),
        stated: None,
        disclosed: true,
        terms: tasuki_core::policy::Terms::default(),
        survivor: None,
    })
}
