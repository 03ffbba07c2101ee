//! The line to the others: the index knows two patients, and the other community does as it is told.

use super::THERE;
use crate::gateway::both::Directly;
use crate::world::World;
use std::sync::Mutex;
use std::time::Duration;
use tasuki_core::release::Payload;
use tasuki_core::{Clock, Code, Egress};
use tasuki_ihe::soap::{Asked, Asking, Received, Recipient, Unanswered};
use tasuki_wire::hl7v3::{Found, Ii, PatientAnswer, PixQuery, Reply};
use tasuki_wire::mtom::Attachments;
use tasuki_wire::soap::Envelope;
use tasuki_wire::xml::{Element, Node};

/// What is wrong on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Nothing.
    Well,
    /// Nobody answers but the index.
    Off,
    /// The other one takes the question and never answers.
    Hanging,
    /// The index is away.
    NoIndex,
    /// The other one leaves out whose its objects are.
    Homeless,
    /// It says another patient.
    Mistaken,
    /// It says that its objects are restricted.
    Restricting,
    /// It gives other bytes than its entries describe.
    Altering,
    /// It answers with an error of its own.
    Broken,
}

pub struct Line {
    other: Directly,
    mood: Mutex<Mood>,
    /// The patient here and there.
    pairs: [(Ii, Ii); 2],
}

impl Line {
    pub fn new(here: &World, there: &World) -> Self {
        let issued = |world: &World, authority: &str| {
            let person = world.record("hzln", "1").unwrap().person;
            let id = world.store.writing(|tx| tx.issue_xad_pid(&person)).unwrap();
            Ii::new(authority, id.as_str())
        };
        let ours = issued(here, "2.25.1.9");
        let theirs = issued(there, &format!("{THERE}.9"));
        Self {
            other: Directly::to(&there.network),
            mood: Mutex::new(Mood::Well),
            pairs: [(ours.clone(), theirs.clone()), (theirs, ours)],
        }
    }

    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn index(&self, request: Egress) -> Received {
        let Payload::Body(body) = request.into_payload() else {
            panic!("a request is a body");
        };
        let envelope = Envelope::decode(&body.bytes).unwrap();
        let query = PixQuery::decode(&envelope.body).unwrap();
        let known = self.pairs.iter().find(|(known, _)| {
            (&known.root, &known.extension) == (&query.patient.root, &query.patient.extension)
        });
        let patient = known.map(|(_, other)| PatientAnswer {
            ids: vec![other.clone()],
            others: Vec::new(),
            said: None,
            degree: None,
        });
        let reply = Reply {
            id: "1",
            at: crate::world::Noon.now(),
            sender: &Ii::new("2.25.99", ""),
            receiver: &Ii::new("2.25.1", ""),
        };
        let found = if patient.is_some() {
            Found::Data
        } else {
            Found::Nothing
        };
        let body = query.answer(&reply, found, patient.as_ref(), Vec::new());
        let id = envelope.addressing.message_id.unwrap();
        let body = body.as_str();
        let body = body.split_once("?>").map_or(body, |(_, body)| body);
        let said = format!(
            "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' \
             xmlns:a='http://www.w3.org/2005/08/addressing'><s:Header><a:Action>urn:answer\
             </a:Action><a:RelatesTo>{id}</a:RelatesTo></s:Header><s:Body>{body}</s:Body>\
             </s:Envelope>"
        );
        Received {
            envelope: Envelope::decode(said.as_bytes()).unwrap(),
            attachments: Attachments::default(),
        }
    }
}

impl Asking for Line {
    fn ask<'a>(
        &'a self,
        to: &'a Recipient,
        request: Egress,
        time: Duration,
    ) -> Asked<'a, Received> {
        let mood = *self.mood.lock().unwrap();
        let index = to.endpoint.host() == "index.example.jp";
        match mood {
            Mood::NoIndex if index => {
                Box::pin(async { Err(Unanswered::new(Code::PeerUnreachable, "as told")) })
            }
            _ if index => {
                let answer = self.index(request);
                Box::pin(async move { Ok(answer) })
            }
            Mood::Off => Box::pin(async { Err(Unanswered::new(Code::PeerUnreachable, "as told")) }),
            Mood::Hanging => Box::pin(std::future::pending()),
            mood => {
                let answer = self.other.ask(to, request, time);
                Box::pin(async move {
                    let mut answer = answer.await?;
                    spoil(&mut answer.envelope.body, mood);
                    if mood == Mood::Altering && answer.attachments.parts().next().is_some() {
                        answer.attachments = altered(&answer.envelope.body);
                    }
                    Ok(answer)
                })
            }
        }
    }

    fn reply<'a>(&'a self, _: &'a Recipient, _: Egress, _: Duration) -> Asked<'a, ()> {
        Box::pin(async { panic!("nobody is replied to here") })
    }
}

fn spoil(element: &mut Element, mood: Mood) {
    if mood == Mood::Broken && *element.name == *"AdhocQueryResponse" {
        element.children.retain(|_| false);
        for attribute in &mut element.attributes {
            if *attribute.name == *"status" {
                attribute.value =
                    "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure".into();
            }
        }
        return;
    }
    if mood == Mood::Homeless {
        element.attributes.retain(|a| *a.name != *"home");
    }
    for attribute in &mut element.attributes {
        let names = ["411.1&ISO", "2.25.7.9&ISO"].map(|end| attribute.value.contains(end));
        if mood == Mood::Mistaken && names.contains(&true) {
            attribute.value = "SOMEBODY^^^&2.25.7.9&ISO".into();
        }
        if mood == Mood::Restricting
            && *attribute.name == *"nodeRepresentation"
            && &*attribute.value == "N"
        {
            attribute.value = "R".into();
        }
    }
    for child in &mut element.children {
        if let Node::Element(child) = child {
            spoil(child, mood);
        }
    }
}

/// Parts of the same names with other bytes.
fn altered(body: &Element) -> Attachments<tasuki_core::ports::Incoming> {
    let mut attachments = Attachments::default();
    for document in body.all("DocumentResponse") {
        let include = document.first("Document").and_then(|d| d.elements().next());
        let href = include.and_then(|i| i.attribute("href")).unwrap();
        let id = href.strip_prefix("cid:").unwrap().replace("%40", "@");
        let bytes = tasuki_core::ports::Incoming::Here(b"forged".to_vec());
        attachments.add(Some(id), bytes).unwrap();
    }
    attachments
}
