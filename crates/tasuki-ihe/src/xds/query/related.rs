//! Queries by id for what objects belong to, hold, replace or amend (ITI TF-2, 3.18.4.1.2.3.7.8, .9
//! and .11 to .14).

use super::Refused;
use super::filter::Entries;
use super::found::{Finding, look};
use super::lookup::{DOCUMENTS, FOLDERS, Named, SETS, add_all, ids_of, named, touching};
use super::parameters::Parameters;
use tasuki_core::{Fault, Labelled};
use tasuki_model::EntryUuid;
use tasuki_model::xds::{Association, AssociationKind, RegistryObject};

/// The sets that hold documents or folders, with the memberships.
pub(super) fn sets(finding: &mut Finding<'_>, parameters: &Parameters<'_>) -> Result<(), Refused> {
    for id in parameters.uuids("$uuid") {
        containers(finding, parameters, &id, "SubmissionSet", true)?;
    }
    finding.of_one_patient();
    Ok(())
}

pub(super) fn folders_for_document(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    let found = named(finding, parameters, DOCUMENTS)?;
    let (_, ids) = ids_of(found);
    for id in ids {
        containers(finding, parameters, &id, "Folder", false)?;
    }
    finding.of_one_patient();
    Ok(())
}

/// What an object is a member of.
fn containers(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
    id: &EntryUuid,
    kind: &str,
    with_memberships: bool,
) -> Result<(), Fault> {
    for (membership, association) in touching(finding, parameters, id)? {
        if association.kind != AssociationKind::HasMember || association.target != id.urn() {
            continue;
        }
        let Ok(source) = EntryUuid::from_urn(&association.source) else {
            continue;
        };
        let Some(container) = finding.by_id(&source)? else {
            continue;
        };
        let (container, fits) = look(container, |object| object.kind() == kind);
        if fits {
            finding.add(container)?;
            if with_memberships {
                finding.add(membership)?;
            }
        }
    }
    Ok(())
}

pub(super) fn set_and_contents(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    contents(finding, parameters, SETS)?;
    finding.of_one_patient();
    Ok(())
}

pub(super) fn folder_and_contents(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    contents(finding, parameters, FOLDERS)?;
    finding.of_one_patient();
    Ok(())
}

/// A set or folder, its members that fit, and the associations between what is told.
fn contents(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
    container: Named,
) -> Result<(), Refused> {
    let wanted = Entries::of_contents(parameters)?;
    let found = named(finding, parameters, container)?;
    let (found, containers) = ids_of(found);
    add_all(finding, found)?;
    let mut told: Vec<String> = containers.iter().map(EntryUuid::urn).collect();
    let mut related = Vec::new();
    for id in &containers {
        let memberships = touching(finding, parameters, id)?;
        for (membership, association) in memberships {
            if association.source != id.urn() {
                continue;
            }
            let Some(member) = member(finding, &association)? else {
                continue;
            };
            let (member, fits) = look(member, |object| match object {
                RegistryObject::Entry(_) => wanted.holds(object),
                RegistryObject::Folder(_) | RegistryObject::Association(_) => true,
                RegistryObject::Set(_) => false,
            });
            if fits {
                finding.add(member)?;
                finding.add(membership)?;
                told.push(association.target.clone());
                related.push(association.target);
            }
        }
    }
    // What relates the members to each other, such as a folder of the set to a document of it.
    for id in related.iter().filter_map(|id| EntryUuid::from_urn(id).ok()) {
        for (object, association) in touching(finding, parameters, &id)? {
            let both = told.contains(&association.source) && told.contains(&association.target);
            if both && association.kind == AssociationKind::HasMember {
                finding.add(object)?;
            }
        }
    }
    Ok(())
}

fn member(
    finding: &mut Finding<'_>,
    association: &Association,
) -> Result<Option<Labelled<RegistryObject>>, Fault> {
    match EntryUuid::from_urn(&association.target) {
        Ok(id) if association.kind == AssociationKind::HasMember => finding.by_id(&id),
        _ => Ok(None),
    }
}

/// A document and those that it replaces, amends or transforms, and the other way round. Nothing
/// where it has no such relation.
pub(super) fn related_documents(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refused> {
    let kinds: Vec<AssociationKind> = parameters
        .all("$AssociationTypes")
        .into_iter()
        .filter_map(AssociationKind::from_urn)
        .collect();
    let wanted = Entries::of_contents(parameters)?;
    let found = named(finding, parameters, DOCUMENTS)?;
    let (found, ids) = ids_of(found);
    let mut any = false;
    for id in &ids {
        for (object, association) in touching(finding, parameters, id)? {
            if !kinds.contains(&association.kind) {
                continue;
            }
            let other = if association.source == id.urn() {
                &association.target
            } else {
                &association.source
            };
            let Ok(other) = EntryUuid::from_urn(other) else {
                continue;
            };
            let Some(document) = finding.by_id(&other)? else {
                continue;
            };
            let (document, fits) = look(document, |object| wanted.holds(object));
            if fits {
                any = true;
                finding.add(document)?;
                finding.add(object)?;
            }
        }
    }
    if any {
        add_all(finding, found)?;
    }
    finding.of_one_patient();
    Ok(())
}
