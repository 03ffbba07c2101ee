//! ITI-64: a hospital's ID goes over to another patient, and its documents with it.

use super::{
    Document, FIND_DOCUMENTS, RIM, code, cx, find, patient, query, retrieve, send, slot, submission,
};
use crate::world::{World, adt, facility, from, said};
use tasuki_core::audit::Ending;
use tasuki_model::LocalPatientId;
use tasuki_model::xds::RegistryObject;
use tasuki_wire::ebrim::{RegistryError, RegistryResponse, ResponseStatus, Severity};

const BOTH: &str = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved','urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated')";
const FIND_FOLDERS: &str = "958f3006-baad-4929-a4de-ff1114824431";

/// The ID that a ward has for somebody, in the hospital's domain.
pub fn ward(id: &str) -> String {
    cx(&format!("W{id}"))
}

/// ITI-41 of a document whose source has an ID of its own.
fn provide(world: &World, unique: &str, source: &str, more: &str) -> Vec<RegistryError> {
    let patient = cx("1");
    let document = Document {
        patient: &patient,
        unique,
        confidentiality: "N",
        more,
    };
    let text = submission(&document).replace(
        &slot("sourcePatientId", &patient),
        &slot("sourcePatientId", source),
    );
    let body = format!(
        "<x:ProvideAndRegisterDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'>{text}\
         <x:Document id='D'><i:Include xmlns:i='http://www.w3.org/2004/08/xop/include' \
         href='cid:d@test'/></x:Document></x:ProvideAndRegisterDocumentSetRequest>"
    );
    let action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b";
    let parts = vec![("d@test", unique.as_bytes().to_vec())];
    let answer = send(world, action, body, Some(parts));
    let read = RegistryResponse::decode(&answer.envelope.body).unwrap();
    assert_eq!(read.status, ResponseStatus::Success, "{:?}", read.errors);
    read.errors
}

/// Patients 1 and 2; documents of ward IDs 1 and 2 under patient 1.
pub fn world() -> World {
    let world = World::new();
    for id in ["1", "2"] {
        patient(&world, id, true);
    }
    provide(&world, "1.2.9.1", &ward("1"), "");
    provide(&world, "1.2.9.2", &ward("2"), "");
    world
}

pub fn a43(now: &str, until_now: &str) -> String {
    adt("A43", &format!("PID|||{now}|| \rMRG|{until_now}\r"))
}

/// Ward ID 1 goes from patient 1 to patient 2.
pub fn moved() -> String {
    a43(&format!("{}~{}", cx("2"), ward("1")), &cx("1"))
}

/// uniqueId, version and `sourcePatientId` of everything with these statuses.
fn all(world: &World, id: &str, statuses: &str) -> Vec<(String, String, String)> {
    let patient = format!("'{}'", cx(id));
    let parameters = [
        ("$XDSDocumentEntryPatientId", patient.as_str()),
        ("$XDSDocumentEntryStatus", statuses),
    ];
    let found = query(world, FIND_DOCUMENTS, &parameters).found.objects;
    let told = found.into_iter().map(|object| match object {
        RegistryObject::Entry(it) => (
            it.unique_id.unwrap(),
            it.header.version.unwrap(),
            it.source_patient_id.unwrap(),
        ),
        other => panic!("{other:?}"),
    });
    told.collect()
}

fn told(unique: &str, version: &str, ward_id: &str) -> (String, String, String) {
    (unique.to_owned(), version.to_owned(), ward(ward_id))
}

#[test]
fn documents_of_the_id_go_over_and_the_others_stay() {
    let world = world();
    for _ in 0..2 {
        // Said once more, it changes nothing.
        let reply = world.ask(&moved());
        assert_eq!(reply.get("MSA-1"), "AA", "{}", reply.text);
        assert_eq!(all(&world, "2", BOTH), [told("1.2.9.1", "2", "1")]);
        let mut left = all(&world, "1", BOTH);
        left.sort();
        assert_eq!(left, [told("1.2.9.1", "1", "1"), told("1.2.9.2", "1", "2")]);
        assert_eq!(find(&world, &cx("1")).found.objects.len(), 1);
    }
    let events = world.events();
    let events: Vec<_> = events.iter().filter(|e| e.subject == "ITI-64").collect();
    assert_eq!((events.len(), events[0].patients.len()), (2, 2));
    assert!(events[1].patients.is_empty(), "{:?}", events[1]);
}

