//! What an update of metadata means for the document: its content and its row are given by what the
//! newest version says.

use super::{Document, cx, find, patient, provide, retrieve, send, slot, submission};
use crate::world::World;
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::RegistryObject;
use tasuki_wire::ebrim::{RegistryResponse, ResponseStatus};

#[test]
fn a_document_that_becomes_restricted_does_not_leave_any_more() {
    let world = World::new();
    patient(&world, "1", true);
    let patient = cx("1");
    let mut document = Document {
        patient: &patient,
        unique: "1.2.9.1",
        confidentiality: "N",
        more: "",
    };
    let sent = provide(&world, &document, b"text");
    assert_eq!(sent.status, ResponseStatus::Success, "{:?}", sent.errors);
    let found = find(&world, &patient).found.objects;
    let [RegistryObject::Entry(entry)] = &*found else {
        panic!("{found:?}")
    };
    assert_eq!(retrieve(&world, "2.25.1.1", "1.2.9.1").1, [b"text"]);
    document.confidentiality = "R";
    let kept = [
        slot("hash", entry.hash.as_deref().unwrap()),
        slot("size", "4"),
        slot("repositoryUniqueId", "2.25.1.1"),
        slot("creationTime", "20260712150000"),
    ];
    let lid = entry.header.logical_id.as_deref().unwrap();
    let original = slot("SubmissionSetStatus", "Original");
    let previous = format!("{original}{}", slot("PreviousVersion", "1"));
    let update = submission(&document)
        .replace(
            "<ExtrinsicObject id='D'",
            &format!("<ExtrinsicObject id='D' lid='{lid}'"),
        )
        .replace(&slot("creationTime", "20260712150000"), &kept.concat())
        .replace(&original, &previous)
        .replace("1.2.9.1.1", "1.2.9.1.2");
    let answer = send(&world, "urn:ihe:iti:2010:UpdateDocumentSet", update, None);
    let response = RegistryResponse::decode(&answer.envelope.body).unwrap();
    assert_eq!(
        response.status,
        ResponseStatus::Success,
        "{:?}",
        response.errors
    );
    assert!(find(&world, &patient).found.objects.is_empty());
    let (withheld, parts) = retrieve(&world, "2.25.1.1", "1.2.9.1");
    assert!(parts.is_empty());
    assert_eq!(withheld.response.errors[0].code, "XDSDocumentUniqueIdError");
    let id = tasuki_model::EntryUuid::from_urn(lid).unwrap();
    let row = world
        .store
        .reading(|tx| tx.find_entry(&id))
        .unwrap()
        .unwrap();
    assert_eq!(row.labels().confidentiality, Confidentiality::Restricted);
}
