//! A system of ours asks other communities through us (Initiating Gateway): two communities, their
//! index, and a third that does as it is told.

mod line;
mod trouble;
mod unsought;

use crate::gateway::community;
use crate::registry::{self, APPROVED, FIND_DOCUMENTS, GET_DOCUMENTS, cx, patient, provide};
use crate::soap::{ACROSS, Sent, post};
use crate::world::World;
use line::{Line, Mood};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tasuki_core::directory::{Community, Directory, Endpoint};
use tasuki_core::policy::AssertedCodes;
use tasuki_ihe::communities::{Communities, GatherSettings};
use tasuki_ihe::initiating::Initiating;
use tasuki_ihe::soap::{Asking, TRANSACTIONS};
use tasuki_model::xds::RegistryObject;
use tasuki_model::{CommunityId, Instant, Oid};
use tasuki_wire::ebrim::{QueryResponse, ResponseStatus, RetrieveResponse, Severity};

/// The other community.
const THERE: &str = "2.25.7";

struct Net {
    here: World,
    there: World,
    line: Arc<Line>,
    _initiating: Arc<Initiating>,
}

fn member(home: &str, host: &str, transactions: &[&str], certificate: u8) -> Community {
    let endpoint = Endpoint::new(&format!("https://{host}.example.jp/soap")).unwrap();
    let endpoints = transactions.iter();
    Community {
        home_community_id: CommunityId::new(home).unwrap(),
        name: host.into(),
        patient_authority: Oid::new(&format!("{home}.9")).unwrap(),
        authorities: vec![Oid::new(&format!("{home}.9")).unwrap()],
        endpoints: endpoints.map(|t| ((*t).into(), endpoint.clone())).collect(),
        certificates: vec![[certificate; 32]],
        ..community()
    }
}

impl Net {
    /// Patient 1 of ours is patient 1 of the other community, and has a document in each.
    fn new() -> Self {
        let (here, there) = (World::new(), World::of_community(THERE));
        for (world, unique, bytes) in [
            (&here, "1.2.9.1", &b"ours"[..]),
            (&there, "1.2.9.7", b"theirs"),
        ] {
            patient(world, "1", true);
            provide(world, &document(&cx("1"), unique), bytes);
        }
        let line = Arc::new(Line::new(&here, &there));
        let directory = Directory {
            serial: 1,
            issued: Instant::from_micros(0),
            pix_manager: Some(CommunityId::new("2.25.99").unwrap()),
            pix_standbys: Vec::new(),
            communities: vec![
                member("2.25.1", "here", &[], 1),
                member(THERE, "there", &["ITI-38", "ITI-39"], 7),
                member("2.25.99", "index", &["ITI-45"], 99),
            ],
        };
        let codes = AssertedCodes::standard().unwrap();
        here.network
            .members()
            .set_directory(directory, codes)
            .unwrap();
        let own = CommunityId::new("2.25.1").unwrap();
        let asks = Arc::clone(&line) as Arc<dyn Asking>;
        let network = Arc::clone(&here.network);
        let communities = Arc::new(Communities::new(network, asks, own));
        let settings = GatherSettings {
            patience: Duration::from_secs(1),
            deadline: Duration::from_secs(2),
            fresh: Duration::from_secs(60),
            keep_seconds: 3_600,
        };
        let spawn = |work: Box<dyn FnOnce() + Send>| drop(std::thread::spawn(work));
        let initiating = Arc::new(Initiating::new(communities, settings, Box::new(spawn)));
        here.network.set_initiating(&initiating);
        Self {
            here,
            there,
            line,
            _initiating: initiating,
        }
    }

    fn send(&self, action: &str, body: String, mtom: bool) -> crate::soap::Answer {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let headers =
            format!("<a:MessageID>urn:uuid:00000000-0000-4000-9000-{number:012x}</a:MessageID>");
        let sent = Sent {
            certificate: Some(ACROSS),
            headers,
            body,
            parts: mtom.then(Vec::new),
            ..Sent::default()
        };
        post(&self.here, TRANSACTIONS, action, sent)
    }

    fn query(&self, id: &str, home: &str, returns: &str, slots: &[(&str, &str)]) -> QueryResponse {
        let action = "urn:ihe:iti:2007:RegistryStoredQuery";
        self.query_by(action, [id, home, returns], slots)
    }

    fn query_by(
        &self,
        action: &str,
        [id, home, returns]: [&str; 3],
        slots: &[(&str, &str)],
    ) -> QueryResponse {
        let slots: String = slots
            .iter()
            .map(|(name, value)| {
                let value = value.replace('&', "&amp;");
                format!("<Slot name='{name}'><ValueList><Value>{value}</Value></ValueList></Slot>")
            })
            .collect();
        let body = format!(
            "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' \
             xmlns='{}'><q:ResponseOption returnType='{returns}' returnComposedObjects='true'/>\
             <AdhocQuery id='urn:uuid:{id}'{home}>{slots}</AdhocQuery></q:AdhocQueryRequest>",
            registry::RIM
        );
        let answer = self.send(action, body, false);
        QueryResponse::decode(&answer.envelope.body).unwrap().0
    }

