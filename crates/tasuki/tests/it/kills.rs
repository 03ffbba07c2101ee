//! An import that is killed: what the registry holds afterwards is whole, and the next run makes
//! up the rest without a second copy of anything.
//!
//! Five kills here; `cargo xtask soak kills` sets `TASUKI_KILLS=50` and a seed. The moment of a
//! kill is chance, what must hold after it is not.

use super::world::{HOME, World};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tasuki::args::Args;
use tasuki_core::ports::{FilePlace, KnownFile};
use tasuki_model::LocalPatientId;
use tasuki_testkit::{corpus, dice::Dice};

/// Several transactions' worth: an import writes a thousand files at a time.
const FILES: usize = 3_600;
const PERSONS: usize = 60;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

#[test]
fn an_import_killed_at_any_moment_is_whole_and_can_be_run_again() {
    let kills = number("TASUKI_KILLS", 5);
    let mut dice = Dice::new(number("TASUKI_SEED", 1));
    let world = World::quiet("kills");
    let storages = world.folder.join("storages");
    let order = corpus::Order {
        seed: 7,
        files: FILES,
        persons: PERSONS,
        heavy: 0,
    };
    let written = corpus::write(order, &storages).unwrap();
    let root = storages.join(format!("{HOME}_STD"));
    // How long a whole import takes here, to spread the kills over it.
    let start = Instant::now();
    fresh(&world);
    world.ok(&import(&root));
    let whole = start.elapsed();
    let (mut interrupted, mut part_way) = (0, 0);
    for _ in 0..kills {
        fresh(&world);
        let delay = whole.mul_f64(dice.share());
        interrupted += u64::from(kill_after(&world, &root, delay));
        let before = registered(&world, &root);
        part_way += u64::from(!before.is_empty() && before.len() < written);
        world.ok(&["audit", "verify"]);
        let summary: serde_json::Value = serde_json::from_str(&world.ok(&import(&root))).unwrap();
        assert_eq!(summary["read"].as_u64(), Some(written as u64), "{summary}");
        let after = registered(&world, &root);
        assert_eq!(after.len(), written);
        for (path, entry) in &before {
            assert_eq!(
                after.get(path),
                Some(entry),
                "{path} was accepted before the kill"
            );
        }
        world.ok(&["audit", "verify"]);
    }
    println!("{kills} kills, {interrupted} before the end, {part_way} with a part registered");
    assert!(interrupted > 0, "every import ended before its kill");
}

fn fresh(world: &World) {
    let _ = std::fs::remove_dir_all(world.data());
    world.ok(&["init"]);
    world.ok(&["facility", "add", HOME, "--name", "架空総合病院"]);
}

fn import(root: &Path) -> [&str; 6] {
    let root = root.to_str().unwrap();
    ["import", "ss-mix2", root, "--facility", HOME, "--json"]
}

/// Starts an import and kills it; whether it was still running then.
fn kill_after(world: &World, root: &Path, delay: Duration) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tasuki"))
        .args(import(root))
        .arg("--data")
        .arg(world.data())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(delay);
    // `kill` is SIGKILL: no handler runs, nothing is flushed.
    let running = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    child.wait().unwrap();
    running
}

/// Every file that the reopened registry holds, with its entry; its bytes are those on disk, and
/// no entry stands for two files.
fn registered(world: &World, root: &Path) -> BTreeMap<String, String> {
    let args = Args {
        data: Some(world.data()),
        ..Args::default()
    };
    let node = tasuki::node::open(&args).unwrap();
    let facility = node.facility(HOME).unwrap();
    let mut held = BTreeMap::new();
    for person in 1..=PERSONS {
        let id = LocalPatientId::new(&format!("{person:010}")).unwrap();
        let known = node
            .store
            .reading(|tx| tx.known_files(&facility.id, Some(&id)))
            .unwrap();
        let mut files = Vec::new();
        for KnownFile { state, place } in known {
            let FilePlace::Registered(entry) = place else {
                panic!("{}: {place:?}", state.path)
            };
            files.push((state.path, entry));
        }
        let entries: Vec<_> = files.iter().map(|(_, entry)| entry.clone()).collect();
        let contents = node.store.reading(|tx| tx.get_contents(&entries)).unwrap();
        assert_eq!(contents.len(), files.len());
        for ((path, entry), content) in files.into_iter().zip(contents) {
            let disk = std::fs::read(root.join(&*path)).unwrap();
            assert!(content.bytes == disk, "{path}");
            held.insert(path.to_string(), entry.to_string());
        }
    }
    let mut entries: Vec<_> = held.values().collect();
    entries.sort();
    entries.dedup();
    assert_eq!(entries.len(), held.len(), "an entry stands for two files");
    node.store.close().unwrap();
    held
}
