//! SOAP clients of others, from the published WSDLs: npm `soap` and PyPI `zeep` for every transaction of
//! the registry, the repository, the gateways and the patient index.

mod bodies;

use super::soap::Node;
use bodies::{PROVIDE, QUERY, REMOVE, REMOVE_CONTENT, RETRIEVE, SUBMIT};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tasuki::config::Config;

/// WSDL, action, and an element that the transaction answers: a request for what is not there.
const CALLS: &[(&str, &str, &str)] = &[
    ("iti18", "2007:RegistryStoredQuery", QUERY),
    ("iti38", "2007:CrossGatewayQuery", QUERY),
    ("iti51", "2009:MultiPatientStoredQuery", QUERY),
    ("iti39", "2007:CrossGatewayRetrieve", RETRIEVE),
    ("iti43", "2007:RetrieveDocumentSet", RETRIEVE),
    ("iti41", "2007:ProvideAndRegisterDocumentSet-b", PROVIDE),
    ("iti42", "2007:RegisterDocumentSet-b", SUBMIT),
    ("iti57", "2010:UpdateDocumentSet", SUBMIT),
    ("iti61", "2010:RegisterOnDemandDocumentEntry", SUBMIT),
    ("iti92", "2018:RestrictedUpdateDocumentSet", SUBMIT),
    ("iti62", "2010:DeleteDocumentSet", REMOVE),
    ("iti86", "2017:RemoveDocuments", REMOVE_CONTENT),
];

/// WSDL, path, action and recorded message of HL7 v3, and what is answered: these come from a system
/// whose patients nobody here knows, or from one with which it is not agreed.
const RECORDED: &[(&str, &str, &str, &str, &str)] = &[
    (
        "iti44/iti44-pix-raw",
        "/soap",
        "PRPA_IN201301UV02",
        "ipf/iheclient/tutorials/iheclient/src/main/resources/example-messages/PIXv3_FEED_REG_Maximal_Request.xml",
        "MCCI_IN000002UV01",
    ),
    (
        "iti45/iti45-raw",
        "/soap",
        "PRPA_IN201309UV02",
        "epd-by-example/samples/ITI-45_request_raw.xml",
        "PRPA_IN201310UV02",
    ),
    (
        "iti47/iti47-raw",
        "/soap",
        "PRPA_IN201305UV02",
        "epd-by-example/samples/ITI-47_request_raw.xml",
        "PRPA_IN201306UV02",
    ),
    (
        "iti55/iti55-raw",
        "/soap",
        "PRPA_IN201305UV02:CrossGatewayPatientDiscovery",
        "epd-by-example/samples/ITI-47_request_raw.xml",
        "Fault",
    ),
    (
        "iti46/iti46-raw",
        "/pix/notifications",
        "PRPA_IN201302UV02",
        "epd-by-example/samples/ITI-44_request_raw.xml",
        "Fault",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder in which a client of others for Node.js is installed.
pub fn packages(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let folder = target.join("peers");
    let there = folder.join("node_modules").join(name).exists();
    assert!(there, "run cargo xtask setup");
    folder
}

/// What npm `soap` has read out of the answers to these lines.
fn npm(node: &Node, lines: &str) -> String {
    let packages = packages("soap");
    let mut child = Command::new("node")
        .arg(root().join("tests/peers/soap.mjs"))
        .arg(packages)
        .args([&node.address, &node.file("ca.pem")])
        .args([node.file("his.pem"), node.file("his.key")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(lines.as_bytes()).unwrap();
    drop(input);
    let done = child.wait_with_output().unwrap();
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn npm_soap_reads_a_status_from_every_transaction() {
    let node = Node::new("soap-npm", "");
    statuses(&npm(&node, &lines(&node)));
}

#[test]
fn npm_soap_speaks_hl7_v3_as_others_recorded_it() {
    let node = Node::new("soap-npm-v3", "");
    interactions(&npm(&node, &recorded()));
}

/// WSDL, path, action and body of each call of a node's community.
fn lines(node: &Node) -> String {
    let config = Config::read(&node.world.data().join("tasuki.toml")).unwrap();
    let home = config.community.home_community_id.to_string();
    let call = |(wsdl, action, body): &(&str, &str, &str)| {
        let wsdl = root().join(format!("../shared/data/ihe/schema/xds-ipf/{wsdl}.wsdl"));
        let body = body.replace("HOME", &home);
        format!("{}\t/soap\turn:ihe:iti:{action}\t{body}\n", wsdl.display())
    };
    CALLS.iter().map(call).collect()
}

/// A query finds nothing, and everything else is refused, in the words of the transaction.
fn statuses(said: &str) {
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), CALLS.len(), "{said}");
    for (line, (wsdl, _, _)) in lines.iter().zip(CALLS) {
        let queries = ["iti18", "iti38", "iti51"].contains(wsdl);
        let status = if queries { "Success" } else { "Failure" };
        assert_eq!(line.split(' ').nth(1), Some(status), "{wsdl}: {line}");
    }
}

#[test]
fn zeep_reads_a_status_from_every_transaction() {
    let node = Node::new("soap-zeep-all", "");
    statuses(&node.script("calls", "his", &[], lines(&node).as_bytes()));
}

/// The calls of HL7 v3.
fn recorded() -> String {
    let schema = root().join("../shared/data/ihe/schema/hl7v3/wsdl");
    let samples = root().join("../shared/data/ihe/samples");
    let line = |(wsdl, path, action, file, _): &(&str, &str, &str, &str, &str)| {
        let wsdl = schema.join(format!("{wsdl}.wsdl"));
        let body = format!("@{}", samples.join(file).display());
        format!(
            "{}\t{path}\turn:hl7-org:v3:{action}\t{body}\n",
            wsdl.display()
        )
    };
    RECORDED.iter().map(line).collect()
}

/// Each is answered with the message of the transaction, or by the fault that is due.
fn interactions(said: &str) {
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), RECORDED.len(), "{said}");
    for (line, (wsdl, .., answer)) in lines.iter().zip(RECORDED) {
        assert_eq!(line.split(' ').nth(1), Some(*answer), "{wsdl}: {line}");
    }
}

#[test]
fn zeep_speaks_hl7_v3_as_others_recorded_it() {
    let node = Node::new("soap-zeep-v3", "");
    let said = node.script("calls", "his", &[], recorded().as_bytes());
    interactions(&said);
}
