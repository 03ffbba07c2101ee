//! Into a backup. The database is copied in one snapshot of its own (`VACUUM INTO`; row by row from PostgreSQL),
//! while others write; then the large contents that the snapshot names. One that was removed meanwhile is in no snapshot
//! of now, so the whole is tried again.

use super::Counts;
use super::archive::{Reading, Writing, broken};
use super::place::{self, CONFIG, DATABASE, KEYS, SEGMENTS};
use super::rows;
use crate::objects::make_dir;
use crate::open::{Database, StoreConfig};
use crate::seal::{KeyFolder, SealKey, random};
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};

/// How often it is tried.
const TRIES: usize = 3;

/// A copy of a database that is gone when it is let go.
struct Snapshot(PathBuf);

impl Drop for Snapshot {
    fn drop(&mut self) {
        // What is left over is a file, or a folder of one, that nobody reads.
        let _ = match self.0.is_dir() {
            true => fs::remove_dir_all(&self.0),
            false => fs::remove_file(&self.0),
        };
    }
}

impl Snapshot {
    /// The database file.
    fn file(&self) -> PathBuf {
        match self.0.is_dir() {
            true => self.0.join(DATABASE),
            false => self.0.clone(),
        }
    }
}

fn told(error: &rusqlite::Error) -> Fault {
    let full = error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull);
    let code = if full {
        Code::DiskFull
    } else {
        Code::StoreAway
    };
    Fault::new(code, format!("a snapshot: {error}"))
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> Fault + '_ {
    move |e| Fault::new(Code::StoreAway, format!("{}: {e}", path.display()))
}

/// Writes a backup of the stores of a node into a new file, and reads it again. `stores`: the node's own,
/// and that of the network's index where it holds it; `config` its configuration file.
///
/// # Errors
/// `KEY-…` for a key file that is none, `BAK-003` where a content that the
/// database names is not there, `CFG-005` where the file is there already, `STO-…` of the disk. No file
/// is left then.
pub fn take(
    stores: &[StoreConfig],
    config: &Path,
    key_file: &Path,
    to: &Path,
) -> Result<Counts, Fault> {
    let key = || KeyFolder::backup_key(key_file);
    key()?;
    if to.exists() {
        let what = format!("{} is there already", to.display());
        return Err(Fault::new(Code::UsageWrong, what));
    }
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = Snapshot(unfinished.into());
    for remaining in (0..TRIES).rev() {
        let _ = fs::remove_file(&unfinished.0);
        match once(stores, config, key()?, &unfinished.0) {
            Ok((counts, digest)) => {
                verify(&unfinished.0, &key()?, (counts, &digest))?;
                fs::rename(&unfinished.0, to).map_err(io(to))?;
                let folder = to.parent().filter(|p| !p.as_os_str().is_empty());
                let folder = folder.unwrap_or(Path::new("."));
                File::open(folder)
                    .and_then(|f| f.sync_all())
                    .map_err(io(folder))?;
                return Ok(counts);
            }
            Err(fault) if fault.code == Code::BackupIncomplete && remaining > 0 => {}
            Err(fault) => return Err(fault),
        }
    }
    Err(Fault::new(
        Code::InternalFault,
        "a backup that was not tried",
    ))
}

fn once(
    stores: &[StoreConfig],
    config: &Path,
    key: SealKey,
    to: &Path,
) -> Result<(Counts, Vec<u8>), Fault> {
    let mut new = fs::OpenOptions::new();
    let file = new
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .map_err(io(to))?;
    let mut into = Taking {
        archive: Writing::begin(file, key)?,
        counts: Counts::default(),
    };
    into.file(CONFIG, config)?;
    for (store, prefix) in stores.iter().zip(place::STORES) {
        let prefix = match prefix {
            "" => String::new(),
            prefix => format!("{prefix}/"),
        };
        into.store(store, &prefix)?;
    }
    Ok((into.counts, into.archive.finish()?))
}

/// A backup under way.
struct Taking {
    archive: Writing,
    counts: Counts,
}

impl Taking {
    fn file(&mut self, name: &str, path: &Path) -> Result<(), Fault> {
        let file = File::open(path).map_err(io(path))?;
        self.counts.bytes += file.metadata().map_err(io(path))?.len();
        self.counts.files += 1;
        self.archive.file(name, file)
    }

