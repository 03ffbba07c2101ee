//! Where sealed contents lie that are too large for a row: an object store.
//!
//! Names are random and say nothing. An object is durable before the row that names it commits, so
//! a crash can leave an object without a row, never a row without an object. The folder form writes
//! under a temporary name, syncs, renames and syncs the folder; `S3` can follow behind the same
//! trait.

use crate::seal::random;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};

/// A store of named byte strings.
pub(crate) trait Objects: Send + Sync {
    /// Stores bytes under a new random name; durable on return.
    fn put(&self, bytes: &[u8]) -> Result<String, Fault>;
    /// The bytes under a name; `ContentMissing` if there are none.
    fn get(&self, name: &str) -> Result<Vec<u8>, Fault>;
    /// Removes names for good. They may be gone already.
    fn remove(&self, names: &[String]) -> Result<(), Fault>;
}

/// Objects as files of a folder, spread over 256 subfolders.
pub(crate) struct ObjectFolder {
    dir: PathBuf,
}

impl ObjectFolder {
    /// Opens or makes the folder.
    pub(crate) fn open(dir: &Path) -> Result<Self, Fault> {
        make_dir(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
        })
    }

    /// The file of a name, which must be one of ours: 32 hex digits.
    fn file(&self, name: &str) -> Result<(PathBuf, PathBuf), Fault> {
        let ours = name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit());
        match name.get(..2) {
            Some(first) if ours => {
                let folder = self.dir.join(first);
                let file = folder.join(name);
                Ok((folder, file))
            }
            _ => Err(Fault::new(
                Code::StoreBroken,
                "an object has a name that is not ours",
            )),
        }
    }
}

impl Objects for ObjectFolder {
    fn put(&self, bytes: &[u8]) -> Result<String, Fault> {
        let name = hex(&random::<16>()?);
        let (folder, file) = self.file(&name)?;
        make_dir(&folder)?;
        let temporary = folder.join(format!("{name}.tmp"));
        let write = || {
            let mut out = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&temporary)?;
            out.write_all(bytes)?;
            out.sync_all()?;
            fs::rename(&temporary, &file)?;
            File::open(&folder)?.sync_all()
        };
        write().map_err(|error: std::io::Error| {
            // What was begun is no use; if it cannot be removed either, the sweep will do it.
            let _ = fs::remove_file(&temporary);
            told("writing an object", &error)
        })?;
        Ok(name)
    }

    fn get(&self, name: &str) -> Result<Vec<u8>, Fault> {
        let (_, file) = self.file(name)?;
        fs::read(file).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Fault::new(Code::ContentMissing, format!("object {name}")),
            _ => told("reading an object", &error),
        })
    }

    fn remove(&self, names: &[String]) -> Result<(), Fault> {
        let mut folders = BTreeSet::new();
        for name in names {
            let (folder, file) = self.file(name)?;
            match fs::remove_file(file) {
                Ok(()) => drop(folders.insert(folder)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(told("removing an object", &error)),
            }
        }
        // Without this, a crash could bring back what a patient's deletion has taken away.
        for folder in folders {
            File::open(folder)
                .and_then(|folder| folder.sync_all())
                .map_err(|error| told("removing an object", &error))?;
        }
        Ok(())
    }
}

/// Makes a private folder with its parents, each of them durable on return.
pub(crate) fn make_dir(dir: &Path) -> Result<(), Fault> {
    let made = || {
        let missing: Vec<&Path> = dir.ancestors().take_while(|d| !d.exists()).collect();
        for folder in missing.into_iter().rev() {
            match fs::DirBuilder::new().mode(0o700).create(folder) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            if let Some(parent) = folder.parent().filter(|p| !p.as_os_str().is_empty()) {
                File::open(parent)?.sync_all()?;
            }
        }
        Ok(())
    };
    made().map_err(|e: std::io::Error| {
        Fault::new(Code::DataFolderUnusable, format!("{}: {e}", dir.display()))
    })
}

fn told(what: &str, error: &std::io::Error) -> Fault {
    let code = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Code::DiskFull,
        _ => Code::StoreAway,
    };
    Fault::new(code, format!("{what}: {error}"))
}
