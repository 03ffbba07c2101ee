//! What two nodes of ours say to each other.

use super::{Left, events, since};
use crate::gateway::both::Directly;
use crate::gateway::index::side::Side;
use crate::gateway::index::{Line, entry, index};
use crate::gateway::{community, named, visit};
use crate::registry::{Document, cx, patient, provide};
use crate::soap::patient_index as v3;
use crate::world::World;
use std::sync::{Arc, Mutex};
use tasuki_core::directory::{Community, Endpoint};
use tasuki_core::elsewhere::Named;
use tasuki_core::ports::Store;
use tasuki_ihe::gateway::Gateway;
use tasuki_ihe::iti46::{NOTIFICATIONS, notify as tell};
use tasuki_ihe::iti55::Discovered;
use tasuki_ihe::soap::{Asking, TRANSACTIONS};
use tasuki_ihe::{iti38, iti39, iti55};
use tasuki_model::{CommunityId, LocalPatientId, Oid, Registration};
use tasuki_wire::xml;

/// The other community: the one of [`World`].
fn other() -> Community {
    let endpoint = |id: &str| {
        let address = Endpoint::new("https://other.example.jp/soap").unwrap();
        (id.into(), address)
    };
    Community {
        home_community_id: CommunityId::new("2.25.1").unwrap(),
        patient_authority: Oid::new("2.25.1.9").unwrap(),
        endpoints: ["ITI-38", "ITI-39", "ITI-55"].map(endpoint).into(),
        discovery: true,
        offers: tasuki_model::facility::Offers::default(),
        ..community()
    }
}

/// What both have been told since, and the last answer that came over the line.
fn left(
    asking: (&Arc<dyn Store>, usize),
    answering: (&Arc<dyn Store>, usize),
    patient: String,
    answers: &Mutex<Vec<xml::Document>>,
) -> Left {
    Left {
        asked: Some(since(asking.0, asking.1)),
        answered: since(answering.0, answering.1),
        refused: None,
        patient,
        body: answers.lock().unwrap().pop().unwrap(),
    }
}

/// Two documents of a patient of the other community, asked for over the gateway.
struct Two {
    there: World,
    here: World,
    line: Arc<Directly>,
    gateway: Gateway,
}

impl Two {
    fn new() -> Self {
        let (here, there) = (World::of_community("2.25.9"), World::new());
        patient(&there, "1", true);
        for unique in ["1.2.9.1", "1.2.9.2"] {
            let document = Document {
                patient: &cx("1"),
                unique,
                confidentiality: "N",
                more: "",
            };
            let sent = provide(&there, &document, b"text");
            assert!(sent.errors.is_empty(), "{:?}", sent.errors);
        }
        let line = Arc::new(Directly::to(&there.network));
        let asking = Arc::clone(&line) as Arc<dyn Asking>;
        let gateway = Gateway::new(Arc::clone(&here.network), asking);
        Self {
            there,
            here,
            line,
            gateway,
        }
    }

    fn left(&self, before: (usize, usize), patient: String) -> Left {
        let asking = (&self.here.store, before.0);
        let answering = (&self.there.store, before.1);
        left(asking, answering, patient, &self.line.answers)
    }

    fn counts(&self) -> (usize, usize) {
        (self.here.events().len(), self.there.events().len())
    }
}

pub fn query() -> Left {
    let two = Two::new();
    let before = two.counts();
    let found = iti38::ask(&two.gateway, &other(), &named(cx("1")), &visit()).unwrap();
    assert_eq!(found.entries.len(), 2);
    two.left(before, cx("1"))
}

pub fn retrieve() -> Left {
    let two = Two::new();
    let found = iti38::ask(&two.gateway, &other(), &named(cx("1")), &visit()).unwrap();
    let before = two.counts();
    let fetched = iti39::ask(&two.gateway, &other(), named(found.entries), &visit());
    assert!(fetched.unwrap().iter().all(|one| one.content.is_ok()));
    two.left(before, String::new())
}

pub fn discover() -> Left {
    let (here, there) = (World::of_community("2.25.9"), v3::world());
    v3::neighbour(&there, true);
    let line = Arc::new(Line::new(&there.network, TRANSACTIONS, [9; 32]));
    let asking = Arc::clone(&line) as Arc<dyn Asking>;
    let gateway = Gateway::new(Arc::clone(&here.network), asking);
    let record = there.record("hzln", "4").unwrap();
    let own = Registration {
        authority: Oid::new("1.2.3").unwrap(),
        local_id: LocalPatientId::new("77").unwrap(),
    };
    let somebody = named(Named {
        person: record.person,
        patient: record.patient_key,
        own,
        demographics: record.demographics,
    });
    let before = (here.events().len(), there.events().len());
    let found = iti55::ask(&gateway, &other(), &somebody, &visit()).unwrap();
    assert!(matches!(found, Discovered::One(_)), "{found:?}");
    let asking = (&here.store, before.0);
    let answering = (&there.store, before.1);
    left(
        asking,
        answering,
        "77^^^&1.2.3&ISO".to_owned(),
        &line.answers,
    )
}

pub fn feed() -> Left {
    let (place, network) = index();
    let one = Side::new(1, &network);
    let hanako = one.patient("1", "花子", "19470312");
    let before = (events(&one.place.store).len(), events(&place.store).len());
    assert_eq!(one.feed().unwrap().refused, 0);
    let (id, authority) = exchanged(&one, &hanako);
    let asking = (&one.place.store, before.0);
    let cx = format!("{id}^^^&{authority}&ISO");
    left(asking, (&place.store, before.1), cx, &one.line.answers)
}

fn exchanged(side: &Side, patient: &tasuki_model::PatientKey) -> (String, String) {
    let id = side.exchanged(patient);
    let (id, authority) = id.split_once('@').unwrap();
    (id.to_owned(), authority.to_owned())
}

pub fn identifiers() -> Left {
    let (place, network) = index();
    let (one, two) = (Side::new(1, &network), Side::new(2, &network));
    let hanako = one.patient("1", "花子", "19470312");
    two.patient("77", "花子", "19470312");
    one.feed().unwrap();
    two.feed().unwrap();
    let before = (events(&one.place.store).len(), events(&place.store).len());
    assert_eq!(one.elsewhere(&hanako).unwrap().ids.len(), 1);
    let (id, authority) = exchanged(&one, &hanako);
    let asking = (&one.place.store, before.0);
    let cx = format!("{id}^^^&{authority}&ISO");
    left(asking, (&place.store, before.1), cx, &one.line.answers)
}

pub fn notify() -> Left {
    let (place, network) = index();
    let one = Side::new(1, &network);
    let hanako = one.patient("1", "花子", "19470312");
    one.feed().unwrap();
    let line = Arc::new(Line::new(one.gateway.network(), NOTIFICATIONS, [3; 32]));
    let gateway = Gateway::new(Arc::clone(&network), Arc::clone(&line) as Arc<dyn Asking>);
    let before = (events(&place.store).len(), events(&one.place.store).len());
    assert_eq!(tell(&gateway, &entry(1), &visit()).unwrap(), 1);
    let (id, authority) = exchanged(&one, &hanako);
    let cx = format!("{id}^^^&{authority}&ISO");
    left(
        (&place.store, before.0),
        (&one.place.store, before.1),
        cx,
        &line.answers,
    )
}
