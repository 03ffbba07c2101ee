//! A chart and a community that is not Tasuki, whose patient is found by name alone (ITI-55): its
//! recorded answers name one person, and what it has of that person is shown as unconfirmed.

use super::network::Network;
use super::{Reader, fill};
use crate::soap_community::{
    ANOTHER, CONTENT, Community, DOCUMENT, PERSON, THEIRS, one_patient_with,
};
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
fn discovered(only: bool, content: &[u8]) -> String {
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
    let theirs = one_patient_with(&format!("{THEIRS}.2"), content);
    let (ours, theirs) = (ours.trim_end_matches(']'), theirs.trim_start_matches('['));
    format!("{ours}],[{theirs}")
}

fn network(name: &str, only: bool, mood: &str) -> (Network, Community) {
    let mut network = Network::new(name, 1, |number, world| {
        fill(number, world);
        agreed(world);
    });
    let content = if mood == "another" { ANOTHER } else { CONTENT };
    let community = Community::new(&network.folder, &discovered(only, content), mood);
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

#[test]
fn a_document_that_names_another_patient_is_shown_to_nobody_and_told_to_the_desk() {
    let (network, _community) = network("communities-another", true, "another");
    let reader = Reader::new(&network);
    let page = reader.settled("documents");
    let [copy] = &Reader::copies(&page)[..] else {
        panic!("{page}");
    };
    // It is older than the first view, and comes when it is opened.
    for path in [copy.clone(), format!("{copy}/original")] {
        assert!(!reader.get(&path).body.contains("SOMEBODY"), "{path}");
    }
    let page = reader.settled("documents");
    assert!(Reader::copies(&page).is_empty(), "{page}");
    let world = &network.members[0].world;
    let clerk = world.sign_in("clerk");
    assert!(clerk.get("/desk").body.contains("/desk/misfiled"));
    let desk = clerk.get("/desk/misfiled").body;
    for word in [
        "よその地域",
        DOCUMENT,
        "0000012345",
        "電話で知らせてください",
    ] {
        assert!(desk.contains(word), "{word}: {desk}");
    }
    let token = |name: &str| {
        let (_, rest) = desk
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let form = format!(
        "csrf={}&document={}&words=電話した",
        token("csrf"),
        token("document")
    );
    let same = [("Sec-Fetch-Site", "same-origin")];
    let doctor = world.sign_in("doctor");
    assert_eq!(doctor.get("/desk/misfiled").status, 404);
    assert_eq!(clerk.post("/desk/misfiled", &form, &same).status, 303);
    let desk = clerk.get("/desk/misfiled").body;
    assert!(desk.contains("電話した"), "{desk}");
    assert_eq!(clerk.post("/desk/misfiled", &form, &same).status, 404);
    assert!(!clerk.get("/desk").body.contains("/desk/misfiled"));
}
