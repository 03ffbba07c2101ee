//! Two communities and a gatherer between them.

use super::line::{Letters, Line, Meeting};
use crate::gateway::both::Directly;
use crate::gateway::{community, named};
use crate::registry::{self, cx, patient, provide};
use crate::world::{World, facility};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;
use tasuki_core::Caller;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::directory::{Community, Directory, Endpoint};
use tasuki_core::elsewhere::{
    Asked, Behalf, CopyRow, Errand, Gathering, Named, OtherCommunities, Shelf,
};
use tasuki_core::policy::{AssertedCodes, AssertedUser, Subject, decide};
use tasuki_core::ports::KnownElsewhere;
use tasuki_ihe::communities::{Communities, GatherSettings, Gatherer};
use tasuki_ihe::soap::Asking;
use tasuki_model::{
    CommunityId, GatherId, Instant, LocalPatientId, Oid, Purpose, Registration, Role, UserId,
    XadPid,
};

pub struct Two {
    pub asking: World,
    pub answering: World,
    pub line: Arc<Line>,
    pub gatherer: Gatherer,
    shelf: Shelf,
}

fn member(home: &str, host: &str, transactions: &[&str]) -> Community {
    let endpoint = |t: &str| Endpoint::new(&format!("https://{host}/{t}")).unwrap();
    let endpoints = transactions.iter();
    Community {
        home_community_id: CommunityId::new(home).unwrap(),
        patient_authority: Oid::new(&format!("{home}.9")).unwrap(),
        authorities: vec![Oid::new(&format!("{home}.9")).unwrap()],
        endpoints: endpoints.map(|t| ((*t).into(), endpoint(t))).collect(),
        certificates: vec![[home.len() as u8; 32]],
        ..community()
    }
}

impl Two {
    /// Patient 1 of ours is patient 1 of the other community, where these documents are.
    pub fn new(documents: &[(&str, &[u8])]) -> Self {
        Self::speaking("standard", documents, Meeting::default())
    }

    /// The same, where the other community speaks a dialect and its retrieves meet.
    pub fn speaking(dialect: &str, documents: &[(&str, &[u8])], retrieves: Meeting) -> Self {
        let (asking, answering) = (World::new(), World::new());
        patient(&asking, "1", true);
        patient(&answering, "1", true);
        for (unique, bytes) in documents {
            let cx = cx("1");
            let document = registry::Document {
                patient: &cx,
                unique,
                confidentiality: "N",
                more: "",
            };
            provide(&answering, &document, bytes);
        }
        let line = Arc::new(Line {
            other: Directly::to(&answering.network),
            off: AtomicBool::new(false),
            mistaken: AtomicBool::new(false),
            garbage: AtomicBool::new(false),
            retrieves,
        });
        let other = member("2.25.1", "other.example.jp", &["ITI-38", "ITI-39"]);
        let directory = Directory {
            serial: 1,
            issued: Instant::from_micros(0),
            pix_manager: Some(CommunityId::new("2.25.99").unwrap()),
            pix_standbys: Vec::new(),
            communities: vec![
                Community {
                    dialect: dialect.into(),
                    ..other
                },
                member("2.25.99", "index.example.jp", &["ITI-45"]),
            ],
        };
        let members = asking.network.members();
        let codes = AssertedCodes::standard().unwrap();
        members.set_directory(directory, codes).unwrap();
        let own = CommunityId::new("2.25.555").unwrap();
        let network = Arc::clone(&asking.network);
        let asks = Arc::clone(&line) as Arc<dyn Asking>;
        let communities = Arc::new(Communities::new(network, asks, own));
        let settings = GatherSettings {
            patience: Duration::from_secs(5),
            deadline: Duration::from_secs(8),
            fresh: Duration::from_secs(60),
            keep_seconds: 3_600,
        };
        let spawn = |work: Box<dyn FnOnce() + Send>| drop(std::thread::spawn(work));
        let gatherer = Gatherer::new(communities, Box::new(Letters), settings, Box::new(spawn));
        let record = asking.record("hzln", "1").unwrap();
        let shelf = Shelf {
            patient: record.patient_key,
            facility: facility("hzln"),
            role: Role::Physician,
        };
        let two = Self {
            asking,
            answering,
            line,
            gatherer,
            shelf,
        };
        two.known(&["1"]);
        two
    }

