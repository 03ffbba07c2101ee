//! The summary that the community makes on demand: who finds it, and what one retrieve after the other
//! gives. What is drawn in it is another crate's; here it says how many documents it was made of.

use super::{
    APPROVED, Document, FIND_DOCUMENTS, GET_DOCUMENTS, cx, patient, provide, query, retrieve,
};
use crate::world::{Noon, World};
use std::sync::Arc;
use tasuki_core::audit::Ending;
use tasuki_core::on_demand::{Summarising, Summary, SummaryAsked};
use tasuki_core::policy::{Restriction, Terms, decide_peer};
use tasuki_core::ports::{EntryFilter, Service, Store};
use tasuki_core::{Clock, Fault, Released};
use tasuki_ihe::xds::OnDemandSource;
use tasuki_ihe::xds::patient::subject;
use tasuki_model::xds::{DocumentEntry, ObjectType, RegistryObject};

const STABLE: &str = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1";
const ON_DEMAND: &str = "urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248";
const REPOSITORY: &str = "2.25.1.1";
const GET_ALL: &str = "10b545ea-725c-446d-9b95-8aeb444eddf3";

/// Says how many documents are released.
struct Counting(Arc<dyn Store>);

impl Summarising for Counting {
    fn summary(&self, asked: &SummaryAsked<'_>) -> Result<Released<Option<Summary>>, Fault> {
        self.0.reading(|tx| {
            let records = tx.registrations_of(asked.person)?;
            let subjects = records.iter().map(|r| {
                let subject = subject(r, Noon.now());
                subject.opened_to(asked.caller, asked.emergencies)
            });
            let subjects: Vec<_> = subjects.collect();
            let grant = decide_peer(asked.caller, &subjects).unwrap();
            let filter = EntryFilter {
                service: Service::Either,
                ..EntryFilter::default()
            };
            let found = tx.find_entries(&grant.registrations(), &filter)?;
            Ok(grant.release(found).map(|entries| {
                Some(Summary {
                    mime_type: "text/plain",
                    bytes: entries.len().to_string().into_bytes(),
                })
            }))
        })
    }
}

fn offering() -> World {
    World::offering(|store| OnDemandSource {
        making: Arc::new(Counting(Arc::clone(store))),
        institution: "地域^1".into(),
    })
}

/// The community's id of a patient of `hzln`.
fn issued(world: &World, id: &str) -> String {
    let person = world.record("hzln", id).unwrap().person;
    let pid = world.store.writing(|tx| tx.issue_xad_pid(&person)).unwrap();
    format!("{}^^^&2.25.1.9&ISO", pid.as_str())
}

fn submit(world: &World, unique: &str) {
    let document = Document {
        patient: &cx("1"),
        unique,
        confidentiality: "N",
        more: "",
    };
    let sent = provide(world, &document, b"text");
    assert!(sent.errors.is_empty(), "{:?}", sent.errors);
}

/// FindDocuments of these types.
fn find(world: &World, patient: &str, types: &[&str]) -> Vec<DocumentEntry> {
    let patient = format!("'{patient}'");
    let list: Vec<String> = types.iter().map(|t| format!("'{t}'")).collect();
    let list = format!("({})", list.join(","));
    let mut parameters = vec![
        ("$XDSDocumentEntryPatientId", patient.as_str()),
        ("$XDSDocumentEntryStatus", APPROVED),
    ];
    if !types.is_empty() {
        parameters.push(("$XDSDocumentEntryType", list.as_str()));
    }
    entries(query(world, FIND_DOCUMENTS, &parameters).found.objects)
}

fn entries(objects: Vec<RegistryObject>) -> Vec<DocumentEntry> {
    let entry = |object| match object {
        RegistryObject::Entry(entry) => *entry,
        other => panic!("{other:?}"),
    };
    objects.into_iter().map(entry).collect()
}

/// What a retrieve gives: the content, the id that was asked and the id of what was made.
fn made(world: &World, unique: &str) -> (String, String, String) {
    let (answer, parts) = retrieve(world, REPOSITORY, unique);
    assert!(answer.response.errors.is_empty(), "{:?}", answer.response);
    let [document] = &answer.documents[..] else {
        panic!("{:?}", answer.documents);
    };
    let (repository, made) = document.stored_as.clone().unwrap();
    assert_eq!(repository, "", "it is not kept");
    let text = String::from_utf8(parts[0].clone()).unwrap();
    (text, document.asked.unique_id.clone(), made)
}

fn refused(world: &World, unique: &str) -> (String, String) {
    let (answer, parts) = retrieve(world, REPOSITORY, unique);
    assert!(parts.is_empty());
    let error = &answer.response.errors[0];
    let context = error.context.replace(unique, "…");
    (error.code.clone(), context)
}

