//! uniqueIds: a set or folder has a new one; a document may come again if it is the same document
//! (ITI TF-2, 3.42.4.1.3.3).

use crate::xds::{XdsCode, XdsProblem};
use tasuki_core::ports::Reading;
use tasuki_core::{Code, Fault};
use tasuki_model::UniqueId;
use tasuki_model::xds::{DocumentEntry, RegistryObject, Submission};

pub(super) fn check(tx: &dyn Reading, submission: &Submission) -> Result<Vec<XdsProblem>, Fault> {
    let mut problems = Vec::new();
    let sets = submission
        .sets
        .iter()
        .map(|s| ("SubmissionSet", &s.unique_id));
    let folders = submission.folders.iter().map(|f| ("Folder", &f.unique_id));
    for (kind, unique) in sets.chain(folders) {
        let Some(unique) = unique else { continue };
        if !tx.find_objects_named(unique)?.is_empty() {
            problems.push(XdsProblem::new(
                XdsCode::DuplicateUniqueId,
                Code::XdsUniqueIdUsed,
                format!("{kind}: uniqueId {unique} is there already: give a new one"),
            ));
        }
    }
    for entry in &submission.entries {
        problems.extend(document(tx, entry)?);
    }
    Ok(problems)
}

fn document(tx: &dyn Reading, entry: &DocumentEntry) -> Result<Option<XdsProblem>, Fault> {
    let Some(unique) = &entry.unique_id else {
        return Ok(None);
    };
    for known in tx.find_objects_named(unique)? {
        let mut problem = None;
        // Only compared, never told.
        let _ = known.map(|_, object| problem = differs(entry, unique, &object));
        if problem.is_some() {
            return Ok(problem);
        }
    }
    let Ok(id) = UniqueId::new(unique) else {
        return Ok(None);
    };
    let mut problem = None;
    if let Some(row) = tx.find_unique(&id)? {
        let _ = row.map(|_, row| problem = compare(entry, unique, &row.hash, row.size_bytes));
    }
    Ok(problem)
}

fn differs(entry: &DocumentEntry, unique: &str, known: &RegistryObject) -> Option<XdsProblem> {
    let RegistryObject::Entry(known) = known else {
        return Some(XdsProblem::new(
            XdsCode::RegistryMetadata,
            Code::XdsUniqueIdUsed,
            format!("DocumentEntry: uniqueId {unique} is that of another object: give a new one"),
        ));
    };
    let size = known.size.as_deref().and_then(|s| s.parse().ok());
    compare(entry, unique, known.hash.as_deref()?, size?)
}

fn compare(entry: &DocumentEntry, unique: &str, hash: &str, size: u64) -> Option<XdsProblem> {
    let problem = |code, what| {
        XdsProblem::new(
            code,
            Code::XdsHashDiffers,
            format!("DocumentEntry: the document {unique} is there already with another {what}"),
        )
    };
    let other_hash = entry
        .hash
        .as_ref()
        .is_some_and(|h| !h.eq_ignore_ascii_case(hash));
    if other_hash {
        return Some(problem(XdsCode::NonIdenticalHash, "hash"));
    }
    let other_size = entry.size.as_ref().is_some_and(|s| s.parse() != Ok(size));
    other_size.then(|| problem(XdsCode::NonIdenticalSize, "size"))
}
