//! Emergencies of another community's users: our own rule opens what is not disclosed, to physicians of
//! communities that take part, and tells the disclosing facility; nobody else gets more than before.

use super::patient_index::discovery;
use super::xua::{header, taking_part};
use super::{Answer, Sent, post};
use crate::registry::{APPROVED, Document, FIND_DOCUMENTS, RIM, cx, provide};
use crate::world::{HZLN, Noon, PKLN, World, facility};
use std::sync::atomic::{AtomicU32, Ordering};
use tasuki_core::policy::{Restriction, Terms};
use tasuki_core::ports::Watch;
use tasuki_core::{Clock, Code};
use tasuki_ihe::soap::TRANSACTIONS;
use tasuki_model::{Purpose, Role};
use tasuki_wire::ebrim::{QueryResponse, RetrieveResponse};
use tasuki_wire::hl7v3::QueryAnswer;

const UNIQUE: &str = "1.2.9.77";

/// Who asks.
type Who = (Role, Purpose);

const PHYSICIAN: Who = (Role::Physician, Purpose::Emergency);
const TREATING: Who = (Role::Physician, Purpose::Treatment);
const NURSE: Who = (Role::Nurse, Purpose::Emergency);

/// Patient 70 of the hospital `hzln`, with a document and never disclosed.
fn world(takes_part: bool) -> World {
    let world = taking_part(World::new(), takes_part);
    world.patient("70", HZLN, "秘密^次郎", "19601105");
    let document = Document {
        patient: &cx("70"),
        unique: UNIQUE,
        confidentiality: "N",
        more: "",
    };
    let sent = provide(&world, &document, b"text");
    assert!(sent.errors.is_empty(), "{:?}", sent.errors);
    world.disclose("hzln", "70", false);
    world
}

fn ask(world: &World, (role, purpose): Who, action: &'static str, body: String) -> Answer {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let security = header(role, purpose, "2.25.1", Noon.now());
    let sent = Sent {
        headers: format!("<a:MessageID>urn:uuid:{id}</a:MessageID>{security}"),
        certificate: Some([9; 32]),
        body,
        ..Sent::default()
    };
    post(world, TRANSACTIONS, action, sent)
}

fn discover(world: &World, who: Who) -> Answer {
    let action = "urn:hl7-org:v3:PRPA_IN201305UV02:CrossGatewayPatientDiscovery";
    ask(
        world,
        who,
        action,
        discovery("秘密", "次郎", "19601105", "F"),
    )
}

/// The community's ID of who was found.
fn id_of(answer: &Answer) -> Option<String> {
    let read = QueryAnswer::decode(&answer.envelope.body).unwrap();
    let id = read.patients.first()?.ids.first()?;
    Some(format!("{}^^^&{}&ISO", id.extension, id.root))
}

/// How many documents are found, and whether the content is given.
fn seen(world: &World, who: Who, patient: &str) -> (usize, bool) {
    let slot = |name: &str, value: &str| {
        let value = value.replace('&', "&amp;");
        format!("<Slot name='{name}'><ValueList><Value>{value}</Value></ValueList></Slot>")
    };
    let slots = [
        slot("$XDSDocumentEntryPatientId", &format!("'{patient}'")),
        slot("$XDSDocumentEntryStatus", APPROVED),
    ]
    .concat();
    let query = format!(
        "<q:AdhocQueryRequest xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' xmlns='{RIM}'>\
         <q:ResponseOption returnType='LeafClass' returnComposedObjects='true'/>\
         <AdhocQuery id='urn:uuid:{FIND_DOCUMENTS}'>{slots}</AdhocQuery></q:AdhocQueryRequest>"
    );
    let answer = ask(world, who, "urn:ihe:iti:2007:CrossGatewayQuery", query);
    let found = QueryResponse::decode(&answer.envelope.body).unwrap().0;
    let retrieve = format!(
        "<x:RetrieveDocumentSetRequest xmlns:x='urn:ihe:iti:xds-b:2007'><x:DocumentRequest>\
         <x:HomeCommunityId>urn:oid:2.25.1</x:HomeCommunityId>\
         <x:RepositoryUniqueId>2.25.1.1</x:RepositoryUniqueId>\
         <x:DocumentUniqueId>{UNIQUE}</x:DocumentUniqueId></x:DocumentRequest>\
         </x:RetrieveDocumentSetRequest>"
    );
    let answer = ask(
        world,
        who,
        "urn:ihe:iti:2007:CrossGatewayRetrieve",
        retrieve,
    );
    let read = RetrieveResponse::decode(&answer.envelope.body).unwrap();
    (found.found.objects.len(), !read.documents.is_empty())
}

