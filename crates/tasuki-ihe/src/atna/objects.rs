//! What it was about: patients, the query, documents, submission sets.

use tasuki_core::audit::{
    AuditEvent, AuditedDocument, AuditedLink, AuditedQuery, Exchange, LinkPart,
};
use tasuki_wire::atna::{Coded, Detail, Object};

/// `ParticipantObjectDetail` of a home community id (ITI TF-2 3.38.5, 3.39.5).
const HOME_OF_QUERY: &str = "urn:ihe:iti:xca:2010:homeCommunityId";
const HOME_OF_DOCUMENT: &str = "ihe:homeCommunityID";
/// `ParticipantObjectDetail` of what a patient ID is in a link change (ITI TF-2 3.64.5.1).
const KIND_OF_ID: &str = "urn:ihe:iti:xpid:2017:patientIdentifierType";

pub(super) fn objects(event: &AuditEvent) -> Vec<Object> {
    let Some(exchange) = event.exchange.as_deref() else {
        return event
            .patients
            .iter()
            .map(|key| patient(key.as_str()))
            .collect();
    };
    let mut objects: Vec<Object> = if !exchange.links.is_empty() {
        let links = exchange.links.iter();
        links.map(|link| linked(exchange, link)).collect()
    } else if exchange.patients.is_empty() {
        // No ID stood on the wire: our own keys say whose data it was.
        let keys = event.patients.iter();
        keys.map(|key| patient(key.as_str())).collect()
    } else {
        exchange.patients.iter().map(|id| patient(id)).collect()
    };
    objects.extend(exchange.query.iter().map(|query| asked(exchange, query)));
    objects.extend(exchange.submission_sets.iter().map(|id| submission_set(id)));
    objects.extend(exchange.documents.iter().map(document));
    objects.extend(exchange.objects.iter().map(|id| registry_object(id)));
    objects
}

fn object(id: &str, kind: u8, role: u8, id_type: Coded) -> Object {
    Object {
        id: id.to_owned(),
        kind,
        role,
        lifecycle: None,
        id_type,
        query: None,
        details: Vec::new(),
    }
}

fn detail(name: &str, value: &str) -> Detail {
    Detail {
        name: name.to_owned(),
        value: value.as_bytes().to_vec(),
    }
}

fn patient(id: &str) -> Object {
    object(id, 1, 1, Coded::new("2", "RFC-3881", "Patient Number"))
}

/// An ID of a link change (ITI TF-2 3.64.5.1): what it is, and what becomes of it.
fn linked(exchange: &Exchange, link: &AuditedLink) -> Object {
    let of = |part| {
        let mut links = exchange.links.iter();
        links.find(|l| l.part == part).map(|l| &l.id)
    };
    let merged = of(LinkPart::Subsumed).is_some();
    let moved = of(LinkPart::New) != of(LinkPart::Previous);
    let (name, lifecycle) = match link.part {
        LinkPart::Local => ("localPatientId", merged.then_some(1)),
        LinkPart::Subsumed => ("subsumedPatientId", Some(14)),
        LinkPart::New => ("newPatientId", moved.then_some(1)),
        LinkPart::Previous => ("previousPatientId", moved.then_some(14)),
    };
    Object {
        lifecycle,
        details: vec![
            detail("MSH-10", &exchange.message_id),
            detail(KIND_OF_ID, name),
        ],
        ..patient(&link.id)
    }
}

fn asked(exchange: &Exchange, query: &AuditedQuery) -> Object {
    let number = &exchange.transaction;
    let id_type = Coded::new(number, "IHE Transactions", number);
    let mut details = vec![detail("QueryEncoding", "UTF-8")];
    if !exchange.message_id.is_empty() {
        // MSH-10 for a query over HL7 v2 (ITI TF-2 3.9.5); the message's id for the others.
        details.push(detail("MSH-10", &exchange.message_id));
    }
    let homes = query.home.iter();
    details.extend(homes.map(|home| detail(HOME_OF_QUERY, &format!("urn:oid:{home}"))));
    Object {
        query: Some(query.text.as_bytes().to_vec()),
        details,
        ..object(&query.id, 2, 24, id_type)
    }
}

fn submission_set(id: &str) -> Object {
    let code = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd";
    let text = "submission set classificationNode";
    object(id, 2, 20, Coded::new(code, "IHE XDS Metadata", text))
}

/// An object that is removed (ITI TF-2 3.62.5.1).
fn registry_object(id: &str) -> Object {
    let code = "urn:ihe:iti:2017:ObjectRef";
    let text = "registry object reference";
    object(id, 2, 3, Coded::new(code, "IHE XDS Metadata", text))
}

fn document(document: &AuditedDocument) -> Object {
    let mut details = Vec::new();
    if !document.repository_id.is_empty() {
        details.push(detail("Repository Unique Id", &document.repository_id));
    }
    let homes = document.home.iter();
    details.extend(homes.map(|home| detail(HOME_OF_DOCUMENT, &format!("urn:oid:{home}"))));
    Object {
        details,
        ..object(
            &document.unique_id,
            2,
            3,
            Coded::new("9", "RFC-3881", "Report Number"),
        )
    }
}
