//! The document as a submission of our own (ITI TF-2 3.41): one set, one entry, and where it takes the place of
//! another, a replacement.

use super::Told;
use super::codes::{CONSENT, FORMAT, PRACTICE, coding};
use crate::xds::Registry;
use crate::xds::patient::PatientCx;
use crate::xds::render::{facility_type, institution, patient_info};
use tasuki_core::Fault;
use tasuki_core::ports::Writing;
use tasuki_model::Coding;
use tasuki_model::xds::{
    Association, AssociationKind, Author, DocumentEntry, Header, Submission, SubmissionSet,
    SubmissionSetStatus, Text, utc_text,
};

/// What the entry is called in the submission, and the key of its bytes.
pub(super) const ENTRY: &str = "consent";
const SET: &str = "set";

pub(super) fn of(
    registry: &Registry,
    tx: &dyn Writing,
    told: &Told<'_>,
) -> Result<Submission, Fault> {
    let mut submission = Submission::default();
    submission.entries.push(entry(registry, told));
    submission.sets.push(SubmissionSet {
        header: header(SET),
        unique_id: Some(tx.new_entry_uuid()?.1.as_str().to_owned()),
        source_id: Some(registry.home.to_string()),
        patient_id: Some(patient(registry, told)),
        submission_time: Some(utc_text(told.at)),
        content_type: Some(coding(CONSENT)),
        authors: vec![author(told)],
        ..SubmissionSet::default()
    });
    let holds = AssociationKind::HasMember;
    submission.associations.push(Association {
        set_status: Some(SubmissionSetStatus::Original),
        ..Association::current("in".to_owned(), holds, SET, ENTRY)
    });
    if let Some(before) = &told.before {
        let (kind, target) = (AssociationKind::Rplc, before.urn());
        let replaces = Association::current("replaces".to_owned(), kind, ENTRY, &target);
        submission.associations.push(replaces);
    }
    Ok(submission)
}

fn header(id: &str) -> Header {
    Header {
        id: id.to_owned(),
        ..Header::default()
    }
}

fn patient(registry: &Registry, told: &Told<'_>) -> String {
    let cx = PatientCx {
        id: told.pid.clone(),
        authority: registry.authority.as_str().to_owned(),
    };
    cx.to_string()
}

/// The facility that took it; its clerk's name stays there.
fn author(told: &Told<'_>) -> Author {
    Author {
        institutions: vec![institution(told.facility)],
        ..Author::default()
    }
}

fn entry(registry: &Registry, told: &Told<'_>) -> DocumentEntry {
    let own = registry.own_cx(told.record).map(|cx| cx.to_string());
    DocumentEntry {
        header: header(ENTRY),
        unique_id: Some(told.unique_id.clone()),
        patient_id: Some(patient(registry, told)),
        mime_type: "text/xml".to_owned(),
        title: Text::of(CONSENT.2),
        authors: vec![author(told)],
        class_code: Some(coding(CONSENT)),
        type_code: Some(coding(CONSENT)),
        format_code: Some(coding(FORMAT)),
        facility_type: Some(facility_type(told.facility)),
        practice_setting: Some(coding(PRACTICE)),
        confidentiality: vec![Coding {
            system: "2.16.840.1.113883.5.25".into(),
            code: "N".into(),
            text: "normal".into(),
            version: None,
        }],
        event_codes: told.policies.clone(),
        creation_time: Some(utc_text(told.at)),
        service_start: Some(utc_text(told.from)),
        service_stop: told.until.map(utc_text),
        language: Some("ja-JP".to_owned()),
        source_patient_info: patient_info(told.record, own.as_deref()),
        source_patient_id: own,
        ..DocumentEntry::default()
    }
}
