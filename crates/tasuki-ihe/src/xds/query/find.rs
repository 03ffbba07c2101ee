//! Queries by patient (ITI TF-2, 3.18.4.1.2.3.7.1 to .4; for several patients ITI-51).

use super::filter::{Entries, Folders, Sets};
use super::found::{Finding, Found};
use super::parameters::Parameters;
use super::{REFERENCES_MAX, Refused};
use crate::xds::patient::Known;
use std::collections::HashSet;
use tasuki_core::ports::{EntryFilter, ObjectKind, Service};
use tasuki_core::{Code, Fault, Labelled};
use tasuki_model::xds::RegistryObject;
use tasuki_model::{AvailabilityStatus, EntryUuid, PatientKey};

/// FindDocuments, FindDocumentsByReferenceId.
pub(super) fn documents(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    let cx = parameters.patient("$XDSDocumentEntryPatientId")?;
    let wanted = Entries::of(parameters)?;
    let known = finding.registry.known(finding.tx, cx)?;
    entries(&mut finding, &known, &wanted)?;
    finding.asked(known.cx);
    finding.done()
}

/// FindDocumentsForMultiplePatients: of the patients that are named. A query over everybody who fits
/// is not answered: no treatment asks for it.
pub(super) fn documents_of_many(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    let wanted = Entries::of(parameters)?;
    for cx in parameters.patients("$XDSDocumentEntryPatientId")? {
        let known = finding.registry.known(finding.tx, cx)?;
        entries(&mut finding, &known, &wanted)?;
    }
    finding.done()
}

/// FindSubmissionSets.
pub(super) fn sets(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    let cx = parameters.patient("$XDSSubmissionSetPatientId")?;
    let wanted = Sets::of(parameters)?;
    let known = finding.registry.known(finding.tx, cx)?;
    packages(
        &mut finding,
        &known,
        ObjectKind::Set,
        &|object| matches!(object, RegistryObject::Set(set) if wanted.holds(set)),
    )?;
    finding.asked(known.cx);
    finding.done()
}

/// FindFolders.
pub(super) fn folders(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    let cx = parameters.patient("$XDSFolderPatientId")?;
    let wanted = Folders::of(parameters)?;
    let known = finding.registry.known(finding.tx, cx)?;
    packages(
        &mut finding,
        &known,
        ObjectKind::Folder,
        &|object| matches!(object, RegistryObject::Folder(folder) if wanted.holds(folder)),
    )?;
    finding.asked(known.cx);
    finding.done()
}

/// FindFoldersForMultiplePatients.
pub(super) fn folders_of_many(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    let wanted = Folders::of(parameters)?;
    for cx in parameters.patients("$XDSFolderPatientId")? {
        let known = finding.registry.known(finding.tx, cx)?;
        packages(
            &mut finding,
            &known,
            ObjectKind::Folder,
            &|object| matches!(object, RegistryObject::Folder(folder) if wanted.holds(folder)),
        )?;
    }
    finding.done()
}

/// GetAll: everything of a patient, and what relates it.
pub(super) fn all(mut finding: Finding<'_>, parameters: &Parameters<'_>) -> Result<Found, Refused> {
    let cx = parameters.patient("$patientId")?;
    let known = finding.registry.known(finding.tx, cx)?;
    let wanted_sets = Sets::of(parameters)?;
    let wanted_folders = Folders::of(parameters)?;
    let wanted = Entries::of(parameters)?;
    entries(&mut finding, &known, &wanted)?;
    packages(
        &mut finding,
        &known,
        ObjectKind::Set,
        &|object| matches!(object, RegistryObject::Set(set) if wanted_sets.holds(set)),
    )?;
    packages(
        &mut finding,
        &known,
        ObjectKind::Folder,
        &|object| matches!(object, RegistryObject::Folder(folder) if wanted_folders.holds(folder)),
    )?;
    packages(&mut finding, &known, ObjectKind::Association, &|_| true)?;
    finding.asked(known.cx);
    finding.done()
}

/// The registrations behind an id; asked for, so that the policy hears of each.
fn keys(finding: &mut Finding<'_>, known: &Known) -> Result<Vec<PatientKey>, Fault> {
    let mut keys = Vec::new();
    for record in &known.registrations {
        finding.record(&record.patient_key)?;
        keys.push(record.patient_key.clone());
    }
    Ok(keys)
}

/// Document entries of a patient: submitted ones with their metadata, and rows that have none.
fn entries(finding: &mut Finding<'_>, known: &Known, wanted: &Entries<'_>) -> Result<(), Refused> {
    let keys = keys(finding, known)?;
    let limit = u32::try_from(REFERENCES_MAX).unwrap_or(u32::MAX);
    let mut submitted: HashSet<EntryUuid> = HashSet::new();
    for object in finding.tx.find_objects(&keys, ObjectKind::Entry, limit)? {
        submitted.extend(object.labels().document.clone());
        keep(
            finding,
            object,
            &|object| matches!(object, RegistryObject::Entry(entry) if wanted.holds(entry)),
        )?;
    }
    for status in [AvailabilityStatus::Approved, AvailabilityStatus::Deprecated] {
        if !wanted.wants(Some(status)) {
            continue;
        }
        let filter = EntryFilter {
            status: Some(status),
            service: Service::Either,
            limit: Some(limit),
            ..EntryFilter::default()
        };
        for row in finding.tx.find_entries(&keys, &filter)? {
            let id = row.labels().document.clone();
            if id.is_some_and(|id| submitted.contains(&id)) {
                continue;
            }
            if let Some(object) = finding.rendered(row)? {
                keep(
                    finding,
                    object,
                    &|object| matches!(object, RegistryObject::Entry(entry) if wanted.holds(entry)),
                )?;
            }
        }
    }
    Ok(())
}

fn packages(
    finding: &mut Finding<'_>,
    known: &Known,
    kind: ObjectKind,
    holds: &dyn Fn(&RegistryObject) -> bool,
) -> Result<(), Refused> {
    let keys = keys(finding, known)?;
    let limit = u32::try_from(REFERENCES_MAX).unwrap_or(u32::MAX);
    let found = finding.tx.find_objects(&keys, kind, limit)?;
    if found.len() > REFERENCES_MAX {
        let inside = "a patient has more objects than a query can look at";
        return Err(Fault::new(Code::XdsTooManyResults, inside).into());
    }
    for object in found {
        keep(finding, object, holds)?;
    }
    Ok(())
}

/// Adds an object where it fits.
fn keep(
    finding: &mut Finding<'_>,
    object: Labelled<RegistryObject>,
    holds: &dyn Fn(&RegistryObject) -> bool,
) -> Result<(), Fault> {
    let mut fits = false;
    let object = object.map(|_, object| {
        fits = holds(&object);
        object
    });
    if fits { finding.add(object) } else { Ok(()) }
}
