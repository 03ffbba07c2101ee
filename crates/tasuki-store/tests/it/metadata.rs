//! Objects of the registry as submitted, and the ids under which patients are exchanged.

use crate::place::{Place, facility, key, local, patient, put, sha1};
use crate::registry::{approved, seen};
use tasuki_core::ports::{Leaf, NewObject, ObjectKind, Store};
use tasuki_model::AvailabilityStatus::Approved;
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::{
    Association, AssociationKind, DocumentEntry, Folder, Header, RegistryObject,
};
use tasuki_model::{AvailabilityStatus, Category, EntryUuid, FacilityId, PatientKey, XadPid};

fn uuid(n: u128) -> EntryUuid {
    EntryUuid::new(&format!("{n:032x}")).unwrap()
}

fn header(n: u128, logical: u128) -> Header {
    Header {
        id: uuid(n).urn(),
        logical_id: Some(uuid(logical).urn()),
        status: Some(AvailabilityStatus::Approved),
        ..Header::default()
    }
}

fn keep(store: &dyn Store, patient: &PatientKey, object: RegistryObject) {
    let new = NewObject {
        patient_key: patient.clone(),
        category: Category::Record,
        confidentiality: Confidentiality::Normal,
        day: None,
        object,
    };
    store.writing(|tx| tx.put_object(&new, None)).unwrap();
}

fn document(n: u128, logical: u128, unique: &str) -> RegistryObject {
    RegistryObject::Entry(Box::new(DocumentEntry {
        header: header(n, logical),
        unique_id: Some(unique.to_owned()),
        ..DocumentEntry::default()
    }))
}

fn ids(objects: &[RegistryObject]) -> Vec<String> {
    objects.iter().map(|o| o.header().id.clone()).collect()
}

/// A document in two versions, one of them under another's uniqueId, in a folder.
fn filled(store: &dyn Store) -> PatientKey {
    let patient = patient(store, "1");
    keep(store, &patient, document(1, 1, "1.2.3"));
    keep(store, &patient, document(2, 1, "1.2.4"));
    keep(store, &patient, document(3, 3, "1.2.3"));
    let folder = Folder {
        header: header(4, 4),
        unique_id: Some("1.2.5".to_owned()),
        ..Folder::default()
    };
    keep(store, &patient, RegistryObject::Folder(Box::new(folder)));
    let association = Association {
        header: Header {
            logical_id: None,
            ..header(5, 5)
        },
        kind: AssociationKind::HasMember,
        source: uuid(4).urn(),
        target: uuid(1).urn(),
        set_status: None,
        previous_version: None,
        original_status: None,
        new_status: None,
        propagation: None,
        documentation: None,
    };
    let association = RegistryObject::Association(Box::new(association));
    keep(store, &patient, association);
    patient
}

pub fn objects_are_found_by_each_of_their_ids(place: Place) {
    let store = place.open();
    let store = &*store;
    let patient = filled(store);
    let of = |n: u128| uuid(n).urn();
    let entries =
        store.reading(|tx| tx.find_objects(std::slice::from_ref(&patient), ObjectKind::Entry, 10));
    let entries = seen(store, &patient, entries.unwrap());
    assert_eq!(ids(&entries), [of(1), of(2), of(3)]);
    let some =
        store.reading(|tx| tx.find_objects(std::slice::from_ref(&patient), ObjectKind::Entry, 1));
    assert_eq!(some.unwrap().len(), 2, "one more than asked, to say so");
    let named = store.reading(|tx| tx.find_objects_named("1.2.3")).unwrap();
    assert_eq!(ids(&seen(store, &patient, named)), [of(1), of(3)]);
    let versions = store.reading(|tx| tx.find_object_versions(&uuid(1)));
    assert_eq!(
        ids(&seen(store, &patient, versions.unwrap())),
        [of(1), of(2)]
    );
    for end in [1, 4] {
        let found = store.reading(|tx| tx.find_associations(&uuid(end)));
        assert_eq!(ids(&seen(store, &patient, found.unwrap())), [of(5)]);
    }
    assert!(
        store
            .reading(|tx| tx.find_object(&uuid(9)))
            .unwrap()
            .is_none()
    );
}

