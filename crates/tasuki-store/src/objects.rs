//! Where sealed contents lie that are too large for a row: an object store.
//!
//! Names are random and say nothing. An object is durable before the row that names it commits, so
//! a crash can leave an object without a row, never a row without an object. The folder form writes
//! under a temporary name, syncs, renames and syncs the folder; `S3` can follow behind the same
//! trait.

mod writing;

use crate::seal::random;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};
use writing::Writing;

/// A store of named byte strings.
pub(crate) trait Objects: Send + Sync {
    /// Stores bytes under a new random name; durable on return.
    fn put(&self, bytes: &[u8]) -> Result<String, Fault>;
    /// Begins an object whose bytes come one after the other.
    fn begin(&self) -> Result<Box<dyn NewObject>, Fault>;
    /// An object to be read in parts; `ContentMissing` if there is none.
    fn reader(&self, name: &str) -> Result<Box<dyn ObjectParts>, Fault>;
    /// The bytes under a name; `ContentMissing` if there are none.
    fn get(&self, name: &str) -> Result<Vec<u8>, Fault>;
    /// Removes names for good. They may be gone already.
    fn remove(&self, names: &[String]) -> Result<(), Fault>;
}

/// An object that is being written. Dropped unfinished, it is gone.
pub(crate) trait NewObject: Send {
    /// The name it will have.
    fn name(&self) -> &str;
    /// Adds bytes.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault>;
    /// Makes it durable.
    fn finish(&mut self) -> Result<(), Fault>;
}

/// An object that is read in parts.
pub(crate) trait ObjectParts: Send + Sync {
    /// Its bytes in number.
    fn size(&self) -> u64;
    /// At most `count` bytes from `from` on.
    fn read(&self, from: u64, count: usize) -> Result<Vec<u8>, Fault>;
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
        let mut object = self.begin()?;
        object.write(bytes)?;
        object.finish()?;
        Ok(object.name().to_owned())
    }

    fn begin(&self) -> Result<Box<dyn NewObject>, Fault> {
        let name = hex(&random::<16>()?);
        let (folder, file) = self.file(&name)?;
        make_dir(&folder)?;
        let temporary = folder.join(format!("{name}.tmp"));
        let out = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)
            .map_err(|error| told(WRITING, &error))?;
        Ok(Box::new(NewFile {
            name,
            folder,
            file,
            temporary: Some(temporary),
            out: Writing::into(out),
        }))
    }

    fn reader(&self, name: &str) -> Result<Box<dyn ObjectParts>, Fault> {
        let (_, file) = self.file(name)?;
        let missing = |error: std::io::Error| read_error(name, &error);
        let file = File::open(file).map_err(missing)?;
        let size = file.metadata().map_err(missing)?.len();
        Ok(Box::new(OpenFile { file, size }))
    }

    fn get(&self, name: &str) -> Result<Vec<u8>, Fault> {
        let (_, file) = self.file(name)?;
        fs::read(file).map_err(|error| read_error(name, &error))
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

const WRITING: &str = "writing an object";
const READING: &str = "reading an object";

/// A file under a temporary name.
struct NewFile {
    name: String,
    folder: PathBuf,
    file: PathBuf,
    temporary: Option<PathBuf>,
    out: Writing,
}

impl NewObject for NewFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let written = self.out.write(bytes);
        written.map_err(|error| told(WRITING, &error))
    }

    fn finish(&mut self) -> Result<(), Fault> {
        let Some(temporary) = &self.temporary else {
            return Ok(());
        };
        let out = &mut self.out;
        let mut done = || {
            out.finish()?;
            fs::rename(temporary, &self.file)?;
            File::open(&self.folder)?.sync_all()
        };
        done().map_err(|error: std::io::Error| told(WRITING, &error))?;
        self.temporary = None;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            // What was begun is no use. If it cannot be removed, it is a file without a row.
            let _ = fs::remove_file(temporary);
        }
    }
}

struct OpenFile {
    file: File,
    size: u64,
}

impl ObjectParts for OpenFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, from: u64, count: usize) -> Result<Vec<u8>, Fault> {
        let left = usize::try_from(self.size.saturating_sub(from)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; count.min(left)];
        let read = self.file.read_exact_at(&mut bytes, from);
        read.map_err(|error| told(READING, &error))?;
        Ok(bytes)
    }
}

fn read_error(name: &str, error: &std::io::Error) -> Fault {
    match error.kind() {
        ErrorKind::NotFound => Fault::new(Code::ContentMissing, format!("object {name}")),
        _ => told(READING, error),
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