    fn find(&self, id: &str) -> QueryResponse {
        self.find_as(id, "LeafClass")
    }

    fn find_as(&self, id: &str, returns: &str) -> QueryResponse {
        let patient = format!("'{}'", cx(id));
        let slots = [
            ("$XDSDocumentEntryPatientId", patient.as_str()),
            ("$XDSDocumentEntryStatus", APPROVED),
        ];
        self.query(FIND_DOCUMENTS, "", returns, &slots)
    }

    fn get(&self, home: &str, unique: &str) -> QueryResponse {
        let ids = format!("('{unique}')");
        let slots = [("$XDSDocumentEntryUniqueId", ids.as_str())];
        let home = format!(" home='{home}'");
        self.query(GET_DOCUMENTS, &home, "LeafClass", &slots)
    }

    /// Documents by home, repository and uniqueId; the answer and the contents that came.
    fn retrieve(&self, wanted: &[(&str, &str, &str)]) -> (RetrieveResponse, Vec<Vec<u8>>) {
        let requests: String = wanted
            .iter()
            .map(|(home, repository, unique)| {
                format!(
                    "<x:DocumentRequest><x:HomeCommunityId>{home}</x:HomeCommunityId>\
                     <x:RepositoryUniqueId>{repository}</x:RepositoryUniqueId>\
                     <x:DocumentUniqueId>{unique}</x:DocumentUniqueId></x:DocumentRequest>"
                )
            })
            .collect();
        let body = format!(
            "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'>{requests}\
             </x:RetrieveDocumentSetRequest>"
        );
        let answer = self.send("urn:ihe:iti:2007:RetrieveDocumentSet", body, true);
        let read = RetrieveResponse::decode(&answer.envelope.body).unwrap();
        let parts = answer.parts.into_iter().map(|(_, bytes)| bytes).collect();
        (read, parts)
    }

    fn asked(&self, transaction: &str) -> usize {
        let events = self.here.events().into_iter();
        events.filter(|e| e.subject == transaction).count()
    }
}

fn document<'a>(patient: &'a str, unique: &'a str) -> registry::Document<'a> {
    registry::Document {
        patient,
        unique,
        confidentiality: "N",
        more: "",
    }
}

/// uniqueId and home of each entry.
fn entries(found: &QueryResponse) -> Vec<(String, String)> {
    let entries = found.found.objects.iter().map(|object| match object {
        RegistryObject::Entry(entry) => (
            entry.unique_id.clone().unwrap(),
            entry.header.home.clone().unwrap(),
        ),
        other => panic!("{other:?}"),
    });
    let mut entries: Vec<_> = entries.collect();
    entries.sort();
    entries
}

fn ours_and_theirs() -> Vec<(String, String)> {
    [("1.2.9.1", "urn:oid:2.25.1"), ("1.2.9.7", "urn:oid:2.25.7")]
        .map(|(id, home)| (id.to_owned(), home.to_owned()))
        .into()
}

/// Code and community of each error.
fn errors(errors: &[tasuki_wire::ebrim::RegistryError]) -> Vec<(&str, Option<&str>, Severity)> {
    let error = errors.iter();
    error
        .map(|e| (e.code.as_str(), e.location.as_deref(), e.severity))
        .collect()
}

/// ITI TF-1 18.1: only queries of one patient, or of none, are for a gateway.
#[test]
fn a_query_over_several_patients_stays_in_its_community() {
    let net = Net::new();
    let patients = format!("('{}')", cx("1"));
    let slots = [
        ("$XDSDocumentEntryPatientId", patients.as_str()),
        ("$XDSDocumentEntryStatus", APPROVED),
        (
            "$XDSDocumentEntryClassCode",
            "('18842-5^^2.16.840.1.113883.6.1')",
        ),
    ];
    let id = "3d1bdb10-39a2-11de-89c2-2f44d94eaa9f";
    let action = "urn:ihe:iti:2009:MultiPatientStoredQuery";
    let found = net.query_by(action, [id, "", "LeafClass"], &slots);
    assert_eq!(found.response.status, ResponseStatus::Success);
    let unique = |object: &RegistryObject| match object {
        RegistryObject::Entry(entry) => entry.unique_id.clone(),
        other => panic!("{other:?}"),
    };
    let ours: Vec<_> = found.found.objects.iter().filter_map(unique).collect();
    assert_eq!(ours, ["1.2.9.1"]);
    assert_eq!((net.asked("ITI-38"), net.asked("ITI-45")), (0, 0));
}

