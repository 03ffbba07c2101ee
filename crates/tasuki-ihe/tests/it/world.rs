//! Three hospitals, their systems, and the small words that tests are written in.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use tasuki_core::Clock;
use tasuki_core::audit::{AuditEvent, Ending};
use tasuki_core::policy::{Scope, System};
use tasuki_core::ports::{AuditSearch, PatientRecord, Store};
use tasuki_core::release::Payload;
use tasuki_ihe::peers::{Peer, Peers};
use tasuki_ihe::xds::{AffinityDomain, OnDemandSource, RegistrySettings};
use tasuki_ihe::{Arrival, AsProjected, Network, Settings};
use tasuki_model::facility::{Part, Shape};
use tasuki_model::{
    CommunityId, Facility, FacilityCode, FacilityId, Instant, LocalPatientId, Oid, RepositoryId,
};
use tasuki_store::StoreConfig;
use tasuki_wire::charset::Charset;
use tasuki_wire::hl7::{Limits, Text};

/// Facility id, namespace, OID. The OIDs are those of the samples that others made.
pub const FACILITIES: &[(&str, &str, &str)] = &[
    ("mpi", "MPI-NS-P", "2.16.840.1.113883.3.37.4.1.1.2.1.1"),
    ("hzln", "HZLN", "2.16.840.1.113883.3.37.4.1.1.2.411.1"),
    ("pkln", "PKLN", "2.16.840.1.113883.3.37.4.1.1.2.511.1"),
    ("khkn", "KHKN", "2.16.840.1.113883.3.37.4.1.1.2.611.1"),
    ("ccc", "CCC", "2.16.840.1.113883.3.37.4.1.1.2.711.1"),
    ("himss", "HIMSS2005", "1.3.6.1.4.1.21367.2005.1.1"),
    ("thousand", "", "1.2.3.4.5.1000"),
    ("oru", "", "1.3.6.1.4.1.21367.13.20.3000"),
];

pub const HZLN: &str = "HZLN&2.16.840.1.113883.3.37.4.1.1.2.411.1&ISO";
pub const PKLN: &str = "PKLN&2.16.840.1.113883.3.37.4.1.1.2.511.1&ISO";
pub const KHKN: &str = "KHKN&2.16.840.1.113883.3.37.4.1.1.2.611.1&ISO";

/// A clock that stands still: 2026-07-13, noon in Japan.
pub struct Noon;

impl Clock for Noon {
    fn now(&self) -> Instant {
        Instant::from_micros(1_783_911_600_000_000)
    }
}

/// A clock that is a second further whenever somebody looks.
struct Going(AtomicI64);

impl Clock for Going {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.fetch_add(1_000_000, Ordering::Relaxed))
    }
}

pub struct World {
    pub network: Arc<Network>,
    pub store: Arc<dyn Store>,
    dir: PathBuf,
}

pub fn facility(id: &str) -> FacilityId {
    FacilityId::new(id).unwrap()
}

fn peer(name: &str, application: &str, facility: &str) -> Peer {
    Peer {
        application: application.into(),
        facility: facility.into(),
        certificate: None,
        charset: None,
        feeds: FACILITIES.iter().map(|f| self::facility(f.0)).collect(),
        system: System {
            name: name.into(),
            queries: true,
            visits: true,
            scope: Scope::Community,
        },
    }
}

/// `HIS|HOSPITAL` feeds and asks for everything; `HZLN|HIS` feeds one hospital; `DUMB|X` may feed
/// and not ask; `ONE|X` is told of one facility only; `LATIN|X` writes ISO 8859-1 undeclared.
fn peers() -> Vec<Peer> {
    let mut peers = vec![peer("everything", "HIS", "HOSPITAL")];
    let mut hzln = peer("hzln", "HZLN", "HIS");
    hzln.feeds = [facility("hzln")].into();
    hzln.system.visits = false;
    let mut dumb = peer("dumb", "DUMB", "X");
    dumb.system.queries = false;
    let mut one = peer("one", "ONE", "X");
    one.system.scope = Scope::Facilities([facility("hzln")].into());
    let mut latin = peer("latin", "LATIN", "X");
    latin.charset = Some(Charset::Latin1);
    let mut tls = peer("tls", "TLS", "X");
    tls.certificate = Some([7; 32]);
    peers.extend([hzln, dumb, one, latin, tls]);
    peers
}

fn network(
    store: &Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    peers: Vec<Peer>,
    home: &str,
    affinity: AffinityDomain,
) -> Network {
    let namespaces = FACILITIES
        .iter()
        .filter(|(_, name, _)| !name.is_empty())
        .map(|(id, name, _)| ((*name).into(), facility(id)))
        .collect();
    let settings = Settings {
        application: "TASUKI".to_owned(),
        facility: "試験".to_owned(),
        peers: Peers(peers),
        namespaces,
    };
    Network::new(Arc::clone(store), clock, Arc::new(AsProjected), settings)
        .unwrap()
        .with_members(crate::soap::members(home))
        .with_registry(RegistrySettings {
            authority: Oid::new(&format!("{home}.9")).unwrap(),
            home: CommunityId::new(home).unwrap(),
            repository: RepositoryId::new(&format!("{home}.1")).unwrap(),
            affinity: Arc::new(affinity),
            emergencies: tasuki_core::policy::PeerEmergencies {
                answered: true,
                despite_refusal: false,
            },
            discoveries_a_minute: 30,
        })
}

