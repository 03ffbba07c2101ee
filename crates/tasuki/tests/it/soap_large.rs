//! A content of 1 GiB in and out of the repository, by a client of somebody else, in little memory.

use super::soap::{Node, envelope};
use super::world::{HANAKO, HOME, patient};
use tasuki_model::FacilityCode;

const PROVIDE: &str = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b";
const RETRIEVE: &str = "urn:ihe:iti:2007:RetrieveDocumentSet";
const MEBIBYTES: &str = "1024";
/// More than idle, in KiB.
const MORE_MAX: u64 = 64 * 1024;
const DOCUMENT: &str = "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'>\
    <x:DocumentRequest><x:RepositoryUniqueId>REPOSITORY</x:RepositoryUniqueId>\
    <x:DocumentUniqueId>2.25.77.1</x:DocumentUniqueId></x:DocumentRequest>\
    </x:RetrieveDocumentSetRequest>";

fn node(name: &str) -> Node {
    let node = Node::new(name, "");
    let root = node.world.folder.join("storage");
    patient(&root, "0000012345", HANAKO, "7.0");
    let root = root.to_string_lossy().into_owned();
    node.world
        .ok(&["import", "ss-mix2", &root, "--facility", HOME]);
    node.world.ok(&["disclose", &format!("{HOME}:0000012345")]);
    node
}

/// A message as a file of the node's folder; each has an id of its own.
fn file(node: &Node, name: &str, action: &str, body: &str) -> String {
    let path = node.file(name);
    let text = envelope(action, body).replace("urn:uuid:1", &format!("urn:test:{name}"));
    std::fs::write(&path, text).unwrap();
    path
}

/// Contents in the object store.
fn objects(node: &Node) -> usize {
    let objects = node.world.data().join("objects");
    let folders = std::fs::read_dir(objects).unwrap().flatten();
    let files = folders.flat_map(|f| std::fs::read_dir(f.path()).unwrap());
    files.count()
}

#[test]
fn a_content_of_1_gib_goes_in_and_out_in_64_mib() {
    let node = node("soap-large");
    let authority = FacilityCode::new(HOME).unwrap().patient_authority();
    let body = include_str!("../../../../tests/peers/provide.xml");
    let body = body.replace("PATIENT", &format!("0000012345^^^&amp;{authority}&amp;ISO"));
    let provide = file(&node, "provide", PROVIDE, &body);
    let config = tasuki::config::Config::read(&node.world.data().join("tasuki.toml")).unwrap();
    let repository = tasuki::node::repository(&config).unwrap().to_string();
    let body = DOCUMENT.replace("REPOSITORY", &repository);
    let retrieve = file(&node, "retrieve", RETRIEVE, &body);
    // What there is not yet: everything that a message needs is in memory then.
    let before = node.script("fetch", "his", &["1", &retrieve], b"");
    assert!(before.starts_with("200 "), "{before}");
    let idle = node.world.peak_memory();
    let sent = node.script("large", "his", &[MEBIBYTES, &provide], b"");
    let (digest, answer) = sent.split_once('\n').unwrap();
    assert!(answer.contains(":Success\""), "{answer}");
    let again = file(&node, "again", RETRIEVE, &body);
    let fetched = node.script("fetch", "his", &[MEBIBYTES, &again], b"");
    assert_eq!(fetched.trim(), format!("200 0 {digest}"));
    assert_eq!(objects(&node), 1);
    let more = node.world.peak_memory() - idle;
    assert!(more < MORE_MAX, "{more} KiB more");
    std::fs::remove_dir_all(node.world.data().join("objects")).unwrap();
}

#[test]
fn a_large_content_that_no_transaction_takes_leaves_nothing() {
    let node = Node::new("soap-large-refused", "");
    let unknown = file(&node, "unknown", "urn:test:Unknown", "<x/>");
    let answer = node.script("large", "his", &["8", &unknown], b"");
    assert!(answer.contains("code=\"SOP-102\""), "{answer}");
    assert_eq!(objects(&node), 0);
}
