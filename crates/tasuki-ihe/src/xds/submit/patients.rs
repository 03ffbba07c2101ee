//! Whose a submission is: one patient, known, and one of that patient's registrations.

use super::Submitter;
use crate::xds::patient::{Known, PatientCx};
use crate::xds::{Refused, Registry, XdsCode, XdsProblem};
use std::collections::BTreeSet;
use tasuki_core::Code;
use tasuki_core::ports::{PatientRecord, Reading};
use tasuki_model::xds::{DocumentEntry, Submission};
use tasuki_model::{FacilityId, PatientKey};

/// The patient of a submission.
#[derive(PartialEq, Eq)]
pub(super) struct Patient {
    /// The id as sent.
    pub(super) cx: String,
    /// Every registration it stands for.
    pub(super) keys: BTreeSet<PatientKey>,
    /// The registration of each entry, in their order.
    pub(super) of_entries: Vec<(PatientKey, FacilityId)>,
    /// The registration of everything else.
    pub(super) key: PatientKey,
}

pub(super) fn patient(
    registry: &Registry,
    tx: &dyn Reading,
    from: &Submitter<'_>,
    submission: &Submission,
) -> Result<Patient, Refused> {
    let sets = submission.sets.iter();
    let mut sent: Vec<&str> = sets.filter_map(|s| s.patient_id.as_deref()).collect();
    sent.extend(
        submission
            .entries
            .iter()
            .filter_map(|e| e.patient_id.as_deref()),
    );
    sent.extend(
        submission
            .folders
            .iter()
            .filter_map(|f| f.patient_id.as_deref()),
    );
    let first = sent.first().copied().unwrap_or_default();
    let unknown = || {
        XdsProblem::new(
            XdsCode::UnknownPatient,
            Code::XdsPatientUnknown,
            format!("patientId {first} is not known here: register the patient first"),
        )
    };
    let cx = PatientCx::parse(first).ok_or_else(unknown)?;
    if let Some(other) = sent
        .iter()
        .find(|other| PatientCx::parse(other).as_ref() != Some(&cx))
    {
        let context = format!("patientId {other} is another than {first} of the SubmissionSet");
        let code = Code::XdsPatientDiffers;
        return Err(XdsProblem::new(XdsCode::PatientMismatch, code, context).into());
    }
    let mut known = registry.known(tx, cx)?;
    known
        .registrations
        .retain(|r| from.feeds.contains(&r.facility));
    let some = known.registrations.first().ok_or_else(unknown)?;
    let of_entries = submission.entries.iter();
    let of_entries: Vec<(PatientKey, FacilityId)> = of_entries
        .map(|entry| {
            let record = registration(registry, &known, entry)?;
            Ok((record.patient_key.clone(), record.facility.clone()))
        })
        .collect::<Result<_, XdsProblem>>()?;
    Ok(Patient {
        cx: first.to_owned(),
        keys: known
            .registrations
            .iter()
            .map(|r| r.patient_key.clone())
            .collect(),
        key: of_entries
            .first()
            .map_or(&some.patient_key, |(key, _)| key)
            .clone(),
        of_entries,
    })
}

/// The registration that a document belongs to: the one whose id its source states. Only where the
/// patient has a single registration need the source not say.
fn registration<'k>(
    registry: &Registry,
    known: &'k Known,
    entry: &DocumentEntry,
) -> Result<&'k PatientRecord, XdsProblem> {
    let stated = entry
        .source_patient_id
        .as_deref()
        .and_then(PatientCx::parse);
    let mut named = known.registrations.iter();
    let named = named.find(|record| registry.own_cx(record) == stated && stated.is_some());
    match (named, known.registrations.as_slice()) {
        (Some(record), _) => Ok(record),
        (None, [only]) => Ok(only),
        (None, _) => Err(XdsProblem::metadata(format!(
            "DocumentEntry {}: sourcePatientId is no id of this patient at a facility of this \
             community: send the id of the facility that made the document",
            entry.header.id
        ))),
    }
}
