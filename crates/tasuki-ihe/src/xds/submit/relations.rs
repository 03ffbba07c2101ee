//! What a submission says of objects that are there already (ITI TF-3, 4.2.2.2): the object exists,
//! is current, and is the same patient's. A replacement supersedes its target and with it the
//! addenda and transformations of the target.

use super::patients::Patient;
use super::{Plan, Refused, set_id, uuid};
use crate::xds::{XdsCode, XdsProblem};
use std::collections::HashSet;
use tasuki_core::ports::Reading;
use tasuki_core::{Code, Fault};
use tasuki_model::xds::{Association, AssociationKind, ObjectType, RegistryObject, Submission};
use tasuki_model::{AvailabilityStatus, EntryUuid, PatientKey};

/// How deep addenda of addenda are followed.
const DEPTH_MAX: usize = 32;

/// What the rules need to know of an object that is there.
struct There {
    kind: &'static str,
    on_demand: bool,
    status: AvailabilityStatus,
    patient_key: PatientKey,
}

pub(super) fn check(
    tx: &dyn Reading,
    submission: &Submission,
    patient: &Patient,
    plan: &mut Plan,
) -> Result<Vec<XdsProblem>, Refused> {
    let own: HashSet<&str> = own_ids(submission);
    let mut problems = Vec::new();
    for association in &submission.associations {
        for end in [&association.source, &association.target] {
            if own.contains(end.as_str()) {
                continue;
            }
            let is_target = *end == association.target;
            let found = there(tx, &uuid(end)?)?;
            let problem = judge(submission, association, is_target, found.as_ref(), patient);
            problems.extend(problem);
        }
        if association.kind.replaces() && problems.is_empty() {
            let target = uuid(&association.target)?;
            supersede(tx, target, &mut plan.deprecated, DEPTH_MAX)?;
        }
    }
    Ok(problems)
}

fn own_ids(submission: &Submission) -> HashSet<&str> {
    let sets = submission.sets.iter().map(|s| s.header.id.as_str());
    let entries = submission.entries.iter().map(|e| e.header.id.as_str());
    let folders = submission.folders.iter().map(|f| f.header.id.as_str());
    let associations = submission.associations.iter();
    let associations = associations.map(|a| a.header.id.as_str());
    sets.chain(entries)
        .chain(folders)
        .chain(associations)
        .collect()
}

fn there(tx: &dyn Reading, id: &EntryUuid) -> Result<Option<There>, Fault> {
    let mut there = None;
    if let Some(found) = tx.find_object(id)? {
        let _ = found.map(|labels, object| {
            let on_demand = matches!(&object, RegistryObject::Entry(e)
                if e.object_type == ObjectType::OnDemand);
            there = Some(There {
                kind: object.kind(),
                on_demand,
                status: object
                    .header()
                    .status
                    .unwrap_or(AvailabilityStatus::Approved),
                patient_key: labels.patient_key.clone(),
            });
        });
    } else if let Some(found) = tx.find_entry(id)? {
        let _ = found.map(|labels, row| {
            there = Some(There {
                kind: "DocumentEntry",
                on_demand: false,
                status: row.status,
                patient_key: labels.patient_key.clone(),
            });
        });
    }
    Ok(there)
}

/// What is wrong with one end of an association that is not in the submission.
fn judge(
    submission: &Submission,
    association: &Association,
    is_target: bool,
    there: Option<&There>,
    patient: &Patient,
) -> Option<XdsProblem> {
    let end = if is_target {
        &association.target
    } else {
        &association.source
    };
    let name = if is_target {
        "targetObject"
    } else {
        "sourceObject"
    };
    let Some(there) = there else {
        let context = format!(
            "Association {}: {name} {end} is not in the registry",
            association.header.id
        );
        return Some(XdsProblem::metadata(context));
    };
    if !patient.keys.contains(&there.patient_key) {
        let context = format!(
            "{} {end} is of another patient than {}",
            there.kind, patient.cx
        );
        let code = Code::XdsPatientDiffers;
        return Some(XdsProblem::new(XdsCode::PatientMismatch, code, context));
    }
    let kind = association.kind;
    let right = match (kind, is_target) {
        (AssociationKind::HasMember, false) => there.kind == "Folder",
        (AssociationKind::HasMember, true) => {
            there.kind == "DocumentEntry" || association.source == set_id(submission)
        }
        (AssociationKind::IsSnapshotOf, true) => there.on_demand,
        (_, true) => there.kind == "DocumentEntry",
        (_, false) => false,
    };
    if !right {
        let context = format!(
            "Association {}: {} cannot have a {} as {name}",
            association.header.id,
            kind.urn(),
            there.kind
        );
        return Some(XdsProblem::metadata(context));
    }
    let needs_current = kind.is_relationship() && is_target;
    if needs_current && there.status == AvailabilityStatus::Deprecated {
        let context =
            format!("DocumentEntry {end} is deprecated: relate to the one that replaced it");
        let code = Code::XdsTargetDeprecated;
        return Some(XdsProblem::new(XdsCode::DeprecatedTarget, code, context));
    }
    None
}

/// A document that is replaced, and what was made of it.
fn supersede(
    tx: &dyn Reading,
    id: EntryUuid,
    deprecated: &mut Vec<EntryUuid>,
    depth: usize,
) -> Result<(), Refused> {
    if deprecated.contains(&id) || depth == 0 {
        return Ok(());
    }
    let urn = id.urn();
    let mut made = Vec::new();
    for association in tx.find_associations(&id)? {
        let _ = association.map(|_, object| {
            if let RegistryObject::Association(a) = object
                && matches!(a.kind, AssociationKind::Apnd | AssociationKind::Xfrm)
                && a.target == urn
            {
                made.push(a.source);
            }
        });
    }
    deprecated.push(id);
    for source in made {
        supersede(tx, uuid(&source)?, deprecated, depth - 1)?;
    }
    Ok(())
}