    fn store(&mut self, store: &StoreConfig, prefix: &str) -> Result<(), Fault> {
        // Segments before the snapshot: each is copied out after its commit, so the snapshot has it.
        let segments = store.data_dir.join(SEGMENTS);
        for (name, bytes) in read_all(&segments, "json")? {
            self.counts.bytes += bytes.len() as u64;
            self.counts.files += 1;
            self.archive
                .bytes(&format!("{prefix}{SEGMENTS}/{name}"), &bytes)?;
        }
        for (name, line) in store.keys().public_lines()? {
            self.counts.files += 1;
            self.counts.bytes += line.len() as u64;
            self.archive
                .bytes(&format!("{prefix}{KEYS}/{name}"), line.as_bytes())?;
        }
        let snapshot = match &store.database {
            Database::Sqlite => snapshot(&store.data_dir)?,
            // The node's own store came first: the index lies in the same database, without contents.
            Database::Postgres(_) if !prefix.is_empty() => return Ok(()),
            Database::Postgres(url) => of_server(store, url)?,
        };
        let objects = objects(&snapshot.file())?;
        self.file(&format!("{prefix}{DATABASE}"), &snapshot.file())?;
        drop(snapshot);
        for name in objects {
            let below = place::object(&name);
            let path = store.data_dir.join(&below);
            let file = File::open(&path)
                .map_err(|e| Fault::new(Code::BackupIncomplete, format!("object {name}: {e}")))?;
            self.counts.bytes += file.metadata().map_err(io(&path))?.len();
            self.counts.files += 1;
            self.counts.objects += 1;
            self.archive.file(&format!("{prefix}{below}"), file)?;
        }
        Ok(())
    }
}

fn read_all(folder: &Path, extension: &str) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(io(folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(name) = name.filter(|_| path.extension().is_some_and(|e| e == extension)) {
            found.push((name.to_owned(), fs::read(&path).map_err(io(&path))?));
        }
    }
    found.sort();
    Ok(found)
}

/// The database of a data folder as it is now.
fn snapshot(data_dir: &Path) -> Result<Snapshot, Fault> {
    let database = data_dir.join(DATABASE);
    let name = format!("backup-{}.tmp", hex(&random::<8>()?));
    let copy = Snapshot(data_dir.join(name));
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags).map_err(|e| told(&e))?;
    let to = copy
        .0
        .to_str()
        .ok_or_else(|| broken("a data folder whose name is no text"))?;
    connection
        .execute("VACUUM INTO ?1", [to])
        .map_err(|e| told(&e))?;
    Ok(copy)
}

/// The database of a PostgreSQL server as it is now, as a file.
fn of_server(store: &StoreConfig, url: &str) -> Result<Snapshot, Fault> {
    let name = format!("backup-{}.tmp", hex(&random::<8>()?));
    let copy = Snapshot(store.data_dir.join(name));
    make_dir(&copy.0)?;
    rows::into_file(url, &copy.0, store.clock.now())?;
    // One file, without a log beside it.
    let connection = Connection::open(copy.file()).map_err(|e| told(&e))?;
    connection
        .pragma_update(None, "journal_mode", "DELETE")
        .map_err(|e| told(&e))?;
    Ok(copy)
}

/// The names of the large contents that a database knows.
pub(super) fn objects(database: &Path) -> Result<Vec<String>, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags).map_err(|e| told(&e))?;
    let sound: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|e| told(&e))?;
    if sound != "ok" {
        return Err(Fault::new(
            Code::BackupIncomplete,
            format!("the database: {sound}"),
        ));
    }
    // What waits to be removed is nobody's any more.
    let tables = "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND c.name = 'object' AND m.name <> 'object_removal'";
    let all = |sql: &str| -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        rows.collect()
    };
    let mut names = Vec::new();
    for table in all(tables).map_err(|e| told(&e))? {
        let sql = format!("SELECT object FROM {table} WHERE object IS NOT NULL");
        names.extend(all(&sql).map_err(|e| told(&e))?);
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// Reads a backup from end to end and compares it with what went into it.
fn verify(file: &Path, key: &SealKey, (counts, digest): (Counts, &[u8])) -> Result<(), Fault> {
    let mut archive = Reading::begin(File::open(file).map_err(io(file))?, key)?;
    let mut found = Counts::default();
    while let Some((name, size)) = archive.file()? {
        let (_, is_object) = place::of(&name)?;
        found.files += 1;
        found.bytes += size;
        found.objects += u64::from(is_object);
        archive.content(size, |_| Ok(()))?;
    }
    match archive.finish()? == digest && found == counts {
        true => Ok(()),
        false => Err(broken("it does not hold what went into it")),
    }
}
