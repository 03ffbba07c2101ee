//! What systems of our own community send.

use super::{Left, since};
use crate::registry::{self, Document, cx, patient, send, slot, submission};
use crate::soap::patient_index as v3;
use crate::world::World;
use std::sync::Arc;
use tasuki_model::xds::{DocumentEntry, RegistryObject};
use tasuki_wire::xml;

const UNIQUE: &str = "1.2.9.1";
const REPOSITORY: &str = "2.25.1.1";

/// Sends one message, and takes what it leaves.
fn left(world: &World, patient: &str, action: &str, body: String, mtom: bool) -> Left {
    let parts = mtom.then(|| vec![("d@test", b"text".to_vec())]);
    let before = world.events().len();
    let stranger = registry::send_as(world, Some([77; 32]), action, body.clone(), parts.clone());
    assert_eq!(stranger.status, 400, "{action}");
    let refused = Some(since(&Arc::clone(&world.store), before));
    let before = world.events().len();
    let answer = send(world, action, body, parts);
    assert_eq!(answer.status, 200, "{action}");
    Left {
        asked: None,
        answered: since(&Arc::clone(&world.store), before),
        refused,
        patient: patient.to_owned(),
        body: xml::Document::of(&answer.envelope.body),
    }
}

fn xds(world: &World, patient: &str, action: &str, body: String) -> Left {
    left(
        world,
        patient,
        &format!("urn:ihe:iti:{action}"),
        body,
        false,
    )
}

fn document(patient: &str) -> Document<'_> {
    Document {
        patient,
        unique: UNIQUE,
        confidentiality: "N",
        more: "",
    }
}

fn empty() -> World {
    let world = World::new();
    patient(&world, "1", true);
    world
}

/// A document of a patient is there.
fn full() -> (World, DocumentEntry) {
    let world = empty();
    let sent = registry::provide(&world, &document(&cx("1")), b"text");
    assert!(sent.errors.is_empty(), "{:?}", sent.errors);
    let mut found = registry::find(&world, &cx("1")).found.objects;
    let Some(RegistryObject::Entry(entry)) = found.pop() else {
        panic!("an entry");
    };
    (world, *entry)
}

fn query(id: &str, parameters: &[(&str, &str)]) -> String {
    let slots: String = parameters.iter().map(|(n, v)| slot(n, v)).collect();
    format!(
        "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' xmlns='{}'>\
         <q:ResponseOption returnType='LeafClass' returnComposedObjects='true'/>\
         <AdhocQuery id='urn:uuid:{id}'>{slots}</AdhocQuery></q:AdhocQueryRequest>",
        registry::RIM
    )
}

pub fn find() -> Left {
    let (world, _) = full();
    let quoted = format!("'{}'", cx("1"));
    let parameters = [
        ("$XDSDocumentEntryPatientId", quoted.as_str()),
        ("$XDSDocumentEntryStatus", registry::APPROVED),
    ];
    let body = query(registry::FIND_DOCUMENTS, &parameters);
    xds(&world, &cx("1"), "2007:RegistryStoredQuery", body)
}

pub fn multi_patient() -> Left {
    let (world, _) = full();
    let quoted = format!("('{}')", cx("1"));
    let class = "('18842-5^^2.16.840.1.113883.6.1')";
    let parameters = [
        ("$XDSDocumentEntryPatientId", quoted.as_str()),
        ("$XDSDocumentEntryStatus", registry::APPROVED),
        ("$XDSDocumentEntryClassCode", class),
    ];
    let body = query("3d1bdb10-39a2-11de-89c2-2f44d94eaa9f", &parameters);
    xds(&world, &cx("1"), "2009:MultiPatientStoredQuery", body)
}

pub fn provide() -> Left {
    let text = submission(&document(&cx("1")));
    let body = format!(
        "<x:ProvideAndRegisterDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'>{text}\
         <x:Document id='D'><i:Include xmlns:i='http://www.w3.org/2004/08/xop/include' \
         href='cid:d@test'/></x:Document></x:ProvideAndRegisterDocumentSetRequest>"
    );
    let action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b";
    left(&empty(), &cx("1"), action, body, true)
}

const CREATED: &str = "20260712150000";

/// What is known of a content that lies somewhere else.
fn of_content(hash: &str) -> String {
    [
        slot("hash", hash),
        slot("size", "4"),
        slot("repositoryUniqueId", REPOSITORY),
        slot("creationTime", CREATED),
    ]
    .concat()
}

