//! Documents that came from a hospital's storage are found, retrieved and replaced like those that
//! were submitted.

use super::{Document, cx, find, patient, provide, retrieve};
use crate::world::{World, facility};
use tasuki_core::ports::NewDocument;
use tasuki_model::document::SourceKey;
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::RegistryObject;
use tasuki_model::{
    AvailabilityStatus, Category, Coding, DocumentEntry, Instant, JstDay, JstTime, RepositoryId,
};
use tasuki_wire::ebrim::ResponseStatus;

fn sha1(bytes: &[u8]) -> String {
    let digest = tasuki_core::ports::Incoming::Here(bytes.to_vec()).sha1();
    tasuki_core::release::hex(&digest)
}

/// An order of 2026-07-13, as an import leaves it.
fn import(world: &World, id: &str, bytes: &[u8]) -> DocumentEntry {
    let record = world.record("hzln", id).unwrap();
    let (entry_uuid, unique_id) = world.store.reading(|tx| tx.new_entry_uuid()).unwrap();
    let coding = |system: &str, code: &str| Coding {
        system: system.into(),
        version: None,
        code: code.into(),
        text: code.into(),
    };
    let day = JstDay::parse_basic("20260713").unwrap();
    let entry = DocumentEntry {
        logical_id: entry_uuid.clone(),
        entry_uuid,
        unique_id,
        patient_key: record.patient_key,
        facility: facility("hzln"),
        repository_id: RepositoryId::new("2.25.1.1").unwrap(),
        status: AvailabilityStatus::Approved,
        class_code: coding("SS-MIX2", "OMP-01"),
        type_code: coding("SS-MIX2", "OMP-01"),
        format_code: coding("SS-MIX2", "HL7v2.5"),
        practice_setting: None,
        confidentiality: Confidentiality::Normal,
        category: Category::Prescription,
        mime_type: "text/plain".into(),
        title: Some("処方".to_owned()),
        author: Some("医師 一郎".to_owned()),
        creation_time: Some(JstTime::parse_hl7("20260713083000").unwrap()),
        service_start: Some(JstTime::from_day(day)),
        received: Instant::from_micros(1_783_911_600_000_000),
        size_bytes: bytes.len() as u64,
        hash: sha1(bytes).into(),
        items: 2,
        problems: 0,
        source_key: SourceKey {
            day: Some(day),
            kind: "OMP-01".into(),
            order: "000000000000001".into(),
        },
    };
    let new = NewDocument {
        entry: entry.clone(),
        bytes,
        file: None,
    };
    let done = world.store.write(&mut |tx| tx.put_document(&new).map(drop));
    done.unwrap();
    entry
}

#[test]
fn an_imported_document_is_found_with_all_its_metadata_and_retrieved() {
    let world = World::new();
    patient(&world, "1", true);
    let row = import(&world, "1", b"imported");
    let found = find(&world, &cx("1")).found.objects;
    let [RegistryObject::Entry(entry)] = &*found else {
        panic!("{found:?}")
    };
    assert_eq!(entry.unique_id.as_deref(), Some(row.unique_id.as_str()));
    assert_eq!(entry.patient_id, Some(cx("1")));
    assert_eq!(entry.source_patient_id, Some(cx("1")));
    // Half past eight in Japan is the evening before in UTC; a day stays that day.
    assert_eq!(entry.creation_time.as_deref(), Some("20260712233000"));
    assert_eq!(entry.service_start.as_deref(), Some("20260713"));
    assert_eq!(entry.hash.as_deref(), Some(sha1(b"imported").as_str()));
    let (answer, parts) = retrieve(&world, "2.25.1.1", row.unique_id.as_str());
    assert_eq!(answer.response.status, ResponseStatus::Success);
    assert_eq!(parts, [b"imported"]);
    let (answer, _) = retrieve(&world, "1.2.3", row.unique_id.as_str());
    assert_eq!(answer.response.errors[0].code, "XDSUnknownRepositoryId");
}

