//! A large document of another community: through our gateway for a system of our own, and by ITI-39
//! itself, in little memory on both nodes. One that stops in the middle of it is a named gap, and
//! nothing of it is kept.

use super::network::{Network, fingerprint};
use super::relay::{End, Relay};
use super::{PLACES, fill};
use crate::soap::{envelope, script};
use crate::world::World;
use std::path::Path;
use tasuki_model::FacilityCode;

const PROVIDE: &str = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b";
const RETRIEVE: &str = "urn:ihe:iti:2007:RetrieveDocumentSet";
const ACROSS: &str = "urn:ihe:iti:2007:CrossGatewayRetrieve";
const MEBIBYTES: &str = "256";
/// More than idle, in KiB.
const MORE_MAX: u64 = 64 * 1024;
const DOCUMENT: &str = "2.25.77.1";
const NOBODY: &str = "2.25.779";

/// Two communities, the first with the index of the network; a system of the first and a source of the
/// second, and a third community that asks as an organisation.
struct Two {
    network: Network,
    relay: Relay,
    repository: String,
}

/// More configuration, and nobody's assertions.
fn append(world: &World, lines: &str) {
    let path = world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let kept = text.lines().filter(|l| !l.starts_with("assertion_"));
    let text: String = kept.map(|line| format!("{line}\n")).collect();
    std::fs::write(path, text + lines + "\n").unwrap();
}

fn config(world: &World) -> tasuki::config::Config {
    tasuki::config::Config::read(&world.data().join("tasuki.toml")).unwrap()
}

/// Waits until the index holds so many persons and nothing of it is due.
pub fn until(world: &World, persons: &str) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(120);
    loop {
        let said = world.ok(&["index", "stats"]);
        if said.contains(&format!("persons {persons}\n")) && said.contains("due 0") {
            return;
        }
        assert!(std::time::Instant::now() < end, "{said}");
    }
}

impl Two {
    fn new(name: &str) -> Self {
        let mut network = Network::new(name, 2, fill);
        network.pix_manager = Some(0);
        // The system asserts nobody: it asks as an organisation.
        network.organisations = true;
        network.add(NOBODY, "127.0.0.1:9");
        let print = |name: &str| fingerprint(&network.folder, name);
        let across = format!(
            "[[soap.peer]]\nname = \"his\"\ncertificate_sha256 = \"{}\"\nqueries = true\n\
             across = [\"{}\"]",
            print("other"),
            PLACES[0].0
        );
        append(&network.members[0].world, &across);
        let source = format!(
            "[[soap.peer]]\nname = \"source\"\ncertificate_sha256 = \"{}\"\n\
             feeds = [\"{}\"]",
            print("his"),
            PLACES[1].0
        );
        append(&network.members[1].world, &source);
        network.serve();
        let relay = Relay::to(&network.members[1].address);
        let there = std::mem::replace(&mut network.members[1].address, relay.address.to_string());
        network.sign();
        network.members[1].address = there;
        network.members[0].world.reload();
        let first = &network.members[0].world;
        until(first, "2");
        let waiting = first.ok(&["index", "reviews"]);
        let ids: Vec<&str> = waiting.split_whitespace().take(2).collect();
        first.ok(&["index", "link", ids[0], ids[1]]);
        until(first, "1");
        let repository = tasuki::node::repository(&config(&network.members[1].world)).unwrap();
        Self {
            repository: repository.to_string(),
            network,
            relay,
        }
    }

    /// Runs the script of third-party clients with a message of its own.
    fn run(&self, to: usize, who: &str, command: &str, size: &str, message: &str) -> String {
        static NUMBER: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(1);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let path = self.network.folder.join(format!("message{number}"));
        let id = format!("urn:test:large:{number}");
        std::fs::write(&path, message.replace("urn:uuid:1", &id)).unwrap();
        let at = (
            Path::new(&self.network.folder),
            &*self.network.members[to].address,
        );
        script(at, command, who, &[size, &path.to_string_lossy()], b"")
    }

    fn provide(&self) -> String {
        let (code, id, _) = PLACES[1];
        let authority = FacilityCode::new(code).unwrap().patient_authority();
        let body = include_str!("../../../../../tests/peers/provide.xml");
        let body = body.replace("PATIENT", &format!("{id}^^^&amp;{authority}&amp;ISO"));
        let body = body.replace(PLACES[0].0, code);
        let said = self.run(1, "his", "large", MEBIBYTES, &envelope(PROVIDE, &body));
        let (digest, answer) = said.split_once('\n').unwrap();
        assert!(answer.contains(":Success\""), "{answer}");
        digest.to_owned()
    }

    fn retrieve(&self, action: &str, document: &str) -> String {
        let body = format!(
            "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'><x:DocumentRequest>\
             <x:HomeCommunityId>urn:oid:{}</x:HomeCommunityId>\
             <x:RepositoryUniqueId>{}</x:RepositoryUniqueId>\
             <x:DocumentUniqueId>{document}</x:DocumentUniqueId></x:DocumentRequest>\
             </x:RetrieveDocumentSetRequest>",
            self.network.members[1].home, self.repository
        );
        envelope(action, &body)
    }

    fn peaks(&self) -> [u64; 2] {
        [0, 1].map(|n| self.network.members[n].world.peak_memory())
    }

    /// Files in the object store of the first, also those that were begun.
    fn kept(&self) -> usize {
        let objects = self.network.members[0].world.data().join("objects");
        let folders = std::fs::read_dir(objects).into_iter().flatten().flatten();
        let files = folders.flat_map(|f| std::fs::read_dir(f.path()).unwrap());
        files.count()
    }
}

#[test]
fn a_large_document_of_another_community_comes_in_little_memory_or_is_a_named_gap() {
    let two = Two::new("communities-large");
    // What there is not: everything that a message needs is in memory then.
    let through = |document: &str| {
        two.run(
            0,
            "other",
            "fetch",
            MEBIBYTES,
            &two.retrieve(RETRIEVE, document),
        )
    };
    let direct = |document: &str| {
        two.run(
            1,
            "other",
            "fetch",
            MEBIBYTES,
            &two.retrieve(ACROSS, document),
        )
    };
    for before in [through("2.25.404"), direct("2.25.404")] {
        assert!(before.starts_with("200 "), "{before}");
    }
    let idle = two.peaks();
    let digest = two.provide();
    assert_eq!(direct(DOCUMENT).trim(), format!("200 0 {digest}"));
    // Longer than every answer is waited for here, and as long as it comes.
    assert_eq!(through(DOCUMENT).trim(), format!("200 0 {digest}"));
    for (now, idle) in two.peaks().iter().zip(idle) {
        assert!(now - idle < MORE_MAX, "{} KiB more", now - idle);
    }
    assert_eq!(two.kept(), 0, "passed on and not kept");
    for end in [End::Breaks, End::Stops] {
        two.relay.bring(16 << 20, end);
        let message = two.retrieve(RETRIEVE, DOCUMENT);
        let answer = two.run(0, "other", "file", "application/soap+xml", &message);
        assert!(answer.contains("XDSUnavailableCommunity"), "{answer}");
        let home = format!("location=\"urn:oid:{}\"", two.network.members[1].home);
        assert!(answer.contains(&home), "{answer}");
        assert!(!answer.contains("<xds:Document>"), "{answer}");
        assert_eq!(two.kept(), 0, "nothing half is kept");
    }
    std::fs::remove_dir_all(two.network.members[1].world.data().join("objects")).unwrap();
}
