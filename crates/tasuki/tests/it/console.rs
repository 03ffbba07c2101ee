//! The console: codes, exit status, configuration.

use super::world::{HOME, World, patient};

#[test]
fn mistakes_on_the_command_line_have_a_code_and_leave_nothing_behind() {
    let world = World::quiet("console-mistakes");
    for arguments in [
        &["no-such-command"][..],
        &["import", "ss-mix2"],
        &["import", "hl7", "x", "--facility", HOME],
        &[
            "user",
            "add",
            "x",
            "--role",
            "emperor",
            "--facility",
            HOME,
            "--password-file",
            "x",
        ],
        &["import", "ss-mix2", "x", "--facility", HOME, "--unknown"],
    ] {
        let complaint = world.fails(arguments);
        assert!(complaint.contains("CFG-005"), "{arguments:?}: {complaint}");
    }
    assert!(
        world
            .fails(&["import", "ss-mix2", "x", "--facility", "123"])
            .contains("IMP-011")
    );
    assert!(
        world
            .fails(&["import", "ss-mix2", "/nowhere", "--facility", HOME])
            .contains("IMP-002")
    );
    assert!(
        world
            .fails(&["config", "show", "--config", "/nowhere"])
            .contains("CFG-001")
    );
}

#[test]
fn a_consent_is_taken_and_withdrawn_and_both_are_on_record() {
    let world = World::quiet("console-consent");
    let loopback = "127.0.0.1:0";
    world.ok(&["init", "--portal", loopback, "--health", loopback]);
    world.ok(&["facility", "add", HOME, "--name", "施設"]);
    let patient = format!("{HOME}:0000012345");
    world.ok(&["disclose", &patient]);
    fn with<'a>(patient: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        [&["consent", patient, "--by", "u-clerk"][..], more].concat()
    }
    let narrow = [
        "--only-to",
        "2.25.9",
        "--only",
        "lab,note",
        "--until",
        "2099-03-31",
    ];
    assert_eq!(world.ok(&with(&patient, &narrow)).trim(), "1");
    let listed = world.ok(&["consent", &patient, "--list"]);
    assert!(
        listed.contains("Community(") && listed.contains("u-clerk"),
        "{listed}"
    );
    assert_eq!(world.ok(&with(&patient, &["--withdraw"])).trim(), "1");
    assert_eq!(world.ok(&with(&patient, &["--withdraw"])).trim(), "0");
    let listed = world.ok(&["consent", &patient, "--list"]);
    assert_eq!(listed.matches("withdrawn").count(), 1, "{listed}");
    for wrong in [
        &["--only", "everything"][..],
        &["--until", "soon"],
        &["--only-to", "nobody"],
        &["--proxy", "東京 一郎"],
    ] {
        let complaint = world.fails(&with(&patient, wrong));
        assert!(complaint.contains("CFG-005"), "{wrong:?}: {complaint}");
    }
}

#[test]
fn a_folder_that_is_no_storage_is_refused() {
    let world = World::quiet("console-folder");
    let folder = world.folder.join("music");
    std::fs::create_dir_all(folder.join("albums/1999")).unwrap();
    std::fs::write(folder.join("albums/1999/song.mp3"), b"x").unwrap();
    let complaint = world.fails(&[
        "import",
        "ss-mix2",
        &folder.to_string_lossy(),
        "--facility",
        HOME,
    ]);
    assert!(complaint.contains("IMP-001"), "{complaint}");
}

#[test]
fn a_second_facility_has_to_be_made_a_member_first() {
    let world = World::quiet("console-facility");
    let root = world.folder.join(HOME);
    patient(&root, "0000012345", super::world::HANAKO, "7.2");
    let root = root.to_string_lossy().into_owned();
    world.ok(&["import", "ss-mix2", &root, "--facility", HOME]);
    let complaint = world.fails(&["import", "ss-mix2", &root, "--facility", "1399999999"]);
    assert!(complaint.contains("IMP-011"), "{complaint}");
}

#[test]
fn configuration_says_where_each_value_comes_from_and_refuses_what_it_does_not_know() {
    let world = World::quiet("console-config");
    world.ok(&["init", "--portal", "127.0.0.1:0"]);
    let shown = world.ok(&["config", "show", "--origin"]);
    assert!(
        shown.contains("portal.listen = \"127.0.0.1:0\"  # file"),
        "{shown}"
    );
    assert!(world.ok(&["config", "check"]).contains("ok"));
    let file = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}\n[portall]\nlisten = 1\n")).unwrap();
    assert!(world.fails(&["config", "check"]).contains("CFG-002"));
    assert!(world.fails(&["init"]).contains("STO-008"));
}

