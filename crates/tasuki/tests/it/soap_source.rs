//! A document source of others: PyPI `oru2xds` makes an ITI-41 of an ORU^R01 by its own code, with
//! MTOM/XOP, and believes only an answer in MTOM.

use super::mllp::{certificates, peer};
use super::soap::{Node, envelope};
use super::world::World;
use std::path::Path;

/// Who issues the patient IDs of its sample.
const AUTHORITY: &str = "1.3.6.1.4.1.21367.13.20.3000";
const PATIENT: &str = "IHEBLUE-2709";
const FACILITY: &str = "1319999999";

fn query() -> String {
    let slot = |name: &str, value: &str| {
        format!(
            "<r:Slot name='{name}'><r:ValueList><r:Value>{value}</r:Value></r:ValueList></r:Slot>"
        )
    };
    format!(
        "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' \
         xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'><q:ResponseOption \
         returnComposedObjects='true' returnType='LeafClass'/><r:AdhocQuery \
         id='urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d'>{}{}</r:AdhocQuery>\
         </q:AdhocQueryRequest>",
        slot(
            "$XDSDocumentEntryPatientId",
            &format!("'{PATIENT}^^^&amp;{AUTHORITY}&amp;ISO'")
        ),
        slot(
            "$XDSDocumentEntryStatus",
            "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"
        ),
    )
}

#[test]
fn oru2xds_provides_a_document_by_mtom() {
    let world = World::quiet("soap-source");
    certificates(&world.folder);
    // Its codes are of a domain of its own.
    let codes = world.folder.join("codes.toml");
    std::fs::write(&codes, "version = 1\nprofile = \"ihe\"\n").unwrap();
    let config = format!("[registry]\ncodes_file = \"{}\"", codes.display());
    let node = Node::of_facility(world, "2.25.1", &config, "", [FACILITY, AUTHORITY, PATIENT]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let sample = root.join("../shared/data/ihe/samples/oru2xds/sample3-ORU-R01.hl7");
    let done = peer("python")
        .arg(root.join("tests/peers/source.py"))
        .arg(&node.world.folder)
        .args([&node.address, &node.file("ca.pem")])
        .args([node.file("his.pem"), node.file("his.key")])
        .arg(AUTHORITY)
        .arg(sample)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(said.contains("\nMSA|AA|"), "{said}{errors}");
    let action = "urn:ihe:iti:2007:RegistryStoredQuery";
    let asked = envelope(action, &query());
    let answer = node.script("post", "his", &["application/soap+xml"], asked.as_bytes());
    assert_eq!(
        answer.matches("<rim:ExtrinsicObject ").count(),
        1,
        "{answer}"
    );
    assert!(answer.contains("mimeType=\"text/xml\""), "{answer}");
}