fn lines(world: &World) -> Vec<Watch> {
    let home = facility("hzln");
    world.store.reading(|tx| tx.watched(&home, 100)).unwrap()
}

#[test]
fn a_physician_of_a_community_that_takes_part_is_given_what_is_not_disclosed_and_it_is_told() {
    let world = world(true);
    let found = discover(&world, PHYSICIAN);
    let text = tasuki_wire::xml::Document::of(&found.envelope.body);
    assert!(
        !text.as_str().contains("<addr"),
        "nothing but what was asked"
    );
    let patient = id_of(&found).unwrap();
    assert!(lines(&world).is_empty(), "found, not read");
    assert_eq!(seen(&world, PHYSICIAN, &patient), (1, true));
    assert_eq!(seen(&world, PHYSICIAN, &patient), (1, true));
    let told = lines(&world);
    assert_eq!(told.len(), 1, "one line a reader, patient and day");
    let peer = told[0].peer.as_ref().unwrap();
    assert_eq!(
        (&*peer.name, peer.community.as_str()),
        ("医師 一", "2.25.9")
    );
    assert_eq!(
        told[0].patient,
        world.record("hzln", "70").map(|r| r.patient_key)
    );
    let event = world.events().pop().unwrap();
    assert_eq!(event.purpose, Some(Purpose::Emergency));
    // Whoever treats gets what they got before, and nobody is told of it.
    for who in [TREATING, NURSE] {
        assert_eq!(discover(&world, who).code(), Code::DiscoveryNotAgreed);
        assert_eq!(seen(&world, who, &patient), (0, false), "{who:?}");
    }
    assert_eq!(lines(&world).len(), 1);
}

#[test]
fn a_community_that_takes_no_part_gets_what_it_got_before() {
    let world = world(true);
    let patient = id_of(&discover(&world, PHYSICIAN)).unwrap();
    let world = taking_part(world, false);
    assert_eq!(discover(&world, PHYSICIAN).code(), Code::DiscoveryNotAgreed);
    assert_eq!(seen(&world, PHYSICIAN, &patient), (0, false));
    world.disclose("hzln", "70", true);
    assert_eq!(seen(&world, PHYSICIAN, &patient), (1, true));
    assert!(lines(&world).is_empty(), "treatment is told to nobody");
}

#[test]
fn who_has_refused_in_advance_and_who_might_be_two_are_nobody() {
    let world = world(true);
    let patient = id_of(&discover(&world, PHYSICIAN)).unwrap();
    let key = world.record("hzln", "70").unwrap().patient_key;
    let refuses = |terms: Vec<Restriction>| {
        let terms = Terms::new(terms);
        world
            .store
            .writing(|tx| tx.put_hidden(&key, &terms))
            .unwrap();
    };
    refuses(vec![Restriction::NoEmergency]);
    assert_eq!(id_of(&discover(&world, PHYSICIAN)), None);
    assert_eq!(seen(&world, PHYSICIAN, &patient), (0, false));
    refuses(Vec::new());
    assert_eq!(id_of(&discover(&world, PHYSICIAN)), Some(patient));
    world.patient("71", PKLN, "秘密^次郎", "19601105");
    world.disclose("pkln", "71", false);
    assert_eq!(id_of(&discover(&world, PHYSICIAN)), None);
    assert!(lines(&world).iter().all(|line| line.peer.is_some()));
}

#[test]
fn a_community_that_looks_for_more_people_than_there_are_emergencies_waits() {
    let world = world(true);
    for n in 0..30 {
        assert!(id_of(&discover(&world, PHYSICIAN)).is_some(), "{n}");
    }
    for _ in 0..2 {
        let refused = discover(&world, PHYSICIAN);
        assert_eq!(refused.code(), Code::DiscoveriesTooMany);
        let event = world.events().pop().unwrap();
        assert_eq!(event.code.as_deref(), Some(Code::DiscoveriesTooMany.id()));
        assert_eq!(event.ending, tasuki_core::audit::Ending::Refused);
    }
    // What is not an emergency is not counted, and answered as before.
    assert_eq!(discover(&world, TREATING).code(), Code::DiscoveryNotAgreed);
}
