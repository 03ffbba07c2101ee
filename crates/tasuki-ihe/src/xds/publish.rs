//! What the portal writes becomes a submission of our own (ITI TF-2 3.41, without a message): one
//! submission set, the note and its files, checked and written by the rules for everybody else's.
//!
//! How files and addenda hang on their note, a registry says by associations (ITI TF-3 4.2.2). Another
//! community lists entries only (ITI-38), so that each also names its note in `referenceIdList`
//! (4.2.3.2.28): `uniqueId^^^^urn:ihe:iti:xds:2013:uniqueId`.

use super::render::{facility_type, institution, patient_info, plain};
use super::submit::{Documents, Plan, Submitter};
use super::validate::Submitting;
use super::{Refused, Registry};
use crate::network::Network;
use std::collections::BTreeSet;
use std::sync::Arc;
use tasuki_core::ports::{Incoming, Reading, Writing};
use tasuki_core::publish::{Publication, Published, Publishing};
use tasuki_core::{Code, Fault};
use tasuki_model::xds::{
    Association, AssociationKind, Author, DocumentEntry, Header, Submission, SubmissionSet,
    SubmissionSetStatus, Text, utc_text,
};
use tasuki_model::{Coding, EntryUuid, Role};
use tasuki_wire::ebrim::Read;

/// LOINC "Note", the class and type of a note and of what is enclosed with it.
const NOTE: (&str, &str, &str) = ("2.16.840.1.113883.6.1", "34109-9", "患者メモ・ノート");
/// The type of identifiers in `referenceIdList` that are uniqueIds of documents.
const REFERENCE: &str = "urn:ihe:iti:xds:2013:uniqueId";
const SET: &str = "set";

/// Notes of the portal of this node.
pub struct NotePublishing(pub Arc<Network>);

impl Publishing for NotePublishing {
    fn publish(&self, tx: &dyn Writing, publication: &Publication) -> Result<Published, Fault> {
        let registry = Registry::of(&self.0)?;
        let read = Read {
            submission: submission(&registry, tx, publication)?,
            ..Read::default()
        };
        let note = (
            entry_id(0),
            Incoming::Here(publication.text.clone().into_bytes()),
        );
        let files = publication.enclosed.iter().enumerate();
        let files = files.map(|(n, file)| (entry_id(n + 1), Incoming::Here(file.bytes.clone())));
        let documents = Documents::carried(std::iter::once(note).chain(files).collect());
        let feeds = BTreeSet::from([publication.facility.id.clone()]);
        let from = Submitter {
            feeds: &feeds,
            submitting: Submitting::Provide,
        };
        let reading: &dyn Reading = tx;
        let plan = Plan::of(&registry, reading, &from, &read, &documents).map_err(fault)?;
        let done = plan.apply(tx, &documents)?;
        Ok(Published {
            set: done.set,
            documents: done.documents,
        })
    }
}

/// What the registry found wrong with a submission of our own.
pub(super) fn fault(refused: Refused) -> Fault {
    match refused {
        Refused::Fault(fault) => fault,
        Refused::Problems(problems) => match problems.into_iter().next() {
            Some(problem) => Fault::new(problem.code, problem.context),
            None => Fault::new(Code::XdsMetadataWrong, "a note that the registry refuses"),
        },
    }
}

fn entry_id(number: usize) -> String {
    format!("document-{number}")
}

fn submission(
    registry: &Registry,
    tx: &dyn Writing,
    publication: &Publication,
) -> Result<Submission, Fault> {
    let pid = tx.issue_xad_pid(&publication.record.person)?;
    let patient = format!("{}^^^&{}&ISO", pid.as_str(), registry.authority);
    let note = tx.new_entry_uuid()?.1.as_str().to_owned();
    let mut entry = entry(registry, publication, &patient);
    entry.header.id = entry_id(0);
    entry.unique_id = Some(note.clone());
    entry.title = Text::of(&publication.title);
    "text/plain".clone_into(&mut entry.mime_type);
    let mut submission = Submission::default();
    if let Some(target) = &publication.adds_to {
        entry.reference_ids.extend(named(tx, target)?);
        let (kind, source) = (AssociationKind::Apnd, entry_id(0));
        let adds = Association::current("adds".to_owned(), kind, &source, &target.urn());
        submission.associations.push(Association {
            documentation: Some(Coding {
                system: "urn:tasuki:association".into(),
                code: "correction".into(),
                text: "訂正".into(),
                version: None,
            }),
            ..adds
        });
    }
    for (n, file) in publication.enclosed.iter().enumerate() {
        let mut enclosed = entry.clone();
        enclosed.header.id = entry_id(n + 1);
        enclosed.unique_id = Some(tx.new_entry_uuid()?.1.as_str().to_owned());
        enclosed.title = Text::of(&file.name);
        file.mime_type.clone_into(&mut enclosed.mime_type);
        enclosed.reference_ids = vec![reference(&note)];
        submission.entries.push(enclosed);
    }
    submission.entries.insert(0, entry);
    for entry in &submission.entries {
        let (id, kind) = (
            format!("in-{}", entry.header.id),
            AssociationKind::HasMember,
        );
        submission.associations.push(Association {
            set_status: Some(SubmissionSetStatus::Original),
            ..Association::current(id, kind, SET, &entry.header.id)
        });
    }
    submission
        .sets
        .push(set(registry, tx, publication, patient)?);
    Ok(submission)
}