#[test]
fn an_imported_document_is_replaced_by_one_that_is_submitted() {
    let world = World::new();
    patient(&world, "1", true);
    let row = import(&world, "1", b"imported");
    let replaces = format!(
        "<Association id='R' associationType='urn:ihe:iti:2007:AssociationType:RPLC' \
         sourceObject='D' targetObject='{}'/>",
        row.entry_uuid.urn()
    );
    let document = Document {
        patient: &cx("1"),
        unique: "1.2.9.1",
        confidentiality: "N",
        more: &replaces,
    };
    let sent = provide(&world, &document, b"better");
    assert_eq!(sent.status, ResponseStatus::Success, "{:?}", sent.errors);
    let found = find(&world, &cx("1")).found.objects;
    let ids: Vec<_> = found.iter().filter_map(|o| o.unique_id()).collect();
    assert_eq!(ids, ["1.2.9.1"]);
    let old = world
        .store
        .reading(|tx| tx.find_entry(&row.entry_uuid))
        .unwrap();
    let mut status = None;
    let _ = old.unwrap().map(|_, row| status = Some(row.status));
    assert_eq!(status, Some(AvailabilityStatus::Deprecated));
}

#[test]
fn a_person_is_asked_for_by_the_community_s_id_and_answered_under_it() {
    let world = World::new();
    patient(&world, "1", true);
    import(&world, "1", b"imported");
    let person = world.record("hzln", "1").unwrap().person;
    let pid = world.store.writing(|tx| tx.issue_xad_pid(&person)).unwrap();
    let community = format!("{pid}^^^&2.25.1.9&ISO");
    let found = find(&world, &community).found.objects;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].patient_id(), Some(community.as_str()));
    let unique = format!("('{}')", found[0].unique_id().unwrap());
    let by_id = super::query(
        &world,
        super::GET_DOCUMENTS,
        &[("$XDSDocumentEntryUniqueId", &unique)],
    );
    assert_eq!(
        by_id.found.objects[0].patient_id(),
        Some(community.as_str())
    );
}

const SET_AND_CONTENTS: &str = "e8e3cb2c-e39c-46b9-99e4-c12f57260b83";

#[test]
fn an_imported_document_is_told_as_a_submission_of_its_own() {
    let world = World::new();
    patient(&world, "1", true);
    let row = import(&world, "1", b"imported");
    let of_patient = format!("'{}'", cx("1"));
    let all = [
        ("$patientId", of_patient.as_str()),
        ("$XDSDocumentEntryStatus", super::APPROVED),
        ("$XDSSubmissionSetStatus", super::APPROVED),
        ("$XDSFolderStatus", super::APPROVED),
    ];
    let ask = |id: &str, parameters: &[(&str, &str)]| {
        let found = super::query(&world, id, parameters).found.objects;
        let mut kinds: Vec<_> = found.iter().map(RegistryObject::kind).collect();
        kinds.sort_unstable();
        (kinds, found)
    };
    let (kinds, found) = ask("10b545ea-725c-446d-9b95-8aeb444eddf3", &all);
    assert_eq!(kinds, ["Association", "DocumentEntry", "SubmissionSet"]);
    let set = found.iter().find(|o| o.kind() == "SubmissionSet").unwrap();
    assert_eq!(set.patient_id(), Some(cx("1").as_str()));
    // By the id and uniqueId of the set, and from the document to it.
    let id = format!("('{}')", set.header().id);
    let unique = format!("('{}')", set.unique_id().unwrap());
    let entry = format!("('{}')", row.entry_uuid.urn());
    let everything = ["Association", "DocumentEntry", "SubmissionSet"];
    for (query, name, value, told) in [
        (
            SET_AND_CONTENTS,
            "$XDSSubmissionSetEntryUUID",
            &id,
            &everything[..],
        ),
        (
            SET_AND_CONTENTS,
            "$XDSSubmissionSetUniqueId",
            &unique,
            &everything,
        ),
        (
            "51224314-5390-4169-9b91-b1980040715a",
            "$uuid",
            &entry,
            &["Association", "SubmissionSet"],
        ),
        (
            "a7ae438b-4bc2-4642-93e9-be891f7bb155",
            "$uuid",
            &entry,
            &["Association"],
        ),
        (
            "bab9529a-4a10-40b3-a01f-f68a615d247a",
            "$XDSDocumentEntryEntryUUID",
            &entry,
            &["Association", "DocumentEntry"],
        ),
    ] {
        assert_eq!(ask(query, &[(name, value)]).0, told, "{query} {name}");
    }
    let sets = [all[0], all[2]].map(|(name, value)| match name {
        "$patientId" => ("$XDSSubmissionSetPatientId", value),
        name => (name, value),
    });
    assert_eq!(
        ask("f26abbcb-ac74-4422-8a30-edb644bbc1a9", &sets).0,
        ["SubmissionSet"]
    );
    world.disclose("hzln", "1", false);
    let (kinds, _) = ask(SET_AND_CONTENTS, &[("$XDSSubmissionSetEntryUUID", &id)]);
    assert!(kinds.is_empty(), "{kinds:?}");
}
