//! Submission sets and folders (ITI TF-3, tables 4.3.1.1-1 and 4.3.1.1-2).

use super::{Findings, types};
use tasuki_model::xds::{Folder, SubmissionSet};

pub(super) fn set(found: &mut Findings<'_>, it: &SubmissionSet) {
    found.object("SubmissionSet", &it.header);
    found.oid("uniqueId", it.unique_id.as_ref());
    found.oid("sourceId", it.source_id.as_ref());
    found.patient_id(it.patient_id.as_ref());
    found.required("submissionTime", it.submission_time.as_ref());
    found.time("submissionTime", it.submission_time.as_ref());
    found.required("contentTypeCode", it.content_type.as_ref());
    found.codes("contentTypeCode", it.content_type.as_slice());
    found.authors(&it.authors);
    for recipient in &it.recipients {
        // XON|XCN|XTN, the first two of which may be empty.
        let mut parts = recipient.split('|');
        let organisation = parts.next().unwrap_or_default();
        let person = parts.next().unwrap_or_default();
        let right = (organisation.is_empty() || types::is_xon(organisation))
            && (person.is_empty() || types::is_xcn(person))
            && !recipient.trim_matches('|').is_empty();
        if !right {
            let advice = "is not XON|XCN|XTN: name an organisation, a person or an address";
            found.say("intendedRecipient", advice);
        }
    }
}

pub(super) fn folder(found: &mut Findings<'_>, it: &Folder) {
    found.object("Folder", &it.header);
    found.oid("uniqueId", it.unique_id.as_ref());
    found.patient_id(it.patient_id.as_ref());
    found.required("title", it.title.first());
    found.required("codeList", it.codes.first());
    found.codes("folderCodeList", &it.codes);
    found.time("lastUpdateTime", it.last_update.as_ref());
}