pub fn register() -> Left {
    let known = of_content("da39a3ee5e6b4b0d3255bfef95601890afd80709");
    let body = submission(&document(&cx("1"))).replace(&slot("creationTime", CREATED), &known);
    xds(&empty(), &cx("1"), "2007:RegisterDocumentSet-b", body)
}

pub fn on_demand() -> Left {
    let body = submission(&document(&cx("1")))
        .replace(
            &slot("creationTime", CREATED),
            &slot("repositoryUniqueId", REPOSITORY),
        )
        .replace(
            "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1",
            "urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248",
        );
    xds(
        &empty(),
        &cx("1"),
        "2010:RegisterOnDemandDocumentEntry",
        body,
    )
}

/// A new version of the entry.
fn updated(entry: &DocumentEntry) -> String {
    let lid = entry.header.logical_id.as_deref().unwrap();
    let original = slot("SubmissionSetStatus", "Original");
    let previous = format!("{original}{}", slot("PreviousVersion", "1"));
    let identified = format!("<ExtrinsicObject id='D' lid='{lid}'");
    submission(&document(&cx("1")))
        .replace("<ExtrinsicObject id='D'", &identified)
        .replace(
            &slot("creationTime", CREATED),
            &of_content(entry.hash.as_deref().unwrap()),
        )
        .replace(&original, &previous)
        .replace("1.2.9.1.1", "1.2.9.1.2")
}

pub fn update() -> Left {
    let (world, entry) = full();
    xds(&world, &cx("1"), "2010:UpdateDocumentSet", updated(&entry))
}

pub fn restricted_update() -> Left {
    let (world, entry) = full();
    let action = "2018:RestrictedUpdateDocumentSet";
    xds(&world, &cx("1"), action, updated(&entry))
}

fn request() -> String {
    format!(
        "<x:DocumentRequest xmlns:x='urn:ihe:iti:xds-b:2007'>\
         <x:RepositoryUniqueId>{REPOSITORY}</x:RepositoryUniqueId>\
         <x:DocumentUniqueId>{UNIQUE}</x:DocumentUniqueId></x:DocumentRequest>"
    )
}

/// Without attachments, so that the content stands where the schema has it.
pub fn retrieve() -> Left {
    let (world, _) = full();
    let request = request();
    let body = format!(
        "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'>{request}\
         </x:RetrieveDocumentSetRequest>"
    );
    xds(&world, "", "2007:RetrieveDocumentSet", body)
}

pub fn remove_content() -> Left {
    let (world, _) = full();
    let request = request();
    let body = format!(
        "<m:RemoveDocumentsRequest xmlns:m='urn:ihe:iti:rmd:2017'>{request}\
         </m:RemoveDocumentsRequest>"
    );
    xds(&world, "", "2017:RemoveDocuments", body)
}

pub fn remove() -> Left {
    let (world, _) = full();
    let set = format!("'{UNIQUE}.1'");
    let of_set = [("$XDSSubmissionSetUniqueId", set.as_str())];
    let all = registry::query(&world, "e8e3cb2c-e39c-46b9-99e4-c12f57260b83", &of_set);
    let ids = all.found.objects.iter().map(|object| {
        let id = object.header().id.clone();
        format!("<r:ObjectRef id='{id}'/>")
    });
    let body = format!(
        "<l:RemoveObjectsRequest xmlns:l='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0'>\
         <r:ObjectRefList xmlns:r='{}'>{}</r:ObjectRefList></l:RemoveObjectsRequest>",
        registry::RIM,
        ids.collect::<String>()
    );
    xds(&world, "", "2010:DeleteDocumentSet", body)
}

fn hl7(world: &World, patient: &str, body: String) -> Left {
    let interaction = &body[1..body.find([' ', '>']).unwrap()];
    let action = format!("urn:hl7-org:v3:{interaction}");
    left(world, patient, &action, body, false)
}

pub fn added() -> Left {
    let cx = format!("81^^^&{}&ISO", v3::oid("hzln"));
    hl7(&World::new(), &cx, v3::feed("81", v3::oid("hzln")))
}

pub fn merged() -> Left {
    let world = World::new();
    for id in ["81", "82"] {
        hl7(&world, "", v3::feed(id, v3::oid("hzln")));
    }
    let cx = format!("82^^^&{}&ISO", v3::oid("hzln"));
    hl7(&world, &cx, v3::merge("81", "82"))
}

pub fn demographics() -> Left {
    let name = "<livingSubjectName><value><family>東京</family></value>\
                <semanticsText>LivingSubject.name</semanticsText></livingSubjectName>";
    hl7(&v3::world(), "", v3::pdq(name))
}
