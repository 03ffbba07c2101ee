//! Queries by patient (ITI TF-2, 3.18.4.1.2.3.7.1 to .4; for several patients ITI-51).

use super::filter::{Entries, Folders, Sets};
use super::found::{Finding, look};
use super::imported::Told;
use super::parameters::Parameters;
use super::{REFERENCES_MAX, Refused};
use crate::xds::patient::{Known, PatientCx};
use std::collections::HashSet;
use tasuki_core::ports::{EntryFilter, ObjectKind, Service};
use tasuki_core::{Code, Fault, Labelled};
use tasuki_model::xds::RegistryObject;
use tasuki_model::{AvailabilityStatus, DocumentEntry, EntryUuid, PatientKey};

/// Objects of a patient that are looked at; one more is too many.
const LIMIT: u32 = REFERENCES_MAX as u32;

/// FindDocuments, FindDocumentsByReferenceId.
pub(super) fn documents(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    let cx = parameters.patient("$XDSDocumentEntryPatientId")?;
    let wanted = Entries::of(parameters)?;
    of_one(finding, cx, |finding, known| {
        match wanted.by_status_alone() {
            true => leaves(finding, known, &wanted),
            false => entries(finding, known, &wanted),
        }
    })
}

/// FindSubmissionSets.
pub(super) fn sets(finding: &mut Finding<'_>, parameters: &Parameters<'_>) -> Result<(), Refused> {
    let cx = parameters.patient("$XDSSubmissionSetPatientId")?;
    let wanted = Sets::of(parameters)?;
    of_one(finding, cx, |finding, known| {
        objects(finding, known, ObjectKind::Set, |it| wanted.holds(it))?;
        imported(finding, known, &wanted, false)
    })
}

/// FindFolders.
pub(super) fn folders(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    let cx = parameters.patient("$XDSFolderPatientId")?;
    let wanted = Folders::of(parameters)?;
    of_one(finding, cx, |finding, known| {
        objects(finding, known, ObjectKind::Folder, |it| wanted.holds(it))
    })
}

/// FindFoldersForMultiplePatients.
pub(super) fn folders_of_many(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    let wanted = Folders::of(parameters)?;
    for cx in parameters.patients("$XDSFolderPatientId")? {
        let known = finding.registry.known(finding.tx, cx)?;
        objects(finding, &known, ObjectKind::Folder, |it| wanted.holds(it))?;
    }
    Ok(())
}

/// GetAll: everything of a patient, and what relates it.
pub(super) fn all(finding: &mut Finding<'_>, parameters: &Parameters<'_>) -> Result<(), Refused> {
    let cx = parameters.patient("$patientId")?;
    let wanted_sets = Sets::of(parameters)?;
    let wanted_folders = Folders::of(parameters)?;
    let wanted = Entries::of(parameters)?;
    of_one(finding, cx, |finding, known| {
        entries(finding, known, &wanted)?;
        objects(finding, known, ObjectKind::Set, |it| wanted_sets.holds(it))?;
        objects(finding, known, ObjectKind::Folder, |it| {
            wanted_folders.holds(it)
        })?;
        objects(finding, known, ObjectKind::Association, |_| true)?;
        imported(finding, known, &wanted_sets, true)
    })
}

/// The sets of imported documents, and their memberships where they are asked for.
fn imported(
    finding: &mut Finding<'_>,
    known: &Known,
    wanted: &Sets<'_>,
    with_memberships: bool,
) -> Result<(), Refused> {
    let keys = keys(finding, known)?;
    let mut submitted = HashSet::new();
    for object in finding.tx.find_objects(&keys, ObjectKind::Entry, LIMIT)? {
        submitted.extend(first_of(object).1);
    }
    for status in [AvailabilityStatus::Approved, AvailabilityStatus::Deprecated] {
        for row in rows(finding, &keys, status, &submitted)? {
            if with_memberships {
                let membership = finding.told(row.clone(), Told::Membership)?;
                membership.map_or(Ok(()), |found| finding.add(found))?;
            }
            if let Some(set) = finding.told(row, Told::Set)? {
                finding.add_if(set, |it| wanted.holds(it))?;
            }
        }
    }
    Ok(())
}

