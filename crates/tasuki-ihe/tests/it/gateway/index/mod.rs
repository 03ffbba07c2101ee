//! Two communities and the patient index of their network: what is disclosed is fed and linked, what
//! is withdrawn or parted is gone from it, and while it is away its last word holds.

mod broken;
mod known;
mod notified;
pub mod side;

use crate::soap::read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tasuki_core::clock::SystemClock;
use tasuki_core::directory::{Community, Directory, Endpoint};
use tasuki_core::identity::cross_reference::CrossReference;
use tasuki_core::policy::AssertedCodes;
use tasuki_core::ports::Store;
use tasuki_core::release::Payload;
use tasuki_core::{Code, Egress};
use tasuki_ihe::peers::Peers;
use tasuki_ihe::soap::{
    Arrived, Asked, Asking, Members, Received, Recipient, Transaction, Unanswered,
};
use tasuki_ihe::{CrossReferenced, Network, Settings};
use tasuki_model::{CommunityId, Instant, Oid, RepositoryId};
use tasuki_store::StoreConfig;
use tasuki_wire::mtom::Attachments;
use tasuki_wire::xml::Document;

fn home(n: u8) -> CommunityId {
    CommunityId::new(&format!("2.25.{n}")).unwrap()
}

pub fn entry(n: u8) -> Community {
    let endpoint = |t: &str| {
        (
            t.into(),
            Endpoint::new("https://index.example.jp/pix").unwrap(),
        )
    };
    let authority = Oid::new(&format!("2.25.{n}.9")).unwrap();
    Community {
        home_community_id: home(n),
        name: format!("地域{n}").into(),
        patient_authority: authority.clone(),
        authorities: vec![authority],
        endpoints: ["ITI-44", "ITI-45", "ITI-46"].map(endpoint).into(),
        certificates: vec![[n; 32]],
        ..super::community()
    }
}

/// Three communities; the third holds the role.
fn directory() -> Directory {
    Directory {
        serial: 1,
        issued: Instant::from_micros(0),
        pix_manager: Some(home(3)),
        pix_standbys: Vec::new(),
        communities: vec![entry(1), entry(2), entry(3)],
    }
}

/// A store of its own in a temporary folder.
pub struct Place {
    pub store: Arc<dyn Store>,
    dir: PathBuf,
}

impl Place {
    fn new(community: CommunityId) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tasuki-ihe-index-{}-{number}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        let repository = RepositoryId::new("2.25.1.1").unwrap();
        let mut config = StoreConfig::new(dir.join("data"), community, repository);
        config.reserve_percent = 0;
        let store = tasuki_store::open(&config).unwrap();
        Self { store, dir }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn network(place: &Place, cross: Arc<dyn CrossReferenced>) -> Network {
    let settings = Settings {
        application: "TASUKI".to_owned(),
        facility: String::new(),
        peers: Peers::default(),
        namespaces: std::collections::BTreeMap::new(),
    };
    Network::new(
        Arc::clone(&place.store),
        Arc::new(SystemClock),
        cross,
        settings,
    )
    .unwrap()
}

pub fn index() -> (Place, Arc<Network>) {
    let place = Place::new(CommunityId::new("2.25.3.3").unwrap());
    let cross = CrossReference::new(Arc::clone(&place.store), Arc::new(SystemClock)).unwrap();
    let members = Members::new(home(3), Vec::new());
    let network = network(&place, Arc::new(cross))
        .with_members(members)
        .as_pix_manager();
    let codes = AssertedCodes::standard().unwrap();
    network.members().set_directory(directory(), codes).unwrap();
    network.put_communities(&directory()).unwrap();
    (place, Arc::new(network))
}

/// The way to somebody, which ends after so many messages.
pub struct Line {
    to: Arc<Network>,
    registry: &'static [Transaction],
    certificate: [u8; 32],
    left: AtomicU32,
    /// The bodies of the answers that came over it.
    pub answers: Mutex<Vec<Document>>,
}

impl Line {
    pub fn new(to: &Arc<Network>, registry: &'static [Transaction], certificate: [u8; 32]) -> Self {
        Self {
            to: Arc::clone(to),
            registry,
            certificate,
            left: AtomicU32::new(u32::MAX),
            answers: Mutex::default(),
        }
    }
}

impl Asking for Line {
    fn ask<'a>(&'a self, _: &'a Recipient, request: Egress, _: Duration) -> Asked<'a, Received> {
        let Payload::Body(body) = request.into_payload() else {
            panic!("a request is a body");
        };
        let less = |left: u32| left.checked_sub(1);
        let left = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        if left.is_err() {
            return Box::pin(async { Err(Unanswered::new(Code::PeerUnreachable, "cut")) });
        }
        let arrived = Arrived {
            envelope: &body.bytes,
            action: None,
            attachments: None,
            certificate: Some(&self.certificate),
            endpoint: "https://index.example.jp/pix",
            address: "192.0.2.8",
        };
        let answered = self.to.answer_from(self.registry, arrived);
        let envelope = read(answered).envelope;
        let body = Document::of(&envelope.body);
        self.answers.lock().unwrap().push(body);
        let attachments = Attachments::default();
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
