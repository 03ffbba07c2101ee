//! The key folder: wrapping keys and audit keys, one small text file each, readable by their owner
//! only. It is never part of a backup of the data (architecture §8).
//!
//! A line says what it is, its version, its id and the key: `tasuki-wrapping-key 1 <id> <hex>`. The
//! id is the beginning of the key's SHA-256, so a key that was mistyped from paper is found.
//! `keys/` in the data folder by default; a folder of systemd credentials does as well.

use super::{SealKey, random};
use ring::digest::{SHA256, digest};
use ring::signature::{Ed25519KeyPair, KeyPair};
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Wrapping,
    Audit,
    /// The public half of an audit key that signs no more.
    AuditPublic,
    /// What backups are sealed under: never in the folder of a node, never in a backup.
    Backup,
}

impl Use {
    const ALL: [Self; 4] = [Self::Wrapping, Self::Audit, Self::AuditPublic, Self::Backup];

    fn word(self) -> &'static str {
        match self {
            Self::Wrapping => "tasuki-wrapping-key",
            Self::Audit => "tasuki-audit-key",
            Self::AuditPublic => "tasuki-audit-public",
            Self::Backup => "tasuki-backup-key",
        }
    }

    fn file(self, id: &str) -> String {
        match self {
            Self::Wrapping => format!("wrapping-{id}.key"),
            Self::Audit => format!("audit-{id}.key"),
            Self::AuditPublic => format!("audit-{id}.pub"),
            Self::Backup => format!("backup-{id}.key"),
        }
    }
}

/// One key as it stands in a file.
struct KeyLine {
    what: Use,
    id: String,
    bytes: [u8; 32],
}

/// A folder of keys.
#[derive(Debug, Clone)]
pub struct KeyFolder {
    dir: PathBuf,
}

impl KeyFolder {
    /// The keys in a folder.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Makes a wrapping key; returns its id.
    ///
    /// # Errors
    /// `KeyUnreadable` if the folder cannot be written.
    pub fn add_wrapping(&self) -> Result<String, Fault> {
        self.add(Use::Wrapping)
    }

    /// Makes an audit key, with its public half beside it; returns its id.
    ///
    /// # Errors
    /// `KeyUnreadable` if the folder cannot be written.
    pub fn add_audit(&self) -> Result<String, Fault> {
        self.add(Use::Audit)
    }

    /// The one key that a new database may take over: there is exactly one of its kind. Several
    /// mean that a database with settings of its own is missing.
    pub(crate) fn only(&self, setting: &str) -> Result<Option<String>, Fault> {
        let what = if setting == "audit_key" {
            Use::Audit
        } else {
            Use::Wrapping
        };
        let mut ids = self
            .lines()?
            .into_iter()
            .filter(|line| line.what == what)
            .map(|line| line.id);
        match (ids.next(), ids.next()) {
            (Some(_), Some(_)) => Err(Fault::new(
                Code::KeyMissing,
                "the key folder holds several keys and the database says of none that it is in force",
            )),
            (only, _) => Ok(only),
        }
    }

    /// Writes every key, and those of other folders, into one file for a safe, readable by its owner
    /// only. Fails if it exists.
    ///
    /// # Errors
    /// `KeyUnreadable` if there are no keys or the file cannot be written.
    pub fn export_recovery(&self, others: &[Self], to: &Path) -> Result<usize, Fault> {
        let mut lines = self.lines()?;
        for other in others {
            lines.extend(other.lines()?);
        }
        let text: String = lines.iter().map(KeyLine::to_text).collect();
        if lines.is_empty() {
            return Err(unreadable(&self.dir, "no keys to export"));
        }
        write_private(to, text.as_bytes())?;
        Ok(lines.len())
    }

    /// Puts the keys of a recovery file back into the folder; returns how many were missing.
    ///
    /// # Errors
    /// `KeyUnreadable` if a line is not a key or its id does not fit.
    pub fn import_recovery(&self, from: &Path) -> Result<usize, Fault> {
        let mut added = 0;
        for line in read_lines(from)? {
            if !self.dir.join(line.what.file(&line.id)).exists() {
                self.write(&line)?;
                added += 1;
            }
        }
        Ok(added)
    }

    /// Makes a key for backups in a new file, readable by its owner only; returns its id.
    ///
    /// # Errors
    /// `KeyUnreadable` if the file is there or cannot be written.
    pub fn make_backup_key(to: &Path) -> Result<String, Fault> {
        let bytes = random::<32>()?;
        let line = KeyLine {
            what: Use::Backup,
            id: id_of(&bytes),
            bytes,
        };
        write_private(to, line.to_text().as_bytes())?;
        Ok(line.id)
    }

    /// The key for backups in a file.
    pub(crate) fn backup_key(file: &Path) -> Result<SealKey, Fault> {
        check_private(file)?;
        let lines = read_lines(file)?;
        match &lines[..] {
            [line] if line.what == Use::Backup => SealKey::new(&line.bytes),
            _ => Err(unreadable(file, "not one key for backups")),
        }
    }

    /// Names and lines of the public halves of the audit keys, as they lie in files.
    pub(crate) fn public_lines(&self) -> Result<Vec<(String, String)>, Fault> {
        let mut found = Vec::new();
        for (id, bytes) in self.audit_public()? {
            let half = bytes
                .try_into()
                .map_err(|_| unreadable(&self.dir, "a public half"))?;
            let line = KeyLine {
                what: Use::AuditPublic,
                id,
                bytes: half,
            };
            found.push((line.what.file(&line.id), line.to_text()));
        }
        Ok(found)
    }

