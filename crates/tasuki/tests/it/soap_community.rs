//! A community that is not Tasuki: a responder of Node.js over mutual TLS that answers ITI-44, 45, 55,
//! 38 and 39 with what others' systems were recorded to answer, asked by a running node for one of its own
//! systems.

use super::mllp::{certificates, fingerprint_of};
use super::soap::{Node, envelope};
use super::world::World;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const HOME: &str = "2.25.900";
/// As the recordings have it: home community id, assigning authority, repository and document.
pub const THEIRS: &str = "1.1.4567334.1.6";
const AUTHORITY: &str = "1.3.6.1.4.1.21367.2017.2.5.93";
const REPOSITORY: &str = "1.1.4567332.1.75";
pub const DOCUMENT: &str = "2.25.306443472873218838784535217290635593269";
/// The patient of the recordings.
pub const PERSON: &str = "7f2e05e6-673e-44b6-8b76-e17ac58ea80f";
/// What the responder's document is.
pub const CONTENT: &[u8] = b"%PDF-1.4 recorded";
/// A document that names another patient, as `tests/peers/community.mjs` sends it in the mood `another`.
pub const ANOTHER: &[u8] =
    b"<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><recordTarget><patientRole>\
    <id root=\"1.2.3\" extension=\"SOMEBODY\"/></patientRole></recordTarget></ClinicalDocument>";
const FACILITY: [&str; 3] = ["1319999999", "1.2.3.4.5.1000", "1"];

/// The responder; ends with its standard input.
pub struct Community {
    process: Child,
    pub address: String,
}

impl Community {
    pub fn new(trust: &Path, pairs: &str, mood: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let file = |name: &str| trust.join(name);
        let mut process = Command::new("node")
            .arg(root.join("tests/peers/community.mjs"))
            .args([file("ca.pem"), file("other.pem"), file("other.key")])
            .arg(root.join("../shared/data/ihe/samples"))
            .args([pairs, mood])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        let mut lines = BufReader::new(process.stdout.take().unwrap());
        lines.read_line(&mut port).unwrap();
        process.stdout = Some(lines.into_inner());
        Self {
            process,
            address: format!("127.0.0.1:{}", port.trim()),
        }
    }
}

