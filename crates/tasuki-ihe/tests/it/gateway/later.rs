//! A community that is asked asynchronously: its answer comes on a connection of its own, and only its
//! own answer, once, in its time.

use super::{PATIENT, community, envelope_of, named, visit};
use crate::soap::read;
use crate::world::World;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tasuki_core::audit::{Actor, Ending};
use tasuki_core::directory::{Community, Directory, Endpoint};
use tasuki_core::policy::AssertedCodes;
use tasuki_core::release::Payload;
use tasuki_core::{Code, Egress, SourceState};
use tasuki_ihe::Network;
use tasuki_ihe::gateway::{Gateway, NoAnswer, Visit};
use tasuki_ihe::iti38::{Documents, ask};
use tasuki_ihe::soap::{Arrived, Asked, Asking, Received, Recipient};
use tasuki_model::{CommunityId, Instant};
use tasuki_wire::soap::Envelope;

const REPLIES: &str = "https://own.example.jp/replies";
const EMPTY: &str = "<q:AdhocQueryResponse xmlns:q='urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0' \
    status='urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success'>\
    <r:RegistryObjectList xmlns:r='urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0'/>\
    </q:AdhocQueryResponse>";

/// What comes to our address for replies: with which certificate, and what became of it.
type Came = (Option<[u8; 32]>, u16, Option<Code>);

/// Takes each request, and sends answers with these certificates before it says so.
struct Later {
    network: Arc<Network>,
    from: Vec<Option<[u8; 32]>>,
    asked: Mutex<Vec<Envelope>>,
    came: Mutex<Vec<Came>>,
}

/// Sends an answer to a message, and reads what is said to it.
fn reply(network: &Network, to: &str, certificate: Option<[u8; 32]>) -> Came {
    let said = format!(
        "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' \
         xmlns:a='http://www.w3.org/2005/08/addressing'><s:Header><a:Action>urn:answer</a:Action>\
         <a:MessageID>urn:uuid:1</a:MessageID><a:RelatesTo>{to}</a:RelatesTo></s:Header>\
         <s:Body>{EMPTY}</s:Body></s:Envelope>"
    );
    let answered = network.take_reply(Arrived {
        envelope: said.as_bytes(),
        action: None,
        attachments: None,
        certificate: certificate.as_ref(),
        endpoint: REPLIES,
        address: "192.0.2.9",
    });
    assert!(answered.elsewhere.is_none());
    let code = match answered.status {
        202 => None,
        _ => {
            let status = answered.status;
            let answer = read(answered);
            return (certificate, status, Some(answer.code()));
        }
    };
    (certificate, 202, code)
}

impl Asking for Later {
    fn ask<'a>(&'a self, _: &'a Recipient, _: Egress, _: Duration) -> Asked<'a, Received> {
        Box::pin(async { panic!("asked on the connection") })
    }

    fn hand_over<'a>(
        &'a self,
        _: &'a Recipient,
        request: Egress,
        _: Duration,
    ) -> Asked<'a, Option<Received>> {
        let Payload::Body(body) = request.into_payload() else {
            panic!("a request is a body");
        };
        let text = envelope_of(&body.media_type, &body.bytes);
        let envelope = Envelope::decode(text.as_bytes()).unwrap();
        let id = envelope.addressing.message_id.clone().unwrap();
        self.asked.lock().unwrap().push(envelope);
        for certificate in &self.from {
            let came = reply(&self.network, &id, *certificate);
            self.came.lock().unwrap().push(came);
        }
        Box::pin(async { Ok(None) })
    }

    fn reply<'a>(&'a self, _: &'a Recipient, _: Egress, _: Duration) -> Asked<'a, ()> {
        Box::pin(async { panic!("nobody is replied to here") })
    }
}

fn other() -> Community {
    Community {
        asynchronous: true,
        ..community()
    }
}

struct Side {
    world: World,
    later: Arc<Later>,
    gateway: Gateway,
}