    /// Every wrapping key, by id.
    pub(crate) fn wrapping_keys(&self) -> Result<BTreeMap<String, SealKey>, Fault> {
        self.lines()?
            .into_iter()
            .filter(|line| line.what == Use::Wrapping)
            .map(|line| Ok((line.id, SealKey::new(&line.bytes)?)))
            .collect()
    }

    /// The audit key of an id, to sign with.
    pub(crate) fn audit_key(&self, id: &str) -> Result<Ed25519KeyPair, Fault> {
        let line = self
            .lines()?
            .into_iter()
            .find(|line| line.what == Use::Audit && line.id == id)
            .ok_or_else(|| Fault::new(Code::KeyMissing, format!("audit key {id} is missing")))?;
        pair(&line.bytes)
    }

    /// Public halves of the audit keys, by id.
    pub(crate) fn audit_public(&self) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
        let mut found = BTreeMap::new();
        for line in self.lines()? {
            match line.what {
                Use::Wrapping | Use::Backup => {}
                Use::Audit => {
                    let public = pair(&line.bytes)?.public_key().as_ref().to_vec();
                    found.insert(line.id, public);
                }
                Use::AuditPublic => {
                    found.insert(line.id, line.bytes.to_vec());
                }
            }
        }
        Ok(found)
    }

    fn add(&self, what: Use) -> Result<String, Fault> {
        let bytes = random::<32>()?;
        let line = match what {
            Use::Audit => {
                let public = pair(&bytes)?;
                let mut half = [0; 32];
                half.copy_from_slice(public.public_key().as_ref());
                let id = id_of(&half);
                self.write(&KeyLine {
                    what: Use::AuditPublic,
                    id: id.clone(),
                    bytes: half,
                })?;
                KeyLine { what, id, bytes }
            }
            _ => KeyLine {
                what,
                id: id_of(&bytes),
                bytes,
            },
        };
        self.write(&line)?;
        Ok(line.id)
    }

    fn write(&self, line: &KeyLine) -> Result<(), Fault> {
        crate::objects::make_dir(&self.dir)?;
        let name = line.what.file(&line.id);
        let temporary = self.dir.join(format!("{name}.tmp"));
        // A file left over from a crash half way is written anew.
        let _ = fs::remove_file(&temporary);
        write_private(&temporary, line.to_text().as_bytes())?;
        fs::rename(&temporary, self.dir.join(&name)).map_err(|e| unreadable(&self.dir, e))?;
        fs::File::open(&self.dir)
            .and_then(|dir| dir.sync_all())
            .map_err(|e| unreadable(&self.dir, e))
    }

    /// Every key in the folder; none if there is no folder.
    fn lines(&self) -> Result<Vec<KeyLine>, Fault> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(unreadable(&self.dir, e)),
        };
        let mut lines = Vec::new();
        for entry in entries {
            let path = entry.map_err(|e| unreadable(&self.dir, e))?.path();
            let extension = path.extension().and_then(|e| e.to_str());
            if matches!(extension, Some("key" | "pub")) {
                check_private(&path)?;
                lines.extend(read_lines(&path)?);
            }
        }
        lines.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(lines)
    }
}

impl KeyLine {
    fn to_text(&self) -> String {
        format!("{} 1 {} {}\n", self.what.word(), self.id, hex(&self.bytes))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let word = words.next()?;
        let what = Use::ALL.into_iter().find(|u| u.word() == word)?;
        if words.next()? != "1" {
            return None;
        }
        let id = words.next()?.to_owned();
        let bytes = from_hex(words.next()?)?;
        let fits = match what {
            Use::Wrapping | Use::AuditPublic | Use::Backup => id_of(&bytes) == id,
            Use::Audit => {
                let public = pair(&bytes).ok()?;
                let mut half = [0; 32];
                half.copy_from_slice(public.public_key().as_ref());
                id_of(&half) == id
            }
        };
        (fits && words.next().is_none()).then_some(Self { what, id, bytes })
    }
}

fn pair(seed: &[u8; 32]) -> Result<Ed25519KeyPair, Fault> {
    Ed25519KeyPair::from_seed_unchecked(seed)
        .map_err(|_| Fault::new(Code::KeyUnreadable, "an audit key is not of its form"))
}

fn id_of(bytes: &[u8; 32]) -> String {
    let hash = digest(&SHA256, bytes);
    hex(hash.as_ref().get(..8).unwrap_or(&[]))
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let mut bytes = [0u8; 32];
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

fn read_lines(path: &Path) -> Result<Vec<KeyLine>, Fault> {
    let text = fs::read_to_string(path).map_err(|e| unreadable(path, e))?;
    text.lines()
        .map(|line| {
            KeyLine::parse(line).ok_or_else(|| {
                unreadable(path, "a line is not a key, or its id does not fit the key")
            })
        })
        .collect()
}

fn check_private(path: &Path) -> Result<(), Fault> {
    let mode = fs::metadata(path)
        .map_err(|e| unreadable(path, e))?
        .permissions()
        .mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(unreadable(path, "others than its owner may read it"))
}

fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|e: std::io::Error| unreadable(path, e))
}

fn unreadable(path: &Path, why: impl std::fmt::Display) -> Fault {
    Fault::new(Code::KeyUnreadable, format!("{}: {why}", path.display()))
}