#[test]
fn it_is_found_by_its_type_and_by_its_ids_and_among_stable_ones_never() {
    let world = offering();
    patient(&world, "1", true);
    submit(&world, "1.2.9.1");
    let pid = issued(&world, "1");
    for stable in [&[][..], &[STABLE]] {
        let found = find(&world, &pid, stable);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].object_type, ObjectType::Stable);
    }
    let both = find(&world, &pid, &[STABLE, ON_DEMAND]);
    assert_eq!(both.len(), 2);
    let found = find(&world, &pid, &[ON_DEMAND]);
    let [entry] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(entry.object_type, ObjectType::OnDemand);
    let absent = [
        &entry.hash,
        &entry.size,
        &entry.creation_time,
        &entry.service_start,
    ];
    assert!(absent.iter().all(|value| value.is_none()), "{entry:?}");
    assert_eq!(entry.patient_id.as_deref(), Some(pid.as_str()));
    assert_eq!(entry.repository_id.as_deref(), Some(REPOSITORY));
    let institution = &entry.authors[0].institutions[0];
    assert_eq!(institution, "地域 1^^^^^^^^^2.25.1");
    let (unique, id) = (entry.unique_id.clone().unwrap(), entry.header.id.clone());
    for (name, value) in [("UniqueId", unique), ("EntryUUID", id)] {
        let value = format!("('{value}')");
        let name = format!("$XDSDocumentEntry{name}");
        let by_id = query(&world, GET_DOCUMENTS, &[(&name, &value)]);
        let by_id = entries(by_id.found.objects);
        assert_eq!(by_id, found, "{name}");
    }
    let all = |types: &str| {
        let patient = format!("'{pid}'");
        let parameters = [
            ("$patientId", patient.as_str()),
            ("$XDSDocumentEntryStatus", APPROVED),
            ("$XDSSubmissionSetStatus", APPROVED),
            ("$XDSFolderStatus", APPROVED),
            ("$XDSDocumentEntryType", types),
        ];
        let objects = query(&world, GET_ALL, &parameters).found.objects;
        objects.iter().any(|o| o.header().id == entry.header.id)
    };
    assert!(all(&format!("('{ON_DEMAND}')")) && !all(&format!("('{STABLE}')")));
    // A hospital's own number is not the person.
    assert_eq!(find(&world, &cx("1"), &[ON_DEMAND]), []);
}

/// A patient with one document: the world, their ID, and the `uniqueId` of the summary that is offered.
fn offered() -> (World, String, String) {
    let world = offering();
    patient(&world, "1", true);
    submit(&world, "1.2.9.1");
    let pid = issued(&world, "1");
    let unique = find(&world, &pid, &[ON_DEMAND])[0].unique_id.clone();
    (world, pid, unique.unwrap())
}

#[test]
fn each_retrieve_makes_it_of_what_is_there_and_allowed_then() {
    let (world, pid, unique) = offered();
    let (first, asked, first_id) = made(&world, &unique);
    assert_eq!((first.as_str(), asked), ("1", unique.clone()));
    submit(&world, "1.2.9.2");
    let (second, _, second_id) = made(&world, &unique);
    assert_eq!(second, "2");
    let event = world.events().pop().unwrap();
    assert_eq!(
        (event.subject.as_str(), event.ending),
        ("ITI-43", Ending::Success)
    );
    // The entry, and the two documents that it was made of.
    assert_eq!((event.patients.len(), event.items), (1, 3));
    assert!(first_id != second_id && first_id != unique);
    // What was made is not kept: it is no document of ours.
    assert_eq!(refused(&world, &first_id).0, "XDSDocumentUniqueIdError");
    assert_eq!(find(&world, &pid, &[STABLE]).len(), 2);
    let hidden = find(&world, &pid, &[STABLE])[0].header.id.clone();
    let hidden = tasuki_model::EntryUuid::from_urn(&hidden).unwrap();
    let key = world.record("hzln", "1").unwrap().patient_key;
    let terms = Terms::new(vec![Restriction::NotDocument(hidden)]);
    let put = world.store.writing(|tx| tx.put_hidden(&key, &terms));
    put.unwrap();
    assert_eq!(made(&world, &unique).0, "1");
}

#[test]
fn where_nothing_may_be_released_there_is_none_and_it_is_told_as_to_a_stranger() {
    let (world, pid, unique) = offered();
    world.disclose("hzln", "1", false);
    assert_eq!(find(&world, &pid, &[ON_DEMAND]), []);
    let stranger = refused(&world, "2.25.17");
    assert_eq!(refused(&world, &unique), stranger);
    assert!(stranger.1.starts_with("XDS-012"), "{stranger:?}");
    world.disclose("hzln", "1", true);
    assert_eq!(made(&world, &unique).0, "1");
}

#[test]
fn one_request_has_few_made_and_says_which_are_to_be_asked_for_again() {
    let world = offering();
    patient(&world, "1", true);
    let pid = issued(&world, "1");
    let unique = find(&world, &pid, &[ON_DEMAND])[0]
        .unique_id
        .clone()
        .unwrap();
    let request = format!(
        "<x:DocumentRequest><x:RepositoryUniqueId>{REPOSITORY}</x:RepositoryUniqueId>\
         <x:DocumentUniqueId>{unique}</x:DocumentUniqueId></x:DocumentRequest>"
    );
    let body = format!(
        "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'>{}\
         </x:RetrieveDocumentSetRequest>",
        request.repeat(5)
    );
    let action = "urn:ihe:iti:2007:RetrieveDocumentSet";
    let answer = super::send(&world, action, body, Some(Vec::new()));
    let read = tasuki_wire::ebrim::RetrieveResponse::decode(&answer.envelope.body).unwrap();
    assert_eq!((read.documents.len(), read.response.errors.len()), (4, 1));
    let error = &read.response.errors[0];
    assert_eq!(error.code, "XDSRepositoryError");
    assert!(error.context.starts_with("XDS-021"), "{}", error.context);
}

#[test]
fn switched_off_there_is_none() {
    let on = offering();
    patient(&on, "1", true);
    let pid = issued(&on, "1");
    let unique = find(&on, &pid, &[ON_DEMAND])[0].unique_id.clone().unwrap();
    let off = World::new();
    patient(&off, "1", true);
    assert_eq!(find(&off, &issued(&off, "1"), &[ON_DEMAND]), []);
    assert_eq!(refused(&off, &unique), refused(&off, "2.25.17"));
}
