//! An emergency across communities: a patient who is registered nowhere here and disclosed nowhere there is
//! found by four items, opened, and judged where the record is.

use super::network::Network;
use super::{PLACES, Reader};
use crate::emergency::{open, post};
use crate::world::{AT_AWAY, HANAKO, PASSWORD, World, patient};

/// Hanako is a patient of every community but the first, and disclosed by none.
pub fn apart(number: usize, world: &mut World) {
    let (code, id, result) = PLACES[number];
    world.ok(&["facility", "add", code, "--name", &format!("病院{number}")]);
    if number > 0 {
        let root = world.folder.join(code);
        patient(&root, id, HANAKO, result);
        let root = root.to_string_lossy().into_owned();
        world.ok(&["import", "ss-mix2", &root, "--facility", code, "--json"]);
    }
    world.user("doctor", "physician", code);
    world.user("officer", "privacy-officer", code);
}

pub const HER: [(&str, &str); 5] = [
    ("by", "items"),
    ("family", "東京"),
    ("given", "花子"),
    ("birth", "1947-03-12"),
    ("sex", "f"),
];

#[test]
fn a_patient_disclosed_nowhere_is_opened_from_another_community_and_judged_at_home() {
    let mut network = Network::new("communities-emergency", 2, apart);
    network.serve();
    let client = network.members[0].world.sign_in("doctor");
    let found = post(&client, "/emergency", &HER);
    assert_eq!(found.status, 303, "{}", found.body);
    let path = found.header("location").unwrap().to_owned();
    let queue = || {
        let officer = network.members[1].world.sign_in("officer");
        officer.get("/admin/reviews").body
    };
    assert!(!queue().contains("花子"), "found, and nothing read");
    assert_eq!(open(&client, &path, PASSWORD).status, 303);
    let summary = client.get(&path).body;
    let (_, rest) = summary.split_once("/patients/").unwrap();
    let base = format!("/patients/{}", rest.split('/').next().unwrap());
    let reader = Reader { client, base };
    let page = reader.settled("labs?view=list");
    assert_eq!(reader.results(&page), [AT_AWAY], "{page}");
    let told = queue();
    assert!(told.contains("花子") && told.contains("地域0"), "{told}");
    assert!(told.contains("病院0") && !told.contains(AT_AWAY), "{told}");
    assert_eq!(told.matches("name=\"watch\"").count(), 1, "{told}");
    // Ended, nothing of it is left.
    let ended = post(&reader.client, &path, &[("act", "end")]);
    assert_eq!(ended.status, 303);
    assert_eq!(reader.get("labs?view=list").status, 404);
}

#[test]
fn a_community_whose_rule_answers_no_emergency_tells_nothing() {
    let mut network = Network::new("communities-emergency-off", 2, |number, world| {
        apart(number, world);
        let file = world.data().join("tasuki.toml");
        let config = std::fs::read_to_string(&file).unwrap();
        let off = config.replace("answers_others = true", "answers_others = false");
        assert_ne!(off, config);
        std::fs::write(&file, off).unwrap();
    });
    network.serve();
    let client = network.members[0].world.sign_in("doctor");
    let found = post(&client, "/emergency", &HER);
    assert_eq!(found.status, 422);
    assert!(found.body.contains("EMR-001"));
}