/// A release before this one has written them as plain JSON.
pub fn objects_from_before_packing_are_read_and_change(place: Place) {
    let store = place.open();
    let store = &*store;
    let patient = filled(store);
    let id = uuid(3);
    let json = format!(
        "{{\"version\":1,\"body\":{{\"Entry\":{{\"header\":{{\"id\":\"{}\"}},\"unique_id\":\"1.2.9\"}}}}}}",
        id.urn()
    );
    place.sql(&format!(
        "UPDATE xds_object SET packed = NULL, body = '{json}' WHERE entry_uuid = '{}'",
        id.as_str()
    ));
    let unique = || {
        let found = store.reading(|tx| tx.find_object(&id)).unwrap().unwrap();
        let object = seen(store, &patient, vec![found]).remove(0);
        object.unique_id().map(str::to_owned)
    };
    assert_eq!(unique().as_deref(), Some("1.2.9"));
    store
        .writing(|tx| tx.change_object(&document(3, 3, "1.2.10")))
        .unwrap();
    assert_eq!(unique().as_deref(), Some("1.2.10"));
    let plain = "SELECT COUNT(*) FROM xds_object WHERE body <> ''";
    assert_eq!(place.count(plain), 0);
}

pub fn objects_change_and_go(place: Place) {
    let store = place.open();
    let store = &*store;
    let patient = filled(store);
    let one = |n: u128| {
        let found = store.reading(|tx| tx.find_object(&uuid(n))).unwrap();
        found.map(|found| seen(store, &patient, vec![found]).remove(0))
    };
    store
        .writing(|tx| tx.set_object_status(&uuid(1), AvailabilityStatus::Deprecated))
        .unwrap();
    let deprecated = one(1).unwrap().header().status;
    assert_eq!(deprecated, Some(AvailabilityStatus::Deprecated));
    let mut folder = one(4).unwrap();
    let RegistryObject::Folder(inside) = &mut folder else {
        panic!()
    };
    inside.last_update = Some("20260713030000".to_owned());
    store.writing(|tx| tx.change_object(&folder)).unwrap();
    assert_eq!(one(4), Some(folder));
    store.writing(|tx| tx.remove_metadata(&uuid(4))).unwrap();
    assert_eq!(one(4), None);
    let twice = store.writing(|tx| {
        let new = NewObject {
            patient_key: patient.clone(),
            category: Category::Record,
            confidentiality: Confidentiality::Normal,
            day: None,
            object: document(2, 2, "1.2.9"),
        };
        tx.put_object(&new, None)
    });
    assert!(twice.is_err(), "an id is used once");
}

/// What a query of a patient finds is what the objects are now.
pub fn leaves_follow_their_objects(place: Place) {
    let store = place.open();
    let store = &*store;
    let patient = filled(store);
    let new = NewObject {
        patient_key: patient.clone(),
        category: Category::Record,
        confidentiality: Confidentiality::Normal,
        day: None,
        object: document(6, 6, "1.2.6"),
    };
    store
        .writing(|tx| tx.put_object(&new, Some(b"form")))
        .unwrap();
    let leaves = |limit| {
        let found = store.reading(|tx| tx.find_leaves(std::slice::from_ref(&patient), limit));
        seen(store, &patient, found.unwrap())
    };
    let entries: Vec<_> = leaves(10).into_iter().map(|leaf| leaf.entry).collect();
    assert_eq!(entries, [uuid(1), uuid(2), uuid(3), uuid(6)]);
    assert_eq!(leaves(1).len(), 2, "one more than asked, to say so");
    let one = |n: u128| leaves(10).into_iter().find(|leaf| leaf.entry == uuid(n));
    let whole = Leaf {
        entry: uuid(6),
        logical_id: Some(uuid(6)),
        status: AvailabilityStatus::Approved,
        written: Some(b"form".to_vec()),
    };
    assert_eq!(one(6), Some(whole));
    assert_eq!(one(2).unwrap().logical_id, Some(uuid(1)));
    assert_eq!(one(2).unwrap().written, None);
    let deprecated = AvailabilityStatus::Deprecated;
    store
        .writing(|tx| tx.set_object_status(&uuid(6), deprecated))
        .unwrap();
    store.writing(|tx| tx.supersede_object(&uuid(2))).unwrap();
    assert_eq!([6, 2].map(|n| one(n).unwrap().status), [deprecated; 2]);
    let changed = document(6, 6, "1.2.7");
    store.writing(|tx| tx.change_object(&changed)).unwrap();
    assert_eq!(one(6).unwrap().written, None, "it says something else now");
    store.writing(|tx| tx.remove_metadata(&uuid(6))).unwrap();
    assert_eq!(one(6), None);
}

