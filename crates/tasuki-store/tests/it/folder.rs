//! The data folder: schema, disk, keys, damage.

use crate::place::{On, Place, key, patient, put};
use crate::registry::approved;
use std::os::unix::fs::PermissionsExt;
use tasuki_core::Code;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_model::AvailabilityStatus::Approved;
use tasuki_model::Instant;
use tasuki_store::{SCHEMA_VERSION, StoreConfig, open};

pub fn a_newer_schema_refuses_to_start(place: Place) {
    drop(place.open());
    let newer = SCHEMA_VERSION + 1;
    place.sql(&format!(
        "INSERT INTO schema_version (version, applied, release) VALUES ({newer}, 0, '9.9.9')"
    ));
    let refused = open(&place.config).map(drop).unwrap_err();
    assert_eq!(refused.code, Code::SchemaNewer);
    place.sql(&format!(
        "DELETE FROM schema_version WHERE version = {newer}"
    ));
    drop(place.open());
}

pub fn a_full_disk_stops_writes_and_not_reads(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    // No disk is free by more than all of it.
    let full = open(&StoreConfig {
        reserve_percent: 101,
        ..place.config.clone()
    })
    .unwrap();
    let refused = full.writing(|tx| tx.set_disclosed(&p, true)).unwrap_err();
    assert_eq!(refused.code, Code::DiskFull);
    assert_eq!(approved(&*full, &p).len(), 1);
    // Reading needs its audit, so that goes on.
    let event = AuditEvent::of_process(Instant::from_micros(1), Action::Node, "test", "read");
    full.append_audit(&[event]).unwrap();
    let record = full.reading(|tx| tx.registration(&p)).unwrap().unwrap();
    assert!(!record.disclosed);
}

pub fn opening_twice_changes_nothing(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    let again = place.open();
    assert_eq!(approved(&*again, &p), approved(&*store, &p));
    assert_eq!(
        place.count("SELECT COUNT(*) FROM schema_version"),
        SCHEMA_VERSION
    );
    assert_eq!(place.count("SELECT COUNT(*) FROM setting"), 2);
    let keys = std::fs::read_dir(place.data_dir().join("keys")).unwrap();
    assert_eq!(keys.count(), 3);
}

pub fn a_key_that_others_can_read_is_refused(place: Place) {
    drop(place.open());
    let keys = std::fs::read_dir(place.data_dir().join("keys")).unwrap();
    for key in keys {
        let path = key.unwrap().path();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
    }
    let refused = open(&place.config).map(drop).unwrap_err();
    assert_eq!(refused.code, Code::KeyUnreadable);
}

pub fn damaged_rows_are_named(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    put(&*store, &p, &key("1"), Approved, b"one");
    place.sql("UPDATE document SET day = 20261399");
    let damaged = store
        .reading(|tx| {
            tx.find_entries(
                std::slice::from_ref(&p),
                &tasuki_core::ports::EntryFilter::default(),
            )
        })
        .unwrap_err();
    assert_eq!(damaged.code, Code::StoreBroken);
    if place.on == On::Sqlite {
        drop(store);
        std::fs::write(place.data_dir().join("tasuki.db"), vec![0x5a; 8192]).unwrap();
        let _ = std::fs::remove_file(place.data_dir().join("tasuki.db-wal"));
        let refused = open(&place.config).map(drop).unwrap_err();
        assert_eq!(refused.code, Code::StoreBroken);
    }
}

/// A node opens its store, asks it and lets it go from within its runtime while it starts and ends.
pub fn a_store_may_be_used_inside_a_runtime(place: Place) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let facilities = runtime.block_on(async {
        let store = place.open();
        let found = store.reading(|tx| tx.facilities()).unwrap();
        store.writing(|tx| tx.facilities()).unwrap();
        drop(store);
        found
    });
    assert!(facilities.is_empty(), "a new store knows none");
}
