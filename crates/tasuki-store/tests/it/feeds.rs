//! The bookkeeping of feeds, facilities and submissions.

use crate::place::{Place, facility, file, key, local, patient, put};
use crate::registry::approved;
use tasuki_core::Code;
use tasuki_core::ports::{FilePlace, QuarantineReason, Quarantined, Store};
use tasuki_model::AvailabilityStatus::Approved;
use tasuki_model::document::SubmissionSet;
use tasuki_model::facility::{Part, Shape};
use tasuki_model::{CommunityId, EntryUuid, Facility, FacilityCode, Instant, Oid, UniqueId};

fn known(store: &dyn Store, id: Option<&str>) -> Vec<(String, FilePlace)> {
    let id = id.map(local);
    let mut files: Vec<_> = store
        .reading(|tx| tx.known_files(&facility(), id.as_ref()))
        .unwrap()
        .into_iter()
        .map(|f| (f.state.path.to_string(), f.place))
        .collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

fn quarantined(id: &str, path: &str, patient: Option<&str>, bytes: &[u8]) -> Quarantined {
    Quarantined {
        id: id.to_owned(),
        facility: facility(),
        patient: patient.map(local),
        file: file(path, bytes),
        reason: QuarantineReason {
            code: Code::PatientMismatch,
            detail: "PID-3".to_owned(),
        },
        at: Instant::from_micros(9),
        kept: true,
    }
}

pub fn files_are_known_by_patient(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    let one = approved(&*store, &p).remove(0).entry_uuid;
    assert_eq!(
        known(&*store, Some("0001")),
        [("path/of/it".to_owned(), FilePlace::Registered(one.clone()))]
    );
    let id = local("0001");
    store
        .writing(|tx| {
            tx.note_file(&facility(), Some(&id), &file("z_0", b""))?;
            tx.note_file(&facility(), Some(&id), &file("z_0", b"longer"))?;
            tx.note_file(&facility(), None, &file("stray", b""))?;
            tx.note_document_file(&one, &file("renamed", b"one"))?;
            let mismatch = quarantined("q1", "q", Some("0001"), b"x");
            tx.put_quarantine(&mismatch, None)
        })
        .unwrap();
    assert_eq!(
        known(&*store, Some("0001")),
        [
            (
                "q".to_owned(),
                FilePlace::Quarantined {
                    id: "q1".to_owned(),
                    code: Code::PatientMismatch
                }
            ),
            ("renamed".to_owned(), FilePlace::Registered(one)),
            ("z_0".to_owned(), FilePlace::Noted),
        ]
    );
    assert_eq!(
        known(&*store, None),
        [("stray".to_owned(), FilePlace::Noted)]
    );
    assert!(known(&*store, Some("0002")).is_empty());
    let states = store
        .reading(|tx| tx.known_files(&facility(), Some(&id)))
        .unwrap();
    let noted = states.iter().find(|f| &*f.state.path == "z_0").unwrap();
    assert_eq!(noted.state, file("z_0", b"longer"));
    store
        .writing(|tx| {
            tx.forget_files(&facility(), Some(&id), &["renamed".into(), "z_0".into()])?;
            tx.forget_files(&facility(), None, &["stray".into()])
        })
        .unwrap();
    assert_eq!(known(&*store, Some("0001")).len(), 1);
    assert!(known(&*store, None).is_empty());
    assert_eq!(approved(&*store, &p).len(), 1, "the document stays");
}

pub fn quarantine_keeps_bytes_and_reason(place: Place) {
    let store = place.open();
    let small = b"MSH|^~\\&|".to_vec();
    let large = vec![3u8; 300_000];
    store
        .writing(|tx| {
            tx.put_quarantine(&quarantined("a", "1", Some("0001"), &small), Some(&small))?;
            tx.put_quarantine(&quarantined("b", "2", Some("0001"), &large), Some(&large))?;
            let mut unread = quarantined("c", "3", None, b"");
            unread.kept = false;
            tx.put_quarantine(&unread, None)
        })
        .unwrap();
    let store = place.open();
    let all = store.reading(|tx| tx.quarantined(None, 10)).unwrap();
    assert_eq!(all.len(), 3);
    let kept: Vec<_> = all.iter().map(|q| (q.id.as_str(), q.kept)).collect();
    assert_eq!(kept, [("c", false), ("b", true), ("a", true)]);
    assert_eq!(all[2], quarantined("a", "1", Some("0001"), &small));
    let bytes = |id: &str| store.reading(|tx| tx.quarantined_bytes(id)).unwrap();
    assert_eq!(bytes("a"), Some(small));
    assert_eq!(bytes("b"), Some(large));
    assert_eq!(bytes("c"), None);
    let of = |id| {
        store
            .reading(|tx| tx.quarantined_of(&facility(), &local(id)))
            .unwrap()
    };
    assert_eq!((of("0001"), of("0002")), (2, 0));
    assert_eq!(crate::registry::objects(&place), 1);
    assert!(store.writing(|tx| tx.drop_quarantine("b")).unwrap());
    assert!(!store.writing(|tx| tx.drop_quarantine("b")).unwrap());
    assert_eq!(crate::registry::objects(&place), 0);
    assert!(
        store
            .reading(|tx| tx.quarantined_one("b"))
            .unwrap()
            .is_none()
    );
    assert!(
        store
            .reading(|tx| tx.quarantined_one("a"))
            .unwrap()
            .is_some()
    );
}

pub fn a_changed_file_takes_the_place_of_its_row(place: Place) {
    let store = place.open();
    for (id, bytes) in [("a", &b"one"[..]), ("b", b"two")] {
        store
            .writing(|tx| {
                tx.put_quarantine(&quarantined(id, "1", Some("0001"), bytes), Some(bytes))
            })
            .unwrap();
    }
    let all = store
        .reading(|tx| tx.quarantined(Some(&facility()), 10))
        .unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].id, "b");
}

