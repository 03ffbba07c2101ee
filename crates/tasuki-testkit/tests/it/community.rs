//! A generated community holds what it promises, the same bytes each time, and can be read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tasuki_testkit::community::{COMMUNITIES, NEIGHBOURS, elsewhere, facility, registrations};
use tasuki_testkit::dice::Dice;
use tasuki_testkit::generate::{Order, UNTIL, generate, network};
use tasuki_testkit::people::people;

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
            heavy: 0,
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

#[test]
fn a_network_has_a_hundred_and_twenty_people_in_two_to_four_communities() {
    let home = |number: usize| {
        let mut all = COMMUNITIES.iter();
        all.position(|c| c.facilities.contains(&number)).unwrap()
    };
    for seed in [1, 2] {
        let dice = Dice::new(seed);
        let all = people(&dice, 210, UNTIL);
        let mut cards = registrations(&dice, &all[..150], UNTIL);
        cards.resize(all.len(), Vec::new());
        let mut spread = BTreeMap::new();
        let mut ids = BTreeSet::new();
        for (own, others) in cards.iter().zip(elsewhere(&dice, &all, 150, UNTIL)) {
            let mut communities = BTreeSet::new();
            for card in own.iter().chain(&others) {
                communities.insert(home(card.facility));
                assert!(ids.insert((card.facility, card.local_id.clone())));
            }
            *spread.entry(communities.len()).or_insert(0) += 1;
        }
        assert_eq!(spread[&2] + spread[&3] + spread[&4], 120, "{spread:?}");
        assert!(spread.values().all(|people| *people > 5), "{spread:?}");
    }
}

#[test]
fn every_community_of_a_network_knows_its_own_and_writes_as_specified() {
    let folder = Folder::new("network");
    let order = Order {
        seed: 6,
        persons: 8,
        years: 1,
        until: UNTIL,
        heavy: 0,
    };
    network(order, &folder.0).unwrap();
    let mut files = BTreeMap::new();
    collect(&folder.0, &folder.0, &mut files);
    for community in &COMMUNITIES {
        let read = |name: &str| {
            let bytes = files.get(&format!("{}/{name}", community.letter));
            String::from_utf8(bytes.unwrap().clone()).unwrap()
        };
        assert!(read("community.toml").contains(community.home_community_id));
        let codes: Vec<_> = community
            .facilities
            .clone()
            .map(|n| facility(n).code)
            .collect();
        let disclosed = read("disclosed.csv");
        let own = |line: &str| codes.iter().any(|code| line.starts_with(code));
        assert!(disclosed.lines().count() > 3 && disclosed.lines().all(own));
    }
    let neighbours: Vec<_> = NEIGHBOURS.iter().map(|place| place.code).collect();
    let mut seen = 0;
    for (name, bytes) in &files {
        let (root, path) = name.split_once('/').unwrap_or(("", name));
        if !neighbours.iter().any(|code| root.starts_with(code)) {
            continue;
        }
        let examined = tasuki_records::examine(path, bytes);
        assert!(
            examined.reasons.is_empty(),
            "{name}: {:?}",
            examined.reasons
        );
        let problems = examined.decoded.map(|decoded| decoded.problems);
        assert!(problems.is_none_or(|p| p.is_empty()), "{name}");
        seen += 1;
    }
    assert!(seen > 200, "{seen}");
}
