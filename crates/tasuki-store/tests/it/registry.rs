//! Entries, cells and contents.

use crate::place::{Place, day, entry, facility, file, key, patient, put, sha1};
use tasuki_core::policy::{Caller, Subject, decide};
use tasuki_core::ports::{EntryFilter, NewDocument, Service, Store};
use tasuki_core::{Code, Fault, Labelled};
use tasuki_model::AvailabilityStatus::{Approved, Deprecated};
use tasuki_model::{
    Category, DocumentEntry, EntryUuid, JstTime, PatientKey, PersonId, Purpose, Role, UniqueId,
    UserId,
};

fn grant(patient: &PatientKey) -> tasuki_core::Grant {
    let caller = Caller {
        user: UserId::new("u").unwrap(),
        facility: facility(),
        role: Role::Physician,
        purpose: Purpose::Treatment,
    };
    let subject = Subject::new(patient.clone(), facility(), false);
    decide(&caller, &PersonId::new("p").unwrap(), &[subject]).unwrap()
}

/// What a physician of the facility sees of labelled items.
pub fn seen<T: Clone>(_store: &dyn Store, patient: &PatientKey, items: Vec<Labelled<T>>) -> Vec<T> {
    let asked = items.len();
    let released = grant(patient).release(items);
    assert_eq!(
        released.view().len(),
        asked,
        "the policy took something away"
    );
    released.view().clone()
}

pub fn seen_one(store: &dyn Store, entry: &EntryUuid) -> Option<DocumentEntry> {
    let found = store.reading(|tx| tx.find_entry(entry)).unwrap()?;
    let patient = found.labels().patient_key.clone();
    seen(store, &patient, vec![found]).pop()
}

pub fn find(store: &dyn Store, patient: &PatientKey, filter: &EntryFilter) -> Vec<DocumentEntry> {
    let found = store
        .reading(|tx| tx.find_entries(std::slice::from_ref(patient), filter))
        .unwrap();
    seen(store, patient, found)
}

pub fn approved(store: &dyn Store, patient: &PatientKey) -> Vec<DocumentEntry> {
    let filter = EntryFilter {
        service: Service::Either,
        ..EntryFilter::default()
    };
    find(store, patient, &filter)
}

pub fn deprecated(store: &dyn Store, patient: &PatientKey) -> Vec<DocumentEntry> {
    let filter = EntryFilter {
        service: Service::Either,
        status: Some(Deprecated),
        ..EntryFilter::default()
    };
    find(store, patient, &filter)
}

/// How many objects lie in the object folder.
pub fn objects(place: &Place) -> usize {
    fn walk(dir: &std::path::Path) -> usize {
        std::fs::read_dir(dir)
            .unwrap()
            .map(|e| e.unwrap().path())
            .map(|p| if p.is_dir() { walk(&p) } else { 1 })
            .sum()
    }
    walk(&place.data_dir().join("objects"))
}

pub fn entries_come_back_as_they_were_put(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    let mut plain = entry(&*store, &p, &key("1"), b"one");
    plain.received = tasuki_model::Instant::from_micros(77);
    let mut undated = key("2");
    undated.day = None;
    undated.kind = "PPR-01".into();
    let mut bare = entry(&*store, &p, &undated, b"two");
    bare.practice_setting = None;
    bare.author = None;
    bare.creation_time = None;
    bare.service_start = None;
    bare.confidentiality = tasuki_model::label::Confidentiality::Restricted;
    bare.category = Category::Problem;
    let mut timed = entry(&*store, &p, &key("3"), b"three");
    timed.service_start = JstTime::parse_hl7("202607130830").ok();
    timed.title = Some("紹介状".to_owned());
    timed.problems = 2;
    let mut dayless = entry(&*store, &p, &key("4"), b"four");
    dayless.service_start = None;
    for (entry, bytes) in [
        (&plain, &b"one"[..]),
        (&bare, b"two"),
        (&timed, b"three"),
        (&dayless, b"four"),
    ] {
        store
            .writing(|tx| {
                tx.put_document(&NewDocument {
                    entry: entry.clone(),
                    bytes,
                    file: None,
                })
            })
            .unwrap();
    }
    let store = place.open();
    for put in [plain, bare, timed, dayless] {
        assert_eq!(seen_one(&*store, &put.entry_uuid), Some(put));
    }
}

