//! A generated community holds what it promises, the same bytes each time, and can be read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tasuki_testkit::generate::{Order, UNTIL, generate};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("tasuki-testkit-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn community(name: &str, seed: u64, persons: usize) -> (Folder, BTreeMap<String, Vec<u8>>) {
    let folder = Folder::new(name);
    generate(
        Order {
            seed,
            persons,
            years: 2,
            until: UNTIL,
        },
        &folder.0,
    )
    .unwrap();
    let mut files = BTreeMap::new();
    collect(&folder.0, &folder.0, &mut files);
    (folder, files)
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let (_one, one) = community("one", 5, 12);
    let (_two, two) = community("two", 5, 12);
    assert!(one.len() > 300, "{} files", one.len());
    assert!(one == two);
    let (_three, three) = community("three", 6, 12);
    assert!(one != three);
}

#[test]
fn every_path_is_one_of_ss_mix2_and_every_kind_is_there() {
    let (_folder, files) = community("paths", 1, 40);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for name in files.keys() {
        let Some((root, path)) = name.split_once('/') else {
            continue;
        };
        assert!(tasuki_wire::ssmix2::root_name(root).is_some(), "{root}");
        let parsed = tasuki_wire::ssmix2::StoragePath::parse(path)
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let kind = path.split('/').nth(4).unwrap_or_default();
        *kinds
            .entry(kind.split('^').next().unwrap_or_default().to_owned())
            .or_default() += 1;
        let _ = parsed;
    }
    let expected = [
        "ADT-00",
        "ADT-01",
        "ADT-12",
        "ADT-22",
        "ADT-42",
        "ADT-51",
        "ADT-52",
        "ADT-61",
        "PPR-01",
        "OMD",
        "OMP-01",
        "OMP-11",
        "OMP-02",
        "OMP-12",
        "OML-01",
        "OML-11",
        "OMG-01",
        "OMG-11",
        "OMG-03",
        "OMG-13",
        "P01",
        "P02",
        "S01",
        "L01",
        "R01",
        "I01",
        "N01",
        "M01",
        "L-OBSERVATIONS",
    ];
    for kind in expected {
        assert!(kinds.contains_key(kind), "no {kind} in {kinds:?}");
    }
}

#[test]
fn every_message_declares_its_characters_and_names_the_patient_of_its_path() {
    let (_folder, files) = community("messages", 2, 10);
    let mut messages = 0;
    for (name, bytes) in files.iter().filter(|(name, _)| name.contains("_STD/")) {
        let id = name.split('/').nth(3).unwrap();
        assert!(bytes.starts_with(b"MSH|^~\\&|"), "{name}");
        let text = String::from_utf8_lossy(bytes);
        let pid = text
            .split('\r')
            .find(|segment| segment.starts_with("PID|"))
            .unwrap();
        assert_eq!(
            pid.split('|').nth(3).unwrap().split('^').next(),
            Some(id),
            "{name}"
        );
        assert!(
            text.split('\r').next().unwrap().contains("ISO IR87"),
            "{name}"
        );
        messages += 1;
    }
    assert!(messages > 200);
}

#[test]
fn the_showcase_patient_has_records_in_four_places() {
    let (_folder, files) = community("showcase", 3, 3);
    let truth: serde_json::Value = serde_json::from_slice(&files["people.json"]).unwrap();
    let person = &truth["people"][0];
    assert_eq!(
        (person["family"].as_str(), person["birth"].as_str()),
        (Some("東京"), Some("1947-03-12"))
    );
    for card in person["registrations"].as_array().unwrap() {
        let part = format!("{}_STD/", card["facility"].as_str().unwrap());
        let id = card["id"].as_str().unwrap();
        assert!(
            files
                .keys()
                .any(|name| name.starts_with(&part) && name.contains(&format!("/{id}/"))),
            "{card}"
        );
    }
    for ending in [
        "letter.pdf",
        "document.xml",
        "key01.png",
        "record.txt",
        "main_document.hl7",
    ] {
        assert!(files.keys().any(|name| name.ends_with(ending)), "{ending}");
    }
}

#[test]
fn every_file_is_fit_to_be_registered_and_reads_without_a_problem() {
    let (_folder, files) = community("fit", 4, 30);
    let mut problems: BTreeMap<String, usize> = BTreeMap::new();
    for (name, bytes) in &files {
        let Some((_, path)) = name.split_once('/') else {
            continue;
        };
        let examined = tasuki_records::examine(path, bytes);
        assert!(
            examined.reasons.is_empty(),
            "{name}: {:?}",
            examined.reasons
        );
        for problem in examined
            .decoded
            .into_iter()
            .flat_map(|decoded| decoded.problems)
        {
            let kind = path.split('/').nth(4).unwrap_or_default();
            *problems.entry(format!("{kind} {problem}")).or_default() += 1;
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}
