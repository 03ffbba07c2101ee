//! The drill: a node is backed up while it runs, wiped, and restored. Documents, persons, consents and
//! audit trail are what they were; without the keys in the safe nothing comes back.

use super::http::Client;
use super::world::{AT_HOME, HANAKO, HOME, World, patient};
use std::collections::BTreeMap;
use std::path::Path;
use tasuki_core::ports::AuditRow;

/// Hanako's chart for the physician at home: the address of each original, and the original.
fn originals(doctor: &Client) -> BTreeMap<String, String> {
    let list = doctor.get("/patients").body;
    let (_, rest) = list.split_once("/patients/").unwrap();
    let person = format!("/patients/{}", rest.split('/').next().unwrap());
    let page = doctor.get(&format!("{person}/labs?view=list")).body;
    let mut found = BTreeMap::new();
    for link in page.split("/documents/").skip(1) {
        let id = link.split(['"', '?', '/']).next().unwrap();
        let address = format!("{person}/documents/{id}/original");
        let original = doctor.get(&address);
        assert_eq!(original.status, 200, "{address}");
        found.insert(address, original.body);
    }
    found
}

/// Every row of the trail of a node that does not run.
fn trail(world: &World) -> Vec<AuditRow> {
    let args = tasuki::args::Args {
        data: Some(world.data()),
        ..Default::default()
    };
    let config = tasuki::config::Config::read(&tasuki::node::config_path(&args)).unwrap();
    let store = tasuki::node::store_config(&args, &config).unwrap();
    let store = tasuki_store::open(&store).unwrap();
    let rows = store.reading(|tx| tx.audit_after("drill", 10_000)).unwrap();
    assert_eq!(store.verify_audit().unwrap(), []);
    store.close().unwrap();
    rows
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// What commands at the console say of persons and consents.
fn said(world: &World) -> [String; 2] {
    let patient = format!("{HOME}:0000012345");
    [
        world.ok(&["consent", &patient, "--list"]),
        world.ok(&["identity", "stats"]),
    ]
}

/// A node that was backed up while it ran, and is stopped: what it had, and where the backup and its keys are.
pub struct Drill {
    pub key: String,
    pub keys: String,
    pub backup: String,
    /// What the backup said of itself.
    pub counts: String,
    before: BTreeMap<String, String>,
    persons: [String; 2],
    rows: Vec<AuditRow>,
}

impl Drill {
    pub fn begun(world: &mut World) -> Self {
        // Too large for a row: it lies in the object store.
        let root = world.folder.join("large");
        let large = format!("{AT_HOME}{}", "1".repeat(200_000));
        patient(&root, "0000012345", HANAKO, &large);
        world.ok(&["import", "ss-mix2", &text(&root), "--facility", HOME]);
        let consent = format!("{HOME}:0000012345");
        world.ok(&["consent", &consent, "--by", "doctor"]);
        let [key, keys, backup] =
            ["key", "keys", "backup"].map(|name| text(&world.folder.join(name)));
        world.ok(&["backup", "key", &key]);
        world.ok(&["keys", "export-recovery", &keys]);
        let before = originals(&world.sign_in("doctor"));
        assert!(before.values().any(|original| original.contains(&large)));
        let persons = said(world);
        // The node runs, and is asked something, meanwhile.
        let doctor = world.sign_in("doctor");
        let counts = world.ok(&["backup", &backup, "--key", &key]);
        assert!(counts.contains(" 1 contents"), "{counts}");
        assert_eq!(doctor.get("/patients").status, 200);
        world.stop();
        let rows = trail(world);
        let bytes = std::fs::read(&backup).unwrap();
        for clear in [HANAKO.0, AT_HOME, "SQLite format"] {
            let clear = clear.as_bytes();
            assert!(!bytes.windows(clear.len()).any(|part| part == clear));
        }
        Self {
            key,
            keys,
            backup,
            counts,
            before,
            persons,
            rows,
        }
    }

    /// After the restore all is what it was.
    pub fn passed(&self, world: &mut World) {
        let kept = trail(world);
        // What came after the backup is not in it; everything before it is, byte for byte.
        let same = self.rows.iter().filter(|row| kept.contains(row)).count();
        let all = self.rows.len();
        assert!(same >= all - 5 && same > 10, "{same} of {all}");
        let restored = kept.iter().filter_map(|row| row.event.as_ref());
        assert_eq!(restored.filter(|e| e.subject == "restore").count(), 1);
        assert_eq!(said(world), self.persons);
        world.serve();
        assert_eq!(originals(&world.sign_in("doctor")), self.before);
        assert_eq!(world.ok(&["audit", "verify"]).trim(), "ok");
    }
}

#[test]
fn a_node_that_was_wiped_is_what_it_was_when_it_was_backed_up() {
    let mut world = World::new("backup", true);
    let drill = Drill::begun(&mut world);
    let restore = ["restore", drill.backup.as_str(), "--key", &drill.key];
    assert!(
        world.fails(&restore).contains("BAK-002"),
        "over what is there"
    );
    std::fs::remove_dir_all(world.data()).unwrap();
    assert!(world.fails(&restore).contains("KEY-"), "without the keys");
    assert!(!world.data().exists());
    let restored = world.ok(&[&restore[..], &["--recovery", &drill.keys]].concat());
    assert_eq!(restored, drill.counts);
    drill.passed(&mut world);
}
