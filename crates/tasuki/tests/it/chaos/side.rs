//! A community that asks the others and believes what it is told only as far as it may.

use super::network::{NAMES, Network};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tasuki::config::{Config, Soap};
use tasuki::peer::PeerClient;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::clock::SystemClock;
use tasuki_core::directory::seal::{SigningKey, sign};
use tasuki_core::directory::{Directory, read};
use tasuki_core::policy::{Subject, decide};
use tasuki_core::ports::Store;
use tasuki_core::{Caller, Clock, Released};
use tasuki_ihe::gateway::{Gateway, Visit};
use tasuki_ihe::peers::Peers;
use tasuki_ihe::soap::{Asking, Members};
use tasuki_ihe::{AsProjected, Settings};
use tasuki_model::{
    CommunityId, FacilityId, PatientKey, PersonId, Purpose, RepositoryId, Role, UserId,
};
use tasuki_store::StoreConfig;

/// How long one answer is waited for.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The directory as this process reads it.
pub fn directory(network: &Network) -> Directory {
    let key = SigningKey::from_pkcs8(&SigningKey::generate().unwrap()).unwrap();
    let signed = sign(network.members().as_bytes(), &key).unwrap();
    read(&signed, &[key.public()]).unwrap()
}

pub fn store(folder: &Path, name: &str) -> Arc<dyn Store> {
    let home = CommunityId::new("2.25.99").unwrap();
    let repository = RepositoryId::new("2.25.99.1").unwrap();
    let mut config = StoreConfig::new(folder.join(name), home, repository);
    config.reserve_percent = 0;
    tasuki_store::open(&config).unwrap()
}

pub fn client(network: &Network, name: &str, store: &Arc<dyn Store>) -> PeerClient {
    let config = Config::read(&network.places[0].world.data().join("tasuki.toml")).unwrap();
    let soap = Soap {
        certificate_file: Some(network.file(&format!("{name}.pem"))),
        private_key_file: Some(network.file(&format!("{name}.key"))),
        ..config.soap
    };
    PeerClient::new(&soap, Arc::clone(store)).unwrap()
}

/// The asking side of the community of that number.
pub struct Side {
    network: Arc<tasuki_ihe::Network>,
    asking: Arc<dyn Asking>,
}

impl Side {
    pub fn new(network: &Network, n: usize, round: &str) -> Self {
        let folder = &network.places[n].world.folder;
        let store = store(folder, &format!("asking-{round}"));
        let settings = Settings {
            application: String::new(),
            facility: String::new(),
            peers: Peers::default(),
            namespaces: std::collections::BTreeMap::new(),
        };
        let asking = Arc::new(client(network, NAMES[n], &store)) as Arc<dyn Asking>;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let own = CommunityId::new(&network.places[n].home).unwrap();
        let cross = Arc::new(AsProjected);
        let shared = tasuki_ihe::Network::new(store, clock, cross, settings).unwrap();
        let shared = shared.with_members(Members::new(own, Vec::new()));
        Self {
            network: Arc::new(shared),
            asking,
        }
    }

    /// A gateway whose breakers know nothing yet: it leaves nobody alone.
    pub fn gateway(&self) -> Gateway {
        Gateway::new(Arc::clone(&self.network), Arc::clone(&self.asking))
    }
}

pub fn visit() -> Visit {
    Visit {
        event: AuditEvent {
            purpose: Some(Purpose::Treatment),
            ..AuditEvent::of_process(SystemClock.now(), Action::ChartView, "test", "chaos")
        },
        assertion: None,
        patience: PATIENCE,
    }
}

pub fn named<T>(by: T) -> Released<T> {
    let facility = FacilityId::new("f").unwrap();
    let caller = Caller {
        user: UserId::new("doctor").unwrap(),
        facility: facility.clone(),
        role: Role::Physician,
        purpose: Purpose::Treatment,
    };
    let own = Subject::new(PatientKey::new("own").unwrap(), facility, true);
    let grant = decide(&caller, &PersonId::new("person").unwrap(), &[own]).unwrap();
    grant.name(by).unwrap()
}
