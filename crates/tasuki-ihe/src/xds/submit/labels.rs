//! What the policy has to know of each object, and the row of each document that we keep.
//!
//! A set, folder or association says something of the documents in it, so it is as confidential as
//! the strictest of them.

use super::Plan;
use super::documents::Places;
use super::patients::Patient;
use crate::xds::Registry;
use tasuki_core::ports::NewObject;
use tasuki_model::document::SourceKey;
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::{DocumentEntry, RegistryObject, Submission, utc_in_jst};
use tasuki_model::{
    AvailabilityStatus, Category, Coding, EntryUuid, FacilityId, JstDay, PatientKey, UniqueId,
};

pub(super) fn fill(
    registry: &Registry,
    patient: &Patient,
    submission: &Submission,
    places: &Places,
    plan: &mut Plan,
) {
    let affinity = &registry.affinity;
    let levels = submission
        .entries
        .iter()
        .map(|e| affinity.confidentiality(e));
    let strictest = levels.max().unwrap_or(Confidentiality::Normal);
    let mut categories = submission.entries.iter().map(|e| affinity.category(e));
    let first = categories.next().unwrap_or(Category::File);
    let category = if categories.all(|c| c == first) {
        first
    } else {
        Category::File
    };
    for (number, entry) in submission.entries.iter().enumerate() {
        let Some((key, facility)) = patient.of_entries.get(number) else {
            continue;
        };
        if let Some(place) = places.get(&number)
            && let Some(row) = row(registry, (key, facility), entry)
        {
            plan.rows.push((row, *place));
        }
        plan.objects.push(NewObject {
            patient_key: key.clone(),
            category: affinity.category(entry),
            confidentiality: affinity.confidentiality(entry),
            day: day(entry),
            object: RegistryObject::Entry(Box::new(entry.clone())),
        });
    }
    let rest = Submission {
        sets: submission.sets.clone(),
        entries: Vec::new(),
        folders: submission.folders.clone(),
        associations: submission.associations.clone(),
    };
    for object in rest.into_objects() {
        if !matches!(object, RegistryObject::Entry(_)) {
            plan.objects.push(NewObject {
                patient_key: patient.key.clone(),
                category,
                confidentiality: strictest,
                day: None,
                object,
            });
        }
    }
}

/// The day in Japan on which the service began, else on which the document was made.
pub(in crate::xds) fn day(entry: &DocumentEntry) -> Option<JstDay> {
    let time = entry
        .service_start
        .as_deref()
        .or(entry.creation_time.as_deref());
    time.and_then(utc_in_jst).map(|time| time.day())
}

/// The row by which the portal finds the document.
fn row(
    registry: &Registry,
    (key, facility): (&PatientKey, &FacilityId),
    entry: &DocumentEntry,
) -> Option<tasuki_model::DocumentEntry> {
    let entry_uuid = EntryUuid::from_urn(&entry.header.id).ok()?;
    let code = |code: &Option<Coding>| code.clone().unwrap_or_default();
    let class_code = code(&entry.class_code);
    let author = entry.authors.iter().find_map(|a| a.person.as_deref());
    let title = entry.title.first().map(|t| t.value.clone());
    Some(tasuki_model::DocumentEntry {
        unique_id: UniqueId::new(entry.unique_id.as_deref()?).ok()?,
        logical_id: entry_uuid.clone(),
        patient_key: key.clone(),
        facility: facility.clone(),
        repository_id: registry.repository.clone(),
        status: AvailabilityStatus::Approved,
        type_code: code(&entry.type_code),
        format_code: code(&entry.format_code),
        practice_setting: entry.practice_setting.clone(),
        confidentiality: registry.affinity.confidentiality(entry),
        category: registry.affinity.category(entry),
        mime_type: entry.mime_type.as_str().into(),
        title,
        author: author.map(str::to_owned),
        creation_time: entry.creation_time.as_deref().and_then(utc_in_jst),
        service_start: entry.service_start.as_deref().and_then(utc_in_jst),
        received: registry.clock.now(),
        size_bytes: entry.size.as_deref()?.parse().ok()?,
        hash: entry.hash.as_deref()?.into(),
        items: 0,
        problems: 0,
        source_key: SourceKey {
            day: day(entry),
            kind: class_code.code.as_str().into(),
            // Its own id: a document that is submitted replaces another only where it says so.
            order: entry_uuid.as_str().into(),
        },
        class_code,
        entry_uuid,
    })
}
