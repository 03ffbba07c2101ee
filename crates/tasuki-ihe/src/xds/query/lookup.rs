//! What queries by id look up: the objects they name, and the associations that touch them.

use super::found::{Finding, look};
use super::parameters::Parameters;
use tasuki_core::{Fault, Labelled};
use tasuki_model::EntryUuid;
use tasuki_model::xds::{Association, RegistryObject};

pub(super) type Objects = Vec<Labelled<RegistryObject>>;

/// What a query names by id.
#[derive(Clone, Copy)]
pub(super) struct Named {
    prefix: &'static str,
    kind: &'static str,
}

pub(super) const DOCUMENTS: Named = Named {
    prefix: "$XDSDocumentEntry",
    kind: "DocumentEntry",
};
pub(super) const FOLDERS: Named = Named {
    prefix: "$XDSFolder",
    kind: "Folder",
};
pub(super) const SETS: Named = Named {
    prefix: "$XDSSubmissionSet",
    kind: "SubmissionSet",
};

/// Objects by the ids of a query: `$XDS…EntryUUID`, `…UniqueId` or `…LogicalID`.
pub(super) fn named(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
    Named { prefix, kind }: Named,
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
    let fits = |object| {
        let (object, fits) = look(object, |object: &RegistryObject| object.kind() == kind);
        fits.then_some(object)
    };
    Ok(found.into_iter().filter_map(fits).collect())
}

/// Adds the summaries that a query for documents names by id.
pub(super) fn offered(finding: &mut Finding<'_>, parameters: &Parameters<'_>) -> Result<(), Fault> {
    let (registry, tx) = (finding.registry, finding.tx);
    let prefix = DOCUMENTS.prefix;
    let mut known = Vec::new();
    for id in parameters.uuids(&format!("{prefix}EntryUUID")) {
        known.extend(registry.summarised_by_id(tx, &id)?);
    }
    for id in parameters.uuids(&format!("{prefix}LogicalID")) {
        known.extend(registry.summarised_by_id(tx, &id)?);
    }
    for unique in parameters.all(&format!("{prefix}UniqueId")) {
        known.extend(registry.summarised_by_name(tx, unique)?);
    }
    known
        .iter()
        .try_for_each(|known| finding.offer(known, |_| true))
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

/// The associations that touch an object, each with what it says: those in force, unless the query
/// asks for others (`$XDSAssociationStatus`, Metadata Update).
pub(super) fn touching(
    finding: &mut Finding<'_>,
    parameters: &Parameters<'_>,
    id: &EntryUuid,
) -> Result<Vec<(Labelled<RegistryObject>, Association)>, Fault> {
    let wanted = parameters.association_statuses();
    let mut found = Vec::new();
    let submitted = finding.tx.find_associations(id)?.into_iter();
    for object in submitted.chain(finding.imported_membership(id)?) {
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

/// The ids of objects.
pub(super) fn ids_of(objects: Objects) -> (Objects, Vec<EntryUuid>) {
    let mut ids = Vec::new();
    let mut kept = Vec::new();
    for object in objects {
        let (object, id) = look(object, |o| EntryUuid::from_urn(&o.header().id).ok());
        ids.extend(id);
        kept.push(object);
    }
    (kept, ids)
}

/// Adds all of them.
pub(super) fn add_all(finding: &mut Finding<'_>, objects: Objects) -> Result<(), Fault> {
    objects
        .into_iter()
        .try_for_each(|object| finding.add(object))
}
