//! How the objects of a submission hang together (ITI TF-3, 4.2.1 and 4.2.2).

use super::{Findings, Submitting};
use crate::xds::{XdsCode, XdsProblem};
use std::collections::HashSet;
use tasuki_core::Code;
use tasuki_model::xds::{Association, AssociationKind, Submission, SubmissionSetStatus};

pub(super) fn relations(found: &mut Findings<'_>, submission: &Submission) {
    unique(found, submission);
    if submission.sets.len() != 1 {
        let context = format!("{} SubmissionSets: send exactly one", submission.sets.len());
        found.problems.push(XdsProblem::metadata(context));
        return;
    }
    let of_set = |id: &str| submission.sets.iter().any(|s| s.header.id == id);
    let entries: HashSet<&str> = ids(&submission.entries, |e| &e.header.id);
    for it in &submission.associations {
        found.object("Association", &it.header);
        found.codes("associationDocumentation", it.documentation.as_slice());
        // What an update's associations may say is told by its operations.
        if found.submitting != Submitting::Update {
            association(found, it, &of_set, &entries);
        }
    }
    let members: HashSet<&str> = submission
        .associations
        .iter()
        .filter(|a| a.kind == AssociationKind::HasMember && of_set(&a.source))
        .map(|a| a.target.as_str())
        .collect();
    // A folder without its membership is given one (`submit::folders`).
    for id in &entries {
        if !members.contains(id) {
            found.kind = "SubmissionSet";
            found.id = (*id).to_owned();
            found.say(
                "HasMember",
                "is missing: the set has to name every document",
            );
        }
    }
}

fn ids<T>(objects: &[T], id: impl Fn(&T) -> &String) -> HashSet<&str> {
    objects.iter().map(|object| id(object).as_str()).collect()
}

fn association(
    found: &mut Findings<'_>,
    it: &Association,
    of_set: &dyn Fn(&str) -> bool,
    entries: &HashSet<&str>,
) {
    if it.source == it.target {
        found.say(
            "targetObject",
            "is its sourceObject: nothing relates to itself",
        );
    }
    if it.previous_version.is_some() {
        let advice = "belongs to a metadata update (ITI-57): leave it out";
        found.say("PreviousVersion", advice);
    }
    match it.kind {
        AssociationKind::HasMember if of_set(&it.source) => {
            let comes = entries.contains(it.target.as_str());
            match (it.set_status, comes) {
                (None, true) => {
                    found.say("SubmissionSetStatus", "is missing: add Original");
                }
                (Some(SubmissionSetStatus::Original), false)
                    if !it.target.starts_with("urn:uuid:") =>
                {
                    found.say("targetObject", "is not in this submission");
                }
                (Some(SubmissionSetStatus::Reference), true) => {
                    let advice = "is Reference, but the document comes here: write Original";
                    found.say("SubmissionSetStatus", advice);
                }
                _ => {}
            }
        }
        kind if kind.is_relationship() => {
            // A signature may be about what comes with it; all else is about what is there.
            if kind != AssociationKind::IsSnapshotOf && !entries.contains(it.source.as_str()) {
                let advice = "is not in this submission: it has to be the new document";
                found.say("sourceObject", advice);
            }
            if kind.replaces() && entries.contains(it.target.as_str()) {
                let advice = "is in this submission: it has to be the document that is replaced";
                found.say("targetObject", advice);
            }
        }
        _ => {}
    }
}

/// Ids and uniqueIds are used once in a message.
fn unique(found: &mut Findings<'_>, submission: &Submission) {
    let mut seen = HashSet::new();
    let sets = submission.sets.iter().map(|s| (&s.header.id, &s.unique_id));
    let entries = submission.entries.iter();
    let entries = entries.map(|e| (&e.header.id, &e.unique_id));
    let folders = submission.folders.iter();
    let folders = folders.map(|f| (&f.header.id, &f.unique_id));
    let mut ids = HashSet::new();
    for (id, unique) in sets.chain(entries).chain(folders) {
        if !ids.insert(id) {
            let context = format!("{id}: the id is used twice: give each object its own");
            found.problems.push(XdsProblem::metadata(context));
        }
        if unique.as_ref().is_some_and(|unique| !seen.insert(unique)) {
            found.problems.push(XdsProblem::new(
                XdsCode::DuplicateInMessage,
                Code::XdsUniqueIdUsed,
                format!(
                    "{id}: uniqueId {} is used twice",
                    unique.as_deref().unwrap_or("")
                ),
            ));
        }
    }
}
