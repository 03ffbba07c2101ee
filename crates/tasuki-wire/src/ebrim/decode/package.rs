//! `RegistryPackage` to a submission set or a folder (ITI TF-3, 4.2.3.3 and 4.2.3.4).

use super::super::names::{NODE_LIMITED_FOLDER, NODE_LIMITED_SET, folder, set};
use super::parts::Parts;
use tasuki_model::xds::{Folder, SubmissionSet};

pub(super) fn read_set(mut parts: Parts<'_>) -> SubmissionSet {
    let mut read = SubmissionSet {
        unique_id: parts.identifier(set::UNIQUE_ID, "uniqueId"),
        source_id: parts.identifier(set::SOURCE_ID, "sourceId"),
        patient_id: parts.identifier(set::PATIENT_ID, "patientId"),
        submission_time: parts.value("submissionTime"),
        content_type: parts.code(set::CONTENT_TYPE, "contentTypeCode"),
        authors: parts.authors(set::AUTHOR),
        recipients: parts.values("intendedRecipient"),
        title: parts.title(),
        comments: parts.comments(),
        limited: parts.is(NODE_LIMITED_SET),
        ..SubmissionSet::default()
    };
    read.header = parts.finish();
    read
}

pub(super) fn read_folder(mut parts: Parts<'_>) -> Folder {
    let mut read = Folder {
        unique_id: parts.identifier(folder::UNIQUE_ID, "uniqueId"),
        patient_id: parts.identifier(folder::PATIENT_ID, "patientId"),
        codes: parts.codes(folder::CODES, "codeList"),
        last_update: parts.value("lastUpdateTime"),
        title: parts.title(),
        comments: parts.comments(),
        limited: parts.is(NODE_LIMITED_FOLDER),
        ..Folder::default()
    };
    read.header = parts.finish();
    read
}
