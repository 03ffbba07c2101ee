//! The whole node on PostgreSQL: made, filled, served, written to, stopped and served again, with the
//! answers that it gives on the embedded database.

use super::backup::Drill;
use super::cluster;
use super::cluster::fresh_schema;
use super::notes::Notes;
use super::world::{AT_AWAY, AT_HOME, AWAY, World};

/// Puts a world's store into a schema of its own.
fn on_postgres(world: &World) {
    let (schema, url) = fresh_schema();
    std::fs::write(world.folder.join("schema"), schema).unwrap();
    let file = world.folder.join("url");
    std::fs::write(&file, url).unwrap();
    let path = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("[store]").unwrap();
    let (_, after) = rest.split_once("\n[").unwrap();
    let store = format!(
        "[store]\nengine = \"postgres\"\nurl_file = \"{}\"\n",
        file.display()
    );
    std::fs::write(&path, format!("{before}{store}\n[{after}")).unwrap();
    // `init` has made an embedded database: nothing may look for it any more.
    for entry in std::fs::read_dir(world.data()).unwrap().map(Result::unwrap) {
        if entry.file_name().to_string_lossy().starts_with("tasuki.db") {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
}

#[test]
fn a_node_on_postgresql_is_the_same_node() {
    let mut world = World::made("whole-on-postgres", true, on_postgres);
    assert!(
        !world.data().join("tasuki.db").exists(),
        "nothing is in a file beside it"
    );
    let doctor = Notes::of(&world, "doctor");
    let labs = doctor.client.get(&format!("{}/labs", doctor.base)).body;
    assert!(labs.contains(AT_HOME) && labs.contains(AT_AWAY), "{labs}");
    for section in ["calendar", "summary", "medications", "sources", "notes"] {
        let page = doctor.client.get(&format!("{}/{section}", doctor.base));
        assert_eq!(page.status, 200, "{section}: {}", page.body);
    }
    let sent = doctor.send(&doctor.form().field("text", "家族に説明した。"));
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert!(doctor.page("").contains("家族に説明した。"));
    world.stop();
    // A withdrawal at the console, and the audit trail from end to end.
    world.ok(&["disclose", &format!("{AWAY}:0000067890"), "--withdraw"]);
    world.ok(&["audit", "verify"]);
    world.serve();
    let doctor = Notes::of(&world, "doctor");
    assert!(doctor.page("").contains("家族に説明した。"), "kept");
    let labs = doctor.client.get(&format!("{}/labs", doctor.base)).body;
    assert!(labs.contains(AT_HOME) && !labs.contains(AT_AWAY), "{labs}");
}

/// Takes everything of a world away from the server, and leaves it an empty schema; how many tables it had.
fn wiped(world: &World) -> i64 {
    let schema = std::fs::read_to_string(world.folder.join("schema")).unwrap();
    let mut server = postgres::Client::connect(cluster::url(), postgres::NoTls).unwrap();
    let before = tables(&mut server, &schema);
    server
        .batch_execute(&format!(
            "DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}"
        ))
        .unwrap();
    before
}

fn tables(server: &mut postgres::Client, schema: &str) -> i64 {
    let sql = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = $1";
    server.query_one(sql, &[&schema]).unwrap().get(0)
}

/// The drill of `backup.rs`, with a server whose database is lost too.
#[test]
fn a_node_whose_database_was_wiped_is_what_it_was_when_it_was_backed_up() {
    let mut world = World::made("backup-on-postgres", true, on_postgres);
    let drill = Drill::begun(&mut world);
    let restore = ["restore", drill.backup.as_str(), "--key", &drill.key];
    std::fs::remove_dir_all(world.data()).unwrap();
    let whole = [&restore[..], &["--recovery", &drill.keys]].concat();
    assert!(
        world.fails(&whole).contains("BAK-002"),
        "over what is there"
    );
    assert!(wiped(&world) > 20);
    // Refused for want of keys, and nothing of it is left at the server.
    assert!(world.fails(&restore).contains("KEY-"), "without the keys");
    assert!(!world.data().exists());
    assert_eq!(wiped(&world), 0);
    assert_eq!(world.ok(&whole), drill.counts);
    assert!(!world.data().join("tasuki.db").exists());
    drill.passed(&mut world);
}
