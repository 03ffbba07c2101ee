//! Where a test's store lies, and the small words that tests are written in.

use crate::cluster;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use tasuki_core::Clock;
use tasuki_core::ports::{FileState, NewDocument, Store, StoreReceipt};
use tasuki_model::document::SourceKey;
use tasuki_model::{
    AvailabilityStatus, Category, Coding, CommunityId, DocumentEntry, FacilityId, Instant, JstDay,
    JstTime, LocalPatientId, PatientKey, RepositoryId,
};
use tasuki_store::{Database, StoreConfig, open};

/// A clock that stands until it is moved.
pub struct FixedClock(AtomicI64);

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

impl FixedClock {
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

/// A folder that goes when the test ends.
pub struct TempDir(pub PathBuf);

impl TempDir {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tasuki-store-{}-{number}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir(&dir).unwrap();
        Self(dir)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Which engine a case runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// A data folder with its database.
pub struct Place {
    pub on: On,
    pub config: StoreConfig,
    pub clock: Arc<FixedClock>,
    schema: Option<String>,
    dir: TempDir,
}

impl Place {
    pub fn new(on: On) -> Self {
        let dir = TempDir::new();
        let (schema, database) = match on {
            On::Sqlite => (None, Database::Sqlite),
            On::Postgres => {
                let (schema, url) = cluster::fresh_schema();
                (Some(schema), Database::Postgres(url))
            }
        };
        // 2026-07-13T03:00:00Z: noon in Japan.
        let clock = Arc::new(FixedClock(AtomicI64::new(1_783_911_600_000_000)));
        let mut config = Self::sqlite_config(&dir.0.join("data"));
        config.database = database;
        config.clock = Arc::clone(&clock) as Arc<dyn Clock>;
        config.reserve_percent = 0;
        Self {
            on,
            config,
            clock,
            schema,
            dir,
        }
    }

    /// The configuration of a store in SQLite with nothing else in its way.
    pub fn sqlite_config(data: &Path) -> StoreConfig {
        StoreConfig::new(
            data,
            CommunityId::new("1.2.392.200119.9.1").unwrap(),
            RepositoryId::new("1.2.392.200119.9.1.1").unwrap(),
        )
    }

    /// Opens the store, as another process would.
    pub fn open(&self) -> Arc<dyn Store> {
        open(&self.config).unwrap()
    }

    pub fn data_dir(&self) -> &Path {
        &self.config.data_dir
    }

    pub fn scratch(&self) -> &Path {
        &self.dir.0
    }

    /// Tampers with the database behind the store's back.
    pub fn sql(&self, text: &str) {
        match &self.config.database {
            Database::Sqlite => {
                let file = self.config.data_dir.join("tasuki.db");
                rusqlite::Connection::open(file)
                    .unwrap()
                    .execute_batch(text)
                    .unwrap();
            }
            Database::Postgres(url) => postgres::Client::connect(url, postgres::NoTls)
                .unwrap()
                .batch_execute(text)
                .unwrap(),
        }
    }

    /// One number that a query gives.
    pub fn count(&self, query: &str) -> i64 {
        match &self.config.database {
            Database::Sqlite => rusqlite::Connection::open(self.config.data_dir.join("tasuki.db"))
                .unwrap()
                .query_row(query, [], |row| row.get(0))
                .unwrap(),
            Database::Postgres(url) => postgres::Client::connect(url, postgres::NoTls)
                .unwrap()
                .query_one(query, &[])
                .unwrap()
                .get(0),
        }
    }

