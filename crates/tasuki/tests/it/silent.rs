//! A feed that has gone silent: the chart says so wherever it says anything.

use super::http::Client;
use super::world::World;
use std::time::{Duration, Instant};

/// What the strip, the foot of a section and the page of sources say.
const SILENT: [(&str, &str); 3] = [
    ("calendar", "一部 通信なし"),
    ("labs", "新しいデータが届いていません"),
    ("sources", "新しいデータが届いていません"),
];

fn chart(client: &Client, section: &str) -> String {
    let patients = client.get("/patients").body;
    let (_, rest) = patients.split_once("/patients/").unwrap();
    let person = rest.split('/').next().unwrap();
    let page = client.get(&format!("/patients/{person}/{section}"));
    assert_eq!(page.status, 200, "{section}");
    page.body
}

#[test]
fn a_silent_feed_makes_the_chart_partial() {
    let mut world = World::new("silent-feed", true);
    let doctor = world.sign_in("doctor");
    for (section, words) in SILENT {
        assert!(!chart(&doctor, section).contains(words), "{section}");
    }
    world.stop();
    // No feed is heard less than an hour of nothing ago, once a second has gone by.
    let path = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let silent = text.replace("feed_silent_hours = 24", "feed_silent_hours = 0");
    assert_ne!(text, silent);
    std::fs::write(&path, silent).unwrap();
    world.serve();
    let doctor = world.sign_in("doctor");
    let patience = Instant::now() + Duration::from_secs(60);
    while !chart(&doctor, "labs").contains(SILENT[1].1) {
        assert!(Instant::now() < patience, "nothing is said of the feed");
    }
    for (section, words) in SILENT {
        assert!(chart(&doctor, section).contains(words), "{section}");
    }
}
