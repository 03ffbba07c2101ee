//! From the electronic record to the chart: links that a third party's library seals.

use super::http::Client;
use super::mllp::peer;
use super::world::{AWAY, HOME, World};
use std::path::Path;

/// The world with a key of the hospital's record.
fn world(name: &str) -> World {
    let mut world = World::new(name, true);
    world.stop();
    let key = key_file(&world);
    world.ok(&["launch", "key", &key]);
    assert!(world.fails(&["launch", "key", &key]).contains("CFG-005"));
    let path = world.data().join("tasuki.toml");
    let entry = format!("\n[[portal.launch]]\nfacility = \"{HOME}\"\nkey_file = \"{key}\"\n");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text + &entry).unwrap();
    world.serve();
    world
}

fn key_file(world: &World) -> String {
    world.folder.join("launch.key").display().to_string()
}

/// A link as the record makes it.
fn link(world: &World, facility: &str, patient: &str, ago: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/launch.py");
    let key = key_file(world);
    let made = peer("python")
        .arg(script)
        .args([&key, facility, patient, ago])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{errors}");
    let token = String::from_utf8(made.stdout).unwrap();
    format!("/launch?token={}", token.trim())
}

#[test]
fn a_link_from_the_record_opens_the_chart_of_its_patient() {
    let world = world("launch");
    let doctor = world.sign_in("doctor");
    let link = link(&world, HOME, "0000012345", "0");
    for link in [
        &link,
        world
            .ok(&["launch", "link", &format!("{HOME}:0000012345")])
            .trim(),
    ] {
        assert!(!link.contains("12345"), "no patient ID in an address");
        let answer = doctor.get(link);
        let chart = answer.header("location").unwrap().to_owned();
        assert_eq!((answer.status, chart.ends_with("/calendar")), (303, true));
        let opened = doctor.get(&chart);
        assert!(opened.body.contains("花子"), "{}", opened.body);
    }
    // Who has not signed in yet does so, and goes on.
    let anyone = Client::new(&world.address);
    let asked = anyone.get(&link);
    let to = asked.header("location").unwrap();
    assert!(to.starts_with("/sign-in?next=%2Flaunch%3Ftoken%3D"), "{to}");
    assert!(!world.log().contains("12345"));
}

#[test]
fn what_a_link_does_not_open_looks_the_same() {
    let world = world("launch-refused");
    let doctor = world.sign_in("doctor");
    let unknown = doctor.get(&link(&world, HOME, "0000099999", "0"));
    assert_eq!(unknown.status, 404);
    // A patient of another hospital by that hospital's number; a beginning of a number.
    for patient in ["0000067890", "00000123", ""] {
        let answer = doctor.get(&link(&world, HOME, patient, "0"));
        assert_eq!((answer.status, answer.bare()), (404, unknown.bare()));
    }
    for who in ["clerk", "operator", "stranger"] {
        let refused = world
            .sign_in(who)
            .get(&link(&world, HOME, "0000012345", "0"));
        assert_eq!(refused.status, 404, "{who}");
    }
    let late = doctor.get(&link(&world, HOME, "0000012345", "1000"));
    assert!(late.body.contains("WEB-010"), "{}", late.body);
    let strange = doctor.get(&link(&world, AWAY, "0000067890", "0"));
    assert!(strange.body.contains("WEB-010"), "no key of that hospital");
    assert!(doctor.get("/launch").body.contains("WEB-006"));
}
