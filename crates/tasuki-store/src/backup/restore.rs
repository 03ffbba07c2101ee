//! Out of a backup, into a folder that is empty: first beside it, and in its place only when everything
//! in it has been checked.

use super::Counts;
use super::archive::Reading;
use super::place::{self, DATABASE, OBJECTS};
use super::take::objects;
use crate::objects::make_dir;
use crate::seal::KeyFolder;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use tasuki_core::{Code, Fault};

fn io(path: &Path) -> impl Fn(std::io::Error) -> Fault + '_ {
    move |e| Fault::new(Code::DataFolderUnusable, format!("{}: {e}", path.display()))
}

/// The folder that is being filled; gone when it is let go unfinished.
struct Filling(Option<PathBuf>);

impl Drop for Filling {
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            // What is left of it is not a data folder, and the next try says so.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Puts a backup into a data folder that is not there or is empty. The keys of a recovery file are put
/// beside it. `check` looks at what has been filled before it takes its place: whether it opens, and its
/// audit trail.
///
/// # Errors
/// `BAK-002` for a folder with anything in it, `BAK-001` for a file that is no backup, or not under this
/// key, or damaged, `BAK-003` where a content is missing, whatever `check` finds, `STO-…` of the disk.
/// The folder is as it was then.
pub fn restore(
    from: &Path,
    key_file: &Path,
    recovery: Option<&Path>,
    to: &Path,
    check: impl FnOnce(&Path) -> Result<(), Fault>,
) -> Result<Counts, Fault> {
    let key = KeyFolder::backup_key(key_file)?;
    if to.exists() && fs::read_dir(to).map_err(io(to))?.next().is_some() {
        let what = format!("{} is not empty", to.display());
        return Err(Fault::new(Code::RestoreNotEmpty, what));
    }
    let mut beside = to.as_os_str().to_owned();
    beside.push(".restoring");
    let beside = PathBuf::from(beside);
    if beside.exists() {
        let what = format!(
            "{} is there: another restore, or what is left of one",
            beside.display()
        );
        return Err(Fault::new(Code::RestoreNotEmpty, what));
    }
    make_dir(&beside)?;
    let mut filling = Filling(Some(beside.clone()));
    let mut archive = Reading::begin(File::open(from).map_err(io(from))?, &key)?;
    let mut counts = Counts::default();
    while let Some((name, size)) = archive.file()? {
        let (below, is_object) = place::of(&name)?;
        write(&mut archive, &beside.join(below), size)?;
        counts.files += 1;
        counts.bytes += size;
        counts.objects += u64::from(is_object);
    }
    archive.finish()?;
    for store in place::STORES {
        complete(&beside.join(store), recovery)?;
    }
    check(&beside)?;
    if to.exists() {
        fs::remove_dir(to).map_err(io(to))?;
    }
    fs::rename(&beside, to).map_err(io(to))?;
    filling.0 = None;
    Ok(counts)
}

fn write(archive: &mut Reading<'_>, path: &Path, size: u64) -> Result<(), Fault> {
    if let Some(folder) = path.parent() {
        make_dir(folder)?;
    }
    let mut new = fs::OpenOptions::new();
    let mut file = new
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(io(path))?;
    archive.content(size, |piece| file.write_all(piece))?;
    file.sync_all().map_err(io(path))
}

/// A store is whole: its database is sound and every content that it names is there.
fn complete(store: &Path, recovery: Option<&Path>) -> Result<(), Fault> {
    let (database, keys) = (store.join(DATABASE), store.join(place::KEYS));
    if !database.exists() && !keys.exists() {
        return Ok(());
    }
    let named = match database.exists() {
        true => objects(&database)?,
        // The index of a node on PostgreSQL lies in the node's own database.
        false => Vec::new(),
    };
    for name in named {
        if !store.join(place::object(&name)).is_file() {
            let what = format!("{OBJECTS}: {name} is missing");
            return Err(Fault::new(Code::BackupIncomplete, what));
        }
    }
    match recovery {
        Some(file) => KeyFolder::new(keys).import_recovery(file).map(drop),
        None => Ok(()),
    }
}
