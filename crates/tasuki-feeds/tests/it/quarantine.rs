//! What an operator does with files in quarantine, and what the hospital mends itself.

use crate::hospital::{HANAKO, Hospital, visit, visit_path};
use tasuki_core::Code;
use tasuki_feeds::quarantine::{drop_file, retry};

#[test]
fn a_mended_file_leaves_quarantine() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), b"MSH|broken");
    assert_eq!(hospital.import().quarantined, 1);
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let summary = hospital.import();
    assert_eq!((summary.registered, summary.quarantined), (1, 0));
    assert!(hospital.quarantined().is_empty());
}

#[test]
fn a_broken_file_that_was_replaced_leaves_quarantine() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), b"MSH|broken");
    hospital.import();
    std::fs::remove_file(hospital.root.join(visit_path("1", 0, '1'))).unwrap();
    // Gone alone says nothing: the bytes may be the last there are.
    hospital.import();
    assert_eq!(hospital.quarantined().len(), 1);
    hospital.write(&visit_path("1", 5, '1'), visit(HANAKO, "01"));
    assert_eq!(hospital.import().registered, 1);
    assert!(hospital.quarantined().is_empty());
}

#[test]
fn a_file_that_breaks_keeps_what_was_taken_in_before() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    hospital.import();
    hospital.write(&visit_path("1", 0, '1'), b"MSH|broken");
    let summary = hospital.import();
    assert_eq!((summary.read, summary.quarantined), (1, 1));
    let kept = hospital.current(HANAKO);
    assert_eq!(hospital.bytes(&kept[0]), visit(HANAKO, "01").as_bytes());
}

#[test]
fn a_retry_says_the_reason_of_today() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), b"MSH|broken");
    hospital.import();
    let row = hospital.quarantined().remove(0);
    let summary = retry(
        &*hospital.store,
        &hospital.facility,
        &row.id,
        &hospital.options,
    )
    .unwrap();
    assert_eq!((summary.read, summary.quarantined), (1, 1));
    let again = hospital.quarantined().remove(0);
    assert_eq!((again.id, again.reason), (row.id, row.reason));
    let unknown = retry(
        &*hospital.store,
        &hospital.facility,
        "none",
        &hospital.options,
    );
    assert_eq!(unknown.unwrap_err().code, Code::NotQuarantined);
}

#[test]
fn a_retry_takes_in_what_can_be_read_now() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    hospital.import();
    let known = hospital.current(HANAKO).remove(0);
    // A file that this release reads was set aside by an earlier one.
    let bytes = visit(HANAKO, "02").into_bytes();
    let row = tasuki_core::ports::Quarantined {
        id: "early".to_owned(),
        facility: hospital.facility.id.clone(),
        patient: tasuki_model::LocalPatientId::new(HANAKO).ok(),
        file: tasuki_core::ports::FileState {
            path: visit_path("2", 0, '1').into(),
            size: bytes.len() as u64,
            mtime_ns: 1,
            ctime_ns: 1,
            inode: 1,
        },
        reason: tasuki_core::ports::QuarantineReason {
            code: Code::KindMismatch,
            detail: String::new(),
        },
        at: tasuki_model::Instant::from_micros(1),
        kept: true,
    };
    hospital
        .store
        .writing(|tx| tx.put_quarantine(&row, Some(&bytes)))
        .unwrap();
    let summary = retry(
        &*hospital.store,
        &hospital.facility,
        "early",
        &hospital.options,
    )
    .unwrap();
    assert_eq!(summary.registered, 1);
    assert!(hospital.quarantined().is_empty());
    let now = hospital.current(HANAKO);
    assert_eq!(now.len(), 2);
    assert!(now.contains(&known));
}

#[test]
fn a_dropped_file_does_not_come_back() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), b"MSH|broken");
    hospital.import();
    let row = hospital.quarantined().remove(0);
    drop_file(&*hospital.store, &row.id, &hospital.options).unwrap();
    assert!(hospital.quarantined().is_empty());
    let summary = hospital.import();
    assert_eq!((summary.unchanged, summary.quarantined), (1, 0));
    let gone = drop_file(&*hospital.store, &row.id, &hospital.options);
    assert_eq!(gone.unwrap_err().code, Code::NotQuarantined);
    // Changed, it is looked at again.
    hospital.write(&visit_path("1", 0, '1'), b"MSH|broken otherwise");
    assert_eq!(hospital.import().quarantined, 1);
}
