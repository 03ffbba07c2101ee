//! Document entries (ITI TF-3, table 4.2.3.2-1; required by table 4.3.1.1-3 for XDS DR).

use super::{Findings, Submitting, types};
use tasuki_model::xds::{DocumentEntry, ObjectType};

pub(super) fn entry(found: &mut Findings<'_>, it: &DocumentEntry) {
    found.object("DocumentEntry", &it.header);
    found.required("uniqueId", it.unique_id.as_ref());
    let unique = it.unique_id.as_ref();
    found.form("uniqueId", unique, types::is_unique_id, types::UNIQUE_ID);
    found.patient_id(it.patient_id.as_ref());
    let source = it.source_patient_id.as_ref();
    found.required("sourcePatientId", source);
    found.form("sourcePatientId", source, types::is_cx, types::CX);
    codes(found, it);
    times(found, it);
    found.required("languageCode", it.language.as_ref());
    let language = it.language.as_ref();
    found.form(
        "languageCode",
        language,
        types::is_language,
        types::LANGUAGE,
    );
    if it.mime_type.is_empty() {
        found.say("mimeType", "is missing: add it");
    } else if !found.affinity.takes_media(&it.mime_type) {
        found.say("mimeType", "is not one of this affinity domain");
    }
    found.authors(&it.authors);
    let authenticator = it.legal_authenticator.as_ref();
    found.form(
        "legalAuthenticator",
        authenticator,
        types::is_xcn,
        types::XCN,
    );
    for line in &it.source_patient_info {
        if !types::is_patient_line(line) {
            found.say("sourcePatientInfo", types::PATIENT_LINE);
        }
    }
    for id in &it.reference_ids {
        let id = Some(id);
        found.form(
            "referenceIdList",
            id,
            types::is_reference_id,
            types::REFERENCE_ID,
        );
    }
    object_type(found, it);
    kept(found, it);
}

fn codes(found: &mut Findings<'_>, it: &DocumentEntry) {
    let single = [
        ("classCode", &it.class_code),
        ("typeCode", &it.type_code),
        ("formatCode", &it.format_code),
        ("healthcareFacilityTypeCode", &it.facility_type),
        ("practiceSettingCode", &it.practice_setting),
    ];
    for (attribute, code) in single {
        found.required(attribute, code.as_ref());
        found.codes(attribute, code.as_slice());
    }
    let first = it.confidentiality.first();
    found.required("confidentialityCode", first);
    found.codes("confidentialityCode", &it.confidentiality);
    found.codes("eventCodeList", &it.event_codes);
}

fn times(found: &mut Findings<'_>, it: &DocumentEntry) {
    if it.object_type == ObjectType::Stable {
        found.required("creationTime", it.creation_time.as_ref());
    }
    found.time("creationTime", it.creation_time.as_ref());
    found.time("serviceStartTime", it.service_start.as_ref());
    found.time("serviceStopTime", it.service_stop.as_ref());
    if let (Some(start), Some(stop)) = (&it.service_start, &it.service_stop) {
        let common = start.len().min(stop.len());
        if start.get(..common) > stop.get(..common) {
            found.say("serviceStopTime", "is before serviceStartTime");
        }
    }
}

fn object_type(found: &mut Findings<'_>, it: &DocumentEntry) {
    let on_demand = it.object_type == ObjectType::OnDemand;
    match (found.submitting, on_demand) {
        (Submitting::Register | Submitting::Provide, true) => {
            found.say("objectType", "is on-demand: register those by ITI-61");
        }
        (Submitting::OnDemand, false) => {
            found.say("objectType", "is stable: register those by ITI-42");
        }
        _ => {}
    }
}

/// What the repository knows of the bytes it keeps.
fn kept(found: &mut Findings<'_>, it: &DocumentEntry) {
    found.form("hash", it.hash.as_ref(), types::is_hash, types::HASH);
    found.form("size", it.size.as_ref(), types::is_size, types::SIZE);
    let repository = it.repository_id.as_ref();
    found.form("repositoryUniqueId", repository, types::is_oid, types::OID);
    match found.submitting {
        Submitting::Register | Submitting::Update if it.object_type == ObjectType::Stable => {
            found.required("hash", it.hash.as_ref());
            found.required("size", it.size.as_ref());
            found.required("repositoryUniqueId", repository);
        }
        Submitting::OnDemand => found.required("repositoryUniqueId", repository),
        Submitting::Register | Submitting::Provide | Submitting::Update => {}
    }
}