pub fn entries_are_found_by_day_category_and_status(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    for (order, on, category) in [
        ("1", Some("2026-07-11"), Category::Lab),
        ("2", Some("2026-07-12"), Category::Prescription),
        ("3", Some("2026-07-13"), Category::Lab),
        ("4", None, Category::Problem),
    ] {
        let mut k = key(order);
        k.day = on.map(day);
        let mut e = entry(&*store, &p, &k, order.as_bytes());
        e.category = category;
        store
            .writing(|tx| {
                tx.put_document(&NewDocument {
                    entry: e.clone(),
                    bytes: order.as_bytes(),
                    file: None,
                })
            })
            .unwrap();
    }
    let orders = |filter: EntryFilter| -> Vec<String> {
        find(&*store, &p, &filter)
            .into_iter()
            .map(|e| e.source_key.order.to_string())
            .collect()
    };
    let any = EntryFilter::default;
    let with_undated = || EntryFilter {
        service: Service::Either,
        ..any()
    };
    assert_eq!(orders(any()), ["3", "2", "1"]);
    assert_eq!(orders(with_undated()), ["3", "2", "1", "4"]);
    assert_eq!(
        orders(EntryFilter {
            from: Some(day("2026-07-12")),
            ..any()
        }),
        ["3", "2"]
    );
    assert_eq!(
        orders(EntryFilter {
            to: Some(day("2026-07-12")),
            ..with_undated()
        }),
        ["2", "1", "4"]
    );
    assert_eq!(
        orders(EntryFilter {
            categories: vec![Category::Lab, Category::Problem],
            ..with_undated()
        }),
        ["3", "1", "4"]
    );
    assert_eq!(
        orders(EntryFilter {
            limit: Some(2),
            ..any()
        }),
        ["3", "2"]
    );
    assert!(
        orders(EntryFilter {
            status: Some(Deprecated),
            ..any()
        })
        .is_empty()
    );
}

pub fn the_calendar_counts_what_may_be_seen(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    put(&*store, &p, &key("2"), Approved, b"two");
    put(&*store, &p, &key("2"), Approved, b"two, corrected");
    let mut undated = key("3");
    undated.day = None;
    put(&*store, &p, &undated, Approved, b"three");
    let mut other = entry(&*store, &p, &key("4"), b"four");
    other.author = Some("別の医師".to_owned());
    store
        .writing(|tx| {
            tx.put_document(&NewDocument {
                entry: other.clone(),
                bytes: b"four",
                file: None,
            })
        })
        .unwrap();
    let cells = store
        .reading(|tx| {
            tx.find_cells(
                std::slice::from_ref(&p),
                day("2026-07-13"),
                day("2026-07-13"),
            )
        })
        .unwrap();
    let labels: Vec<_> = cells.iter().map(|c| c.labels().clone()).collect();
    let cells = seen(&*store, &p, cells);
    assert_eq!(cells.len(), 2);
    // Superseded and undated ones are not counted; another author is another cell.
    assert_eq!(cells.iter().map(|c| c.documents).sum::<u32>(), 3);
    assert_eq!(cells.iter().map(|c| c.items).sum::<u32>(), 9);
    for (cell, label) in cells.iter().zip(&labels) {
        assert_eq!(cell.category, Category::Lab);
        assert_eq!(&*cell.kind, "OML-11");
        assert_eq!(label.department.as_deref(), Some("01"));
        assert_eq!(label.facility, facility());
        assert_eq!(label.day, Some(cell.day));
    }
    let none = store
        .reading(|tx| {
            tx.find_cells(
                std::slice::from_ref(&p),
                day("2026-07-14"),
                day("2026-07-31"),
            )
        })
        .unwrap();
    assert!(none.is_empty());
}

