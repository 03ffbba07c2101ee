//! `bench import`: a storage to durable, searchable, encrypted documents.

use crate::Order;
use crate::machine::{empty_cache, memory, processor};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;
use tasuki_core::ports::Store;
use tasuki_feeds::{ImportOptions, Summary, import_ss_mix2};
use tasuki_model::facility::{Part, Shape};
use tasuki_model::{CommunityId, Facility, FacilityCode, FacilityId, RepositoryId};
use tasuki_store::{Database, StoreConfig, open};

type Failure = Box<dyn Error>;

/// The facility of the corpus.
pub fn facility() -> Result<Facility, Failure> {
    let code = FacilityCode::new("1311234567")?;
    Ok(Facility {
        id: FacilityId::new("f-1311234567")?,
        authority: code.patient_authority(),
        community: CommunityId::new("1.2.392.200119.9.1")?,
        code,
        name: "測定病院".to_owned(),
        name_en: "Measured Hospital".to_owned(),
        short: "測定".to_owned(),
        badge: "SO".to_owned(),
        shape: Shape::Disc,
        part: Part::Disclosing,
        phone: String::new(),
    })
}

/// The store of a data folder as the measurements use it.
pub fn config(data: &Path, database: Database) -> Result<StoreConfig, Failure> {
    let mut config = StoreConfig::new(
        data,
        CommunityId::new("1.2.392.200119.9.1")?,
        RepositoryId::new("1.2.392.200119.9.1.1")?,
    );
    config.database = database;
    Ok(config)
}

pub fn run(order: &Order) -> Result<(), Failure> {
    let storage = &order.storage;
    let wanted = |part: &str| order.only.as_deref().is_none_or(|only| only == part);
    floor(storage)?;
    if wanted("warm") {
        let data = order.data.join("sqlite-warm");
        let store = fresh(&data, Database::Sqlite)?;
        import("SQLite, files in the page cache", storage, &*store)?;
        unchanged("SQLite, second run", storage, &*store)?;
        println!("  database: {} MB", folder_size(&data)? / 1_000_000);
    }
    if wanted("cold") {
        let store = fresh(&order.data.join("sqlite-cold"), Database::Sqlite)?;
        if empty_cache() {
            import("SQLite, page cache empty", storage, &*store)?;
        } else {
            println!("page cache cannot be emptied here: no cold figure");
        }
    }
    if let (true, Some(url)) = (wanted("postgres"), &order.postgres) {
        let database = Database::Postgres(url.clone());
        let store = fresh(&order.data.join("postgres"), database)?;
        import("PostgreSQL, files in the page cache", storage, &*store)?;
        unchanged("PostgreSQL, second run", storage, &*store)?;
    }
    Ok(())
}

fn fresh(data: &Path, database: Database) -> Result<std::sync::Arc<dyn Store>, Failure> {
    if data.exists() {
        fs::remove_dir_all(data)?;
    }
    let store = open(&config(data, database)?)?;
    let facility = facility()?;
    store.writing(|tx| tx.put_facility(&facility))?;
    Ok(store)
}

/// What no import can go below: listing, looking at and reading every file, in one thread.
fn floor(storage: &Path) -> Result<(), Failure> {
    for round in ["first", "second"] {
        let began = Instant::now();
        let (files, bytes) = read_all(storage)?;
        let rate = files as f64 / began.elapsed().as_secs_f64();
        println!("floor, {round}: {files} files, {bytes} bytes listed and read, {rate:.0} files/s");
    }
    Ok(())
}

fn read_all(dir: &Path) -> Result<(u64, u64), Failure> {
    let (mut files, mut bytes) = (0, 0);
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            let (f, b) = read_all(&entry.path())?;
            files += f;
            bytes += b;
        } else {
            files += 1;
            bytes += fs::read(entry.path())?.len() as u64;
        }
    }
    Ok((files, bytes))
}

fn timed(what: &str, storage: &Path, store: &dyn Store) -> Result<Summary, Failure> {
    let options = ImportOptions::new(RepositoryId::new("1.2.392.200119.9.1.1")?);
    let facility = facility()?;
    let commits = store.commits();
    let (user, kernel) = processor();
    let began = Instant::now();
    let mut samples = Vec::new();
    let mut next = 0;
    let summary = import_ss_mix2(storage, &facility, store, &options, &mut |progress| {
        if progress.files >= next {
            samples.push(memory().0);
            next += 25_000;
        }
    })?;
    let seconds = began.elapsed().as_secs_f64();
    let (user, kernel) = (processor().0 - user, processor().1 - kernel);
    if let Some(fault) = &summary.stopped {
        return Err(format!("{what}: stopped by {fault}").into());
    }
    let rate = summary.read as f64 / seconds;
    println!(
        "{what}: {rate:.0} files/s ({} files in {seconds:.2} s)",
        summary.read
    );
    println!(
        "  processor {user:.1} s user, {kernel:.1} s kernel; {} commits; memory {samples:?} MB, highest {} MB",
        store.commits() - commits,
        memory().1
    );
    Ok(summary)
}

fn import(what: &str, storage: &Path, store: &dyn Store) -> Result<(), Failure> {
    let summary = timed(what, storage, store)?;
    println!(
        "  registered {}, replaced {}, quarantined {}, reasons {:?}",
        summary.registered, summary.replaced, summary.quarantined, summary.reasons
    );
    Ok(())
}

fn unchanged(what: &str, storage: &Path, store: &dyn Store) -> Result<(), Failure> {
    let summary = timed(what, storage, store)?;
    println!("  unchanged {}", summary.unchanged);
    Ok(())
}

fn folder_size(dir: &Path) -> Result<u64, Failure> {
    let mut size = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        size += if entry.file_type()?.is_dir() {
            folder_size(&entry.path())?
        } else {
            entry.metadata()?.len()
        };
    }
    Ok(size)
}
