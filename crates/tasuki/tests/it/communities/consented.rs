//! A consent as a document in another community: found by ITI-38 and fetched by ITI-39 while it is in force, by whom
//! it covers; in nobody's chart; and no longer to be found once it is withdrawn.

use super::network::{Member, Network};
use super::{PLACES, Reader, fill};
use crate::soap::script;
use crate::world::World;
use base64::Engine;
use tasuki_core::Fault;
use tasuki_core::ports::{PatientRecord, Writing};
use tasuki_model::{CommunityId, FacilityCode, LocalPatientId, RepositoryId};

/// What is in the store of a node, beside the node.
fn looked<T>(member: &Member, work: impl Fn(&dyn Writing) -> Result<T, Fault> + Send) -> T
where
    T: Send,
{
    let home = CommunityId::new(&member.home).unwrap();
    let repository = RepositoryId::new(&format!("{home}.1")).unwrap();
    let config = tasuki_store::StoreConfig::new(member.world.data(), home, repository);
    let store = tasuki_store::open(&config).unwrap();
    let found = store.writing(work).unwrap();
    store.close().unwrap();
    found
}

/// Hanako's registration at the second community.
fn hanako(tx: &dyn Writing) -> Result<PatientRecord, Fault> {
    let code = FacilityCode::new(PLACES[1].0).unwrap();
    let local = LocalPatientId::new(PLACES[1].1).unwrap();
    let facilities = tx.facilities()?;
    let facility = facilities.iter().find(|f| f.code == code).unwrap();
    Ok(tx.find_registration(&facility.id, &local)?.unwrap())
}

/// The community whose gateway is somebody else's client.
const THIRD: &str = "2.25.777";

struct Two {
    network: Network,
    patient: String,
}

impl Two {
    /// Two communities, and a third that is no node of ours, asserts nobody, and asks the second.
    fn new(name: &str, prepare: impl Fn(&World)) -> Self {
        let mut network = Network::new(name, 2, |number, world| {
            fill(number, world);
            prepare(world);
        });
        network.add(THIRD, "127.0.0.1:9");
        let member = &network.members[1];
        // What she is called there, which has been told to nobody yet.
        let pid = looked(member, |tx| tx.issue_xad_pid(&hanako(tx)?.person));
        let patient = format!("{}^^^&amp;{}.2&amp;ISO", pid.as_str(), member.home);
        network.serve();
        Self { network, patient }
    }

    fn consent(&self, more: &[&str]) {
        let patient = format!("{}:{}", PLACES[1].0, PLACES[1].1);
        let take = ["consent", &patient, "--by", "clerk"];
        self.network.members[1]
            .world
            .ok(&[&take[..], more].concat());
    }

    /// What the second community answers to the gateway of the third.
    fn ask(&self, transaction: &str, body: &str) -> String {
        let action = format!("urn:ihe:iti:2007:{transaction}");
        let sent = crate::soap::envelope(&action, body);
        let at = (
            self.network.folder.as_path(),
            self.network.members[1].address.as_str(),
        );
        let types = ["application/soap+xml"];
        script(at, "post", "other", &types, sent.as_bytes())
    }

    fn listed(&self) -> String {
        let slot = |name: &str, value: &str| {
            format!(
                "<r:Slot name='{name}'><r:ValueList><r:Value>{value}</r:Value></r:ValueList></r:Slot>"
            )
        };
        let patient = format!("'{}'", self.patient);
        let approved = "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')";
        let consents = "('57016-8^^2.16.840.1.113883.6.1')";
        let query = format!(
            "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' \
             xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'><q:ResponseOption \
             returnComposedObjects='true' returnType='LeafClass'/><r:AdhocQuery \
             home='urn:oid:{}' id='urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d'>{}{}{}\
             </r:AdhocQuery></q:AdhocQueryRequest>",
            self.network.members[1].home,
            slot("$XDSDocumentEntryPatientId", &patient),
            slot("$XDSDocumentEntryStatus", approved),
            slot("$XDSDocumentEntryClassCode", consents),
        );
        let answer = self.ask("CrossGatewayQuery", &query);
        assert!(answer.contains("ResponseStatusType:Success"), "{answer}");
        answer
    }

    /// Waits until the node has looked at what is marked; whether there is a document in force then.
    fn settled(&self) -> bool {
        let state = || {
            looked(&self.network.members[1], |tx| {
                let due = !tx.consents_due(1)?.is_empty();
                let key = hanako(tx)?.patient_key;
                Ok((due, tx.consent_document(&key)?.is_some()))
            })
        };
        let mut states = (0..20_000).map(|_| state());
        states.find(|(due, _)| !due).expect("an end").1
    }

