//! The patient index of the network at the node that holds it: fed by itself over its own listener,
//! looked at and corrected at the console.

use super::audit_repository::{Received, Rsyslog, repository};
use super::mllp::{certificates, fingerprint_of};
use super::world::{AWAY, HANAKO, HOME, World, patient};
use tasuki_testkit::chaos::Link;
use tasuki_wire::atna::Message;

/// Hanako at two hospitals that nobody has linked yet; and the port where its audit trail goes.
fn world(name: &str, line: &Link) -> (World, u16) {
    let mut world = World::quiet(name);
    certificates(&world.folder);
    let loopback = "127.0.0.1:0";
    let init = ["init", "--portal", loopback, "--health", loopback];
    world.ok(&[&init[..], &["--home-community-id", "2.25.1"]].concat());
    for (code, id) in [(HOME, "0000012345"), (AWAY, "0000067890")] {
        let root = world.folder.join(code);
        patient(&root, id, HANAKO, "1");
        world.ok(&["facility", "add", code, "--name", "施設"]);
        world.ok(&[
            "import",
            "ss-mix2",
            &root.to_string_lossy(),
            "--facility",
            code,
        ]);
        world.ok(&["disclose", &format!("{code}:{id}")]);
    }
    let file = |name: &str| world.folder.join(name).display().to_string();
    let (members, key) = (file("members"), file("directory.key"));
    let text = format!(
        "version = 1\nserial = 1\nissued = \"2026-11-22T09:00:00+09:00\"\npix_manager = \"2.25.1\"\n\
         [[community]]\nhome_community_id = \"2.25.1\"\nname = \"地域\"\n\
         patient_authority = \"2.25.1.2\"\ncertificates = [\"{}\"]\n\
         endpoints = {{ ITI-44 = \"https://{}/pix\" }}\n",
        fingerprint_of(&world.folder, "node"),
        line.address
    );
    std::fs::write(&members, text).unwrap();
    let public = world.ok(&["directory", "key", &key]);
    world.ok(&["directory", "sign", &members, "--key", &key]);
    let path = world.data().join("tasuki.toml");
    let more = format!(
        "\n[soap]\nlisten = \"{loopback}\"\naddress = \"https://{}/soap\"\n\
         certificate_file = \"{}\"\nprivate_key_file = \"{}\"\nca_file = \"{}\"\n\
         [directory]\nfile = \"{members}\"\nkeys = [\"{}\"]\n",
        line.address,
        file("node.pem"),
        file("node.key"),
        file("ca.pem"),
        public.trim(),
    );
    let (port, audit) = repository(&world.folder);
    let text = std::fs::read_to_string(&path).unwrap() + &more + &audit;
    std::fs::write(&path, text).unwrap();
    world.serve();
    let log = world.log();
    let serving = log.lines().find(|l| l.contains("\"serving\"")).unwrap();
    let (_, rest) = serving.split_once("\"soap\":\"").unwrap();
    line.lead_to(rest.split('"').next().unwrap().parse().unwrap());
    (world, port)
}

/// Waits until the index holds so many persons and nothing of it is due.
fn until(world: &World, persons: &str) {
    let mut said = String::new();
    for _ in 0..400 {
        said = world.ok(&["index", "stats"]);
        if said.contains(&format!("persons {persons}\n")) && said.contains("due 0") {
            return;
        }
    }
    panic!("{said}");
}

#[test]
fn it_is_fed_by_its_own_node_and_corrected_at_the_console() {
    let line = Link::new(1).unwrap();
    line.calm();
    let (mut world, port) = world("index", &line);
    // Too little to link them by, and enough to ask about.
    until(&world, "2");
    let waiting = world.ok(&["index", "reviews"]);
    let [one, other, _] = waiting.split_whitespace().collect::<Vec<_>>()[..] else {
        panic!("{waiting}");
    };
    assert!(one.starts_with("2.25.1:") && one != other, "{waiting}");
    world.ok(&["index", "link", one, other]);
    until(&world, "1");
    world.ok(&["index", "link", one, other, "--not"]);
    until(&world, "2");
    assert_eq!(world.ok(&["index", "reviews"]), "");
    let unknown = world.fails(&["index", "link", one, "2.25.1:nobody"]);
    assert!(unknown.contains("CFG-005"), "{unknown}");
    // Both sides' trails go to the audit repository, each once.
    let mut received = Received::new(&world.folder);
    let _repository = Rsyslog::start(&world.folder, port);
    let fed = |m: &Message, pix: bool| {
        m.types.iter().any(|t| t.code == "ITI-44") && m.source.id.ends_with("/pix") == pix
    };
    let (mut by_node, mut by_index) = (0, 0);
    while by_node < 2 || by_index < 2 {
        let last = received.until(|m| fed(m, true) || fed(m, false));
        by_node += usize::from(fed(last.last().unwrap(), false));
        by_index += usize::from(fed(last.last().unwrap(), true));
    }
    assert_eq!((by_node, by_index), (2, 2));
    world.stop();
}