impl World {
    pub fn new() -> Self {
        Self::with(peers())
    }

    /// A world in which exactly these may speak: MSH-3 and MSH-4, and how they write.
    pub fn of_senders(senders: &[(&str, &str)], charset: Option<Charset>) -> Self {
        Self::with(
            senders
                .iter()
                .map(|(application, facility)| Peer {
                    charset,
                    ..peer("sample", application, facility)
                })
                .collect(),
        )
    }

    /// A world with the codes of the toolkit, in which time goes on.
    pub fn for_plans() -> Self {
        let clock = Arc::new(Going(AtomicI64::new(Noon.now().micros())));
        Self::built("2.25.1", Vec::new(), clock, crate::nist::affinity())
    }

    /// The same community with something that makes summaries on demand.
    pub fn offering(making: impl FnOnce(&Arc<dyn Store>) -> OnDemandSource) -> Self {
        let mut world = Self::new();
        let (store, clock) = (Arc::clone(&world.store), Arc::new(Noon));
        let source = making(&store);
        let affinity = AffinityDomain::standard().unwrap();
        let network = network(&store, clock, peers(), "2.25.1", affinity);
        world.network = Arc::new(network.with_on_demand(source));
        world
    }

    /// Another community, with the same hospitals.
    pub fn of_community(home: &str) -> Self {
        let affinity = AffinityDomain::standard().unwrap();
        Self::built(home, peers(), Arc::new(Noon), affinity)
    }

    /// A region with codes of its own.
    pub fn of_codes(codes: &str) -> Self {
        let affinity = AffinityDomain::parse(codes).unwrap();
        Self::built("2.25.1", peers(), Arc::new(Noon), affinity)
    }

    fn with(peers: Vec<Peer>) -> Self {
        let affinity = AffinityDomain::standard().unwrap();
        Self::built("2.25.1", peers, Arc::new(Noon), affinity)
    }

    fn built(
        home: &str,
        peers: Vec<Peer>,
        clock: Arc<dyn Clock>,
        affinity: AffinityDomain,
    ) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("tasuki-ihe-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        let community = CommunityId::new(home).unwrap();
        let repository = RepositoryId::new(&format!("{home}.1")).unwrap();
        let data = dir.join("data");
        let mut config = StoreConfig::new(data, community.clone(), repository.clone());
        std::fs::create_dir_all(&dir).unwrap();
        config.clock = Arc::clone(&clock);
        config.reserve_percent = 0;
        let store = tasuki_store::open(&config).unwrap();
        for (n, (id, _, oid)) in FACILITIES.iter().enumerate() {
            let facility = Facility {
                id: facility(id),
                code: FacilityCode::new(&format!("13112345{n:02}")).unwrap(),
                community: community.clone(),
                authority: Oid::new(oid).unwrap(),
                name: format!("施設{id}"),
                name_en: id.to_string(),
                short: id.to_string(),
                badge: id.to_string(),
                shape: Shape::Disc,
                part: Part::Disclosing,
                phone: String::new(),
                offers: tasuki_model::facility::Offers::default(),
            };
            store.writing(|tx| tx.put_facility(&facility)).unwrap();
        }
        let network = network(&store, clock, peers, home, affinity);
        Self {
            network: Arc::new(network),
            store,
            dir,
        }
    }

    /// The same after a restart: nothing of before is in memory.
    pub fn restarted(mut self) -> Self {
        let settings = Settings {
            application: "TASUKI".to_owned(),
            facility: String::new(),
            peers: Peers(peers()),
            namespaces: std::collections::BTreeMap::new(),
        };
        let store = Arc::clone(&self.store);
        let network = Network::new(store, Arc::new(Noon), Arc::new(AsProjected), settings);
        let network = network
            .unwrap()
            .with_members(crate::soap::members("2.25.1"));
        self.network = Arc::new(network);
        self
    }

