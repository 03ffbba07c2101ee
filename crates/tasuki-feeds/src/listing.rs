//! The files below one patient's folder, with what the disk says of each. Nothing is read here.

use crate::files::state;
use crate::walk::PatientFolder;
use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tasuki_core::Code;
use tasuki_core::ports::FileState;

/// How many folders lie between a patient's folder and its files at most: day, kind, content
/// folder, and four more for attachments.
const DEPTH_MAX: usize = 7;
/// The most files of one patient. A folder with more is no patient's.
const FILES_MAX: usize = 1_000_000;

/// Why something cannot be taken in, before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// A symbolic link.
    Link,
    /// Neither file nor folder nor link.
    Special,
    /// A folder that may not be opened.
    Unreadable,
    /// A folder below the deepest there can be.
    TooDeep,
    /// A name that is not text.
    Name,
    /// Not where files of a storage lie.
    NoPatientFolder,
}

impl Obstacle {
    /// Its stable code.
    pub(crate) fn code(self) -> Code {
        match self {
            Self::Link => Code::SymlinkRefused,
            Self::Special | Self::Unreadable => Code::FileUnreadable,
            Self::TooDeep => Code::FolderTooDeep,
            Self::Name => Code::from_id("SSM-007").unwrap_or(Code::FileUnreadable),
            Self::NoPatientFolder => Code::from_id("SSM-004").unwrap_or(Code::WrongFolder),
        }
    }
}

/// A file, or what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Path below the root, size, times, inode.
    pub(crate) state: FileState,
    /// Why it cannot be read, if it cannot.
    pub(crate) obstacle: Option<Obstacle>,
}

impl Listed {
    /// A path of which the disk says nothing.
    fn unseen(path: &str, obstacle: Obstacle) -> Self {
        Self {
            state: FileState {
                path: path.into(),
                size: 0,
                mtime_ns: 0,
                ctime_ns: 0,
                inode: 0,
            },
            obstacle: Some(obstacle),
        }
    }

    /// An entry that cannot be taken in.
    pub(crate) fn obstacle(path: &str, entry: &DirEntry, obstacle: Obstacle) -> Self {
        match entry.metadata() {
            // A folder's times change with its files; only where it is says anything.
            Ok(meta) if !meta.is_dir() => Self {
                state: state(path, &meta),
                obstacle: Some(obstacle),
            },
            _ => Self::unseen(path, obstacle),
        }
    }

    /// An entry that lies where none should; a link or a pipe says so first.
    pub(crate) fn of(path: &str, entry: &DirEntry, obstacle: Obstacle) -> Self {
        let kind = entry.file_type();
        let first = match kind {
            Ok(kind) if kind.is_symlink() => Obstacle::Link,
            Ok(kind) if kind.is_file() || kind.is_dir() => obstacle,
            _ => Obstacle::Special,
        };
        Self::obstacle(path, entry, first)
    }

    /// An entry whose name is not text. It is shown with the bytes that are none written as `\xNN`.
    pub(crate) fn refused_name(below: &str, entry: &DirEntry) -> Self {
        let name = escaped(&entry.file_name());
        let path = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        Self::obstacle(&path, entry, Obstacle::Name)
    }
}

/// Files that operating systems leave in folders and that are nobody's record.
pub(crate) fn is_litter(name: &str) -> bool {
    ["Thumbs.db", "desktop.ini", ".DS_Store", "lost+found"].contains(&name)
}

fn escaped(name: &OsStr) -> String {
    use std::fmt::Write;
    use std::os::unix::ffi::OsStrExt;
    let mut text = String::new();
    for chunk in name.as_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// Lists a patient's folder, sorted by path.
pub(crate) fn list(folder: &PatientFolder) -> Vec<Listed> {
    let mut found = Vec::new();
    let mut waiting: Vec<(PathBuf, String, usize)> =
        vec![(folder.dir.clone(), folder.below.clone(), 0)];
    while let Some((dir, below, depth)) = waiting.pop() {
        list_one(&dir, &below, depth, &mut found, &mut waiting);
        if found.len() > FILES_MAX {
            found.truncate(FILES_MAX);
            found.push(Listed::unseen(&folder.below, Obstacle::TooDeep));
            break;
        }
    }
    found.sort_by(|a, b| a.state.path.cmp(&b.state.path));
    found
}

fn list_one(
    dir: &Path,
    below: &str,
    depth: usize,
    found: &mut Vec<Listed>,
    waiting: &mut Vec<(PathBuf, String, usize)>,
) {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        // A folder that went away since it was listed is seen as gone by the next run.
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        Err(_) => return found.push(Listed::unseen(below, Obstacle::Unreadable)),
    };
    for entry in entries.flatten() {
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            found.push(Listed::refused_name(below, &entry));
            continue;
        };
        if is_litter(&name) {
            continue;
        }
        let path = format!("{below}/{name}");
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(_) => {
                found.push(Listed::obstacle(&path, &entry, Obstacle::Unreadable));
                continue;
            }
        };
        if kind.is_dir() {
            let inside = dir.join(&name);
            if depth + 1 >= DEPTH_MAX {
                found.push(Listed::obstacle(&path, &entry, Obstacle::TooDeep));
            } else {
                waiting.push((inside, path, depth + 1));
            }
        } else if kind.is_symlink() {
            found.push(Listed::obstacle(&path, &entry, Obstacle::Link));
        } else if kind.is_file() {
            match entry.metadata() {
                Ok(meta) => found.push(Listed {
                    state: state(&path, &meta),
                    obstacle: None,
                }),
                // It went away since it was listed.
                Err(_) => continue,
            }
        } else {
            found.push(Listed::obstacle(&path, &entry, Obstacle::Special));
        }
    }
}
