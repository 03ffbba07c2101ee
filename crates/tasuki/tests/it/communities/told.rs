//! A document of another Tasuki that names somebody else inside: it is shown to nobody, and the other side's
//! clerks learn of it by themselves.

use super::network::{Network, fingerprint};
use super::{PLACES, Reader, fill};
use crate::soap::{envelope, script};
use crate::soap_community::ANOTHER;
use base64::Engine;
use tasuki_model::FacilityCode;

const PROVIDE: &str = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b";
/// The document of `provide.xml`.
const DOCUMENT: &str = "2.25.77.1";

/// A system of the second community's hospital gives it a document under the wrong patient.
fn provide(network: &Network) {
    let (code, id, _) = PLACES[1];
    let authority = FacilityCode::new(code).unwrap().patient_authority();
    let content = base64::engine::general_purpose::STANDARD.encode(ANOTHER);
    let body = include_str!("../../../../../tests/peers/provide.xml");
    let (before, rest) = body.split_once("<i:Include").unwrap();
    let (_, after) = rest.split_once("/>").unwrap();
    let body = format!("{before}{content}{after}")
        .replace("PATIENT", &format!("{id}^^^&amp;{authority}&amp;ISO"))
        .replace("application/pdf", "text/xml")
        .replace(PLACES[0].0, code);
    let at = (network.folder.as_path(), &*network.members[1].address);
    let message = envelope(PROVIDE, &body);
    let kind = ["application/soap+xml"];
    let answer = script(at, "post", "other", &kind, message.as_bytes());
    assert!(answer.contains(":Success\""), "{answer}");
}

#[test]
fn the_clerks_of_both_communities_are_told_of_a_document_of_another_patient() {
    let mut network = Network::new("communities-misfiled", 2, fill);
    let config = network.members[1].world.data().join("tasuki.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let source = format!(
        "{text}\n[[soap.peer]]\nname = \"source\"\ncertificate_sha256 = \"{}\"\nfeeds = [\"{}\"]\n",
        fingerprint(&network.folder, "other"),
        PLACES[1].0
    );
    std::fs::write(config, source).unwrap();
    network.serve();
    provide(&network);
    let reader = Reader::new(&network);
    let page = reader.settled("documents");
    // All that is listed is the summary, which that community makes when it is opened.
    let listed = (
        Reader::copies(&page).len(),
        page.contains("要約（オンデマンド）"),
    );
    assert_eq!(listed, (1, true), "{page}");
    assert!(page.contains("別の患者"), "the gap is named: {page}");
    assert!(!page.contains("SOMEBODY"), "{page}");
    // What was noticed is told within seconds; the desk there shows whose it is and who says so.
    let clerks = [0, 1].map(|n| network.members[n].world.sign_in("clerk"));
    let desk = |n: usize| clerks[n].get("/desk/misfiled").body;
    let told = (0..20_000).any(|_| desk(0).contains("相手に知らせました"));
    assert!(told, "{}", desk(0));
    let (ours, theirs) = (desk(0), desk(1));
    for (desk, own, other) in [
        (&ours, PLACES[0].1, "地域1"),
        (&theirs, PLACES[1].1, "地域0"),
    ] {
        for word in [DOCUMENT, own, other] {
            assert!(desk.contains(word), "{word}: {desk}");
        }
    }
    assert!(!theirs.contains("SOMEBODY"), "{theirs}");
}