#[test]
fn a_content_is_from_then_on_under_what_the_new_patient_discloses() {
    let world = world();
    world.ask(&moved());
    assert_eq!(retrieve(&world, "2.25.1.1", "1.2.9.1").1, [b"1.2.9.1"]);
    world.disclose("hzln", "1", false);
    assert_eq!(retrieve(&world, "2.25.1.1", "1.2.9.1").1, [b"1.2.9.1"]);
    world.disclose("hzln", "2", false);
    assert!(retrieve(&world, "2.25.1.1", "1.2.9.1").1.is_empty());
}

#[test]
fn a_ward_id_that_is_merged_changes_the_source_and_not_the_patient() {
    let world = world();
    let reply = world.ask(&a43(
        &format!("{}~{}", cx("1"), ward("2")),
        &format!("{}~{}", cx("1"), ward("1")),
    ));
    assert_eq!(reply.get("MSA-1"), "AA", "{}", reply.text);
    let mut now = all(&world, "1", BOTH);
    now.sort();
    let one = "1.2.9.1";
    assert_eq!(
        now,
        [
            told(one, "1", "1"),
            told(one, "2", "2"),
            told("1.2.9.2", "1", "2")
        ]
    );
}

#[test]
fn an_id_with_a_registration_is_merged_as_by_iti_8() {
    let world = world();
    for id in ["W1", "W2"] {
        patient(&world, id, true);
    }
    let merge = a43(
        &format!("{}~{}", cx("1"), ward("2")),
        &format!("{}~{}", cx("1"), ward("1")),
    );
    assert_eq!(world.ask(&merge).get("MSA-1"), "AA");
    let survivor = world.record("hzln", "W2").unwrap().patient_key;
    assert_eq!(world.record("hzln", "W1").unwrap().survivor, Some(survivor));
}

#[test]
fn a_folder_is_not_left_between_two_patients() {
    let world = World::new();
    for id in ["1", "2"] {
        patient(&world, id, true);
    }
    let told = provide(&world, "1.2.9.1", &ward("1"), &folder());
    let [warning] = &*told else {
        panic!("{told:?}")
    };
    assert_eq!(warning.severity, Severity::Warning);
    let of = |id: &str| {
        let patient = format!("'{}'", cx(id));
        let parameters = [
            ("$XDSFolderPatientId", patient.as_str()),
            ("$XDSFolderStatus", super::APPROVED),
        ];
        query(&world, FIND_FOLDERS, &parameters).found.objects
    };
    let [made] = &*of("1") else { panic!() };
    let id = made.header().id.clone();
    let join = format!(
        "<Association id='J' associationType='{HAS_MEMBER}' sourceObject='{id}' targetObject='D'/>\
         <Association id='J2' associationType='{HAS_MEMBER}' sourceObject='S' targetObject='J'/>"
    );
    provide(&world, "1.2.9.2", &ward("2"), &join);
    let reply = world.ask(&moved());
    assert_eq!(reply.get("MSA-1"), "AA", "{}", reply.text);
    assert_eq!(
        (reply.get("ERR-4"), reply.get("ERR-5.1")),
        ("W".into(), "XDS-019".into())
    );
    assert_eq!(
        (of("1").len(), of("2").len()),
        (1, 0),
        "the folder stays with what stays"
    );
    // With its last document it goes.
    let reply = world.ask(&moved().replace("W1", "W2"));
    assert_eq!(
        (reply.get("MSA-1"), reply.get("ERR-5.1")),
        ("AA".into(), String::new())
    );
    let [now] = &*of("2") else { panic!() };
    assert_eq!(now.header().version.as_deref(), Some("2"));
    assert!(of("1").is_empty());
}