pub fn a_document_answers_to_both_of_its_ids(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    let one = approved(&*store, &p).remove(0);
    let number = u128::from_str_radix(one.entry_uuid.as_str(), 16).unwrap();
    assert_eq!(one.unique_id.as_str(), format!("2.25.{number}"));
    let found = store.reading(|tx| tx.find_unique(&one.unique_id)).unwrap();
    assert_eq!(
        seen(&*store, &p, found.into_iter().collect()),
        std::slice::from_ref(&one)
    );
    assert_eq!(
        store.reading(|tx| tx.locate(&one.entry_uuid)).unwrap(),
        Some(p)
    );
    let unknown = UniqueId::new("2.25.1").unwrap();
    assert!(
        store
            .reading(|tx| tx.find_unique(&unknown))
            .unwrap()
            .is_none()
    );
}

pub fn a_foreign_unique_id_is_kept(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    let mut foreign = entry(&*store, &p, &key("1"), b"one");
    let own = foreign.unique_id.clone();
    foreign.unique_id = UniqueId::new("1.3.6.1.4.1.21367.2010.1.2.999^ext").unwrap();
    store
        .writing(|tx| {
            tx.put_document(&NewDocument {
                entry: foreign.clone(),
                bytes: b"one",
                file: None,
            })
        })
        .unwrap();
    let found = store
        .reading(|tx| tx.find_unique(&foreign.unique_id))
        .unwrap();
    assert_eq!(
        seen(&*store, &p, found.into_iter().collect()),
        std::slice::from_ref(&foreign)
    );
    assert!(store.reading(|tx| tx.find_unique(&own)).unwrap().is_none());
}

pub fn an_unknown_patient_has_no_documents(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    let nobody = PatientKey::new("00000000000000000000000000000000").unwrap();
    assert!(approved(&*store, &nobody).is_empty());
    let other = tasuki_store::StoreConfig {
        community: tasuki_model::CommunityId::new("1.2.392.200119.9.2").unwrap(),
        ..place.config.clone()
    };
    // Another community in the same database does not see it either.
    let other = tasuki_store::open(&other).unwrap();
    assert!(approved(&*other, &p).is_empty());
    let one = approved(&*store, &p).remove(0);
    assert!(
        other
            .reading(|tx| tx.find_entry(&one.entry_uuid))
            .unwrap()
            .is_none()
    );
}

pub fn large_contents_lie_in_the_object_folder(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    let sizes = [0, 1, 65_536, 65_537, 700_000];
    for size in sizes {
        let bytes: Vec<u8> = (0..size).map(|i| (i * 7 % 256) as u8).collect();
        put(&*store, &p, &key(&size.to_string()), Approved, &bytes);
    }
    assert_eq!(objects(&place), 2);
    let store = place.open();
    for entry in approved(&*store, &p) {
        let found = store
            .reading(|tx| tx.get_contents(std::slice::from_ref(&entry.entry_uuid)))
            .unwrap();
        assert_eq!(found[0].bytes.len() as u64, entry.size_bytes);
        assert_eq!(sha1(&found[0].bytes), entry.hash);
        assert_eq!(found[0].mime_type, entry.mime_type);
    }
}

pub fn a_failed_write_leaves_no_object(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    let large = vec![1u8; 100_000];
    let made = entry(&*store, &p, &key("1"), &large);
    let failed: Result<(), Fault> = store.writing(|tx| {
        tx.put_document(&NewDocument {
            entry: made.clone(),
            bytes: &large,
            file: Some(file("a", &large)),
        })?;
        Err(Fault::new(Code::InternalFault, "something else went wrong"))
    });
    assert_eq!(failed.unwrap_err().code, Code::InternalFault);
    assert_eq!(objects(&place), 0);
    assert!(approved(&*store, &p).is_empty());
}
