//! The hospital's own record of changes, where it keeps one: the natural feed of an exchange.
//!
//! Only *whose* folder has changed is taken from it. The files themselves are read from the
//! storage, where the condition flags stand.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use tasuki_core::{Code, Fault};
use tasuki_records::patient_in;
use tasuki_wire::hl7::{Limits, Text};
use tasuki_wire::ssmix2::{IndexRow, TransactionFileName, transactions};

/// Bytes read from a record at once.
const CHUNK: u64 = 8 * 1024 * 1024;

/// What a record of changes says since it was last asked.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Patients whose folders have changed.
    pub patients: BTreeSet<String>,
    /// What could not be read of it. Then the whole storage has to be looked at.
    pub broken: Option<String>,
}

/// A record of changes.
pub trait ChangeLog: Send {
    /// What was added since the last call, or since it was opened.
    ///
    /// # Errors
    /// `FileUnreadable` if it cannot be read at present.
    fn news(&mut self) -> Result<News, Fault>;
}

/// Where reading of a file has come to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Position {
    /// File name with its year's folder; names sort in the order of writing.
    name: String,
    offset: u64,
    /// The length of the file when its last, open entry was read.
    seen: u64,
}

/// The transaction storage: `<root>/<YYYY>/TR_YYYYMMDDHHMMSSFFF_nnnnn.DAT`.
pub struct TransactionLog {
    root: PathBuf,
    at: Position,
}

impl TransactionLog {
    /// Opens a transaction storage at its present end: what came before is found in the storage
    /// itself.
    ///
    /// # Errors
    /// `FolderMissing` if it is not there.
    pub fn open(root: &Path) -> Result<Self, Fault> {
        if !root.is_dir() {
            return Err(Fault::new(
                Code::FolderMissing,
                format!("{}: not a folder", root.display()),
            ));
        }
        let mut log = Self {
            root: root.to_owned(),
            at: Position::default(),
        };
        if let Some(last) = log.files()?.pop() {
            let length = fs::metadata(log.root.join(&last)).map_or(0, |m| m.len());
            log.at = Position {
                name: last,
                offset: length,
                seen: length,
            };
        }
        Ok(log)
    }

    /// Names of the transaction files, in the order of writing.
    fn files(&self) -> Result<Vec<String>, Fault> {
        let mut names = Vec::new();
        for year in list(&self.root)? {
            if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            // Years that are over have been read.
            if year.as_str() < self.at.name.get(..4).unwrap_or("") {
                continue;
            }
            for file in list(&self.root.join(&year))? {
                if TransactionFileName::parse(&file).is_ok() {
                    names.push(format!("{year}/{file}"));
                }
            }
        }
        names.sort();
        Ok(names)
    }

    /// Reads on in one file. Returns whether its end was reached.
    fn read_on(&mut self, name: &str, news: &mut News) -> Result<bool, Fault> {
        if self.at.name != name {
            self.at = Position {
                name: name.to_owned(),
                ..Position::default()
            };
        }
        let mut file = open(&self.root.join(name))?;
        let length = file.metadata().map_or(0, |m| m.len());
        if length < self.at.offset {
            news.broken = Some(format!("{name} has become shorter"));
            self.at.offset = length;
            return Ok(true);
        }
        if length == self.at.seen {
            return Ok(true);
        }
        let bytes = read_from(&mut file, self.at.offset, name)?;
        let whole = self.at.offset + bytes.len() as u64 == length;
        let mut next = self.at.offset;
        for entry in transactions(&bytes) {
            match entry {
                Ok(entry) => {
                    match patient_of(entry.message) {
                        Some(patient) => drop(news.patients.insert(patient)),
                        None => news.broken = Some(format!("{name}: an entry without patient")),
                    }
                    // The last entry may still grow: it is read again when it has.
                    if !entry.closed {
                        next = self.at.offset + entry.offset as u64;
                        break;
                    }
                }
                Err(error) => news.broken = Some(format!("{name}: {error}")),
            }
            next = self.at.offset + bytes.len() as u64;
        }
        if !whole && next == self.at.offset {
            // One entry larger than a chunk: nothing is gained by trying again.
            news.broken = Some(format!("{name}: an entry larger than {CHUNK} bytes"));
            next = self.at.offset + bytes.len() as u64;
        }
        self.at.offset = next;
        self.at.seen = if whole { length } else { 0 };
        Ok(whole)
    }
}

impl ChangeLog for TransactionLog {
    fn news(&mut self) -> Result<News, Fault> {
        let mut news = News::default();
        for name in self.files()? {
            if name < self.at.name {
                continue;
            }
            while !self.read_on(&name, &mut news)? {}
        }
        Ok(news)
    }
}

/// The index table SSMIXIDX as a growing text file: its eleven columns joined by tabs, a row a
/// line, as a database's own export or replication job writes it.
pub struct IndexExport {
    file: PathBuf,
    offset: u64,
}

impl IndexExport {
    /// Opens an export at its present end.
    #[must_use]
    pub fn open(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            offset: fs::metadata(file).map_or(0, |m| m.len()),
        }
    }
}

impl ChangeLog for IndexExport {
    fn news(&mut self) -> Result<News, Fault> {
        let mut news = News::default();
        let mut file = open(&self.file)?;
        if file.metadata().map_or(0, |m| m.len()) < self.offset {
            // Written anew: every row of it may be news.
            self.offset = 0;
        }
        loop {
            let bytes = read_from(&mut file, self.offset, &self.file.display().to_string())?;
            let Some(end) = bytes.iter().rposition(|&b| b == b'\n') else {
                return Ok(news);
            };
            let rows = bytes.get(..=end).unwrap_or_default();
            for row in rows.split(|&b| b == b'\n').filter(|row| !row.is_empty()) {
                match index_row(row) {
                    Some(row) => drop(news.patients.insert(row.patient)),
                    None => news.broken = Some("a row of the index cannot be read".to_owned()),
                }
            }
            self.offset += rows.len() as u64;
        }
    }
}

fn index_row(bytes: &[u8]) -> Option<IndexRow> {
    let text = std::str::from_utf8(bytes).ok()?.trim_end_matches('\r');
    let mut columns = text.split('\t');
    let mut values = [""; 11];
    for value in &mut values {
        *value = columns.next()?;
    }
    IndexRow::from_columns(values).ok()
}

fn patient_of(message: &[u8]) -> Option<String> {
    let limits = Limits::default();
    let text = Text::decode(message, &limits).ok()?;
    let message = text.parse(&limits).ok()?;
    Some(patient_in(&message).ok()?.local_id.as_str().to_owned())
}

fn list(dir: &Path) -> Result<Vec<String>, Fault> {
    let entries = fs::read_dir(dir).map_err(|e| unreadable(dir, &e))?;
    Ok(entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect())
}

fn open(path: &Path) -> Result<File, Fault> {
    File::open(path).map_err(|e| unreadable(path, &e))
}

fn read_from(file: &mut File, offset: u64, name: &str) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(offset))
        .and_then(|_| file.take(CHUNK).read_to_end(&mut bytes))
        .map_err(|e| unreadable(Path::new(name), &e))?;
    Ok(bytes)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Fault {
    Fault::new(Code::FileUnreadable, format!("{}: {error}", path.display()))
}