    /// Changes one byte string of one row: reads it, lets `change` work on it, writes it back.
    pub fn tamper(&self, table: &str, column: &str, at: &str, change: impl Fn(&mut Vec<u8>)) {
        let select = format!("SELECT {column} FROM {table} WHERE {at}");
        let update = format!("UPDATE {table} SET {column} = $1 WHERE {at}");
        match &self.config.database {
            Database::Sqlite => {
                let file = self.config.data_dir.join("tasuki.db");
                let conn = rusqlite::Connection::open(file).unwrap();
                let mut bytes: Vec<u8> = conn.query_row(&select, [], |row| row.get(0)).unwrap();
                change(&mut bytes);
                assert_eq!(conn.execute(&update, [bytes]).unwrap(), 1);
            }
            Database::Postgres(url) => {
                let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
                let mut bytes: Vec<u8> = client.query_one(&select, &[]).unwrap().get(0);
                change(&mut bytes);
                assert_eq!(client.execute(&update, &[&bytes]).unwrap(), 1);
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(schema) = &self.schema
            && let Ok(mut client) = postgres::Client::connect(cluster::url(), postgres::NoTls)
        {
            let _ = client.batch_execute(&format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

pub fn facility() -> FacilityId {
    FacilityId::new("facility-a").unwrap()
}

pub fn local(id: &str) -> LocalPatientId {
    LocalPatientId::new(id).unwrap()
}

pub fn day(text: &str) -> JstDay {
    JstDay::parse_iso(text).unwrap()
}

/// The registration of a local ID at [`facility`].
pub fn patient(store: &dyn Store, id: &str) -> PatientKey {
    store
        .writing(|tx| tx.ensure_registration(&facility(), &local(id)))
        .unwrap()
}

pub fn key(order: &str) -> SourceKey {
    SourceKey {
        day: Some(day("2026-07-13")),
        kind: "OML-11".into(),
        order: order.into(),
    }
}

pub fn sha1(bytes: &[u8]) -> Box<str> {
    let hash = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes);
    tasuki_core::release::hex(hash.as_ref()).into()
}

/// A file as a feed would see it.
pub fn file(path: &str, bytes: &[u8]) -> FileState {
    FileState {
        path: path.into(),
        size: bytes.len() as u64,
        mtime_ns: 1_783_911_600_000_000_001,
        ctime_ns: 1_783_911_600_000_000_002,
        inode: u64::MAX - 7,
    }
}

/// An entry as a feed would make it.
pub fn entry(
    store: &dyn Store,
    patient: &PatientKey,
    key: &SourceKey,
    bytes: &[u8],
) -> DocumentEntry {
    let (entry_uuid, unique_id) = store.reading(|tx| tx.new_entry_uuid()).unwrap();
    let kind = Coding {
        system: "SS-MIX2".into(),
        version: None,
        code: key.kind.as_ref().into(),
        text: "検体検査結果".into(),
    };
    DocumentEntry {
        logical_id: entry_uuid.clone(),
        entry_uuid,
        unique_id,
        patient_key: patient.clone(),
        facility: facility(),
        repository_id: RepositoryId::new("1.2.392.200119.9.1.1").unwrap(),
        status: AvailabilityStatus::Approved,
        class_code: kind.clone(),
        type_code: kind.clone(),
        format_code: kind,
        practice_setting: Some(Coding {
            system: "HL70069".into(),
            version: None,
            code: "01".into(),
            text: "内科".into(),
        }),
        confidentiality: tasuki_model::label::Confidentiality::Normal,
        category: Category::Lab,
        mime_type: "x-application/hl7-v2+er7".into(),
        title: None,
        author: Some("医師 一郎".to_owned()),
        creation_time: JstTime::parse_hl7("20260713101500123").ok(),
        service_start: key.day.map(JstTime::from_day),
        received: Instant::from_micros(1_783_911_600_000_000),
        size_bytes: bytes.len() as u64,
        hash: sha1(bytes),
        items: 3,
        problems: 0,
        source_key: key.clone(),
    }
}

/// Puts a document with a condition flag: `Approved` is 1, `Deprecated` is 2.
pub fn put(
    store: &dyn Store,
    patient: &PatientKey,
    key: &SourceKey,
    status: AvailabilityStatus,
    bytes: &[u8],
) -> StoreReceipt {
    let mut entry = entry(store, patient, key, bytes);
    entry.status = status;
    store
        .writing(|tx| {
            tx.put_document(&NewDocument {
                entry: entry.clone(),
                bytes,
                file: Some(file("path/of/it", bytes)),
            })
        })
        .unwrap()
}
