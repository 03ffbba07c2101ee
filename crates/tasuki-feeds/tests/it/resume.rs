//! Imports that are interrupted, repeated, or run beside each other.

use crate::hospital::{Hospital, path, visit};
use tasuki_core::Code;
use tasuki_feeds::import_ss_mix2;

/// Ten patients with twelve visits each.
fn fill(hospital: &Hospital) -> u64 {
    let mut files = 0;
    for patient in 0..10 {
        let id = format!("{:010}", 1_000_000 + patient);
        for number in 0..12 {
            let day = format!("202607{:02}", number + 1);
            let order = format!("{number:015}");
            let sent = format!("{day}101500000");
            let file = path(&id, &day, "ADT-12", &order, &sent, '1');
            hospital.write(&file, visit(&id, &format!("{number:02}")));
            files += 1;
        }
    }
    files
}

fn all(hospital: &Hospital) -> usize {
    (0..10)
        .map(|patient| {
            hospital
                .current(&format!("{:010}", 1_000_000 + patient))
                .len()
        })
        .sum()
}

#[test]
fn small_batches_come_out_as_one() {
    let mut hospital = Hospital::new();
    let files = fill(&hospital);
    hospital.options.batch_files = 7;
    let summary = hospital.import();
    assert_eq!((summary.read, summary.registered), (files, files));
    assert_eq!(all(&hospital) as u64, files);
    assert_eq!(hospital.store.verify_audit().unwrap(), []);
}

#[test]
fn two_imports_beside_each_other_register_nothing_twice() {
    let hospital = Hospital::new();
    let files = fill(&hospital);
    let other = tasuki_store::open(&hospital.config).unwrap();
    let mut options = hospital.options.clone();
    options.batch_files = 5;
    let run = |store: &dyn tasuki_core::ports::Store| {
        import_ss_mix2(
            &hospital.root,
            &hospital.facility,
            store,
            &options,
            &mut |_| {},
        )
        .unwrap()
    };
    let (one, two) = std::thread::scope(|scope| {
        let one = scope.spawn(|| run(&*hospital.store));
        let two = run(&*other);
        (one.join().unwrap(), two)
    });
    assert_eq!(one.stopped, None);
    assert_eq!(two.stopped, None);
    assert_eq!(one.registered + two.registered, files);
    assert_eq!(all(&hospital) as u64, files);
    assert_eq!(hospital.store.verify_audit().unwrap(), []);
}

#[test]
fn a_second_import_of_one_storage_says_that_the_first_is_running() {
    let mut hospital = Hospital::new();
    fill(&hospital);
    let lock = hospital.dir.0.join("import.lock");
    hospital.options.lock = Some(lock.clone());
    let mut refused = None;
    let options = hospital.options.clone();
    let summary = import_ss_mix2(
        &hospital.root,
        &hospital.facility,
        &*hospital.store,
        &options,
        &mut |_| {
            if refused.is_none() {
                let second = import_ss_mix2(
                    &hospital.root,
                    &hospital.facility,
                    &*hospital.store,
                    &options,
                    &mut |_| {},
                );
                refused = Some(second.unwrap_err().code);
            }
        },
    )
    .unwrap();
    assert_eq!(refused, Some(Code::ImportRunning));
    assert_eq!(summary.registered, 120);
    assert_eq!(hospital.import().unchanged, 120);
}

#[test]
fn progress_counts_files_and_patients() {
    let hospital = Hospital::new();
    let files = fill(&hospital);
    let mut last = tasuki_feeds::Progress::default();
    import_ss_mix2(
        &hospital.root,
        &hospital.facility,
        &*hospital.store,
        &hospital.options,
        &mut |progress| {
            assert!(progress.files >= last.files && progress.patients >= last.patients);
            last = *progress;
        },
    )
    .unwrap();
    assert_eq!(
        (last.files, last.patients, last.patients_found),
        (files, 10, 10)
    );
    assert!(last.walked);
}

#[test]
fn the_hospitals_disk_is_only_read() {
    let hospital = Hospital::new();
    fill(&hospital);
    let before = listing(&hospital.root);
    hospital.import();
    hospital.import();
    assert_eq!(listing(&hospital.root), before);
}

/// Names, sizes and change times below a folder.
fn listing(dir: &std::path::Path) -> Vec<(std::path::PathBuf, u64, i64, i64)> {
    use std::os::unix::fs::MetadataExt;
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        found.push((entry.path(), meta.size(), meta.ctime(), meta.ctime_nsec()));
        if meta.is_dir() {
            found.extend(listing(&entry.path()));
        }
    }
    found.sort();
    found
}
