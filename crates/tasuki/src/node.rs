//! A node's data folder opened: configuration, keys, store. Made on first use.

use crate::args::Args;
use crate::config::{Config, Engine};
use ring::rand::{SecureRandom, SystemRandom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tasuki_core::audit::{Action, AuditEvent};
use tasuki_core::clock::SystemClock;
use tasuki_core::identity::cross_reference::CrossReference;
use tasuki_core::ports::Store;
use tasuki_core::{Clock, Code, Fault};
use tasuki_model::facility::{Part, Shape};
use tasuki_model::{CommunityId, Facility, FacilityCode, FacilityId, LocalPatientId, RepositoryId};
use tasuki_store::{Database, StoreConfig};

/// A node that has been opened.
pub struct Node {
    /// Its configuration.
    pub config: Config,
    /// Its store.
    pub store: Arc<dyn Store>,
    /// Its clock.
    pub clock: Arc<dyn Clock>,
    /// Its data folder.
    pub data_dir: PathBuf,
    /// Who is who in it.
    pub identity: Arc<CrossReference>,
}

/// The configuration file of a command line.
#[must_use]
pub fn config_path(args: &Args) -> PathBuf {
    args.config
        .clone()
        .unwrap_or_else(|| args.data_dir().join("tasuki.toml"))
}

/// Makes a data folder with its configuration if it is not there.
///
/// # Errors
/// `STO-008` where it cannot be made.
pub fn make(args: &Args, first: impl FnOnce(CommunityId) -> Config) -> Result<bool, Fault> {
    let path = config_path(args);
    if path.exists() {
        return Ok(false);
    }
    if args.config.is_some() {
        let what = format!("{}: not there", path.display());
        return Err(Fault::new(Code::ConfigUnreadable, what));
    }
    let dir = args.data_dir();
    let away =
        |e: std::io::Error| Fault::new(Code::DataFolderUnusable, format!("{}: {e}", dir.display()));
    std::fs::create_dir_all(&dir).map_err(away)?;
    restrict(&dir).map_err(away)?;
    let config = first(random_community()?);
    let text = toml::to_string(&config)
        .map_err(|e| Fault::new(Code::InternalFault, format!("configuration: {e}")))?;
    std::fs::write(&path, text).map_err(away)?;
    Ok(true)
}

/// Only the node's own user may look into its data folder.
fn restrict(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))
}

/// A home community id nobody else has: `2.25` and a random number (ITU-T X.667). An operator
/// puts the registered one in its place.
fn random_community() -> Result<CommunityId, Fault> {
    let mut bytes = [0u8; 16];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Fault::new(Code::InternalFault, "no randomness"))?;
    let number = u128::from_be_bytes(bytes) >> 1;
    CommunityId::new(&format!("2.25.{number}"))
        .map_err(|e| Fault::new(Code::InternalFault, e.to_string()))
}

/// Opens the node of a command line; makes it on first use.
///
/// # Errors
/// Those of the configuration and of the store.
pub fn open(args: &Args) -> Result<Node, Fault> {
    make(args, |id| Config::first(id, "Tasuki"))?;
    let config = Config::read(&config_path(args))?;
    let data_dir = args.data_dir();
    let store_config = store_config(args, &config)?;
    let store = tasuki_store::open(&store_config)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let identity = CrossReference::new(Arc::clone(&store), Arc::clone(&clock))?;
    Ok(Node {
        config,
        store,
        clock,
        data_dir,
        identity: Arc::new(identity),
    })
}

/// The `repositoryUniqueId` of this node.
///
/// # Errors
/// `CFG-002` where no arc can be made below the home community id.
pub fn repository(config: &Config) -> Result<RepositoryId, Fault> {
    let wrong = |e: tasuki_model::IdError| Fault::new(Code::ConfigInvalid, e.to_string());
    match &config.community.repository_unique_id {
        Some(id) => Ok(id.clone()),
        // An arc of our own below the community's, so that it is nobody else's.
        None => {
            let home = &config.community.home_community_id;
            RepositoryId::new(&format!("{home}.1")).map_err(wrong)
        }
    }
}

/// Where and how the store of a configuration lies.
///
/// # Errors
/// `CFG-001` where the file with the connection address cannot be read.
pub fn store_config(args: &Args, config: &Config) -> Result<StoreConfig, Fault> {
    let home = &config.community.home_community_id;
    let repository = repository(config)?;
    let mut store = StoreConfig::new(args.data_dir(), home.clone(), repository);
    store.keys_dir.clone_from(&config.store.keys_dir);
    if let (Engine::Postgres, Some(file)) = (&config.store.engine, &config.store.url_file) {
        let url = std::fs::read_to_string(file)
            .map_err(|e| Fault::new(Code::ConfigUnreadable, format!("{}: {e}", file.display())))?;
        store.database = Database::Postgres(url.trim().to_owned());
    }
    Ok(store)
}

impl Node {
    /// The facility of a 医療機関コード. The very first facility of a new community is made on use;
    /// after that a code nobody knows is a mistake.
    ///
    /// # Errors
    /// `IMP-011` for a code that is not ten digits or not of a member.
    pub fn facility(&self, code: &str) -> Result<Facility, Fault> {
        let unknown = |why: &str| Fault::new(Code::UnknownFacility, format!("{code}: {why}"));
        let code = FacilityCode::new(code).map_err(|e| unknown(&e.to_string()))?;
        let facilities = self.store.reading(|tx| tx.facilities())?;
        if let Some(facility) = facilities.iter().find(|f| f.code == code) {
            return Ok(facility.clone());
        }
        if !facilities.is_empty() {
            return Err(unknown("not a member; tasuki facility add makes it one"));
        }
        let facility = Facility {
            id: FacilityId::new(&format!("f-{code}")).map_err(|e| unknown(&e.to_string()))?,
            authority: code.patient_authority(),
            community: self.config.community.home_community_id.clone(),
            name: format!("医療機関 {code}"),
            name_en: format!("Facility {code}"),
            short: code.as_str().chars().skip(4).collect(),
            badge: code.as_str().chars().skip(8).collect(),
            shape: Shape::Disc,
            part: Part::Disclosing,
            phone: String::new(),
            offers: tasuki_model::facility::Offers::default(),
            code,
        };
        self.store.writing(|tx| tx.put_facility(&facility))?;
        Ok(facility)
    }

    /// The facility and patient ID of `CODE:ID`.
    ///
    /// # Errors
    /// `CFG-005` where it is not of that form, `IMP-011` for an unknown code.
    pub fn patient(&self, text: &str) -> Result<(Facility, LocalPatientId), Fault> {
        let (code, id) = text
            .split_once(':')
            .ok_or_else(|| crate::args::usage(format!("{text}: not CODE:ID")))?;
        let id = LocalPatientId::new(id).map_err(|e| crate::args::usage(e.to_string()))?;
        Ok((self.facility(code)?, id))
    }

    /// Brings identity up to date after a command at the console has changed something. A running
    /// node does it by itself, within a second.
    ///
    /// # Errors
    /// Those of the store.
    pub fn settle(&self) -> Result<(), Fault> {
        match self.identity.settle() {
            Ok(_) => self.identity.close(),
            Err(fault) if fault.code == Code::IdentityElsewhere => Ok(()),
            Err(fault) => Err(fault),
        }
    }

    /// An audit event of a command at the console.
    #[must_use]
    pub fn event(&self, action: Action, command: &str, detail: String) -> AuditEvent {
        AuditEvent {
            detail: Some(detail),
            ..AuditEvent::of_process(self.clock.now(), action, "console", command)
        }
    }
}