/// We, with an address for replies or without, and how the other one answers.
fn side(replies: Vec<Endpoint>, from: &[Option<[u8; 32]>]) -> Side {
    let world = World::new();
    let own = Community {
        home_community_id: CommunityId::new("2.25.1").unwrap(),
        certificates: vec![[5; 32]],
        replies,
        ..community()
    };
    let directory = Directory {
        serial: 1,
        issued: Instant::from_micros(0),
        pix_manager: None,
        pix_standbys: Vec::new(),
        communities: vec![own, other()],
    };
    let codes = AssertedCodes::standard().unwrap();
    let members = world.network.members();
    members.set_directory(directory, codes).unwrap();
    let later = Arc::new(Later {
        network: Arc::clone(&world.network),
        from: from.to_vec(),
        asked: Mutex::default(),
        came: Mutex::default(),
    });
    let line = Arc::clone(&later) as Arc<dyn Asking>;
    let gateway = Gateway::new(Arc::clone(&world.network), line);
    Side {
        world,
        later,
        gateway,
    }
}

impl Side {
    fn with_replies(from: &[Option<[u8; 32]>]) -> Self {
        side(vec![Endpoint::new(REPLIES).unwrap()], from)
    }

    fn ask(&self, visit: &Visit) -> Result<Documents, NoAnswer> {
        ask(&self.gateway, &other(), &named(PATIENT.to_owned()), visit)
    }

    fn came(&self) -> Vec<Came> {
        self.later.came.lock().unwrap().clone()
    }
}

#[test]
fn an_answer_comes_on_a_connection_of_its_own_and_leaves_one_event() {
    let side = Side::with_replies(&[Some([9; 32])]);
    assert_eq!(side.ask(&visit()).unwrap(), Documents::default());
    let asked = side.later.asked.lock().unwrap();
    let count = asked.len();
    let to = asked[0].addressing.reply_to.as_ref().unwrap();
    assert_eq!(to.address, REPLIES);
    assert_eq!(side.came(), vec![(Some([9; 32]), 202, None); count]);
    let events = side.world.events();
    assert_eq!(events.len(), count, "one for each request, none beside");
    assert!(events.iter().all(|e| e.ending == Ending::Success));
}

#[test]
fn a_strangers_answer_is_refused_and_the_right_one_still_taken_once() {
    let answers = [None, Some([5; 32]), Some([9; 32]), Some([9; 32])];
    let side = Side::with_replies(&answers);
    assert!(side.ask(&visit()).is_ok());
    let expected = [
        (None, 400, Some(Code::AnswerOfStranger)),
        (Some([5; 32]), 400, Some(Code::AnswerOfStranger)),
        (Some([9; 32]), 202, None),
        (Some([9; 32]), 400, Some(Code::AnswerUnawaited)),
    ];
    assert_eq!(side.came()[..4], expected);
    let refused: Vec<_> = side
        .world
        .events()
        .into_iter()
        .filter(|e| e.ending == Ending::Refused)
        .take(3)
        .collect();
    let codes: Vec<_> = refused.iter().filter_map(|e| e.code.as_deref()).collect();
    assert_eq!(codes, ["GTW-017", "GTW-017", "GTW-016"]);
    assert_eq!(refused[0].actor, Actor::Anyone { name: None });
    let Actor::Peer { community, .. } = &refused[1].actor else {
        panic!("a member");
    };
    assert_eq!(community.as_str(), "2.25.1");
    assert_eq!(
        refused[1].exchange.as_ref().unwrap().peer.address,
        "192.0.2.9"
    );
}

#[test]
fn an_answer_after_its_time_finds_nobody() {
    let side = Side::with_replies(&[]);
    let impatient = Visit {
        patience: Duration::ZERO,
        ..visit()
    };
    assert_eq!(side.ask(&impatient).unwrap_err().code, Code::PeerLate);
    let asked = side.later.asked.lock().unwrap();
    let id = asked[0].addressing.message_id.clone().unwrap();
    for id in [id.as_str(), "urn:uuid:never-asked"] {
        let came = reply(&side.world.network, id, Some([9; 32]));
        assert_eq!(came, (Some([9; 32]), 400, Some(Code::AnswerUnawaited)));
        let event = side.world.events().pop().unwrap();
        assert_eq!(
            (event.ending, event.code.as_deref()),
            (Ending::Refused, Some("GTW-016"))
        );
    }
}

#[test]
fn without_an_address_for_replies_nothing_leaves() {
    let side = side(Vec::new(), &[]);
    let no = side.ask(&visit()).unwrap_err();
    assert_eq!(no.code, Code::NoAddressForReplies);
    assert_eq!(no.state(Instant::from_micros(0)), SourceState::NotAsked);
    assert!(side.later.asked.lock().unwrap().is_empty());
}
