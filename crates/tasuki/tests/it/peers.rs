//! `tasuki peers check`: two nodes over mutual TLS; what is wrong is said of the part that is wrong.

use super::mllp::{certificates, fingerprint_of};
use super::world::{HOME, World};
use std::path::Path;

const ONE: &str = "2.25.1";
const TWO: &str = "2.25.2";

/// Home community id, certificate and SOAP address of each member.
fn members(folder: &Path, entries: &[(&str, &str, &str)]) -> String {
    let mut text = "version = 1\nserial = 1\nissued = \"2026-11-22T09:00:00+09:00\"\n".to_owned();
    for (home, certificate, address) in entries {
        let print = fingerprint_of(folder, certificate);
        text += &format!(
            "[[community]]\nhome_community_id = \"{home}\"\nname = \"地域{home}\"\n\
             patient_authority = \"{home}.2\"\ncertificates = [\"{print}\"]\n\
             endpoints = {{ ITI-38 = \"https://{address}/soap\", ITI-39 = \"https://{address}/soap\" }}\n"
        );
    }
    text
}

/// A node with a certificate of the folder; its directory is written later.
fn node(name: &str, home: &str, trust: &Path, certificate: &str) -> World {
    let world = World::quiet(name);
    let loopback = "127.0.0.1:0";
    let init = ["init", "--portal", loopback, "--health", loopback];
    world.ok(&[&init[..], &["--home-community-id", home]].concat());
    world.ok(&["facility", "add", HOME, "--name", "施設"]);
    let key = world.folder.join("directory.key");
    let public = world.ok(&["directory", "key", &key.to_string_lossy()]);
    let file = |name: &str| trust.join(name).display().to_string();
    let path = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let more = format!(
        "\n[soap]\nlisten = \"127.0.0.1:0\"\naddress = \"https://127.0.0.1:1/soap\"\n\
         certificate_file = \"{}\"\nprivate_key_file = \"{}\"\nca_file = \"{}\"\n\
         [directory]\nfile = \"{}\"\nkeys = [\"{}\"]\n",
        file(&format!("{certificate}.pem")),
        file(&format!("{certificate}.key")),
        file("ca.pem"),
        world.folder.join("members").display(),
        public.trim(),
    );
    std::fs::write(&path, text + &more).unwrap();
    world
}

fn put(world: &World, text: &str) {
    let file = world.folder.join("members");
    std::fs::write(&file, text).unwrap();
    let (file, key) = (file.to_string_lossy(), world.folder.join("directory.key"));
    world.ok(&["directory", "sign", &file, "--key", &key.to_string_lossy()]);
}

fn soap(world: &World) -> String {
    let log = world.log();
    let line = log.lines().find(|l| l.contains("\"serving\"")).unwrap();
    let (_, rest) = line.split_once("\"soap\":\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Whether it ends well, and the line of each part.
fn check(world: &World, language: &str) -> (bool, Vec<String>) {
    let ended = world.run(&["peers", "check", "--lang", language]);
    let said = String::from_utf8(ended.stdout).unwrap();
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert!(said.starts_with("2.25.2 "), "{said}{errors}");
    let lines = said.lines().skip(1).map(|line| line.trim().to_owned());
    (ended.status.success(), lines.collect())
}

#[test]
fn what_is_wrong_is_said_of_the_part_that_is_wrong() {
    let trust = World::quiet("peers-trust");
    certificates(&trust.folder);
    let one = node("peers-one", ONE, &trust.folder, "node");
    let mut two = node("peers-two", TWO, &trust.folder, "his");
    let nowhere = "127.0.0.1:1";
    let both = [(ONE, "node", nowhere), (TWO, "his", nowhere)];
    put(&two, &members(&trust.folder, &both));
    two.serve();
    let there = soap(&two);
    put(
        &one,
        &members(
            &trust.folder,
            &[(ONE, "node", nowhere), (TWO, "his", &there)],
        ),
    );
    let (good, lines) = check(&one, "ja");
    assert!(good, "{lines:#?}");
    assert_eq!(lines.len(), 6);
    assert!(
        lines.iter().all(|line| line.ends_with(": 問題なし")),
        "{lines:#?}"
    );
    // Another certificate than the one that is pinned.
    put(
        &one,
        &members(
            &trust.folder,
            &[(ONE, "node", nowhere), (TWO, "other", &there)],
        ),
    );
    let (good, lines) = check(&one, "en");
    assert!(!good);
    assert_eq!(lines[0], "connection (TLS): in order");
    assert!(lines[1].starts_with("certificate: NET-002 "), "{lines:#?}");
    assert!(lines[2].starts_with("what to do: "), "{lines:#?}");
    assert_eq!(lines[3], "identity: cannot be told yet");
    // Nobody answers.
    put(
        &one,
        &members(
            &trust.folder,
            &[(ONE, "node", nowhere), (TWO, "his", nowhere)],
        ),
    );
    let (good, lines) = check(&one, "en");
    assert!(
        !good && lines[0].starts_with("connection (TLS): NET-001 "),
        "{lines:#?}"
    );
}

#[test]
fn whoever_does_not_know_us_is_said_to_reject_us() {
    let trust = World::quiet("peers-stranger-trust");
    certificates(&trust.folder);
    let one = node("peers-stranger-one", ONE, &trust.folder, "node");
    let mut two = node("peers-stranger-two", TWO, &trust.folder, "his");
    put(
        &two,
        &members(&trust.folder, &[(TWO, "his", "127.0.0.1:1")]),
    );
    two.serve();
    let there = soap(&two);
    put(
        &one,
        &members(
            &trust.folder,
            &[(ONE, "node", &there), (TWO, "his", &there)],
        ),
    );
    let (good, lines) = check(&one, "en");
    assert!(!good);
    assert_eq!(lines[1], "certificate: in order");
    assert!(lines[2].starts_with("identity: GTW-001 "), "{lines:#?}");
    assert!(one.fails(&["peers", "check", "2.25.9"]).contains("CFG-005"));
}
