//! SOAP clients of others, from the published WSDLs: npm `soap` for every transaction of the registry,
//! the repository and the gateways that answers with a status.

use super::soap::Node;
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

const QUERY: &str = "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' \
    xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'><q:ResponseOption \
    returnComposedObjects='true' returnType='ObjectRef'/><r:AdhocQuery \
    id='urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4' home='urn:oid:HOME'><r:Slot \
    name='$XDSDocumentEntryUniqueId'><r:ValueList><r:Value>('2.25.404')</r:Value></r:ValueList>\
    </r:Slot></r:AdhocQuery></q:AdhocQueryRequest>";
const RETRIEVE: &str = "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'>\
    <x:DocumentRequest><x:HomeCommunityId>urn:oid:HOME</x:HomeCommunityId>\
    <x:RepositoryUniqueId>2.25.404</x:RepositoryUniqueId>\
    <x:DocumentUniqueId>2.25.404.1</x:DocumentUniqueId></x:DocumentRequest>\
    </x:RetrieveDocumentSetRequest>";
const SUBMIT: &str = "<l:SubmitObjectsRequest xmlns:l='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0'>\
    <r:RegistryObjectList xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'/>\
    </l:SubmitObjectsRequest>";
const PROVIDE: &str = "<x:ProvideAndRegisterDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'>\
    <l:SubmitObjectsRequest xmlns:l='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0'>\
    <r:RegistryObjectList xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'/>\
    </l:SubmitObjectsRequest></x:ProvideAndRegisterDocumentSetRequest>";
const REMOVE: &str = "<l:RemoveObjectsRequest xmlns:l='urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0'>\
    <r:ObjectRefList xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'><r:ObjectRef \
    id='urn:uuid:00000000-0000-4000-8000-000000000404'/></r:ObjectRefList></l:RemoveObjectsRequest>";
const REMOVE_CONTENT: &str = "<m:RemoveDocumentsRequest xmlns:m='urn:ihe:iti:rmd:2017' \
    xmlns:x='urn:ihe:iti:xds-b:2007'><x:DocumentRequest>\
    <x:RepositoryUniqueId>2.25.404</x:RepositoryUniqueId>\
    <x:DocumentUniqueId>2.25.404.1</x:DocumentUniqueId></x:DocumentRequest>\
    </m:RemoveDocumentsRequest>";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn npm_soap_reads_a_status_from_every_transaction() {
    let node = Node::new("soap-npm", "");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let packages = target.join("peers/node_modules");
    assert!(packages.join("soap").exists(), "run cargo xtask setup");
    let mut child = Command::new("node")
        .arg(root().join("tests/peers/soap.mjs"))
        .arg(packages.parent().unwrap())
        .args([&node.address, &node.file("ca.pem")])
        .args([node.file("his.pem"), node.file("his.key")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let config = Config::read(&node.world.data().join("tasuki.toml")).unwrap();
    let home = config.community.home_community_id.to_string();
    let mut input = child.stdin.take().unwrap();
    for (wsdl, action, body) in CALLS {
        let wsdl = root().join(format!("../shared/data/ihe/schema/xds-ipf/{wsdl}.wsdl"));
        let body = body.replace("HOME", &home);
        writeln!(input, "{}\turn:ihe:iti:{action}\t{body}", wsdl.display()).unwrap();
    }
    drop(input);
    let done = child.wait_with_output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), CALLS.len(), "{said}");
    for (line, (wsdl, _, _)) in lines.iter().zip(CALLS) {
        let queries = ["iti18", "iti38", "iti51"].contains(wsdl);
        let status = if queries { "Success" } else { "Failure" };
        assert_eq!(line.split(' ').nth(1), Some(status), "{wsdl}: {line}");
    }
}
