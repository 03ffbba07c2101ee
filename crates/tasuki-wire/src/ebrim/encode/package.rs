//! Submission sets and folders as `RegistryPackage`. What a package is stands inside it.

use super::super::names::{
    NODE_FOLDER, NODE_LIMITED_FOLDER, NODE_LIMITED_SET, NODE_SUBMISSION_SET, TYPE_PREFIX, folder,
    set,
};
use super::parts::{Object, object};
use crate::xml::Writer;
use tasuki_model::xds::{Folder, SubmissionSet};

pub(super) fn write_set(writer: &mut Writer, it: &SubmissionSet) {
    let start = object(writer, "RegistryPackage", &it.header)
        .attribute("objectType", &format!("{TYPE_PREFIX}RegistryPackage"));
    start.content(|inside| {
        let mut object = Object::new(inside, &it.header);
        object.value("submissionTime", it.submission_time.as_ref());
        object.slot("intendedRecipient", &it.recipients);
        object.extra(&it.header.extra);
        object.words(&it.title, &it.comments, it.header.version.as_deref());
        object.node(NODE_SUBMISSION_SET);
        for author in &it.authors {
            object.author(set::AUTHOR, author);
        }
        if let Some(code) = &it.content_type {
            object.code(set::CONTENT_TYPE, code);
        }
        if it.limited {
            object.node(NODE_LIMITED_SET);
        }
        let mut identifier = |scheme, name, value: &Option<String>| {
            object.identifier(scheme, name, value.as_deref());
        };
        identifier(
            set::PATIENT_ID,
            "XDSSubmissionSet.patientId",
            &it.patient_id,
        );
        identifier(set::SOURCE_ID, "XDSSubmissionSet.sourceId", &it.source_id);
        identifier(set::UNIQUE_ID, "XDSSubmissionSet.uniqueId", &it.unique_id);
    });
}

pub(super) fn write_folder(writer: &mut Writer, it: &Folder) {
    let start = object(writer, "RegistryPackage", &it.header)
        .attribute("objectType", &format!("{TYPE_PREFIX}RegistryPackage"));
    start.content(|inside| {
        let mut object = Object::new(inside, &it.header);
        object.value("lastUpdateTime", it.last_update.as_ref());
        object.extra(&it.header.extra);
        object.words(&it.title, &it.comments, it.header.version.as_deref());
        object.node(NODE_FOLDER);
        for code in &it.codes {
            object.code(folder::CODES, code);
        }
        if it.limited {
            object.node(NODE_LIMITED_FOLDER);
        }
        let patient = it.patient_id.as_deref();
        object.identifier(folder::PATIENT_ID, "XDSFolder.patientId", patient);
        let unique = it.unique_id.as_deref();
        object.identifier(folder::UNIQUE_ID, "XDSFolder.uniqueId", unique);
    });
}
