//! Queries by id (ITI TF-2, 3.18.4.1.2.3.7.5 to .14): objects, and what they are related to.

use super::Refused;
use super::filter::Entries;
use super::found::{Finding, Found};
use super::parameters::Parameters;
use tasuki_core::{Fault, Labelled};
use tasuki_model::EntryUuid;
use tasuki_model::xds::{Association, AssociationKind, RegistryObject};

type Objects = Vec<Labelled<RegistryObject>>;

/// Objects by the ids of a query: `$XDS…EntryUUID`, `…UniqueId` or `…LogicalID`.
fn named(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
    prefix: &str,
    kind: &str,
) -> Result<Objects, Fault> {
    let mut found = Vec::new();
    for id in parameters.uuids(&format!("{prefix}EntryUUID")) {
        found.extend(finding.by_id(&id)?);
    }
    for unique in parameters.all(&format!("{prefix}UniqueId")) {
        let named = finding.by_name(unique)?;
        found.extend(if parameters.wants_versions() {
            named
        } else {
            newest(named)
        });
    }
    for logical in parameters.uuids(&format!("{prefix}LogicalID")) {
        found.extend(finding.tx.find_object_versions(&logical)?);
    }
    let mut of_kind = Vec::new();
    for object in found {
        let (object, fits) = look(object, |object| object.kind() == kind);
        if fits {
            of_kind.push(object);
        }
    }
    Ok(of_kind)
}

/// The newest version of each object: all that a query of level 1 knows of (Metadata Update).
fn newest(objects: Objects) -> Objects {
    let mut kept: Vec<(String, u64, Labelled<RegistryObject>)> = Vec::new();
    for object in objects {
        let (object, (logical, version)) = look(object, |object| {
            let header = object.header();
            let logical = header.logical_id.as_ref().unwrap_or(&header.id).clone();
            let version = header.version.as_deref().and_then(|v| v.parse().ok());
            (logical, version.unwrap_or(1))
        });
        match kept.iter_mut().find(|(known, _, _)| *known == logical) {
            Some(before) if before.1 < version => *before = (logical, version, object),
            Some(_) => {}
            None => kept.push((logical, version, object)),
        }
    }
    kept.into_iter().map(|(_, _, object)| object).collect()
}

/// What can be said of an object without letting it go.
fn look<T>(
    object: Labelled<RegistryObject>,
    see: impl FnOnce(&RegistryObject) -> T,
) -> (Labelled<RegistryObject>, T)
where
    T: Default,
{
    let mut seen = T::default();
    let object = object.map(|_, object| {
        seen = see(&object);
        object
    });
    (object, seen)
}

/// The associations that touch an object, each with what it says: those in force, unless the query
/// asks for others (`$XDSAssociationStatus`, Metadata Update).
fn touching(
    finding: &Finding<'_>,
    parameters: &Parameters<'_>,
    id: &EntryUuid,
) -> Result<Vec<(Labelled<RegistryObject>, Association)>, Fault> {
    let wanted = parameters.association_statuses();
    let mut found = Vec::new();
    for object in finding.tx.find_associations(id)? {
        let (object, association) = look(object, |object| match object {
            RegistryObject::Association(a) if wanted.contains(&a.header.status) => {
                Some((**a).clone())
            }
            _ => None,
        });
        found.extend(association.map(|a| (object, a)));
    }
    Ok(found)
}

fn ids_of(objects: Objects) -> (Objects, Vec<EntryUuid>) {
    let mut ids = Vec::new();
    let mut kept = Vec::new();
    for object in objects {
        let (object, id) = look(object, |o| EntryUuid::from_urn(&o.header().id).ok());
        ids.extend(id);
        kept.push(object);
    }
    (kept, ids)
}

fn add_all(finding: &mut Finding<'_>, objects: Objects) -> Result<(), Fault> {
    objects
        .into_iter()
        .try_for_each(|object| finding.add(object))
}

pub(super) fn documents(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    let found = named(
        &mut finding,
        parameters,
        "$XDSDocumentEntry",
        "DocumentEntry",
    )?;
    add_all(&mut finding, found)?;
    finding.of_one_patient();
    finding.done()
}

pub(super) fn folders(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    let found = named(&mut finding, parameters, "$XDSFolder", "Folder")?;
    add_all(&mut finding, found)?;
    finding.of_one_patient();
    finding.done()
}

pub(super) fn associations(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    for id in parameters.uuids("$uuid") {
        for (object, _) in touching(&finding, parameters, &id)? {
            finding.add(object)?;
        }
    }
    finding.done()
}

pub(super) fn documents_and_associations(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    let found = named(
        &mut finding,
        parameters,
        "$XDSDocumentEntry",
        "DocumentEntry",
    )?;
    let (found, ids) = ids_of(found);
    add_all(&mut finding, found)?;
    for id in ids {
        for (object, _) in touching(&finding, parameters, &id)? {
            finding.add(object)?;
        }
    }
    finding.of_one_patient();
    finding.done()
}

/// The sets that hold documents or folders, with the memberships.
pub(super) fn sets(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    for id in parameters.uuids("$uuid") {
        containers(&mut finding, parameters, &id, "SubmissionSet", true)?;
    }
    finding.of_one_patient();
    finding.done()
}

pub(super) fn folders_for_document(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    let found = named(
        &mut finding,
        parameters,
        "$XDSDocumentEntry",
        "DocumentEntry",
    )?;
    let (_, ids) = ids_of(found);
    for id in ids {
        containers(&mut finding, parameters, &id, "Folder", false)?;
    }
    finding.of_one_patient();
    finding.done()
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
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    contents(
        &mut finding,
        parameters,
        "$XDSSubmissionSet",
        "SubmissionSet",
    )?;
    finding.of_one_patient();
    finding.done()
}

pub(super) fn folder_and_contents(
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    contents(&mut finding, parameters, "$XDSFolder", "Folder")?;
    finding.of_one_patient();
    finding.done()
}

/// A set or folder, its members that fit, and the associations between what is told.
fn contents(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
    prefix: &str,
    kind: &str,
) -> Result<(), Refused> {
    let wanted = Entries::of_contents(parameters)?;
    let found = named(finding, parameters, prefix, kind)?;
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
                RegistryObject::Entry(entry) => wanted.holds(entry),
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
    mut finding: Finding<'_>,
    parameters: &Parameters<'_>,
) -> Result<Found, Refused> {
    let kinds: Vec<AssociationKind> = parameters
        .all("$AssociationTypes")
        .into_iter()
        .filter_map(AssociationKind::from_urn)
        .collect();
    let wanted = Entries::of_contents(parameters)?;
    let found = named(
        &mut finding,
        parameters,
        "$XDSDocumentEntry",
        "DocumentEntry",
    )?;
    let (found, ids) = ids_of(found);
    let mut any = false;
    for id in &ids {
        for (object, association) in touching(&finding, parameters, id)? {
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
            let (document, fits) = look(
                document,
                |object| matches!(object, RegistryObject::Entry(entry) if wanted.holds(entry)),
            );
            if fits {
                any = true;
                finding.add(document)?;
                finding.add(object)?;
            }
        }
    }
    if any {
        add_all(&mut finding, found)?;
    }
    finding.of_one_patient();
    finding.done()
}
