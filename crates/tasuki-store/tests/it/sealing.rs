//! Encryption of contents, and the keys.

use crate::place::{Place, entry, key, local, patient, put};
use crate::registry::approved;
use tasuki_core::Code;
use tasuki_core::ports::{NewDocument, Store};
use tasuki_model::AvailabilityStatus::Approved;
use tasuki_model::{EntryUuid, PatientKey};
use tasuki_store::{open, rotate_keys};

const SECRET: &[u8] = b"PID|0001||0000012345^^^^PI||TOKYO^HANAKO-1947";

fn content(store: &dyn Store, entry: &EntryUuid) -> Result<Vec<u8>, Code> {
    store
        .reading(|tx| tx.get_contents(std::slice::from_ref(entry)))
        .map(|mut found| found.remove(0).bytes)
        .map_err(|fault| fault.code)
}

fn ids(store: &dyn Store, p: &PatientKey) -> Vec<EntryUuid> {
    let mut ids: Vec<_> = approved(store, p)
        .into_iter()
        .map(|e| e.entry_uuid)
        .collect();
    ids.sort();
    ids
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

fn object_files(place: &Place) -> Vec<std::path::PathBuf> {
    let folders = std::fs::read_dir(place.data_dir().join("objects")).unwrap();
    folders
        .flat_map(|f| std::fs::read_dir(f.unwrap().path()).unwrap())
        .map(|f| f.unwrap().path())
        .collect()
}

pub fn nothing_of_a_content_is_stored_in_the_clear(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, SECRET);
    let large = SECRET.repeat(3_000);
    put(&*store, &p, &key("2"), Approved, &large);
    for object in object_files(&place) {
        assert!(!contains(&std::fs::read(object).unwrap(), SECRET));
    }
    place.tamper("locator", "content", "content IS NOT NULL", |bytes| {
        assert!(!contains(bytes, SECRET) && bytes.len() > SECRET.len());
    });
    for file in ["tasuki.db", "tasuki.db-wal"] {
        if let Ok(bytes) = std::fs::read(place.data_dir().join(file)) {
            assert!(!contains(&bytes, b"HANAKO-1947"), "{file}");
        }
    }
}

pub fn a_flipped_content_is_found(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, SECRET);
    let one = ids(&*store, &p).remove(0);
    assert_eq!(content(&*store, &one).unwrap(), SECRET);
    for at in [0, 1, 20, SECRET.len() + 20] {
        let flip = |bytes: &mut Vec<u8>| bytes[at] ^= 1;
        place.tamper("locator", "content", "content IS NOT NULL", flip);
        assert_eq!(content(&*store, &one), Err(Code::ContentForged), "{at}");
        place.tamper("locator", "content", "content IS NOT NULL", flip);
    }
    let cut = |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() - 1);
    place.tamper("locator", "content", "content IS NOT NULL", cut);
    assert_eq!(content(&*store, &one), Err(Code::ContentForged));
}

pub fn swapped_contents_are_found(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"of the same length 1");
    put(&*store, &p, &key("2"), Approved, b"of the same length 2");
    let ids = ids(&*store, &p);
    let (one, two) = (ids[0].as_str(), ids[1].as_str());
    let first = format!("entry_uuid = '{one}'");
    let second = format!("entry_uuid = '{two}'");
    let kept = std::cell::RefCell::new(Vec::new());
    place.tamper("locator", "content", &first, |b| {
        kept.replace(b.clone()).clear()
    });
    let moved = std::cell::RefCell::new(Vec::new());
    place.tamper("locator", "content", &second, |b| {
        moved.replace(std::mem::replace(b, kept.borrow().clone()));
    });
    place.tamper("locator", "content", &first, |b| {
        *b = moved.borrow().clone()
    });
    for id in &ids {
        assert_eq!(content(&*store, id), Err(Code::ContentForged));
    }
}

pub fn a_cut_object_is_found(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, &vec![5u8; 600_000]);
    let one = ids(&*store, &p).remove(0);
    let object = object_files(&place).remove(0);
    let whole = std::fs::read(&object).unwrap();
    // Cut at the edge of a chunk: every chunk that is left would open by itself.
    std::fs::write(&object, &whole[..1 + 2 * (12 + 262_144 + 16)]).unwrap();
    assert_eq!(content(&*store, &one), Err(Code::ContentForged));
    std::fs::write(&object, &whole).unwrap();
    assert_eq!(content(&*store, &one).unwrap().len(), 600_000);
}

