//! Our asking side and our responding side, each at its own community: what is disclosed comes
//! over, and nothing else is told apart.

use super::{community, named, visit};
use crate::registry::{self, cx, patient, provide};
use crate::soap::{SYSTEM, read};
use crate::world::World;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tasuki_core::directory::Community;
use tasuki_core::ports::Incoming;
use tasuki_core::release::Payload;
use tasuki_core::{Code, Egress};
use tasuki_ihe::gateway::Gateway;
use tasuki_ihe::soap::{Arrived, Asked, Asking, Received, Recipient};
use tasuki_ihe::{Network, iti38, iti39};
use tasuki_model::CommunityId;
use tasuki_wire::mtom::{Attachments, MediaType};
use tasuki_wire::soap::Envelope;
use tasuki_wire::xml::Document;

/// The responding community's network, without sockets between.
pub struct Directly {
    to: Arc<Network>,
    /// The bodies of its answers.
    pub answers: Mutex<Vec<Document>>,
}

impl Directly {
    pub fn to(network: &Arc<Network>) -> Self {
        Self {
            to: Arc::clone(network),
            answers: Mutex::default(),
        }
    }
}

impl Asking for Directly {
    fn ask<'a>(&'a self, _: &'a Recipient, request: Egress, _: Duration) -> Asked<'a, Received> {
        let Payload::Body(body) = request.into_payload() else {
            panic!("a request is a body");
        };
        let envelope = super::envelope_of(&body.media_type, &body.bytes);
        let mtom = MediaType::parse(&body.media_type).unwrap().essence == "multipart/related";
        let answered = self.to.answer_soap(Arrived {
            envelope: envelope.as_bytes(),
            action: None,
            attachments: mtom.then(Attachments::default),
            certificate: Some(&SYSTEM),
            endpoint: "https://other.example.jp/query",
            address: "192.0.2.8",
        });
        let answer = read(answered);
        let body = Document::of(&answer.envelope.body);
        self.answers.lock().unwrap().push(body);
        let mut attachments = Attachments::default();
        for (id, bytes) in answer.parts {
            attachments.add(Some(id), Incoming::Here(bytes)).unwrap();
        }
        let envelope: Envelope = answer.envelope;
        Box::pin(async move {
            Ok(Received {
                envelope,
                attachments,
            })
        })
    }

    fn reply<'a>(&'a self, _: &'a Recipient, _: Egress, _: Duration) -> Asked<'a, ()> {
        Box::pin(async { panic!("nobody is replied to here") })
    }
}

/// The community of the worlds here: `2.25.1`.
fn asked() -> Community {
    Community {
        home_community_id: CommunityId::new("2.25.1").unwrap(),
        ..community()
    }
}

fn document(unique: &str) -> registry::Document<'_> {
    registry::Document {
        patient: "1^^^&2.16.840.1.113883.3.37.4.1.1.2.411.1&ISO",
        unique,
        confidentiality: "N",
        more: "",
    }
}

fn sides() -> (World, World, Gateway) {
    let (asking, answering) = (World::new(), World::new());
    patient(&answering, "1", true);
    provide(&answering, &document("1.2.9.1"), b"first");
    provide(&answering, &document("1.2.9.2"), b"second");
    let line = Arc::new(Directly::to(&answering.network));
    let gateway = Gateway::new(Arc::clone(&asking.network), line);
    (asking, answering, gateway)
}

#[test]
fn documents_are_found_and_fetched_over_two_communities() {
    let (asking, answering, gateway) = sides();
    let found = iti38::ask(&gateway, &asked(), &named(cx("1")), &visit()).unwrap();
    assert_eq!(found.partial, None);
    assert_eq!(found.entries.len(), 2);
    let fetched = iti39::ask(&gateway, &asked(), named(found.entries), &visit()).unwrap();
    let mut contents: Vec<Vec<u8>> = fetched
        .into_iter()
        .map(|one| match one.content.unwrap().1 {
            Incoming::Here(bytes) => bytes,
            other => panic!("{other:?}"),
        })
        .collect();
    contents.sort();
    assert_eq!(contents, [b"first".to_vec(), b"second".to_vec()]);
    for (world, side) in [(&asking, "ITI-38"), (&answering, "ITI-38")] {
        let events = world.events().into_iter();
        assert_eq!(events.filter(|e| e.subject == side).count(), 1);
    }
}

#[test]
fn withheld_and_unknown_come_back_as_the_same_nothing() {
    let (_asking, answering, gateway) = sides();
    answering.disclose("hzln", "1", false);
    for id in ["1", "2"] {
        let found = iti38::ask(&gateway, &asked(), &named(cx(id)), &visit()).unwrap();
        assert_eq!(found, iti38::Documents::default(), "{id}");
    }
}

#[test]
fn a_document_that_was_withdrawn_meanwhile_is_not_given() {
    let (_asking, answering, gateway) = sides();
    let found = iti38::ask(&gateway, &asked(), &named(cx("1")), &visit()).unwrap();
    answering.disclose("hzln", "1", false);
    let fetched = iti39::ask(&gateway, &asked(), named(found.entries), &visit()).unwrap();
    assert_eq!(fetched.len(), 2);
    for one in fetched {
        assert_eq!(one.content.unwrap_err().code, Code::DocumentNotGiven);
    }
}

#[test]
fn a_gateway_is_asked_for_its_own_community_only() {
    let (_asking, answering, _gateway) = sides();
    let slot = "<Slot name='$XDSDocumentEntryUniqueId'><ValueList><Value>('1.2.9.1')</Value>\
                </ValueList></Slot>";
    for (home, expected) in [
        ("", "XDSMissingHomeCommunityId"),
        (" home='urn:oid:1.2.3'", "XDSUnknownCommunity"),
    ] {
        let body = format!(
            "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' \
             xmlns='{}'><q:ResponseOption returnType='LeafClass' returnComposedObjects='true'/>\
             <AdhocQuery id='urn:uuid:{}'{home}>{slot}</AdhocQuery></q:AdhocQueryRequest>",
            registry::RIM,
            registry::GET_DOCUMENTS,
        );
        let action = "urn:ihe:iti:2007:CrossGatewayQuery";
        let answer = registry::send(&answering, action, body, None);
        let (read, _) = tasuki_wire::ebrim::QueryResponse::decode(&answer.envelope.body).unwrap();
        let [error] = &read.response.errors[..] else {
            panic!("one error");
        };
        assert_eq!(error.code, expected);
        assert_eq!(error.location.as_deref(), Some("urn:oid:2.25.1"));
    }
    let body = "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'><x:DocumentRequest>\
                <x:HomeCommunityId>urn:oid:1.2.3</x:HomeCommunityId>\
                <x:RepositoryUniqueId>2.25.1.1</x:RepositoryUniqueId>\
                <x:DocumentUniqueId>1.2.9.1</x:DocumentUniqueId></x:DocumentRequest>\
                </x:RetrieveDocumentSetRequest>";
    let action = "urn:ihe:iti:2007:CrossGatewayRetrieve";
    let answer = registry::send(&answering, action, body.to_owned(), Some(Vec::new()));
    let read = tasuki_wire::ebrim::RetrieveResponse::decode(&answer.envelope.body).unwrap();
    assert!(read.documents.is_empty());
    assert_eq!(read.response.errors[0].code, "XDSUnknownCommunity");
}
