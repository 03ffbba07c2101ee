//! `ExtrinsicObject` to a document entry (ITI TF-3, table 4.2.3.2-1).

use super::super::What;
use super::super::names::{NODE_LIMITED_ENTRY, REFERENCE_IDS, entry};
use super::parts::Parts;
use crate::xml::Element;
use tasuki_model::xds::{DocumentEntry, ObjectType};

pub(super) fn read(element: &Element, mut parts: Parts<'_>) -> DocumentEntry {
    let object_type = element.attribute("objectType").unwrap_or_default();
    let object_type = ObjectType::from_urn(object_type).unwrap_or_else(|| {
        parts.problem("objectType", What::Unknown);
        ObjectType::Stable
    });
    let mut read = DocumentEntry {
        object_type,
        mime_type: element.attribute("mimeType").unwrap_or_default().to_owned(),
        unique_id: parts.identifier(entry::UNIQUE_ID, "uniqueId"),
        patient_id: parts.identifier(entry::PATIENT_ID, "patientId"),
        title: parts.title(),
        comments: parts.comments(),
        authors: parts.authors(entry::AUTHOR),
        class_code: parts.code(entry::CLASS, "classCode"),
        type_code: parts.code(entry::TYPE, "typeCode"),
        format_code: parts.code(entry::FORMAT, "formatCode"),
        facility_type: parts.code(entry::FACILITY_TYPE, "healthcareFacilityTypeCode"),
        practice_setting: parts.code(entry::PRACTICE_SETTING, "practiceSettingCode"),
        confidentiality: parts.codes(entry::CONFIDENTIALITY, "confidentialityCode"),
        event_codes: parts.codes(entry::EVENT, "eventCodeList"),
        legal_authenticator: parts.value("legalAuthenticator"),
        creation_time: parts.value("creationTime"),
        service_start: parts.value("serviceStartTime"),
        service_stop: parts.value("serviceStopTime"),
        language: parts.value("languageCode"),
        size: parts.value("size"),
        hash: parts.value("hash"),
        repository_id: parts.value("repositoryUniqueId"),
        availability: parts.value("documentAvailability"),
        source_patient_id: parts.value("sourcePatientId"),
        source_patient_info: parts.values("sourcePatientInfo"),
        reference_ids: parts.values(REFERENCE_IDS),
        limited: parts.is(NODE_LIMITED_ENTRY),
        ..DocumentEntry::default()
    };
    read.uri = joined(parts.values("URI"));
    read.header = parts.finish();
    read
}

/// A URI longer than a value comes in numbered pieces, `1|…`, `2|…` (ITI TF-3, 4.2.3.2.27).
fn joined(pieces: Vec<String>) -> Option<String> {
    if pieces.len() < 2 {
        let piece = pieces.into_iter().next()?;
        return Some(
            piece
                .strip_prefix("1|")
                .map_or(piece.clone(), str::to_owned),
        );
    }
    let mut numbered: Vec<(u32, String)> = pieces
        .into_iter()
        .enumerate()
        .map(|(place, piece)| match piece.split_once('|') {
            Some((number, rest)) => (number.parse().unwrap_or(u32::MAX), rest.to_owned()),
            None => (u32::try_from(place).unwrap_or(u32::MAX), piece),
        })
        .collect();
    numbered.sort_by_key(|(number, _)| *number);
    Some(numbered.into_iter().map(|(_, piece)| piece).collect())
}
