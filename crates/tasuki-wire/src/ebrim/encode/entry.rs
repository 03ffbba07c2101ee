//! A document entry as `ExtrinsicObject`.

use super::super::names::{NODE_LIMITED_ENTRY, REFERENCE_IDS, entry};
use super::parts::{Object, object};
use crate::xml::Writer;
use tasuki_model::Coding;
use tasuki_model::xds::DocumentEntry;

/// A value of a slot may have so many characters (ITI TF-3, 4.2.3.2.27: longer URIs in pieces).
const PIECE: usize = 128;

pub(super) fn write(writer: &mut Writer, it: &DocumentEntry) {
    let start = object(writer, "ExtrinsicObject", &it.header)
        .attribute("objectType", it.object_type.urn())
        .attribute("mimeType", &it.mime_type);
    start.content(|inside| {
        let mut object = Object::new(inside, &it.header);
        slots(&mut object, it);
        object.words(&it.title, &it.comments, it.header.version.as_deref());
        for author in &it.authors {
            object.author(entry::AUTHOR, author);
        }
        let mut code = |scheme, codes: &[Coding]| {
            for code in codes {
                object.code(scheme, code);
            }
        };
        code(entry::CLASS, it.class_code.as_slice());
        code(entry::TYPE, it.type_code.as_slice());
        code(entry::FORMAT, it.format_code.as_slice());
        code(entry::FACILITY_TYPE, it.facility_type.as_slice());
        code(entry::PRACTICE_SETTING, it.practice_setting.as_slice());
        code(entry::CONFIDENTIALITY, &it.confidentiality);
        code(entry::EVENT, &it.event_codes);
        if it.limited {
            object.node(NODE_LIMITED_ENTRY);
        }
        let patient = it.patient_id.as_deref();
        object.identifier(entry::PATIENT_ID, "XDSDocumentEntry.patientId", patient);
        let unique = it.unique_id.as_deref();
        object.identifier(entry::UNIQUE_ID, "XDSDocumentEntry.uniqueId", unique);
    });
}

fn slots(object: &mut Object<'_, '_>, it: &DocumentEntry) {
    object.value("creationTime", it.creation_time.as_ref());
    object.value("serviceStartTime", it.service_start.as_ref());
    object.value("serviceStopTime", it.service_stop.as_ref());
    object.value("languageCode", it.language.as_ref());
    object.value("size", it.size.as_ref());
    object.value("hash", it.hash.as_ref());
    object.value("repositoryUniqueId", it.repository_id.as_ref());
    object.value("documentAvailability", it.availability.as_ref());
    object.value("legalAuthenticator", it.legal_authenticator.as_ref());
    object.value("sourcePatientId", it.source_patient_id.as_ref());
    object.slot("sourcePatientInfo", &it.source_patient_info);
    object.slot(REFERENCE_IDS, &it.reference_ids);
    if let Some(uri) = &it.uri {
        object.slot("URI", &pieces(uri));
    }
    object.extra(&it.header.extra);
}

fn pieces(uri: &str) -> Vec<String> {
    if uri.chars().count() <= PIECE {
        return vec![uri.to_owned()];
    }
    let characters: Vec<char> = uri.chars().collect();
    // The number and its bar take a few characters of each piece.
    let pieces = characters.chunks(PIECE - 4);
    pieces
        .enumerate()
        .map(|(place, piece)| format!("{}|{}", place + 1, piece.iter().collect::<String>()))
        .collect()
}