/// The name of the document that a note adds to, where it is here.
fn named(tx: &dyn Writing, target: &EntryUuid) -> Result<Option<String>, Fault> {
    let mut name = None;
    if let Some(found) = tx.find_entry(target)? {
        // Only named; whose it is, the registry checks.
        let _ = found.map(|_, entry| name = Some(reference(entry.unique_id.as_str())));
    }
    Ok(name)
}

fn reference(unique_id: &str) -> String {
    format!("{unique_id}^^^^{REFERENCE}")
}

fn set(
    registry: &Registry,
    tx: &dyn Writing,
    publication: &Publication,
    patient: String,
) -> Result<SubmissionSet, Fault> {
    Ok(SubmissionSet {
        header: header(SET.to_owned()),
        unique_id: Some(tx.new_entry_uuid()?.1.as_str().to_owned()),
        source_id: Some(registry.home.to_string()),
        patient_id: Some(patient),
        submission_time: Some(utc_text(publication.written)),
        content_type: Some(coding(NOTE)),
        authors: vec![author(registry, publication)],
        ..SubmissionSet::default()
    })
}

fn header(id: String) -> Header {
    Header {
        id,
        ..Header::default()
    }
}

fn coding((system, code, text): (&str, &str, &str)) -> Coding {
    Coding {
        system: system.into(),
        code: code.into(),
        text: text.into(),
        version: None,
    }
}

/// What the note and its files have in common.
fn entry(registry: &Registry, publication: &Publication, patient: &str) -> DocumentEntry {
    let written = utc_text(publication.written);
    let own = registry.own_cx(&publication.record);
    let own = own.map(|cx| cx.to_string());
    DocumentEntry {
        patient_id: Some(patient.to_owned()),
        authors: vec![author(registry, publication)],
        class_code: Some(coding(NOTE)),
        type_code: Some(coding(NOTE)),
        format_code: Some(coding(("urn:tasuki:format", "note-1", "患者ノート"))),
        facility_type: Some(facility_type(&publication.facility)),
        practice_setting: Some(coding((
            "urn:tasuki:practice-setting",
            "note",
            "多職種連携",
        ))),
        confidentiality: vec![coding(("2.16.840.1.113883.5.25", "N", "normal"))],
        creation_time: Some(written.clone()),
        service_start: Some(written),
        language: Some("ja-JP".to_owned()),
        source_patient_info: patient_info(&publication.record, own.as_deref()),
        source_patient_id: own,
        ..DocumentEntry::default()
    }
}

fn author(registry: &Registry, publication: &Publication) -> Author {
    let by = &publication.author;
    let person = format!(
        "{}^{}^^^^^^^&{}&ISO",
        by.user,
        plain(&by.name),
        registry.home
    );
    Author {
        person: Some(person),
        institutions: vec![institution(&publication.facility)],
        roles: vec![role(by.role).to_owned()],
        specialties: Some(plain(&by.section))
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect(),
        ..Author::default()
    }
}

/// A profession in the words that another viewer shows as they are.
const fn role(role: Role) -> &'static str {
    match role {
        Role::Physician => "医師",
        Role::Dentist => "歯科医師",
        Role::Nurse => "看護師",
        Role::Pharmacist => "薬剤師",
        Role::CareManager => "介護支援専門員",
        Role::Clerk
        | Role::FacilityAdministrator
        | Role::NetworkOperator
        | Role::PrivacyOfficer
        | Role::Auditor => "事務",
    }
}
