//! Turns between processes that write to one SQLite file.
//!
//! SQLite itself polls for its write lock, so a busy importer would starve a portal that only wants
//! to append one audit row. Two file locks make it fair: whoever wants to write first takes the
//! *door*, then the *room*, then lets go of the door. A process that has just left the room finds
//! the door held by the one that waits, and so cannot slip in again before it.

use rustix::fs::{FlockOperation, flock};
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::time::{Duration, Instant};
use tasuki_core::{Code, Fault};

/// How long to wait between two looks at a lock.
const LOOK: Duration = Duration::from_micros(500);

/// The two locks.
pub(crate) struct Turnstile {
    door: File,
    room: File,
    patience: Duration,
}

/// The right to write. The lock goes when this is dropped, and when the process ends.
pub(crate) struct Turn {
    room: File,
}

impl Turnstile {
    /// Locks in a data folder.
    pub(crate) fn new(data_dir: &Path, patience: Duration) -> Result<Self, Fault> {
        Ok(Self {
            door: lock_file(&data_dir.join("write.door"))?,
            room: lock_file(&data_dir.join("write.room"))?,
            patience,
        })
    }

    /// Waits for a turn; how long, counts from a moment.
    pub(crate) fn enter(&self, since: Instant) -> Result<Turn, Fault> {
        let until = since + self.patience;
        wait(&self.door, until)?;
        let room = wait(&self.room, until);
        let opened = flock(&self.door, FlockOperation::Unlock);
        room?;
        opened.map_err(unusable)?;
        Ok(Turn {
            room: self.room.try_clone().map_err(unusable)?,
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Cannot fail on an open file that is locked; the end of the process unlocks as well.
        let _ = flock(&self.room, FlockOperation::Unlock);
    }
}

fn wait(file: &File, until: Instant) -> Result<(), Fault> {
    loop {
        match flock(file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(()),
            Err(rustix::io::Errno::WOULDBLOCK | rustix::io::Errno::INTR) => {}
            Err(error) => return Err(unusable(error)),
        }
        if Instant::now() >= until {
            return Err(Fault::new(
                Code::DatabaseLocked,
                "another process has held the right to write for too long",
            ));
        }
        std::thread::sleep(LOOK);
    }
}

fn lock_file(path: &Path) -> Result<File, Fault> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(unusable)
}

fn unusable(error: impl std::fmt::Display) -> Fault {
    Fault::new(Code::DataFolderUnusable, format!("lock file: {error}"))
}
