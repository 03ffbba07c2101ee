//! The pipeline of transactions over SOAP, and the words in which their tests are written.

mod audited;
mod contents;
mod link_statements;
pub mod patient_index;
mod pipeline;
mod statement;
mod trivial;
mod urgent;
mod viewed;
mod xua;

pub use xua::KEYS;

use crate::world::{World, facility};
use std::collections::BTreeSet;
use tasuki_core::Code;
use tasuki_core::directory::Endpoint;
use tasuki_core::policy::{Scope, System};
use tasuki_core::ports::Incoming;
use tasuki_core::release::{Payload, Piece};
use tasuki_ihe::soap::{Answered, Arrived, Members, SoapPeer, Transaction};
use tasuki_model::CommunityId;
use tasuki_wire::mtom::{Attachments, Event, Limits, MediaType, Multipart};
use tasuki_wire::soap::{Envelope, Fault};

/// The certificate of a system of our own community that may do everything: `system`.
pub const SYSTEM: [u8; 32] = [1; 32];
/// Where replies to it may go.
pub const REPLIES: &str = "https://system.example.jp/replies";

/// The certificate of another one, that asks other communities too: on behalf of `hzln`.
pub const ACROSS: [u8; 32] = [2; 32];

pub fn members(home: &str) -> Members {
    let system = SoapPeer {
        certificate: SYSTEM,
        system: System {
            name: "system".into(),
            queries: true,
            visits: true,
            scope: Scope::Community,
        },
        feeds: crate::world::FACILITIES
            .iter()
            .map(|f| facility(f.0))
            .collect(),
        asserts: false,
        population: false,
        across: BTreeSet::new(),
        replies: vec![Endpoint::new(REPLIES).unwrap()],
    };
    let across = SoapPeer {
        certificate: ACROSS,
        system: System {
            name: "across".into(),
            ..system.system.clone()
        },
        across: [facility("hzln")].into(),
        ..system.clone()
    };
    Members::new(CommunityId::new(home).unwrap(), vec![system, across])
}

/// What is sent. `Default` is a message without attachments of [`SYSTEM`].
pub struct Sent {
    pub certificate: Option<[u8; 32]>,
    /// Header blocks besides `wsa:Action`.
    pub headers: String,
    pub body: String,
    /// Content-ID and bytes of the parts of an MTOM message.
    pub parts: Option<Vec<(&'static str, Vec<u8>)>>,
    /// `action` of the `Content-Type`.
    pub action: Option<&'static str>,
}

impl Default for Sent {
    fn default() -> Self {
        Self {
            certificate: Some(SYSTEM),
            headers: "<a:MessageID>urn:uuid:7f6e1c06-2d5a-4f3c-9a55-0d2f3a1b4c5d</a:MessageID>"
                .to_owned(),
            body: "<x/>".to_owned(),
            parts: None,
            action: None,
        }
    }
}

/// An answer, read back.
pub struct Answer {
    pub status: u16,
    pub media_type: MediaType,
    pub envelope: Envelope,
    /// Content-ID and bytes of its parts.
    pub parts: Vec<(String, Vec<u8>)>,
    pub elsewhere: Option<Endpoint>,
}

impl Answer {
    pub fn fault(&self) -> Fault {
        self.envelope.fault().unwrap()
    }

    /// The stable code of its fault.
    pub fn code(&self) -> Code {
        Code::from_id(&self.fault().problem.unwrap().code).unwrap()
    }
}

pub fn envelope(action: &str, sent: &Sent) -> String {
    let (headers, body) = (&sent.headers, &sent.body);
    format!(
        "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' \
         xmlns:a='http://www.w3.org/2005/08/addressing'><s:Header>\
         <a:Action s:mustUnderstand='1'>{action}</a:Action>{headers}</s:Header>\
         <s:Body>{body}</s:Body></s:Envelope>"
    )
}

/// Sends to a registry and reads the answer.
pub fn post(world: &World, registry: &'static [Transaction], action: &str, sent: Sent) -> Answer {
    post_bytes(world, registry, envelope(action, &sent).as_bytes(), sent)
}

pub fn post_bytes(
    world: &World,
    registry: &'static [Transaction],
    envelope: &[u8],
    sent: Sent,
) -> Answer {
    let attachments = sent.parts.map(|parts| {
        let mut attachments = Attachments::default();
        for (id, bytes) in parts {
            let content = Incoming::Here(bytes);
            attachments.add(Some(id.to_owned()), content).unwrap();
        }
        attachments
    });
    let answered = world.network.answer_from(
        registry,
        Arrived {
            envelope,
            action: sent.action,
            attachments,
            certificate: sent.certificate.as_ref(),
            endpoint: "https://own.example.jp/soap",
            address: "192.0.2.7",
        },
    );
    read(answered)
}

/// Reads an answer as its receiver would.
pub fn read(answered: Answered) -> Answer {
    let (media_type, bytes) = match answered.egress.into_payload() {
        Payload::Body(body) => (body.media_type.into_owned(), body.bytes.into_owned()),
        Payload::Stream(stream) => {
            let size = stream.size();
            let pieces = stream.pieces.iter().map(|piece| match piece {
                Piece::Bytes(bytes) => bytes.to_vec(),
                Piece::Stored(content) => content.whole().unwrap(),
            });
            let bytes: Vec<u8> = pieces.flatten().collect();
            assert_eq!(bytes.len() as u64, size);
            (stream.media_type, bytes)
        }
        Payload::Redirect(to) => panic!("a redirection to {to}"),
    };
    let media_type = MediaType::parse(&media_type).unwrap();
    let (envelope, parts) = match media_type.essence.as_str() {
        "application/soap+xml" => (bytes, Vec::new()),
        _ => split(&media_type, &bytes),
    };
    Answer {
        status: answered.status,
        media_type,
        envelope: Envelope::decode(&envelope).unwrap(),
        parts,
        elsewhere: answered.elsewhere.map(|to| to.endpoint),
    }
}

fn split(media_type: &MediaType, mut bytes: &[u8]) -> (Vec<u8>, Vec<(String, Vec<u8>)>) {
    let mut reader = Multipart::new(media_type, Limits::default()).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut root = None;
    while let Some(event) = reader.next(&mut bytes).unwrap() {
        match event {
            Event::Begin(head) => {
                if reader.is_root(&head) {
                    root = Some(parts.len());
                }
                parts.push((head.content_id.unwrap(), Vec::new()));
            }
            Event::Bytes(bytes) => parts.last_mut().unwrap().1.extend(bytes),
            Event::End | Event::Done => {}
        }
    }
    reader.finish().unwrap();
    let envelope = parts.remove(root.unwrap()).1;
    (envelope, parts)
}
