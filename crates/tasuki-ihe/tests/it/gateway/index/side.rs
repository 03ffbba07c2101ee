//! A community that feeds the index and asks it.

use super::{Line, Place, directory, entry, home, network};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tasuki_core::Clock;
use tasuki_core::clock::SystemClock;
use tasuki_core::policy::AssertedCodes;
use tasuki_core::ports::{DemographicsSource, LinkDecision, LinkEvent};
use tasuki_ihe::AsProjected;
use tasuki_ihe::Network;
use tasuki_ihe::gateway::{Gateway, NoAnswer};
use tasuki_ihe::iti44::{Told, feed};
use tasuki_ihe::iti45::{Elsewhere, elsewhere};
use tasuki_ihe::soap::{Asking, Members, TRANSACTIONS};
use tasuki_ihe::xds::{AffinityDomain, RegistrySettings};
use tasuki_model::facility::{Part, Shape};
use tasuki_model::person::{Address, NameParts};
use tasuki_model::{
    Demographics, Facility, FacilityCode, FacilityId, JstDay, JstTime, LocalPatientId, Oid,
    PatientKey, RepositoryId, Sex, UserId,
};

/// A community with one hospital.
pub struct Side {
    pub place: Place,
    pub gateway: Gateway,
    pub line: Arc<Line>,
    pub authority: Oid,
}

impl Side {
    pub fn new(n: u8, index: &Arc<Network>) -> Self {
        let place = Place::new(home(n));
        let facility = Facility {
            id: FacilityId::new("h").unwrap(),
            code: FacilityCode::new(&format!("131123456{n}")).unwrap(),
            community: home(n),
            authority: Oid::new(&format!("1.2.3.{n}")).unwrap(),
            name: "病院".to_owned(),
            name_en: String::new(),
            short: "病院".to_owned(),
            badge: "病".to_owned(),
            shape: Shape::Disc,
            part: Part::Disclosing,
            phone: String::new(),
            offers: tasuki_model::facility::Offers::default(),
        };
        place
            .store
            .writing(|tx| tx.put_facility(&facility))
            .unwrap();
        let authority = Oid::new(&format!("2.25.{n}.9")).unwrap();
        let network = network(&place, Arc::new(AsProjected))
            .with_members(Members::new(home(n), Vec::new()))
            .with_registry(RegistrySettings {
                home: home(n),
                authority: authority.clone(),
                repository: RepositoryId::new("2.25.1.1").unwrap(),
                affinity: Arc::new(AffinityDomain::standard().unwrap()),
                emergencies: Default::default(),
                discoveries_a_minute: 30,
            });
        let codes = AssertedCodes::standard().unwrap();
        network.members().set_directory(directory(), codes).unwrap();
        network.set_consumers(&[]).unwrap();
        let line = Arc::new(Line::new(index, TRANSACTIONS, [n; 32]));
        let asking = Arc::clone(&line) as Arc<dyn Asking>;
        Self {
            gateway: Gateway::new(Arc::new(network), asking),
            place,
            line,
            authority,
        }
    }

    /// Somebody of the hospital, disclosed.
    pub fn patient(&self, id: &str, given: &str, birth: &str) -> PatientKey {
        let named = |family: &str, given: &str| NameParts {
            family: family.to_owned(),
            given: given.to_owned(),
        };
        let mut said = Demographics {
            birth: JstDay::parse_basic(birth).ok(),
            birth_text: birth.to_owned(),
            sex: Sex::Female,
            phones: vec!["03-0000-1234".to_owned()],
            addresses: vec![Address {
                postal: "113-0033".to_owned(),
                text: "東京都文京区本郷９−９−９".to_owned(),
            }],
            ..Demographics::default()
        };
        said.name.ideographic = Some(named("東京", given));
        said.name.phonetic = Some(named("トウキョウ", "ハナコ"));
        let local = LocalPatientId::new(id).unwrap();
        let facility = FacilityId::new("h").unwrap();
        let now = JstTime::from_instant(SystemClock.now());
        self.place
            .store
            .writing(|tx| {
                let key = tx.ensure_registration(&facility, &local)?;
                let source = DemographicsSource::PatientRecord;
                tx.put_demographics(&key, &said, &now, source)?;
                tx.set_disclosed(&key, true)?;
                Ok(key)
            })
            .unwrap()
    }

    pub fn feed(&self) -> Result<Told, NoAnswer> {
        feed(&self.gateway, &entry(3), &crate::gateway::visit())
    }

    pub fn elsewhere(&self, patient: &PatientKey) -> Result<Elsewhere, NoAnswer> {
        let record = self.place.store.reading(|tx| tx.registration(patient));
        let person = crate::gateway::named(record.unwrap().unwrap().person);
        elsewhere(&self.gateway, &person, &crate::gateway::visit())
    }

    /// The id under which somebody is exchanged.
    pub fn exchanged(&self, patient: &PatientKey) -> String {
        let store = &self.place.store;
        let person = store
            .reading(|tx| tx.registration(patient))
            .unwrap()
            .unwrap()
            .person;
        let pid = store.reading(|tx| tx.xad_pid(&person)).unwrap().unwrap();
        format!("{}@{}", pid.as_str(), self.authority)
    }

    pub fn decide(&self, a: &PatientKey, b: &PatientKey, decision: LinkDecision) {
        let event = LinkEvent {
            a: a.clone(),
            b: b.clone(),
            decision,
            by: Some(UserId::new("clerk").unwrap()),
            at: SystemClock.now(),
            evidence: "{}".to_owned(),
        };
        self.place.store.writing(|tx| tx.put_link(&event)).unwrap();
    }

    pub fn disclose(&self, patient: &PatientKey, disclosed: bool) {
        let store = &self.place.store;
        store
            .writing(|tx| tx.set_disclosed(patient, disclosed))
            .unwrap();
    }

    pub fn cut_after(&self, messages: u32) {
        self.line.left.store(messages, Ordering::Relaxed);
    }
}

pub fn ids(known: &Elsewhere) -> Vec<String> {
    let all = known.ids.iter();
    all.map(|id| format!("{}@{}", id.local_id.as_str(), id.authority))
        .collect()
}
