//! What an update asks for: its operations, told by the associations of the set (ITI TF-2,
//! 3.57.4.1.3.3). An association with a slot that its operation does not have is refused.

use super::{Refused, XdsCode, refused};
use crate::xds::XdsProblem;
use std::collections::HashSet;
use tasuki_model::AvailabilityStatus;
use tasuki_model::xds::{Association, AssociationKind, SubmissionSetStatus};
use tasuki_wire::ebrim::Read;

/// One operation.
pub(super) enum Operation<'r> {
    /// An entry or folder of the message is a new version.
    Version {
        /// Its id in the message.
        id: &'r str,
        /// The version that it supersedes.
        previous: u64,
        /// Whether memberships of the version before go over to it.
        propagate: bool,
    },
    /// A status changes.
    Status {
        target: &'r str,
        from: AvailabilityStatus,
        to: AvailabilityStatus,
    },
    /// An association of the message is new.
    Relation(&'r Association),
}

fn wrong(it: &Association, advice: &str) -> Refused {
    let context = format!("Association {}: {advice}", it.header.id);
    refused(XdsCode::UpdateOperation, context)
}

pub(super) fn of(read: &Read) -> Result<Vec<Operation<'_>>, Refused> {
    if let Some(problem) = read.problems.iter().find(|p| p.kind == "Association") {
        // A relation of no known kind is wrong metadata; all else is a wrong operation.
        if problem.attribute.contains(":AssociationType:") {
            return Err(XdsProblem::metadata(problem.to_string()).into());
        }
        return Err(refused(XdsCode::UpdateOperation, problem.to_string()));
    }
    let submission = &read.submission;
    let set = submission
        .sets
        .first()
        .map_or("", |set| set.header.id.as_str());
    let mut operations = Vec::new();
    let mut submitted: HashSet<&str> = HashSet::new();
    let mut logical: HashSet<&str> = HashSet::new();
    for it in submission.associations.iter().filter(|a| a.source == set) {
        match it.kind {
            AssociationKind::HasMember => {
                let (operation, lid) = version(read, it)?;
                if !logical.insert(lid) {
                    return Err(wrong(
                        it,
                        "the same logicalID is updated twice: send one update",
                    ));
                }
                operations.push(operation);
            }
            AssociationKind::UpdateAvailabilityStatus => operations.push(status(it)?),
            AssociationKind::SubmitAssociation => {
                let mut all = submission.associations.iter();
                let new = all.find(|a| a.header.id == it.target);
                let new = new.ok_or_else(|| {
                    let context = format!("{}: targetObject is not here", it.header.id);
                    XdsProblem::metadata(context)
                })?;
                submitted.insert(&new.header.id);
                operations.push(Operation::Relation(new));
            }
            _ => return Err(wrong(it, "is no operation of a metadata update")),
        }
    }
    let mut others = submission.associations.iter().filter(|a| a.source != set);
    if let Some(stray) = others.find(|a| !submitted.contains(a.header.id.as_str())) {
        return Err(wrong(stray, "no SubmitAssociation names it"));
    }
    if operations.is_empty() {
        return Err(refused(
            XdsCode::UpdateOperation,
            "no operation: send at least one",
        ));
    }
    apart(&operations)?;
    // A status changes after the version is there.
    operations.sort_by_key(|operation| matches!(operation, Operation::Status { .. }));
    Ok(operations)
}

fn version<'r>(read: &'r Read, it: &'r Association) -> Result<(Operation<'r>, &'r str), Refused> {
    let submission = &read.submission;
    let entry = submission.entries.iter().find(|e| e.header.id == it.target);
    let folder = submission.folders.iter().find(|f| f.header.id == it.target);
    let header = match (entry, folder) {
        (Some(entry), _) => &entry.header,
        (None, Some(folder)) => &folder.header,
        (None, None) => return Err(wrong(it, "targetObject is no entry or folder here")),
    };
    if entry.is_some() && it.set_status != Some(SubmissionSetStatus::Original) {
        return Err(wrong(it, "SubmissionSetStatus is not Original"));
    }
    if it.original_status.is_some() || it.new_status.is_some() {
        return Err(wrong(
            it,
            "OriginalStatus and NewStatus belong to UpdateAvailabilityStatus",
        ));
    }
    let previous = it.previous_version.as_deref();
    let previous = previous.and_then(|text| text.parse().ok());
    let previous = previous.ok_or_else(|| wrong(it, "PreviousVersion is missing or no number"))?;
    let propagate = match it.propagation.as_deref() {
        None | Some("yes") => true,
        Some("no") => false,
        Some(_) => return Err(wrong(it, "AssociationPropagation is neither yes nor no")),
    };
    let lid = header.logical_id.as_deref().ok_or_else(|| {
        let context = format!(
            "{}: lid is missing: an update names the logicalID",
            header.id
        );
        refused(XdsCode::Update, context)
    })?;
    let operation = Operation::Version {
        id: &header.id,
        previous,
        propagate,
    };
    Ok((operation, lid))
}

fn status(it: &Association) -> Result<Operation<'_>, Refused> {
    let of = |text: &Option<String>| text.as_deref().and_then(AvailabilityStatus::from_urn);
    let (Some(from), Some(to)) = (of(&it.original_status), of(&it.new_status)) else {
        return Err(wrong(
            it,
            "OriginalStatus and NewStatus are not both a status",
        ));
    };
    if from == to {
        return Err(wrong(it, "OriginalStatus and NewStatus are the same"));
    }
    if it.previous_version.is_some() || it.set_status.is_some() || it.propagation.is_some() {
        return Err(wrong(
            it,
            "has a slot that UpdateAvailabilityStatus does not have",
        ));
    }
    Ok(Operation::Status {
        target: &it.target,
        from,
        to,
    })
}

/// A version that takes relations over takes no new one in the same message.
fn apart(operations: &[Operation<'_>]) -> Result<(), Refused> {
    let takes_over = operations.iter().filter_map(|operation| match operation {
        Operation::Version {
            id,
            propagate: true,
            ..
        } => Some(*id),
        _ => None,
    });
    let takes_over: HashSet<&str> = takes_over.collect();
    for operation in operations {
        if let Operation::Relation(it) = operation
            && [&it.source, &it.target]
                .iter()
                .any(|end| takes_over.contains(end.as_str()))
        {
            let advice = "relates a version that takes relations over: write \
                AssociationPropagation no, or send it apart";
            return Err(wrong(it, advice));
        }
    }
    Ok(())
}