/// What is found of one patient is told under the id that was asked.
fn of_one(
    finding: &mut Finding<'_>,
    cx: PatientCx,
    find: impl FnOnce(&mut Finding<'_>, &Known) -> Result<(), Refused>,
) -> Result<(), Refused> {
    let known = finding.registry.known(finding.tx, cx)?;
    find(finding, &known)?;
    finding.asked(known.cx);
    Ok(())
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
pub(super) fn entries(
    finding: &mut Finding<'_>,
    known: &Known,
    wanted: &Entries<'_>,
) -> Result<(), Refused> {
    let keys = keys(finding, known)?;
    let mut submitted: HashSet<EntryUuid> = HashSet::new();
    for object in finding.tx.find_objects(&keys, ObjectKind::Entry, LIMIT)? {
        let (object, ids) = first_of(object);
        submitted.extend(ids);
        finding.add_if(object, |it| wanted.holds(it))?;
    }
    finding.offer(known, |it| wanted.holds(it))?;
    unsubmitted(finding, &keys, wanted, &submitted)
}

/// The same without reading what is told as it is kept.
fn leaves(finding: &mut Finding<'_>, known: &Known, wanted: &Entries<'_>) -> Result<(), Refused> {
    let keys = keys(finding, known)?;
    let mut submitted: HashSet<EntryUuid> = HashSet::new();
    for leaf in finding.tx.find_leaves(&keys, LIMIT)? {
        let (leaf, (fits, unwritten)) = look(leaf, |leaf| {
            submitted.insert(leaf.entry.clone());
            submitted.extend(leaf.logical_id.clone());
            let unwritten = leaf.written.is_none().then(|| leaf.entry.clone());
            (wanted.wants(Some(leaf.status)), unwritten)
        });
        match unwritten {
            _ if !fits => {}
            None => finding.add_leaf(leaf),
            Some(id) => {
                if let Some(object) = finding.tx.find_object(&id)? {
                    finding.add_if(object, |it| wanted.holds(it))?;
                }
            }
        }
    }
    finding.offer(known, |it| wanted.holds(it))?;
    unsubmitted(finding, &keys, wanted, &submitted)
}

/// Rows that have no metadata.
fn unsubmitted(
    finding: &mut Finding<'_>,
    keys: &[PatientKey],
    wanted: &Entries<'_>,
    submitted: &HashSet<EntryUuid>,
) -> Result<(), Refused> {
    for status in [AvailabilityStatus::Approved, AvailabilityStatus::Deprecated] {
        if !wanted.wants(Some(status)) {
            continue;
        }
        for row in rows(finding, keys, status, submitted)? {
            if let Some(object) = finding.rendered(row)? {
                finding.add_if(object, |it| wanted.holds(it))?;
            }
        }
    }
    Ok(())
}

/// An entry, its id, and that of its first version: a row has the latter, and may be another
/// patient's by now.
fn first_of(object: Labelled<RegistryObject>) -> (Labelled<RegistryObject>, Vec<EntryUuid>) {
    let own = object.labels().document.clone();
    let (object, first) = look(object, |it| it.header().logical_id.clone());
    let first = first.and_then(|urn| EntryUuid::from_urn(&urn).ok());
    (object, own.into_iter().chain(first).collect())
}

/// Rows that did not come by a submission.
fn rows(
    finding: &Finding<'_>,
    keys: &[PatientKey],
    status: AvailabilityStatus,
    submitted: &HashSet<EntryUuid>,
) -> Result<Vec<Labelled<DocumentEntry>>, Fault> {
    let filter = EntryFilter {
        status: Some(status),
        service: Service::Either,
        limit: Some(LIMIT),
        ..EntryFilter::default()
    };
    let mut rows = finding.tx.find_entries(keys, &filter)?;
    rows.retain(|row| {
        let id = row.labels().document.as_ref();
        !id.is_some_and(|id| submitted.contains(id))
    });
    Ok(rows)
}

/// Objects of a patient that are no documents.
fn objects(
    finding: &mut Finding<'_>,
    known: &Known,
    kind: ObjectKind,
    holds: impl Fn(&RegistryObject) -> bool,
) -> Result<(), Refused> {
    let keys = keys(finding, known)?;
    let found = finding.tx.find_objects(&keys, kind, LIMIT)?;
    if found.len() > REFERENCES_MAX {
        let inside = "a patient has more objects than a query can look at";
        return Err(Fault::new(Code::XdsTooManyResults, inside).into());
    }
    for object in found {
        finding.add_if(object, &holds)?;
    }
    Ok(())
}