#[test]
fn quarantine_is_listed_shown_retried_and_dropped() {
    let world = World::quiet("console-quarantine");
    let root = world.folder.join(HOME);
    patient(&root, "0000012345", super::world::HANAKO, "7.2");
    let broken = root.join("000/001/0000012345/20260603/OML-11");
    let name = "0000012345_20260603_OML-11_000000009999999_20260603103015000_01_1";
    std::fs::write(broken.join(name), b"MSH|^~\\&|broken").unwrap();
    let root = root.to_string_lossy().into_owned();
    let summary = world.ok(&["import", "ss-mix2", &root, "--facility", HOME, "--json"]);
    assert!(summary.contains("\"quarantined\":1"), "{summary}");
    let list = world.ok(&["quarantine", "list", "--facility", HOME]);
    let id = list.split(' ').next().unwrap().to_owned();
    assert!(list.contains(name), "{list}");
    assert!(
        world
            .ok(&["quarantine", "show", &id])
            .contains("MSH|^~\\&|broken")
    );
    assert!(
        world
            .ok(&["quarantine", "retry", &id, "--json"])
            .contains("\"quarantined\":1")
    );
    world.ok(&["quarantine", "drop", &id]);
    assert_eq!(world.ok(&["quarantine", "list"]), "");
    assert!(
        world
            .fails(&["quarantine", "drop", &id])
            .contains("IMP-014")
    );
}

#[test]
fn keys_are_rotated_and_exported_without_losing_a_document() {
    let world = World::quiet("console-keys");
    let root = world.folder.join(HOME);
    patient(&root, "0000012345", super::world::HANAKO, "7.2");
    let root = root.to_string_lossy().into_owned();
    world.ok(&["import", "ss-mix2", &root, "--facility", HOME]);
    world.ok(&["keys", "rotate"]);
    let again = world.ok(&[
        "import",
        "ss-mix2",
        &root,
        "--facility",
        HOME,
        "--verify",
        "--json",
    ]);
    assert!(again.contains("\"unchanged\":2"), "{again}");
    let file = world.folder.join("recovery");
    world.ok(&["keys", "export-recovery", &file.to_string_lossy()]);
    assert!(file.metadata().unwrap().len() > 0);
    assert_eq!(world.ok(&["audit", "verify"]).trim(), "ok");
}

#[test]
fn the_registries_print_themselves() {
    let world = World::quiet("console-registries");
    let text = world.ok(&["registries", "--json"]);
    for word in [
        "\"calendar\"",
        "\"IMP-001\"",
        "\"prescription\"",
        "\"import\"",
    ] {
        assert!(text.contains(word), "{word}");
    }
}

#[test]
fn identity_is_explained_parted_and_made_anew_at_the_console() {
    let world = World::new("console-identity", true);
    let (one, other) = ("1311234567:0000012345", "1312345678:0000067890");
    let said = world.ok(&["identity", "explain", one, other]);
    assert!(said.contains("同じ人としてつながっています"), "{said}");
    assert!(said.contains("weights-"), "the versions: {said}");
    assert!(said.contains("Same"), "who decided: {said}");
    let json = world.ok(&["identity", "explain", one, other, "--json"]);
    assert!(json.contains("\"same_person\":true"), "{json}");

    // The doctor at home opens her chart: what came from the other hospital was seen through the
    // link, and parting the two says so.
    let doctor = world.sign_in("doctor");
    let found = doctor.get("/patients?id=0000012345").body;
    let chart = found
        .split('"')
        .find(|word| word.starts_with("/patients/") && word.ends_with("/calendar"))
        .unwrap();
    assert_eq!(doctor.get(chart).status, 200);
    let seen = world.ok(&["identity", "part", one, other]);
    assert!(seen.contains("f-1311234567"), "{seen}");
    let said = world.ok(&["identity", "explain", one, other]);
    assert!(said.contains("つながっていません"), "{said}");
    let stats = world.ok(&["identity", "stats"]);
    assert!(
        stats.starts_with("registrations 3  shared 2  persons 3"),
        "{stats}"
    );
}
