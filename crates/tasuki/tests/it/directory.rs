//! The member directory at the console: made, signed by two keys, verified, refused.

use super::world::World;
use std::process::Command;

fn text(home: &str) -> String {
    of_serial(home, 3)
}

fn of_serial(home: &str, serial: u32) -> String {
    let certificate = "0f".repeat(32);
    format!(
        "version = 1\nserial = {serial}\nissued = \"2026-11-22T09:00:00+09:00\"\n\
         [[community]]\nhome_community_id = \"{home}\"\nname = \"西部\"\n\
         patient_authority = \"1.2.3\"\ncertificates = [\"{certificate}\"]\n\
         endpoints = {{ ITI-38 = \"https://west.example/xca\" }}\n"
    )
}

#[test]
fn a_directory_is_signed_verified_and_put_into_the_configuration() {
    let world = World::quiet("directory");
    let path = |name: &str| world.folder.join(name).to_string_lossy().into_owned();
    world.ok(&["init", "--home-community-id", "2.25.1"]);
    let (file, key) = (path("members"), path("old.pem"));
    let old = world.ok(&["directory", "key", &key]).trim().to_owned();
    assert!(world.fails(&["directory", "key", &key]).contains("CFG-005"));
    // The second key is one that openssl made.
    let new = path("new.pem");
    let mut openssl = Command::new("openssl");
    let made = openssl.args(["genpkey", "-algorithm", "ed25519", "-out", &new]);
    assert!(made.status().unwrap().success());
    std::fs::write(&file, text("2.25.1")).unwrap();
    let verify =
        |world: &World, key: &str| world.ok(&["directory", "verify", &file, "--public-key", key]);
    let unsigned = world.fails(&["directory", "verify", &file, "--public-key", &old]);
    assert!(unsigned.contains("DIR-002"), "{unsigned}");
    world.ok(&["directory", "sign", &file, "--key", &key]);
    let new = world
        .ok(&["directory", "sign", &file, "--key", &new])
        .trim()
        .to_owned();
    for key in [&old, &new] {
        assert!(verify(&world, key).contains("2.25.1 西部: ITI-38"));
    }
    let other = world.ok(&["directory", "key", &path("other.pem")]);
    let refused = world.fails(&["directory", "verify", &file, "--public-key", other.trim()]);
    assert!(refused.contains("DIR-004"), "{refused}");
    configure(&world, &file, &new);
    assert!(world.ok(&["directory", "verify"]).contains("serial 3"));
    configure(&world, &file, other.trim());
    assert!(world.fails(&["directory", "verify"]).contains("DIR-004"));
    assert!(world.fails(&["serve"]).contains("DIR-004"));
}

#[test]
fn a_directory_of_another_network_is_refused() {
    let world = World::quiet("directory-other");
    let path = |name: &str| world.folder.join(name).to_string_lossy().into_owned();
    world.ok(&["init", "--home-community-id", "2.25.1"]);
    let (file, key) = (path("members"), path("key.pem"));
    let public = world.ok(&["directory", "key", &key]).trim().to_owned();
    std::fs::write(&file, text("2.25.2")).unwrap();
    world.ok(&["directory", "sign", &file, "--key", &key]);
    configure(&world, &file, &public);
    assert!(world.fails(&["directory", "verify"]).contains("DIR-008"));
    assert!(world.fails(&["serve"]).contains("DIR-008"));
    configure(&world, &path("nowhere"), &public);
    assert!(world.fails(&["serve"]).contains("DIR-001"));
    std::fs::write(&file, text("urn:oid:2.25.1")).unwrap();
    let refused = world.fails(&["directory", "sign", &file, "--key", &key]);
    assert!(refused.contains("DIR-002"), "{refused}");
    let no_key = world.fails(&["directory", "sign", &file, "--key", &file]);
    assert!(no_key.contains("DIR-007"), "{no_key}");
}

#[test]
fn a_directory_older_than_the_last_one_is_refused_after_a_restart_too() {
    let mut world = World::quiet("directory-older");
    let path = |world: &World, name: &str| world.folder.join(name).to_string_lossy().into_owned();
    let loopback = "127.0.0.1:0";
    let init = ["init", "--portal", loopback, "--health", loopback];
    world.ok(&[&init[..], &["--home-community-id", "2.25.1"]].concat());
    let (file, key) = (path(&world, "members"), path(&world, "key.pem"));
    let public = world.ok(&["directory", "key", &key]).trim().to_owned();
    configure(&world, &file, &public);
    let put = |world: &World, serial| {
        std::fs::write(&file, of_serial("2.25.1", serial)).unwrap();
        world.ok(&["directory", "sign", &file, "--key", &key]);
    };
    for serial in [3, 4] {
        put(&world, serial);
        world.serve();
        world.stop();
    }
    put(&world, 3);
    let refused = world.fails(&["serve"]);
    assert!(refused.contains("DIR-006"), "{refused}");
    put(&world, 4);
    world.serve();
}

/// Puts `[directory]` at the end of the configuration, in the place of one that is there.
fn configure(world: &World, file: &str, key: &str) {
    let path = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let before = text.split("[directory]").next().unwrap();
    let section = format!("[directory]\nfile = \"{file}\"\nkeys = [\"{key}\"]\n");
    std::fs::write(&path, format!("{before}{section}")).unwrap();
}