    fn fetched(&self, answer: &str) -> String {
        let after = |text: &str, mark: &str| text.split_once(mark).unwrap().1.to_owned();
        // The unique id stands in the external identifier of that scheme.
        let (before, _) = answer
            .split_once("urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab")
            .unwrap();
        let element = &before[before.rfind('<').unwrap()..];
        let rest = &answer[answer.find(element).unwrap()..];
        let rest = &rest[..rest.find('>').unwrap()];
        let unique = after(rest, "value=\"");
        let unique = unique.split('"').next().unwrap();
        let home = &self.network.members[1].home;
        let body = format!(
            "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'><x:DocumentRequest>\
             <x:HomeCommunityId>urn:oid:{home}</x:HomeCommunityId>\
             <x:RepositoryUniqueId>{home}.1</x:RepositoryUniqueId>\
             <x:DocumentUniqueId>{unique}</x:DocumentUniqueId></x:DocumentRequest>\
             </x:RetrieveDocumentSetRequest>"
        );
        let answer = self.ask("CrossGatewayRetrieve", &body);
        let content = after(&answer, "Document>");
        let content = content.split('<').next().unwrap();
        let engine = base64::engine::general_purpose::STANDARD;
        String::from_utf8(engine.decode(content.trim()).unwrap()).unwrap()
    }
}

#[test]
fn another_community_finds_and_fetches_it_until_it_is_withdrawn_and_no_chart_shows_it() {
    let two = Two::new("communities-consented", |_| ());
    assert!(
        !two.listed().contains("ExtrinsicObject"),
        "nobody has agreed yet"
    );
    two.consent(&[
        "--only-to",
        "2.25.700,2.25.777",
        "--no-emergency",
        "--without",
        "26",
    ]);
    assert!(two.settled());
    let listed = two.listed();
    assert_eq!(listed.matches("ExtrinsicObject ").count(), 1, "{listed}");
    for word in ["57016-8", "urn:ihe:iti:bppc:2007", "listed", "no-emergency"] {
        assert!(listed.contains(word), "{word}: {listed}");
    }
    let text = two.fetched(&listed);
    assert!(text.contains("1.3.6.1.4.1.19376.1.5.3.1.1.7"), "{text}");
    assert!(
        !text.contains(PLACES[1].1) && !text.contains("2.25.700"),
        "{text}"
    );

    // The reader's chart has the result of that hospital, and nothing that is called so.
    let reader = Reader::new(&two.network);
    let labs = reader.settled("labs?view=list");
    assert_eq!(Reader::copies(&labs).len(), 1, "{labs}");
    for page in ["calendar", "calendar?view=list", "documents", "sources"] {
        let page = reader.settled(page);
        assert!(!page.contains("同意文書"), "{page}");
    }
    let there = two.network.members[1].world.sign_in("doctor");
    let list = there.get("/patients").body;
    let (_, rest) = list.split_once("/patients/").unwrap();
    let base = format!("/patients/{}", rest.split('/').next().unwrap());
    for page in ["calendar", "calendar?view=list", "documents"] {
        let page = there.get(&format!("{base}/{page}")).body;
        assert!(!page.contains("同意文書"), "{page}");
    }

    two.consent(&["--withdraw"]);
    assert!(!two.listed().contains("ExtrinsicObject"), "at once");
    assert!(!two.settled());
}

#[test]
fn a_community_that_the_consent_does_not_name_learns_nothing() {
    let two = Two::new("communities-consented-other", |_| ());
    let unknown = two.listed();
    two.consent(&["--only-to", "2.25.700"]);
    assert!(two.settled(), "published, for the one that it names");
    assert_eq!(bare(&two.listed()), bare(&unknown));
}

#[test]
fn off_the_node_publishes_none() {
    let two = Two::new("communities-consented-off", |world| {
        let path = world.data().join("tasuki.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let off = text.replace("consent_documents = true", "consent_documents = false");
        assert_ne!(off, text);
        std::fs::write(&path, off).unwrap();
    });
    two.consent(&[]);
    assert!(!two.settled());
    assert!(!two.listed().contains("ExtrinsicObject"));
}

/// An answer without what is its own.
fn bare(answer: &str) -> &str {
    let (_, body) = answer.split_once("Body>").unwrap();
    body
}
