//! Opening a data folder: made on first use, checked on every use.

use crate::disk::DiskReserve;
use crate::engine::{Engine, PostgresEngine, Readers, Session, SqliteEngine, Writer};
use crate::objects::{ObjectFolder, make_dir};
use crate::schema;
use crate::seal::{KeyFolder, KeyRing};
use crate::store::SqlStore;
use crate::tx::{CodesCache, Shared, Tx};
use ring::digest::{SHA256, digest};
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tasuki_core::clock::SystemClock;
use tasuki_core::ports::Store;
use tasuki_core::release::hex;
use tasuki_core::{Clock, Code, Fault};
use tasuki_model::{CommunityId, RepositoryId};

/// Which database.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A file in the data folder.
    Sqlite,
    /// A PostgreSQL server by its connection URL.
    Postgres(String),
}

/// Where and how a store lies.
#[derive(Clone)]
pub struct StoreConfig {
    /// The node's data folder.
    pub data_dir: PathBuf,
    /// The database.
    pub database: Database,
    /// The community served.
    pub community: CommunityId,
    /// The repository of its documents.
    pub repository: RepositoryId,
    /// Where the keys are; `keys` in the data folder if not said.
    pub keys_dir: Option<PathBuf>,
    /// Share of the disk, in percent, below which writes stop.
    pub reserve_percent: u8,
    /// How long to wait for another process that holds the database.
    pub patience: Duration,
    /// How many reads may run at once.
    pub readers: usize,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl StoreConfig {
    /// SQLite in a data folder, with everything else as it usually is.
    #[must_use]
    pub fn new(
        data_dir: impl Into<PathBuf>,
        community: CommunityId,
        repository: RepositoryId,
    ) -> Self {
        Self {
            data_dir: data_dir.into(),
            database: Database::Sqlite,
            community,
            repository,
            keys_dir: None,
            reserve_percent: 5,
            patience: Duration::from_secs(15),
            readers: 4,
            clock: Arc::new(SystemClock),
        }
    }

    /// The key folder.
    #[must_use]
    pub fn keys(&self) -> KeyFolder {
        KeyFolder::new(
            self.keys_dir
                .clone()
                .unwrap_or_else(|| self.data_dir.join("keys")),
        )
    }

    pub(crate) fn engine(&self) -> Result<Arc<dyn Engine>, Fault> {
        Ok(match &self.database {
            Database::Sqlite => Arc::new(SqliteEngine::new(&self.data_dir, self.patience)?),
            Database::Postgres(url) => Arc::new(PostgresEngine::new(url)),
        })
    }
}

/// Opens the store of a data folder; makes folder, schema and keys on first use.
///
/// # Errors
/// `DataFolderUnusable`, `StoreAway`, `SchemaNewer` if a newer release wrote it, `KeyMissing` if it
/// names a key that is not in the key folder.
pub fn open(config: &StoreConfig) -> Result<Arc<dyn Store>, Fault> {
    open_sql(config).map(|store| store as Arc<dyn Store>)
}

pub(crate) fn open_sql(config: &StoreConfig) -> Result<Arc<SqlStore>, Fault> {
    make_dir(&config.data_dir)?;
    let _first_use = exclusive(config)?;
    let engine = config.engine()?;
    let shared = Shared {
        community_id: handle(&config.community),
        community: config.community.clone(),
        repository: config.repository.clone(),
        keys: KeyRing::load(config.keys())?,
        objects: Arc::new(ObjectFolder::open(&config.data_dir.join("objects"))?),
        clock: Arc::clone(&config.clock),
        codes: CodesCache::default(),
        lease: Mutex::new(None),
        // The number alone is not enough where several machines share a database.
        holder: format!("process {} {}", std::process::id(), uuid::Uuid::new_v4()),
    };
    {
        let _turn = engine.turn(Instant::now())?;
        let mut session = engine.connect_writer()?;
        session.begin_write()?;
        prepare(engine.as_ref(), session.as_mut(), &shared, config)?;
        session.commit()?;
        engine.after_migration()?;
    }
    let store = Arc::new(SqlStore {
        writer: Writer::new(Arc::clone(&engine)),
        readers: Readers::new(engine, config.readers),
        shared,
        reserve: DiskReserve::new(&config.data_dir, config.reserve_percent),
        segments: config.data_dir.join("segments"),
    });
    store.remove_objects()?;
    Ok(store)
}

/// Two processes that use a new folder at the same time make its keys and schema once.
fn exclusive(config: &StoreConfig) -> Result<File, Fault> {
    let path = config.data_dir.join("open.lock");
    let unusable = |e: &dyn std::fmt::Display| {
        Fault::new(Code::DataFolderUnusable, format!("{}: {e}", path.display()))
    };
    let file = File::create(&path).map_err(|e| unusable(&e))?;
    flock(&file, FlockOperation::LockExclusive).map_err(|e| unusable(&e))?;
    Ok(file)
}

/// The short handle of a community: keys hold it instead of a long OID.
fn handle(community: &CommunityId) -> String {
    let hash = digest(&SHA256, community.as_str().as_bytes());
    hex(hash.as_ref().get(..4).unwrap_or(&[]))
}

fn prepare(
    engine: &dyn Engine,
    session: &mut dyn Session,
    shared: &Shared,
    config: &StoreConfig,
) -> Result<(), Fault> {
    schema::migrate(engine, session, shared.clock.now())?;
    let tx = Tx::new(session, shared);
    tx.put_community()?;
    let folder = config.keys();
    for (setting, add) in [
        (
            "wrapping_key",
            KeyFolder::add_wrapping as fn(&KeyFolder) -> _,
        ),
        ("audit_key", KeyFolder::add_audit),
    ] {
        if tx.setting(setting)?.is_none() {
            let id = match folder.only(setting)? {
                Some(id) => id,
                None => add(&folder)?,
            };
            tx.put_setting(setting, &id)?;
        }
    }
    // Every key that content needs has to be there before anything is served.
    let mut needed: Vec<String> = tx.data_keys()?.into_iter().map(|k| k.wrapped_by).collect();
    needed.extend(tx.setting("wrapping_key")?);
    needed.sort();
    needed.dedup();
    for id in needed {
        shared.keys.wrapping(&id)?;
    }
    if let Some(id) = tx.setting("audit_key")? {
        folder.audit_key(&id)?;
    }
    Ok(())
}

/// Makes a new wrapping key, wraps every data key under it and makes it the one in force; makes a
/// new audit key as well. The old files stay until the operator takes them away. Returns how many
/// data keys were wrapped anew.
///
/// # Errors
/// As [`open`], and `KeyUnreadable` if the key folder cannot be written.
pub fn rotate_keys(config: &StoreConfig) -> Result<usize, Fault> {
    let store = open_sql(config)?;
    let folder = config.keys();
    let wrapping = folder.add_wrapping()?;
    let audit = folder.add_audit()?;
    let mut count = 0;
    store.transact(&mut |tx| {
        let keys = tx.data_keys()?;
        count = keys.len();
        for key in &keys {
            let wrapped = store.shared.keys.rewrap(key, &wrapping)?;
            tx.put_rewrapped(&key.key_id, &wrapping, &wrapped)?;
        }
        tx.put_setting("wrapping_key", &wrapping)?;
        tx.put_setting("audit_key", &audit)
    })?;
    Ok(count)
}
