//! Folders: one that the set does not name is named by us; a replacement joins every folder of the document it replaces, and the registry sets the
//! time at which a folder last changed (ITI TF-3, 4.2.2.2.3; 4.2.3.4.6).

use super::{Plan, Refused, uuid};
use crate::xds::{Registry, XdsProblem};
use std::collections::BTreeSet;
use tasuki_core::ports::Reading;
use tasuki_model::xds::{Association, AssociationKind, RegistryObject, Submission};

/// A folder without a membership in the one set of its message gets it: there is nothing else it
/// could mean, and without it nobody could tell who made the folder (ITI TF-3, 4.2.2.1.2).
fn complete(tx: &dyn Reading, submission: &mut Submission, plan: &mut Plan) -> Result<(), Refused> {
    let set = super::set_id(submission).to_owned();
    let mut added = Vec::new();
    for folder in &submission.folders {
        let id = &folder.header.id;
        let mut named = submission.associations.iter();
        if named.any(|it| it.source == set && it.target == *id) {
            continue;
        }
        let unique = folder.unique_id.as_deref().unwrap_or(id);
        let context = format!("Folder {unique}: no HasMember of the SubmissionSet; it was added");
        plan.warnings.push(XdsProblem {
            warning: true,
            ..XdsProblem::metadata(context)
        });
        added.push(membership(tx, &set, id)?);
    }
    submission.associations.extend(added);
    Ok(())
}

pub(super) fn join(
    registry: &Registry,
    tx: &dyn Reading,
    submission: &mut Submission,
    plan: &mut Plan,
) -> Result<(), Refused> {
    complete(tx, submission, plan)?;
    let now = registry.now();
    for folder in &mut submission.folders {
        folder.last_update = Some(now.clone());
    }
    let mut joined = Vec::new();
    for it in submission.associations.iter().filter(|a| a.kind.replaces()) {
        for folder in folders_of(tx, &it.target)? {
            joined.push(membership(tx, &folder, &it.source)?);
        }
    }
    submission.associations.extend(joined);
    let own: BTreeSet<String> = submission
        .folders
        .iter()
        .map(|f| f.header.id.clone())
        .collect();
    let set = super::set_id(submission).to_owned();
    let changed: BTreeSet<&str> = submission
        .associations
        .iter()
        .filter(|a| a.kind == AssociationKind::HasMember && a.source != set)
        .map(|a| a.source.as_str())
        .filter(|id| !own.contains(*id))
        .collect();
    for id in changed {
        let Some(found) = tx.find_object(&uuid(id)?)? else {
            continue;
        };
        let _ = found.map(|_, object| {
            if let RegistryObject::Folder(mut folder) = object {
                folder.last_update = Some(now.clone());
                plan.folders.push(RegistryObject::Folder(folder));
            }
        });
    }
    Ok(())
}

/// The folders that a document is in.
fn folders_of(tx: &dyn Reading, document: &str) -> Result<Vec<String>, Refused> {
    let mut sources = Vec::new();
    for found in tx.find_associations(&uuid(document)?)? {
        let _ = found.map(|_, object| {
            if let RegistryObject::Association(a) = object
                && a.kind == AssociationKind::HasMember
                && a.target == document
            {
                sources.push(a.source);
            }
        });
    }
    let mut folders = Vec::new();
    for source in sources {
        let found = tx.find_object(&uuid(&source)?)?;
        let mut is_folder = false;
        if let Some(found) = found {
            let _ = found.map(|_, object| is_folder = matches!(object, RegistryObject::Folder(_)));
        }
        if is_folder {
            folders.push(source);
        }
    }
    Ok(folders)
}

fn membership(tx: &dyn Reading, of: &str, member: &str) -> Result<Association, Refused> {
    let id = tx.new_entry_uuid()?.0.urn();
    Ok(Association::current(
        id,
        AssociationKind::HasMember,
        of,
        member,
    ))
}
