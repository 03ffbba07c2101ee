//! The audit trail is away: nothing more can be written. What an emergency reads goes on, and stands in
//! the trail afterwards, each once; everything else is refused.

use super::emergency::{found, open};
use super::world::{AT_AWAY, AWAY, HOME, PASSWORD, World};
use std::fs::File;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::ports::AuditSearch;
use tasuki_model::Purpose;

/// Takes the right to write away from the node; it has it again when this is dropped.
fn taken(world: &World) -> [File; 2] {
    ["write.door", "write.room"].map(|name| {
        let path = world.data().join(name);
        let file = File::options().write(true).open(path).unwrap();
        file.lock().unwrap();
        file
    })
}

/// What an emergency read, by the trail of a node that does not run, in its order.
fn read(world: &World) -> Vec<AuditEvent> {
    let config = tasuki::config::Config::read(&world.data().join("tasuki.toml")).unwrap();
    let repository = tasuki::node::repository(&config).unwrap();
    let home = config.community.home_community_id;
    let store = tasuki_store::StoreConfig::new(world.data(), home, repository);
    let store = tasuki_store::open(&store).unwrap();
    while store.index_audit(1_000).unwrap() > 0 {}
    let search = AuditSearch {
        action: Some(Action::ChartView),
        ..AuditSearch::default()
    };
    let mut lines = store.reading(|tx| tx.find_events(&search, 10_000)).unwrap();
    assert_eq!(store.verify_audit().unwrap(), []);
    store.close().unwrap();
    lines.sort_by_key(|line| (line.stream.clone(), line.seq));
    let events = lines.into_iter().map(|line| line.event);
    events
        .filter(|event| event.purpose == Some(Purpose::Emergency))
        .collect()
}

#[test]
fn an_emergency_reads_on_while_the_trail_is_away_and_nobody_else_does() {
    let mut world = World::new("trail-away", false);
    let stranger = world.sign_in("stranger");
    let doctor = world.sign_in("doctor");
    let path = found(&stranger, &format!("67890@{AWAY}"));
    assert_eq!(open(&stranger, &path, PASSWORD).status, 303);
    let summary = stranger.get(&path).body;
    let (_, rest) = summary.split_once("/patients/").unwrap();
    let person = rest.split('/').next().unwrap();
    let page = |section: &str| format!("/patients/{person}/{section}");
    let away = taken(&world);
    for section in ["labs", "calendar", "medications"] {
        let answer = stranger.get(&page(section));
        assert_eq!(answer.status, 200, "{section}: {}", answer.body);
        assert_eq!(
            answer.body.contains(AT_AWAY),
            section == "labs",
            "{section}"
        );
    }
    // A search is nobody's emergency.
    let refused = doctor.get("/patients");
    assert_eq!(refused.status, 503);
    assert!(refused.body.contains("AUD-001"), "{}", refused.body);
    assert_eq!(
        open(&stranger, &path, PASSWORD).status,
        503,
        "nothing is opened"
    );
    // The node is lost before the trail is back, and what it read is not.
    world.kill();
    drop(away);
    world.serve();
    let back = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !world.log().contains("the audit trail is back") {
        assert!(std::time::Instant::now() < back, "{}", world.log());
        std::thread::yield_now();
    }
    assert_eq!(
        world.sign_in("doctor").get("/patients").status,
        200,
        "{HOME}"
    );
    world.stop();
    let subjects: Vec<String> = read(&world).into_iter().map(|e| e.subject).collect();
    let kept = ["labs", "calendar", "medications"];
    let waited = subjects.iter().filter(|s| kept.contains(&s.as_str()));
    assert!(waited.eq(kept), "{subjects:?}");
}
