//! A chart and a community that is not Tasuki, whose patient is found by name alone (ITI-55): its
//! recorded answers name one person, and what it has of that person is shown as unconfirmed.

use super::network::Network;
use super::{Reader, fill};
use crate::soap_community::{CONTENT, Community, DOCUMENT, PERSON, THEIRS, one_patient};
use crate::world::World;
use std::path::Path;

/// Its codes are of a domain of its own: what they mean is agreed in a file.
fn agreed(world: &World) {
    let codes = "version = 1\nprofile = \"ihe\"\n[[list]]\nattribute = \"confidentialityCode\"\n\
                 scheme = \"2.16.840.1.113883.6.96\"\n\
                 codes = [{ code = \"17621005\", en = \"Normal\", confidentiality = \"N\" }]\n";
    let file = world.folder.join("codes.toml");
    std::fs::write(&file, codes).unwrap();
    let config = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let more = format!("{text}\n[registry]\ncodes_file = \"{}\"\n", file.display());
    std::fs::write(config, more).unwrap();
}

/// The recording of ITI-55 as if it were of the person of the others, and of nobody beside.
fn discovered(only: bool) -> String {
    const ROOT: &str = "1.2.840.114350.1.13.99998.8734";
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ihe/samples");
    let folder = "ipf/hl7v3/platform-camel/ihe/hl7v3/src/test/resources/iti55";
    let file = samples.join(folder).join("iti55-sample-response.xml");
    let text = std::fs::read_to_string(file).unwrap();
    let second = text.rfind("<subject typeCode").unwrap();
    let second = &text[second..text.find("<queryAck>").unwrap()];
    let mut pairs = vec![
        [
            format!("<id root=\"{ROOT}\" extension=\"34827K410\"/>"),
            format!("<id root=\"{THEIRS}.2\" extension=\"{PERSON}\"/>"),
        ],
        [
            format!("<id root=\"{ROOT}\"/>"),
            format!("<id root=\"{THEIRS}\"/>"),
        ],
    ];
    if only {
        pairs.insert(0, [second.to_owned(), String::new()]);
    }
    let ours = serde_json::to_string(&pairs).unwrap();
    let theirs = one_patient(&format!("{THEIRS}.2"));
    let (ours, theirs) = (ours.trim_end_matches(']'), theirs.trim_start_matches('['));
    format!("{ours}],[{theirs}")
}

fn network(name: &str, only: bool, mood: &str) -> (Network, Community) {
    let mut network = Network::new(name, 1, |number, world| {
        fill(number, world);
        agreed(world);
    });
    let community = Community::new(&network.folder, &discovered(only), mood);
    network.add(THEIRS, &community.address);
    network.serve();
    (network, community)
}

#[test]
fn what_a_person_found_by_name_has_there_is_shown_as_unconfirmed() {
    let (network, _community) = network("communities-recorded", true, "well");
    let reader = Reader::new(&network);
    let page = reader.settled("documents");
    let [copy] = &Reader::copies(&page)[..] else {
        panic!("{page}");
    };
    assert!(page.contains("未確認の同定"), "{page}");
    let shown = reader.get(copy).body;
    assert!(shown.contains("未確認の同定"), "{shown}");
    let original = reader.get(&format!("{copy}/original"));
    assert_eq!(original.body.as_bytes(), CONTENT);
    assert!(!page.contains(DOCUMENT), "ids of others are not in pages");
}

#[test]
fn of_two_persons_found_by_name_neither_is_asked_about() {
    let (network, _community) = network("communities-recorded-two", false, "well");
    let reader = Reader::new(&network);
    let page = reader.settled("documents");
    assert!(Reader::copies(&page).is_empty(), "{page}");
    assert!(!page.contains("未確認の同定"), "{page}");
    assert!(!page.contains("応答がありません"), "{page}");
}

#[test]
fn one_that_answers_with_garbage_is_named_and_nothing_of_it_is_shown() {
    let (network, _community) = network("communities-garbage", true, "garbage");
    let reader = Reader::new(&network);
    let page = reader.settled("documents");
    assert!(page.contains("よその地域"), "{page}");
    assert!(page.contains("応答がありません"), "{page}");
    assert!(
        Reader::copies(&page).is_empty() && !page.contains("busy"),
        "{page}"
    );
}

#[test]
fn a_document_that_comes_in_part_or_is_another_one_is_not_opened() {
    for mood in ["drop", "stranger", "altered"] {
        let (network, _community) = network(&format!("communities-{mood}"), true, mood);
        let reader = Reader::new(&network);
        let page = reader.settled("documents");
        let [copy] = &Reader::copies(&page)[..] else {
            panic!("{mood}: {page}");
        };
        let shown = reader.get(copy);
        let original = reader.get(&format!("{copy}/original"));
        let content = std::str::from_utf8(CONTENT).unwrap();
        for answer in [&shown, &original] {
            assert!(!answer.body.contains(content), "{mood}: {}", answer.body);
            assert!(!answer.body.contains("mistaken"), "{mood}: {}", answer.body);
        }
        assert_ne!(original.status, 200, "{mood}");
        // What the own hospital has is not held up by it.
        let labs = reader.get("labs?view=list").body;
        assert_eq!(reader.results(&labs), [crate::world::AT_HOME], "{mood}");
    }
}