    /// The raw answer to raw bytes.
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        self.over_tls(bytes, None)
    }

    pub fn over_tls(&self, bytes: &[u8], certificate: Option<[u8; 32]>) -> Vec<u8> {
        let arrival = Arrival {
            bytes,
            certificate: certificate.as_ref(),
            address: "192.0.2.9",
        };
        match self.network.answer(&arrival).into_payload() {
            Payload::Body(body) => body.bytes.into_owned(),
            other => panic!("{other:?}"),
        }
    }

    /// The answer to a message.
    pub fn ask(&self, message: &str) -> Reply {
        Reply::of(&self.bytes(message.as_bytes()))
    }

    /// A feed of `HIS|HOSPITAL` that has to be taken.
    pub fn feed(&self, event: &str, rest: &str) {
        let reply = self.ask(&adt(event, rest));
        assert_eq!(reply.get("MSA-1"), "AA", "{event} {rest}: {}", reply.text);
    }

    /// Registers, discloses.
    pub fn patient(&self, id: &str, authority: &str, name: &str, birth: &str) {
        self.feed(
            "A04",
            &format!("PID|||{id}^^^{authority}||{name}||{birth}|F\r"),
        );
        let place = FACILITIES.iter().find(|f| authority.contains(f.2)).unwrap();
        self.disclose(place.0, id, true);
    }

    pub fn disclose(&self, place: &str, id: &str, disclosed: bool) {
        let key = self.record(place, id).unwrap().patient_key;
        self.store
            .writing(|tx| tx.set_disclosed(&key, disclosed))
            .unwrap();
    }

    pub fn record(&self, place: &str, id: &str) -> Option<PatientRecord> {
        let local = LocalPatientId::new(id).unwrap();
        self.store
            .reading(|tx| tx.find_registration(&facility(place), &local))
            .unwrap()
    }

    /// Says by hand that two registrations are one person.
    pub fn link(&self, a: (&str, &str), b: (&str, &str)) {
        use tasuki_core::ports::{LinkDecision, LinkEvent};
        let key = |(place, id): (&str, &str)| self.record(place, id).unwrap().patient_key;
        let event = LinkEvent {
            a: key(a),
            b: key(b),
            decision: LinkDecision::Same,
            by: Some(tasuki_model::UserId::new("clerk").unwrap()),
            at: Noon.now(),
            evidence: "{}".to_owned(),
        };
        self.store.writing(|tx| tx.put_link(&event)).unwrap();
    }

    /// Every audit event so far, oldest first.
    pub fn events(&self) -> Vec<AuditEvent> {
        while self.store.index_audit(1_000).unwrap() > 0 {}
        let search = AuditSearch::default();
        let mut lines = self
            .store
            .reading(|tx| tx.find_events(&search, 10_000))
            .unwrap();
        lines.sort_by_key(|line| line.seq);
        lines.into_iter().map(|line| line.event).collect()
    }

    /// The last audit event: subject, ending, code.
    pub fn last_event(&self) -> (String, Ending, Option<String>) {
        let event = self.events().pop().unwrap();
        (event.subject, event.ending, event.code)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// A feed message of `HIS|HOSPITAL`.
pub fn adt(event: &str, rest: &str) -> String {
    from("HIS|HOSPITAL", event, rest)
}

pub fn from(sender: &str, event: &str, rest: &str) -> String {
    format!(
        "MSH|^~\\&|{sender}|TASUKI|NET|20260713120000||ADT^{event}|M1|P|2.5||||||UNICODE UTF-8\r\
         EVN|{event}|20260713120000\r{rest}"
    )
}

/// A query message: MSH-9 and the segments after it.
pub fn qbp(sender: &str, kind: &str, rest: &str) -> String {
    format!(
        "MSH|^~\\&|{sender}|TASUKI|NET|20260713120000||{kind}|Q1|P|2.5||||||UNICODE UTF-8\r{rest}"
    )
}

/// A PIX query of `HIS|HOSPITAL`.
pub fn pix(id: &str, domains: &str) -> String {
    let rest = format!("QPD|IHE PIX Query|T1|{id}|{domains}\rRCP|I\r");
    qbp("HIS|HOSPITAL", "QBP^Q23^QBP_Q21", &rest)
}

/// An answer, read back.
#[derive(Debug)]
pub struct Reply {
    pub text: String,
}

impl Reply {
    pub fn of(bytes: &[u8]) -> Self {
        let text = Text::decode(bytes, &Limits::default()).unwrap();
        assert_eq!(text.problems().losses(), 0);
        Self {
            text: text.as_str().to_owned(),
        }
    }

    /// The whole repetition at a path; empty where there is none.
    pub fn get(&self, path: &str) -> String {
        let limits = Limits::default();
        let message = tasuki_wire::hl7::Message::parse(&self.text, &limits).unwrap();
        message.get(path).unwrap().into_string()
    }

    /// A whole field as sent.
    pub fn raw(&self, segment: &str, field: usize) -> String {
        let limits = Limits::default();
        let message = tasuki_wire::hl7::Message::parse(&self.text, &limits).unwrap();
        let found = message.first(segment);
        found.map_or_else(String::new, |s| s.field(field).raw().to_owned())
    }

    /// Acknowledgement code, our code, place.
    pub fn verdict(&self) -> (String, String, String) {
        (self.get("MSA-1"), self.get("ERR-5.1"), self.raw("ERR", 2))
    }
}

/// The three words of [`Reply::verdict`].
pub fn said(code: &str, ours: &str, place: &str) -> (String, String, String) {
    (code.to_owned(), ours.to_owned(), place.to_owned())
}
