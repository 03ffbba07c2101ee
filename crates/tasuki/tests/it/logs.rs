//! No patient data in logs or metrics, whatever was done; and every view leaves an event.

use super::http::Client;
use super::world::{AT_AWAY, AT_HOME, World};

#[test]
fn a_whole_visit_leaves_no_patient_in_the_log_and_an_event_for_every_view() {
    let mut world = World::new("logs", true);
    let doctor = world.sign_in("doctor");
    let list = doctor.get("/patients?name=トウキョウ").body;
    let (_, rest) = list.split_once("/patients/").unwrap();
    let person = rest.split('/').next().unwrap().to_owned();
    for tail in [
        "calendar",
        "labs",
        "problems",
        "sources",
        "calendar?from=2026-06-03&to=2026-06-03",
    ] {
        assert_eq!(
            doctor.get(&format!("/patients/{person}/{tail}")).status,
            200,
            "{tail}"
        );
    }
    assert_eq!(doctor.get("/patients/unknown/calendar").status, 404);
    let health = Client::new(&world.health);
    assert_eq!(health.get("/live").status, 200);
    assert_eq!(health.get("/ready").status, 200);
    let metrics = health.get("/metrics").body;
    world.stop();
    let said = format!("{}{metrics}", world.log());
    for word in [
        "花子",
        "ハナコ",
        "トウキョウ",
        "0000012345",
        "0000067890",
        "1947-03-12",
        "19470312",
        AT_HOME,
        AT_AWAY,
        person.as_str(),
    ] {
        assert!(!said.contains(word), "{word} in the log");
    }
    assert_eq!(world.ok(&["audit", "verify"]).trim(), "ok");
}
