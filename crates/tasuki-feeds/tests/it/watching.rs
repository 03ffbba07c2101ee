//! Watching a storage: every way in which a change can be heard of. Each test is driven by the
//! reports of the watch itself; a guard stops a watch that reports nothing.

use crate::hospital::{HANAKO, Hospital, path, visit, visit_path};
use std::io::Write;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;
use tasuki_core::Code;
use tasuki_feeds::watch::{
    IndexExport, Mode, Stop, TransactionLog, WatchOptions, WatchReport, watch,
};
use tasuki_wire::ssmix2::{Operation, header_line};

const NEVER: Duration = Duration::from_secs(100_000);

fn options(hospital: &Hospital) -> WatchOptions {
    let mut options = WatchOptions::new(hospital.options.clone());
    options.rescan_every = NEVER;
    options.poll_every = NEVER;
    options
}

/// Watches until `step` says that it has seen enough. `step` is told how many reports there were.
fn until(
    hospital: &Hospital,
    mut options: WatchOptions,
    mut step: impl FnMut(usize, &WatchReport) -> bool,
) {
    let stop = Stop::new();
    let (done, guard) = channel::<()>();
    let mut enough = false;
    std::thread::scope(|scope| {
        let guarded = stop.clone();
        scope.spawn(move || {
            let _ = guard.recv_timeout(Duration::from_secs(60));
            guarded.stop();
        });
        let mut reports = 0;
        watch(
            &hospital.root,
            &hospital.facility,
            &*hospital.store,
            &mut options,
            &stop,
            &mut |report| {
                reports += 1;
                if step(reports, report) {
                    enough = true;
                    stop.stop();
                }
            },
        )
        .unwrap();
        drop(done);
    });
    assert!(enough, "the watch never reported what was waited for");
}

#[test]
fn file_events_bring_a_change() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    until(&hospital, options(&hospital), |reports, report| {
        assert_eq!(report.mode, Mode::Events, "{report:?}");
        if reports == 1 {
            assert!(report.whole);
            assert_eq!(report.summary.registered, 1);
            hospital.write(&visit_path("1", 5, '1'), visit(HANAKO, "02"));
            hospital.rename(&visit_path("1", 0, '1'), &visit_path("1", 0, '2'));
        }
        hospital.superseded(HANAKO).len() == 1 && hospital.current(HANAKO).len() == 1
    });
    assert_eq!(hospital.quarantined().len(), 0);
}

#[test]
fn a_patient_never_seen_before_is_found_by_events() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let new = "9876543210";
    until(&hospital, options(&hospital), |reports, _| {
        if reports == 1 {
            let file = path(new, "20260714", "ADT-12", "1", "20260714101500000", '1');
            hospital.write(&file, visit(new, "01"));
        }
        hospital.current(new).len() == 1
    });
}

#[test]
fn without_events_the_storage_is_polled_and_the_lag_told() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let mut options = options(&hospital);
    options.events = false;
    options.poll_every = Duration::from_millis(20);
    options.import.folders_per_second = Some(1_000);
    until(&hospital, options, |reports, report| {
        assert_eq!(report.mode, Mode::Polling);
        assert!(report.whole && report.lag < NEVER);
        if reports == 1 {
            hospital.write(&visit_path("2", 5, '1'), visit(HANAKO, "02"));
        }
        hospital.current(HANAKO).len() == 2
    });
}

#[test]
fn a_file_that_grows_is_taken_when_it_is_whole() {
    let mut hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    hospital.options.settle = Duration::from_millis(150);
    let whole = visit(HANAKO, "02");
    let (begin, end) = whole.split_at(whole.len() / 2);
    let file = hospital.root.join(visit_path("2", 5, '1'));
    let mut waited = false;
    until(&hospital, options(&hospital), |reports, report| {
        if reports == 1 {
            std::fs::write(&file, begin).unwrap();
        }
        if report.summary.waiting > 0 && !waited && file.exists() {
            waited = true;
            let mut rest = std::fs::OpenOptions::new()
                .append(true)
                .open(&file)
                .unwrap();
            rest.write_all(end.as_bytes()).unwrap();
        }
        hospital.current(HANAKO).len() == 2
    });
    assert!(waited);
    assert!(
        hospital.quarantined().is_empty(),
        "half a file was taken for a whole one"
    );
    assert!(hospital.superseded(HANAKO).is_empty());
}

