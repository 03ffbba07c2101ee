//! Audit events that wait for the trail: a file that is there, with its room, before it is needed.
//!
//! Form 1: `tasuki-spool-01\n` and the random id of a filling, 32 bytes together; then records: length
//! (4 bytes), the beginning of the SHA-256 over filling, number and event (8 bytes), the event as the trail
//! stores it. A record that does not fit its sum ends the file: it was never acknowledged, or is of an
//! earlier filling. Brought into the trail, a record's number is passed by a cursor in the same
//! transaction, so that a crash brings none twice.
//!
//! Until then nothing but the file's rights guards these events: the chain begins where they enter it.

use crate::objects::make_dir;
use crate::seal::random;
use ring::digest::{Context, SHA256};
use rustix::fs::{FallocateFlags, FlockOperation, fallocate, flock};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tasuki_core::audit::AuditEvent;
use tasuki_core::ports::{AuditSpooling, Store};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};

const MAGIC: &[u8; 16] = b"tasuki-spool-01\n";
/// Bytes before the first record.
const HEAD: u64 = 32;
/// Length and sum of a record.
const RECORD_HEAD: u64 = 12;
/// Bytes of the file: some ten thousand page views.
const SIZE: u64 = 8 * 1024 * 1024;
/// Bytes of one event.
const EVENT_MAX: usize = 256 * 1024;
/// Events brought into the trail at once.
const BATCH: usize = 200;
/// Its name among the cursors.
const CURSOR: &str = "spool";

/// Events by their numbers.
type Numbered = Vec<(u64, AuditEvent)>;

/// The spool of a node.
pub struct AuditSpool(Mutex<Open>);

struct Open {
    file: File,
    size: u64,
    filling: [u8; 16],
    /// Where the next record goes, and its number.
    end: u64,
    next: u64,
    /// Where the first record is that the trail does not have, and its number.
    begin: u64,
    first: u64,
}

fn away(error: impl std::fmt::Display) -> Fault {
    Fault::new(Code::AuditAway, format!("the audit spool: {error}"))
}

fn sum(filling: &[u8; 16], number: u64, event: &[u8]) -> [u8; 8] {
    let mut context = Context::new(&SHA256);
    context.update(filling);
    context.update(&number.to_be_bytes());
    context.update(event);
    let mut sum = [0; 8];
    let digest = context.finish();
    sum.copy_from_slice(digest.as_ref().get(..8).unwrap_or(&[0; 8]));
    sum
}

impl AuditSpool {
    /// Opens the spool of a data folder; makes it with all its room.
    ///
    /// # Errors
    /// `AUD-001` where it cannot be made, or another process of this data folder has it.
    pub fn open(data_dir: &Path) -> Result<Self, Fault> {
        Self::of_size(data_dir, SIZE)
    }

    /// The same of so many bytes.
    pub(crate) fn of_size(data_dir: &Path, size: u64) -> Result<Self, Fault> {
        make_dir(data_dir)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.mode(0o600).open(data_dir.join("audit.spool"));
        let file = file.map_err(away)?;
        flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(away)?;
        let known = file.metadata().map_err(away)?.len() >= size;
        if !known {
            reserve(&file, size)?;
            let dir = File::open(data_dir).map_err(away)?;
            dir.sync_all().map_err(away)?;
        }
        let mut open = Open {
            file,
            size,
            filling: [0; 16],
            end: HEAD,
            next: 1,
            begin: HEAD,
            first: 1,
        };
        open.recall()?;
        Ok(Self(Mutex::new(open)))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings what waits into the trail, in its order; how many events those were.
    ///
    /// # Errors
    /// Those of the store: what is still here is tried again.
    pub fn replay(&self, store: &dyn Store) -> Result<u64, Fault> {
        let mut brought = 0;
        loop {
            let (filling, events, end) = self.lock().batch()?;
            let Some((last, _)) = events.last() else {
                return Ok(brought);
            };
            store.writing(|tx| {
                let passed = tx.passed_audit(CURSOR, &filling)?;
                let new = events.iter().filter(|(number, _)| *number > passed);
                for (_, event) in new {
                    tx.append_audit(event)?;
                }
                tx.pass_audit(CURSOR, &filling, *last)
            })?;
            brought += events.len() as u64;
            self.lock().brought(*last, end)?;
        }
    }
}

impl AuditSpooling for AuditSpool {
    fn keep(&self, event: &AuditEvent) -> Result<(), Fault> {
        self.lock().keep(&event.to_bytes()?)
    }