pub fn hospital(name: &str) -> Facility {
    let code = FacilityCode::new("1311234567").unwrap();
    Facility {
        id: facility(),
        authority: code.patient_authority(),
        code,
        community: CommunityId::new("1.2.392.200119.9.1").unwrap(),
        name: name.to_owned(),
        name_en: "Hospital A".to_owned(),
        short: "甲".to_owned(),
        badge: "KO".to_owned(),
        shape: Shape::Disc,
        part: Part::Disclosing,
        phone: "03-0000-0000".to_owned(),
        offers: tasuki_model::facility::Offers::default(),
    }
}

pub fn a_feed_is_heard(place: Place) {
    let store = place.open();
    store
        .writing(|tx| tx.put_facility(&hospital("甲病院")))
        .unwrap();
    let heard = || store.reading(|tx| tx.last_heard(&facility())).unwrap();
    assert_eq!(heard(), None);
    for (at, then) in [(5, 5), (9, 9), (7, 9)] {
        store
            .writing(|tx| tx.heard(&facility(), Instant::from_micros(at)))
            .unwrap();
        assert_eq!(heard(), Some(Instant::from_micros(then)));
    }
}

pub fn facilities_keep_their_past(place: Place) {
    let store = place.open();
    for name in ["甲病院", "甲病院", "甲総合病院", "甲医療センター"] {
        store
            .writing(|tx| tx.put_facility(&hospital(name)))
            .unwrap();
    }
    let now = store.reading(|tx| tx.facilities()).unwrap();
    assert_eq!(now, [hospital("甲医療センター")]);
    assert_eq!(place.count("SELECT COUNT(*) FROM facility_past"), 2);
}

pub fn submissions_are_kept(place: Place) {
    let store = place.open();
    let set = SubmissionSet {
        entry_uuid: EntryUuid::new("s1").unwrap(),
        unique_id: UniqueId::new("2.25.5").unwrap(),
        source_id: Oid::new("1.2.3").unwrap(),
        submitted: Instant::from_micros(4),
        documents: 2_000,
        digest: "ab".into(),
    };
    store.writing(|tx| tx.put_submission(&set)).unwrap();
    assert_eq!(place.count("SELECT documents FROM submission"), 2_000);
}