#[test]
fn a_patient_is_found_here_and_elsewhere() {
    let net = Net::new();
    let found = net.find("1");
    assert_eq!(found.response.status, ResponseStatus::Success);
    assert_eq!(found.response.errors, []);
    assert_eq!(entries(&found), ours_and_theirs());
    for transaction in ["ITI-18", "ITI-45", "ITI-38"] {
        assert_eq!(net.asked(transaction), 1, "{transaction}");
    }
    let there = net.there.events().into_iter();
    assert_eq!(there.filter(|e| e.subject == "ITI-38").count(), 1);
    let references = net.find_as("1", "ObjectRef").found.references;
    assert_eq!(references.len(), 2);
}

#[test]
fn a_system_of_this_community_alone_asks_nobody_else() {
    let net = Net::new();
    let found = registry::find(&net.here, &cx("1"));
    assert_eq!(found.found.objects.len(), 1);
    assert_eq!(net.asked("ITI-38") + net.asked("ITI-45"), 0);
}

#[test]
fn documents_of_both_come_in_one_answer() {
    let net = Net::new();
    let (answer, contents) = net.retrieve(&[
        ("urn:oid:2.25.7", "2.25.7.1", "1.2.9.7"),
        ("2.25.1", "2.25.1.1", "1.2.9.1"),
    ]);
    assert_eq!(answer.response.status, ResponseStatus::Success);
    assert_eq!(contents, [b"ours".to_vec(), b"theirs".to_vec()]);
    let homes = answer.documents.iter().map(|d| d.asked.home.as_deref());
    assert!(homes.eq([Some("2.25.1"), Some("urn:oid:2.25.7")]));
    assert_eq!(net.asked("ITI-39"), 1);
}

#[test]
fn objects_are_asked_of_the_community_that_is_named() {
    let net = Net::new();
    let found = net.get("urn:oid:2.25.7", "1.2.9.7");
    assert_eq!(found.response.status, ResponseStatus::Success);
    assert_eq!(entries(&found), ours_and_theirs()[1..]);
    // Ours are ours, whether the query says so or not.
    for home in ["urn:oid:2.25.1", ""] {
        assert_eq!(entries(&net.get(home, "1.2.9.1")).len(), 1, "{home}");
    }
}

#[test]
fn a_community_of_nobody_is_unknown() {
    let net = Net::new();
    let found = net.get("urn:oid:1.2.3.4", "1.2.9.7");
    assert_eq!(found.response.status, ResponseStatus::Failure);
    let unknown = [("XDSUnknownCommunity", None, Severity::Error)];
    assert_eq!(errors(&found.response.errors), unknown);
    let (answer, _) = net.retrieve(&[("urn:oid:1.2.3.4", "1.2.3.4.1", "1.2.9.7")]);
    assert_eq!(answer.response.status, ResponseStatus::Failure);
    assert_eq!(errors(&answer.response.errors), unknown);
}

/// Whoever is not disclosed by the facility for which the system asks is not named to anybody, and
/// nothing of such a patient comes from elsewhere; it looks as for somebody who does not exist.
#[test]
fn an_undisclosed_patient_is_as_unknown_as_nobody() {
    let net = Net::new();
    net.here.disclose("hzln", "1", false);
    let (hidden, nobody) = (net.find("1"), net.find("404"));
    assert_eq!(hidden, nobody);
    assert_eq!(hidden.found.objects, []);
    assert_eq!(net.asked("ITI-38") + net.asked("ITI-45"), 0);
    let (by_id, none) = (
        net.get("urn:oid:2.25.7", "1.2.9.7"),
        net.get("urn:oid:2.25.7", "1.2.9.404"),
    );
    assert_eq!(by_id, none);
    let said = |unique| {
        let (answer, contents) = net.retrieve(&[("urn:oid:2.25.7", "2.25.7.1", unique)]);
        assert_eq!(contents.len(), 0);
        let errors = answer.response.errors.into_iter();
        let texts = errors.map(|e| (e.code, e.context.replace(unique, "")));
        texts.collect::<Vec<_>>()
    };
    assert_eq!(said("1.2.9.7"), said("1.2.9.404"));
    assert_eq!(net.asked("ITI-39"), 0);
}

#[test]
fn what_is_restricted_there_does_not_come_here() {
    let net = Net::new();
    let patient = cx("1");
    let restricted = registry::Document {
        confidentiality: "R",
        ..document(&patient, "1.2.9.8")
    };
    provide(&net.there, &restricted, b"restricted");
    assert_eq!(entries(&net.find("1")), ours_and_theirs());
    // Nor where the other one gives it away.
    net.line.set(Mood::Restricting);
    assert_eq!(entries(&net.find("1")), ours_and_theirs()[..1]);
}