    /// The index said last that ours is these patients of the other community.
    pub fn known(&self, patients: &[&str]) {
        let person = |world: &World, id| world.record("hzln", id).unwrap().person;
        let issue = |world: &World, id| {
            let person = person(world, id);
            world.store.writing(|tx| tx.issue_xad_pid(&person)).unwrap()
        };
        let ids = patients.iter().map(|id| Registration {
            authority: Oid::new("2.25.1.9").unwrap(),
            local_id: LocalPatientId::new(issue(&self.answering, id).as_str()).unwrap(),
        });
        let known = KnownElsewhere {
            ids: ids.collect(),
            answered: Instant::from_micros(7),
        };
        let own: XadPid = issue(&self.asking, "1");
        let store = &self.asking.store;
        store
            .writing(|tx| tx.put_known_elsewhere(&own, &known))
            .unwrap();
    }

    /// Gathers to the end; what became of the other community.
    pub fn gather(&self) -> Asked {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let record = self.asking.record("hzln", "1").unwrap();
        let begun = tasuki_core::Clock::now(&crate::world::Noon);
        let gathering = Gathering {
            id: GatherId::new(&format!("g{number}")).unwrap(),
            session: "5e55".to_owned(),
            person: record.person.clone(),
            shelf: self.shelf.clone(),
            begun,
            deadline: begun.plus_seconds(8),
        };
        let user = AssertedUser {
            name_id: "doctor".into(),
            name: "医師".into(),
            organisation: "病院".into(),
            organisation_id: "urn:oid:1.2.3".into(),
            role: Role::Physician,
        };
        let errand = Errand {
            gathering: gathering.clone(),
            behalf: Behalf {
                user,
                purpose: Purpose::Treatment,
                signed_in: begun,
            },
            known: None,
            named: named(Named {
                person: record.person,
                patient: record.patient_key,
                own: Registration {
                    authority: Oid::new("1.2.3").unwrap(),
                    local_id: record.local_id,
                },
                demographics: record.demographics,
            }),
            event: AuditEvent::of_process(begun, Action::ChartView, "test", "chart"),
        };
        self.gatherer.begin(errand).unwrap();
        self.gatherer
            .settled(&gathering.id, Duration::from_secs(60));
        let asked = self.asking.store.reading(|tx| tx.asked(&gathering.id));
        let other = CommunityId::new("2.25.1").unwrap();
        let mut asked = asked.unwrap().into_iter();
        asked.find(|asked| asked.community == other).unwrap()
    }

    /// The copies that lie there, and their contents.
    pub fn copies(&self) -> Vec<(CopyRow, Option<Vec<u8>>)> {
        let caller = Caller {
            user: UserId::new("doctor").unwrap(),
            facility: facility("hzln"),
            role: Role::Physician,
            purpose: Purpose::Treatment,
        };
        let record = self.asking.record("hzln", "1").unwrap();
        let own = Subject::new(record.patient_key, facility("hzln"), true);
        let grant = decide(&caller, &record.person, &[own]).unwrap();
        let other = CommunityId::new("2.25.1").unwrap();
        let found = self.asking.store.reading(|tx| {
            let rows = grant.release(tx.copies(&self.shelf, &other, None)?);
            let ids: Vec<_> = rows.view().iter().map(|row| row.id.clone()).collect();
            Ok((rows, tx.copy_contents(&ids)?))
        });
        let (rows, contents) = found.unwrap();
        let contents = contents.into_iter().map(|c| c.map(|c| c.bytes));
        let mut copies: Vec<_> = rows.view().iter().cloned().zip(contents).collect();
        copies.sort_by(|a, b| a.1.cmp(&b.1));
        copies
    }

    pub fn contents(&self) -> Vec<Option<Vec<u8>>> {
        self.copies()
            .into_iter()
            .map(|(_, content)| content)
            .collect()
    }
}
