//! The samples of the National Hospital Organization, with the account written by hand before the
//! first run (`tasuki-records/tests/it/nho_account.tsv`).

use crate::hospital::{Hospital, shared};
use std::collections::BTreeMap;
use std::path::Path;
use tasuki_core::Code;

#[test]
fn the_sample_storage_comes_out_as_accounted() {
    let hospital = Hospital::new();
    let summary = hospital.import_from(&shared("nho-testing-tool/sampleData"));
    assert_eq!(
        (summary.read, summary.registered, summary.quarantined),
        (22, 9, 13)
    );
    assert_eq!(summary.read, summary.registered + summary.quarantined);
    let reasons: BTreeMap<&str, u64> = summary.reasons.iter().map(|(c, n)| (c.id(), *n)).collect();
    assert_eq!(reasons, BTreeMap::from([("JIS-001", 1), ("REC-004", 12)]));
}

#[test]
fn every_file_of_the_sample_goes_where_the_account_says() {
    let hospital = Hospital::new();
    hospital.import_from(&shared("nho-testing-tool/sampleData"));
    let account =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../tasuki-records/tests/it/nho_account.tsv");
    let account = std::fs::read_to_string(account).unwrap();
    let quarantined: BTreeMap<String, String> = hospital
        .quarantined()
        .into_iter()
        .map(|q| (q.file.path.to_string(), q.reason.code.id().to_owned()))
        .collect();
    let current = [hospital.current("9999013"), hospital.current("0000001")].concat();
    let mut lines = 0;
    for line in account.lines().filter(|l| !l.starts_with('#')) {
        let mut columns = line.split('\t');
        let (path, outcome, reason) = (
            columns.next().unwrap(),
            columns.next().unwrap(),
            columns.next().unwrap(),
        );
        lines += 1;
        let order = path.rsplit('/').next().unwrap().split('_').nth(3).unwrap();
        let kind = path.split('/').nth(4).unwrap();
        let registered = current
            .iter()
            .any(|e| *e.source_key.order == *order && *e.source_key.kind == *kind);
        match outcome {
            "registered" => {
                assert!(registered, "{path}");
                assert!(!quarantined.contains_key(path), "{path}");
            }
            _ => assert_eq!(
                quarantined.get(path).map(String::as_str),
                Some(reason),
                "{path}"
            ),
        }
    }
    assert_eq!(lines, 22);
}

#[test]
fn the_sample_is_kept_byte_by_byte() {
    let hospital = Hospital::new();
    let root = shared("nho-testing-tool/sampleData");
    hospital.import_from(&root);
    for entry in hospital.current("9999013") {
        let stored = hospital.bytes(&entry);
        let same = walk(&root)
            .into_iter()
            .any(|f| std::fs::read(f).unwrap() == stored);
        assert!(same, "{:?}", entry.source_key);
    }
    for row in hospital.quarantined() {
        let kept = hospital
            .store
            .reading(|tx| tx.quarantined_bytes(&row.id))
            .unwrap();
        assert_eq!(
            kept,
            Some(std::fs::read(root.join(&*row.file.path)).unwrap())
        );
    }
}

fn walk(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                walk(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[test]
fn a_second_run_finds_the_sample_as_it_was() {
    let hospital = Hospital::new();
    let root = shared("nho-testing-tool/sampleData");
    let first = hospital.import_from(&root);
    let commits = hospital.store.commits();
    let second = hospital.import_from(&root);
    assert_eq!(
        (second.read, second.unchanged, second.quarantined),
        (22, 9, 13)
    );
    assert_eq!(second.reasons, first.reasons);
    assert_eq!(second.registered + second.replaced + second.deleted, 0);
    // Only that the feed was heard.
    assert_eq!(hospital.store.commits() - commits, 1);
    let mut verified = hospital;
    verified.options.verify = true;
    let third = verified.import_from(&root);
    assert_eq!(
        (third.read, third.unchanged, third.quarantined),
        (22, 9, 13)
    );
}

#[test]
fn both_storages_of_the_support_documents_import() {
    let hospital = Hospital::new();
    for (root, files) in [("standard_root", 1), ("extended_root", 2)] {
        let summary =
            hospital.import_from(&shared(&format!("nho-support-documents/sample/{root}")));
        assert_eq!(
            (summary.read, summary.registered),
            (files, files),
            "{root}: {summary:?}"
        );
    }
    let entries = hospital.current("0123456789");
    assert_eq!(entries.len(), 3);
    let vitals: Vec<_> = entries
        .iter()
        .filter(|e| &*e.source_key.kind == "L-OBSERVATIONS^OBSERVATIONS^99ZL01")
        .collect();
    assert_eq!(vitals.len(), 2);
    for entry in vitals {
        assert_eq!(entry.title.as_deref(), Some("OBSERVATIONS"));
        assert!(entry.items > 0);
    }
}

#[test]
fn a_wrong_folder_is_told_from_an_empty_one() {
    let hospital = Hospital::new();
    let refused = |root: &Path| {
        tasuki_feeds::import_ss_mix2(
            root,
            &hospital.facility,
            &*hospital.store,
            &hospital.options,
            &mut |_| {},
        )
        .unwrap_err()
        .code
    };
    // The folder above the root, and a folder of something else.
    assert_eq!(
        refused(&shared("nho-support-documents/sample")),
        Code::WrongFolder
    );
    assert_eq!(
        refused(&shared("nho-support-documents/doc")),
        Code::WrongFolder
    );
    assert_eq!(refused(&hospital.root.join("nowhere")), Code::FolderMissing);
    let file = hospital.write("a-file", b"");
    assert_eq!(refused(&file), Code::FolderMissing);
    std::fs::remove_file(file).unwrap();
    assert_eq!(hospital.import().read, 0);
}