const HAS_MEMBER: &str = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember";

/// A folder with the document of the same message. The set does not name it: the registry does.
fn folder() -> String {
    let patient = cx("1").replace('&', "&amp;");
    let id = |scheme: &str, value: &str| {
        format!(
            "<ExternalIdentifier id='f{scheme}' registryObject='F' \
             identificationScheme='urn:uuid:{scheme}' value='{value}'/>"
        )
    };
    let code = code(
        "1ba97051-7806-41a8-a48b-8fce7af683c5",
        "01",
        "urn:tasuki:folder",
    );
    let code = code.replace("'D'", "'F'");
    format!(
        "<RegistryPackage xmlns='{RIM}' id='F'><Name><LocalizedString value='f'/></Name>{code}{}{}\
         <Classification id='fn' classifiedObject='F' \
         classificationNode='urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2'/></RegistryPackage>\
         <Association id='FD' associationType='{HAS_MEMBER}' sourceObject='F' targetObject='D'/>\
         <Association id='SFD' associationType='{HAS_MEMBER}' sourceObject='S' targetObject='FD'/>",
        id("75df8f67-9973-4fbe-a900-df66cefecc5a", "1.2.9.7"),
        id("f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a", &patient),
    )
}

#[test]
fn link_changes_that_are_refused_change_nothing() {
    let world = world();
    let both = format!("{}~{}", cx("2"), ward("1"));
    let other = "1^^^&2.16.840.1.113883.3.37.4.1.1.2.511.1&ISO";
    let ours = world.store.writing(|tx| {
        let id = LocalPatientId::new("2").unwrap();
        let person = tx
            .find_registration(&facility("hzln"), &id)?
            .unwrap()
            .person;
        tx.issue_xad_pid(&person)
    });
    let ours = format!("{}^^^&2.25.1.9&ISO", ours.unwrap().as_str());
    let one = cx("1");
    let cases = [
        (a43(&cx("2"), &one), "PIX-004", "PID^1^3^2"),
        (a43(&format!("{both}~{both}"), &one), "PIX-005", "PID^1^3^3"),
        (a43(&both, ""), "PIX-004", "MRG^1^1"),
        (
            a43(&format!("{}~{}", cx("3"), ward("1")), &one),
            "PIX-009",
            "PID^1^3^1^1",
        ),
        (a43(&both, &cx("3")), "PIX-009", "MRG^1^1^1^1"),
        (
            a43(&both, &format!("{one}~{other}")),
            "PIX-010",
            "MRG^1^1^2^4",
        ),
        (a43(&both, other), "PIX-009", "MRG^1^1^1^1"),
        (
            a43(&format!("{}~{one}", cx("2")), &one),
            "PIX-005",
            "PID^1^3^2^1",
        ),
        (
            a43(&format!("{ours}~{}", ward("1")), &ours),
            "PIX-022",
            "PID^1^3^2^1",
        ),
    ];
    for (message, code, place) in cases {
        assert_eq!(
            world.ask(&message).verdict(),
            said("AE", code, place),
            "{message}"
        );
        assert_eq!(
            world.last_event(),
            ("ITI-64".into(), Ending::Refused, Some(code.into()))
        );
    }
    let rest = format!("PID|||{both}\rPID|||{both}\rMRG|{one}\r");
    assert_eq!(world.ask(&adt("A43", &rest)).get("ERR-5.1"), "PIX-005");
    let stranger = from(
        "ONE|X",
        "A43",
        &format!("PID|||{other}~{other}\rMRG|{other}\r"),
    );
    let hzln = stranger.replace("ONE|X", "HZLN|HIS");
    assert_eq!(world.ask(&hzln).get("ERR-5.1"), "PIX-007");
    assert_eq!(all(&world, "1", super::APPROVED).len(), 2);
    assert!(all(&world, "2", BOTH).is_empty());
}