pub fn a_person_has_one_id_for_the_exchange(place: Place) {
    let store = place.open();
    let store = &*store;
    let person = |id: &str| {
        let found = store.reading(|tx| tx.find_registration(&facility(), &local(id)));
        found.unwrap().unwrap().person
    };
    let (_, _) = (patient(store, "1"), patient(store, "2"));
    let (one, other) = (person("1"), person("2"));
    assert_eq!(store.reading(|tx| tx.xad_pid(&one)).unwrap(), None);
    let issued = store.writing(|tx| tx.issue_xad_pid(&one)).unwrap();
    assert_eq!(store.writing(|tx| tx.issue_xad_pid(&one)).unwrap(), issued);
    assert_ne!(
        store.writing(|tx| tx.issue_xad_pid(&other)).unwrap(),
        issued
    );
    let found = store.reading(|tx| tx.person_of_xad_pid(&issued)).unwrap();
    assert_eq!(found, Some(one));
    let unknown = XadPid::new("nobody").unwrap();
    assert_eq!(
        store.reading(|tx| tx.person_of_xad_pid(&unknown)).unwrap(),
        None
    );
}

/// Every version of a document goes over, its content with it; nothing else of either patient does.
pub fn a_document_goes_over_to_another_registration(place: Place) {
    let store = place.open();
    let store = &*store;
    let (one, other) = (patient(store, "1"), patient(store, "2"));
    let (moves, stays) = (key("1"), key("2"));
    put(store, &one, &moves, Approved, b"goes");
    let goes = approved(store, &one).remove(0).entry_uuid;
    put(store, &one, &stays, Approved, b"stays");
    // What was submitted with the document, and a version that came later.
    let first = u128::from_str_radix(goes.as_str().replace('-', "").as_str(), 16).unwrap();
    keep(store, &one, document(first, first, "1.2.3"));
    keep(store, &other, document(77, first, "1.2.3"));
    for _ in 0..2 {
        store.writing(|tx| tx.move_document(&goes, &other)).unwrap();
        let of = |patient| approved(store, patient).into_iter().map(|e| e.hash);
        assert_eq!(of(&one).collect::<Vec<_>>(), [sha1(b"stays")]);
        assert_eq!(of(&other).collect::<Vec<_>>(), [sha1(b"goes")]);
    }
    let owner = store.reading(|tx| tx.locate(&goes)).unwrap();
    assert_eq!(owner, Some(other));
    let contents = store.reading(|tx| tx.get_contents(std::slice::from_ref(&goes)));
    assert_eq!(contents.unwrap()[0].bytes, b"goes");
}

pub fn registrations_of_a_facility_come_by_their_ids(place: Place) {
    let store = place.open();
    let store = &*store;
    for id in ["3", "1", "2"] {
        patient(store, id);
    }
    let at = |facility: &FacilityId, limit| {
        let found = store.reading(|tx| tx.registrations_at(facility, limit));
        let ids = found.unwrap().into_iter();
        ids.map(|r| r.local_id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(at(&facility(), 10), ["1", "2", "3"]);
    assert_eq!(at(&facility(), 2), ["1", "2"]);
    assert!(at(&FacilityId::new("facility-b").unwrap(), 10).is_empty());
}