pub fn a_missing_object_is_said(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, &vec![5u8; 100_000]);
    let one = ids(&*store, &p).remove(0);
    std::fs::remove_file(object_files(&place).remove(0)).unwrap();
    assert_eq!(content(&*store, &one), Err(Code::ContentMissing));
}

pub fn a_missing_wrapping_key_refuses_to_start(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, SECRET);
    drop(store);
    let keys = place.data_dir().join("keys");
    let away = place.scratch().join("away");
    std::fs::rename(&keys, &away).unwrap();
    let refused = open(&place.config).map(drop).unwrap_err();
    assert_eq!(refused.code, Code::KeyMissing);
    assert!(
        !keys.exists(),
        "no new key may be made in the place of a lost one"
    );
    std::fs::rename(&away, &keys).unwrap();
    let store = place.open();
    let one = ids(&*store, &p).remove(0);
    assert_eq!(content(&*store, &one).unwrap(), SECRET);
}

pub fn rotation_wraps_every_key_anew(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, SECRET);
    place.clock.advance(40 * 86_400);
    put(&*store, &p, &key("2"), Approved, SECRET);
    let old: Vec<_> = wrapping_files(&place);
    assert_eq!(rotate_keys(&place.config).unwrap(), 2);
    // A process that was running goes on: it finds the new key in the folder.
    place.clock.advance(40 * 86_400);
    put(&*store, &p, &key("3"), Approved, SECRET);
    drop(store);
    for file in old {
        std::fs::remove_file(file).unwrap();
    }
    let store = place.open();
    for id in ids(&*store, &p) {
        assert_eq!(content(&*store, &id).unwrap(), SECRET);
    }
    assert_eq!(
        place.count("SELECT COUNT(DISTINCT wrapped_by) FROM data_key"),
        1
    );
}

fn wrapping_files(place: &Place) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(place.data_dir().join("keys"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|f| {
            f.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("wrapping-")
        })
        .collect()
}

pub fn keys_come_back_from_a_recovery_file(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, SECRET);
    drop(store);
    let sheet = place.scratch().join("recovery.txt");
    let folder = place.config.keys();
    // A wrapping key, an audit key and its public half.
    assert_eq!(folder.export_recovery(&[], &sheet).unwrap(), 3);
    assert_eq!(
        folder.export_recovery(&[], &sheet).unwrap_err().code,
        Code::KeyUnreadable,
        "a recovery file is never overwritten"
    );
    std::fs::remove_dir_all(place.data_dir().join("keys")).unwrap();
    let text = std::fs::read_to_string(&sheet).unwrap();
    let wrong = place.scratch().join("wrong.txt");
    std::fs::write(&wrong, text.replace(" 1 ", " 1 0")).unwrap();
    assert_eq!(
        folder.import_recovery(&wrong).unwrap_err().code,
        Code::KeyUnreadable
    );
    assert_eq!(folder.import_recovery(&sheet).unwrap(), 3);
    assert_eq!(folder.import_recovery(&sheet).unwrap(), 0);
    let store = place.open();
    let one = ids(&*store, &p).remove(0);
    assert_eq!(content(&*store, &one).unwrap(), SECRET);
    assert!(store.verify_audit().unwrap().is_empty());
}

pub fn each_month_has_its_own_key(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    put(&*store, &p, &key("2"), Approved, b"two");
    assert_eq!(place.count("SELECT COUNT(*) FROM data_key"), 1);
    place.clock.advance(31 * 86_400);
    put(&*store, &p, &key("3"), Approved, b"three");
    assert_eq!(place.count("SELECT COUNT(*) FROM data_key"), 2);
    // Another facility has another key.
    let other = tasuki_model::FacilityId::new("facility-b").unwrap();
    let q = store
        .writing(|tx| tx.ensure_registration(&other, &local("1")))
        .unwrap();
    let mut made = entry(&*store, &q, &key("1"), b"one");
    made.facility = other;
    store
        .writing(|tx| {
            tx.put_document(&NewDocument {
                entry: made.clone(),
                bytes: b"one",
                file: None,
            })
        })
        .unwrap();
    assert_eq!(place.count("SELECT COUNT(*) FROM data_key"), 3);
}
