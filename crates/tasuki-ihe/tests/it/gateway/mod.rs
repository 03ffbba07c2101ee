//! Where we ask: a community that answers as it is told to. It stands in for one, for no other can
//! be told to answer with somebody else's documents; its answers are written here by hand.

mod across;
pub mod both;
mod dialects;
pub mod index;
mod later;
mod query;
mod refused;
mod retrieve;
mod trouble;

use crate::world::{World, facility};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::directory::{Community, Endpoint};
use tasuki_core::policy::{Subject, decide};
use tasuki_core::ports::Incoming;
use tasuki_core::release::Payload;
use tasuki_core::{Caller, Code, Egress, Released};
use tasuki_ihe::gateway::{Gateway, Visit};
use tasuki_ihe::soap::{Asked, Asking, Received, Recipient, Unanswered};
use tasuki_model::{CommunityId, Instant, Oid, PatientKey, PersonId, Purpose, Role, UserId};
use tasuki_wire::mtom::{Attachments, Event, Limits, MediaType, Multipart};
use tasuki_wire::soap::Envelope;

pub const HOME: &str = "1.2.3.99";
pub const PATIENT: &str = "7^^^&1.2.3.99.1&ISO";

/// What it says to a request: the body, and parts with their Content-ID.
type Says = Result<(String, Vec<(&'static str, Vec<u8>)>), Code>;

/// A community that answers as a test says.
pub struct Other {
    says: Box<dyn Fn(&Envelope) -> Says + Send + Sync>,
    /// What it answers to; the request's own id where nothing is said.
    pub relates_to: Option<&'static str>,
    /// The requests that came, as they were.
    pub asked: Mutex<Vec<String>>,
    /// Their media types.
    pub media_types: Mutex<Vec<String>>,
}

impl Other {
    pub fn new(says: impl Fn(&Envelope) -> Says + Send + Sync + 'static) -> Self {
        Self {
            says: Box::new(says),
            relates_to: None,
            asked: Mutex::default(),
            media_types: Mutex::default(),
        }
    }

    fn answer(&self, request: Egress) -> Result<Received, Unanswered> {
        let Payload::Body(body) = request.into_payload() else {
            panic!("a request is a body");
        };
        let text = envelope_of(&body.media_type, &body.bytes);
        self.asked.lock().unwrap().push(text.clone());
        let media_type = body.media_type.to_string();
        self.media_types.lock().unwrap().push(media_type);
        let envelope = Envelope::decode(text.as_bytes()).unwrap();
        let (says, parts) =
            (self.says)(&envelope).map_err(|code| Unanswered::new(code, "as told"))?;
        let id = envelope.addressing.message_id.unwrap();
        let id = self.relates_to.unwrap_or(&id);
        let said = format!(
            "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' \
             xmlns:a='http://www.w3.org/2005/08/addressing'><s:Header><a:Action>urn:answer</a:Action>\
             <a:MessageID>urn:uuid:1</a:MessageID><a:RelatesTo>{id}</a:RelatesTo></s:Header>\
             <s:Body>{says}</s:Body></s:Envelope>"
        );
        let mut attachments = Attachments::default();
        for (id, bytes) in parts {
            attachments
                .add(Some(id.to_owned()), Incoming::Here(bytes))
                .unwrap();
        }
        Ok(Received {
            envelope: Envelope::decode(said.as_bytes()).unwrap(),
            attachments,
        })
    }
}

fn envelope_of(media_type: &str, mut bytes: &[u8]) -> String {
    let media_type = MediaType::parse(media_type).unwrap();
    if media_type.essence != "multipart/related" {
        return String::from_utf8(bytes.to_vec()).unwrap();
    }
    let mut reader = Multipart::new(&media_type, Limits::default()).unwrap();
    let mut envelope = Vec::new();
    while let Some(event) = reader.next(&mut bytes).unwrap() {
        if let Event::Bytes(some) = event {
            envelope.extend_from_slice(some);
        }
    }
    String::from_utf8(envelope).unwrap()
}

impl Asking for Other {
    fn ask<'a>(&'a self, _: &'a Recipient, request: Egress, _: Duration) -> Asked<'a, Received> {
        let answer = self.answer(request);
        Box::pin(async move { answer })
    }

    fn reply<'a>(&'a self, _: &'a Recipient, _: Egress, _: Duration) -> Asked<'a, ()> {
        Box::pin(async { panic!("nobody is replied to here") })
    }
}

/// The community, as the directory has it.
pub fn community() -> Community {
    let endpoint = |path: &str| Endpoint::new(&format!("https://other.example.jp/{path}")).unwrap();
    Community {
        home_community_id: CommunityId::new(HOME).unwrap(),
        name: "別の地域".into(),
        patient_authority: Oid::new("1.2.3.99.1").unwrap(),
        authorities: vec![Oid::new("1.2.3.99.1").unwrap()],
        endpoints: [
            ("ITI-38".into(), endpoint("query")),
            ("ITI-39".into(), endpoint("retrieve")),
        ]
        .into(),
        replies: Vec::new(),
        certificates: vec![[9; 32]],
        tls12: false,
        dialect: "standard".into(),
        assertions: None,
        asynchronous: false,
        discovery: false,
        offers: tasuki_model::facility::Offers::default(),
        contacts: Vec::new(),
    }
}

/// A gateway over that community, with the world whose audit trail it writes.
pub struct Asker {
    pub gateway: Gateway,
    pub other: Arc<Other>,
    pub world: World,
}

impl Asker {
    pub fn new(other: Other) -> Self {
        let world = World::new();
        let other = Arc::new(other);
        let network = Arc::clone(&world.network);
        let gateway = Gateway::new(network, Arc::clone(&other) as Arc<dyn Asking>);
        Self {
            gateway,
            other,
            world,
        }
    }

    /// Events of our requests: transaction, ending, code.
    pub fn events(&self) -> Vec<AuditEvent> {
        let events = self.world.events().into_iter();
        events.filter(|e| e.subject.starts_with("ITI-3")).collect()
    }
}

pub fn visit() -> Visit {
    Visit {
        event: AuditEvent {
            purpose: Some(Purpose::Treatment),
            ..AuditEvent::of_process(Instant::from_micros(0), Action::ChartView, "test", "chart")
        },
        assertion: None,
        patience: Duration::from_secs(5),
    }
}

/// Something that names the patient, let out by the policy.
pub fn named<T>(by: T) -> Released<T> {
    let caller = Caller {
        user: UserId::new("doctor").unwrap(),
        facility: facility("hzln"),
        role: Role::Physician,
        purpose: Purpose::Treatment,
    };
    let own = Subject::new(PatientKey::new("own").unwrap(), facility("hzln"), true);
    let grant = decide(&caller, &PersonId::new("person").unwrap(), &[own]).unwrap();
    grant.name(by).unwrap()
}