fn transaction(patient: &str, order: &str, operation: Operation, message: &str) -> String {
    let columns = ["1311234567", patient, "20260713", "ADT-12", order];
    let header = header_line(columns, operation, ["01", "20260713101500000"]);
    format!("{header}{message}")
}

#[test]
fn the_transaction_storage_names_what_has_changed() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let log = hospital.dir.0.join("transactions");
    let file = log.join("2026/TR_20260713000000000_00001.DAT");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let first = transaction(HANAKO, "1", Operation::Insert, &visit(HANAKO, "01"));
    std::fs::write(&file, first).unwrap();
    let mut options = options(&hospital);
    options.events = false;
    options.logs = vec![Box::new(TransactionLog::open(&log).unwrap())];
    until(&hospital, options, |reports, report| {
        if reports == 1 {
            assert!(report.whole);
            hospital.write(&visit_path("2", 5, '1'), visit(HANAKO, "02"));
            append(
                &file,
                &transaction(HANAKO, "2", Operation::Insert, &visit(HANAKO, "02")),
            );
        }
        if reports == 2 {
            assert_eq!((report.whole, report.summary.registered), (false, 1));
            // The next file of the record, after midnight.
            hospital.rename(&visit_path("2", 5, '1'), &visit_path("2", 5, '0'));
            let next = log.join("2026/TR_20260714000000000_00002.DAT");
            let entry = transaction(HANAKO, "2", Operation::Delete, &visit(HANAKO, "02"));
            std::fs::write(next, entry).unwrap();
        }
        reports > 1 && report.summary.deleted == 1
    });
    assert_eq!(hospital.current(HANAKO).len(), 1);
}

#[test]
fn a_broken_transaction_makes_the_whole_storage_be_looked_at() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let log = hospital.dir.0.join("transactions");
    let file = log.join("2026/TR_20260713000000000_00001.DAT");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "").unwrap();
    let mut options = options(&hospital);
    options.events = false;
    options.logs = vec![Box::new(TransactionLog::open(&log).unwrap())];
    until(&hospital, options, |reports, report| {
        if reports == 1 {
            hospital.write(&visit_path("2", 5, '1'), visit(HANAKO, "02"));
            append(&file, "INS,DEL\rneither a header nor a message");
        }
        if reports == 2 {
            assert!(report.whole);
            let trouble = report.trouble.as_ref().map(|t| t.code);
            assert_eq!(trouble, Some(Code::TransactionLogBroken));
        }
        report.summary.registered == 1 && reports == 2
    });
}

#[test]
fn the_index_table_names_what_has_changed() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let export = hospital.dir.0.join("ssmixidx.tsv");
    std::fs::write(&export, "").unwrap();
    let mut options = options(&hospital);
    options.events = false;
    options.logs = vec![Box::new(IndexExport::open(&export))];
    until(&hospital, options, |reports, report| {
        if reports == 1 {
            hospital.write(&visit_path("2", 5, '1'), visit(HANAKO, "02"));
            let row = [
                "STD01",
                "1311234567",
                HANAKO,
                "20260713",
                "ADT-12",
                "2",
                "INS",
                "01",
                "20260713100500000",
                "000\\001\\x",
                "name",
            ];
            append(&export, &format!("{}\n", row.join("\t")));
        }
        !report.whole && report.summary.registered == 1
    });
}

#[test]
fn a_storage_that_goes_away_is_told_and_found_again() {
    let hospital = Hospital::new();
    hospital.write(&visit_path("1", 0, '1'), visit(HANAKO, "01"));
    let away = hospital.dir.0.join("away");
    let mut options = options(&hospital);
    options.events = false;
    options.poll_every = Duration::from_millis(20);
    until(&hospital, options, |reports, report| match reports {
        1 => {
            std::fs::rename(&hospital.root, &away).unwrap();
            false
        }
        2 => {
            let stopped = report.summary.stopped.as_ref().map(|f| f.code);
            assert_eq!(stopped, Some(Code::FileUnreadable));
            std::fs::rename(&away, &hospital.root).unwrap();
            hospital.write(&visit_path("2", 5, '1'), visit(HANAKO, "02"));
            false
        }
        _ => report.summary.registered == 1,
    });
    assert_eq!(hospital.current(HANAKO).len(), 2);
}

fn append(file: &Path, text: &str) {
    let mut file = std::fs::OpenOptions::new().append(true).open(file).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}