impl Drop for Community {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Recordings of two occasions, as if of one patient and one document.
pub fn one_patient(authority: &str) -> String {
    one_patient_with(authority, CONTENT)
}

/// The same with another content of the document.
pub fn one_patient_with(authority: &str, content: &[u8]) -> String {
    let sha1: String = digest(&SHA1_FOR_LEGACY_USE_ONLY, content)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let size = content.len();
    format!(
        "[[\"CHPAM3946^^^&amp;1.3.6.1.4.1.12559.11.20.1\",\
           \"{PERSON}^^^&amp;{authority}\"],\
          [\"a72f1824ea1d57af00faf5dd5ccb9aea0b0ce390\",\"{sha1}\"],\
          [\">5375<\",\">{size}<\"],\
          [\"1.3.6.1.4.1.21367.2017.2.6.19\",\"{THEIRS}\"],\
          [\"1.3.6.1.4.1.21367.2017.2.3.54\",\"{REPOSITORY}\"],\
          [\"1.3.6.1.4.1.21367.2017.2.1.75.20200922130227623\",\"{DOCUMENT}\"]]"
    )
}

/// A node that knows that community by its directory, and lets its system ask others.
fn node(name: &str, pairs: &str) -> (Node, Community) {
    let world = World::quiet(name);
    certificates(&world.folder);
    let community = Community::new(&world.folder, pairs, "well");
    let member = |home: &str, authority: &str, certificate: &str, transactions: &[&str]| {
        let to = |t: &&str| format!("{t} = \"https://{}/x\"", community.address);
        let endpoints: Vec<String> = transactions.iter().map(to).collect();
        format!(
            "[[community]]\nhome_community_id = \"{home}\"\nname = \"地域\"\n\
             patient_authority = \"{authority}\"\ncertificates = [\"{}\"]\n\
             endpoints = {{ {} }}\n",
            fingerprint_of(&world.folder, certificate),
            endpoints.join(", "),
        )
    };
    let own = member(HOME, &format!("{HOME}.2"), "node", &[]);
    let transactions = ["ITI-38", "ITI-39", "ITI-44", "ITI-45"];
    let other = member(THEIRS, AUTHORITY, "other", &transactions);
    let directory = format!(
        "version = 1\nserial = 1\nissued = \"2026-11-22T09:00:00+09:00\"\n\
         pix_manager = \"{THEIRS}\"\n{own}{other}"
    );
    let file = |name: &str| world.folder.join(name).display().to_string();
    std::fs::write(file("members"), directory).unwrap();
    // Its codes are of a domain of its own: what they mean is agreed in a file.
    let codes = "version = 1\nprofile = \"ihe\"\n[[list]]\nattribute = \"confidentialityCode\"\n\
                 scheme = \"2.16.840.1.113883.6.96\"\n\
                 codes = [{ code = \"17621005\", en = \"Normal\", confidentiality = \"N\" }]\n";
    std::fs::write(file("codes.toml"), codes).unwrap();
    // The office that signs it has a folder of its own.
    let office = World::quiet(&format!("{name}-office"));
    let public = office.ok(&["directory", "key", &file("directory.key")]);
    let sign = ["directory", "sign", &file("members"), "--key"];
    office.ok(&[&sign[..], &[&file("directory.key")]].concat());
    let config = format!(
        "[registry]\ncodes_file = \"{}\"\n[directory]\nfile = \"{}\"\nkeys = [\"{}\"]\n",
        file("codes.toml"),
        file("members"),
        public.trim(),
    );
    let across = format!("across = [\"{}\"]", FACILITY[0]);
    (
        Node::of_facility(world, HOME, &config, &across, FACILITY),
        community,
    )
}

fn find() -> String {
    let slot = |name: &str, value: &str| {
        format!(
            "<r:Slot name='{name}'><r:ValueList><r:Value>{value}</r:Value></r:ValueList></r:Slot>"
        )
    };
    let patient = format!("'{}^^^&amp;{}&amp;ISO'", FACILITY[2], FACILITY[1]);
    let approved = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')";
    let query = format!(
        "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' \
         xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'><q:ResponseOption \
         returnComposedObjects='true' returnType='LeafClass'/><r:AdhocQuery \
         id='urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d'>{}{}</r:AdhocQuery>\
         </q:AdhocQueryRequest>",
        slot("$XDSDocumentEntryPatientId", &patient),
        slot("$XDSDocumentEntryStatus", approved),
    );
    envelope("urn:ihe:iti:2007:RegistryStoredQuery", &query)
}

fn ask(node: &Node, message: &str) -> String {
    node.script("post", "his", &["application/soap+xml"], message.as_bytes())
}

#[test]
fn what_another_system_recorded_is_found_through_us() {
    let (node, _community) = node("soap-recorded", &one_patient(AUTHORITY));
    let answer = ask(&node, &find());
    assert!(answer.contains("ResponseStatusType:Success"), "{answer}");
    let home = format!("home=\"urn:oid:{THEIRS}\"");
    assert_eq!(answer.matches(&home).count(), 1, "{answer}");
    assert!(answer.contains(DOCUMENT), "{answer}");
}

#[test]
fn what_it_recorded_of_somebody_else_is_withheld_and_named() {
    let (node, _community) = node("soap-recorded-other", "[]");
    let answer = ask(&node, &find());
    assert!(
        answer.contains("ResponseStatusType:PartialSuccess"),
        "{answer}"
    );
    assert!(!answer.contains("ExtrinsicObject"), "{answer}");
    assert!(answer.contains("GTW-012"), "{answer}");
    assert!(
        answer.contains(&format!("location=\"urn:oid:{THEIRS}\"")),
        "{answer}"
    );
}

/// A retrieve names no patient, so the community's entry has to say whose the document is; then the
/// index says who that is here.
#[test]
fn a_document_of_nobody_here_is_not_fetched_from_it() {
    let (node, _community) = node("soap-recorded-fetch", &one_patient(AUTHORITY));
    let body = format!(
        "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'><x:DocumentRequest>\
         <x:HomeCommunityId>urn:oid:{THEIRS}</x:HomeCommunityId>\
         <x:RepositoryUniqueId>{REPOSITORY}</x:RepositoryUniqueId>\
         <x:DocumentUniqueId>{DOCUMENT}</x:DocumentUniqueId></x:DocumentRequest>\
         </x:RetrieveDocumentSetRequest>"
    );
    let answer = ask(
        &node,
        &envelope("urn:ihe:iti:2007:RetrieveDocumentSet", &body),
    );
    // Its recorded index knows no id of ours.
    assert!(answer.contains("XDSDocumentUniqueIdError"), "{answer}");
    assert!(!answer.contains("<xds:Document>"), "{answer}");
}