    fn waiting(&self) -> bool {
        let open = self.lock();
        open.first < open.next
    }
}

impl Open {
    /// Finds what was kept before.
    fn recall(&mut self) -> Result<(), Fault> {
        let mut head = [0; HEAD as usize];
        self.file.read_exact_at(&mut head, 0).map_err(away)?;
        match head.strip_prefix(MAGIC) {
            Some(filling) => self.filling.copy_from_slice(filling),
            None => return self.fill_anew(),
        }
        while let Some((_, after)) = self.record(self.next, self.end)? {
            self.end = after;
            self.next += 1;
        }
        Ok(())
    }

    fn fill_anew(&mut self) -> Result<(), Fault> {
        self.filling = random::<16>()?;
        let head = [MAGIC.as_slice(), &self.filling].concat();
        self.file.write_all_at(&head, 0).map_err(away)?;
        self.file.sync_data().map_err(away)?;
        (self.end, self.next) = (HEAD, 1);
        (self.begin, self.first) = (HEAD, 1);
        Ok(())
    }

    /// The record of a number at a place, and where the next one is.
    fn record(&self, number: u64, at: u64) -> Result<Option<(Vec<u8>, u64)>, Fault> {
        if at + RECORD_HEAD > self.size {
            return Ok(None);
        }
        let mut head = [0; RECORD_HEAD as usize];
        self.file.read_exact_at(&mut head, at).map_err(away)?;
        let [a, b, c, d, said @ ..] = head;
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let after = at + RECORD_HEAD + length as u64;
        if length == 0 || length > EVENT_MAX || after > self.size {
            return Ok(None);
        }
        let mut event = vec![0; length];
        let from = at + RECORD_HEAD;
        self.file.read_exact_at(&mut event, from).map_err(away)?;
        let fits = sum(&self.filling, number, &event) == said;
        Ok(fits.then_some((event, after)))
    }

    fn keep(&mut self, event: &[u8]) -> Result<(), Fault> {
        let after = self.end + RECORD_HEAD + event.len() as u64;
        if event.len() > EVENT_MAX || after > self.size {
            return Err(away("it is full"));
        }
        let length = u32::try_from(event.len()).map_err(away)?;
        let sum = sum(&self.filling, self.next, event);
        let record = [&length.to_be_bytes()[..], &sum, event].concat();
        self.file.write_all_at(&record, self.end).map_err(away)?;
        self.file.sync_data().map_err(away)?;
        self.end = after;
        self.next += 1;
        Ok(())
    }

    /// The filling, the next events with their numbers, and where they end.
    fn batch(&self) -> Result<(String, Numbered, u64), Fault> {
        let (mut at, mut events) = (self.begin, Vec::new());
        for number in (self.first..self.next).take(BATCH) {
            let found = self.record(number, at)?;
            let (event, after) = found.ok_or_else(|| away("a record that was kept is gone"))?;
            let event = serde_json::from_slice(&event).map_err(|_| away("a record is no event"))?;
            events.push((number, event));
            at = after;
        }
        Ok((hex(&self.filling), events, at))
    }

    /// The trail has everything up to a number, which ends here.
    fn brought(&mut self, number: u64, end: u64) -> Result<(), Fault> {
        (self.first, self.begin) = (number + 1, end);
        match self.first == self.next {
            true => self.fill_anew(),
            false => Ok(()),
        }
    }
}

/// Takes the room of the file from the disk, so that it is there when the disk is full.
fn reserve(file: &File, size: u64) -> Result<(), Fault> {
    match fallocate(file, FallocateFlags::empty(), 0, size) {
        Ok(()) => {}
        Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => {
            let zeros = vec![0; 64 * 1024];
            for at in (0..size).step_by(zeros.len()) {
                file.write_all_at(&zeros, at).map_err(away)?;
            }
        }
        Err(error) => return Err(away(error)),
    }
    file.sync_all().map_err(away)
}

#[cfg(test)]
mod tests;
