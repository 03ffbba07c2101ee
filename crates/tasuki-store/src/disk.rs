//! The disk reserve: writes stop while less than a share of the disk is free, so that a full disk
//! is met in order and reading goes on. Looked at once a second at most.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tasuki_core::{Code, Fault};

/// How long one look holds.
const LOOK: Duration = Duration::from_secs(1);

/// Watches the free space of a folder's disk.
pub(crate) struct DiskReserve {
    dir: PathBuf,
    percent: u64,
    seen: Mutex<Option<(Instant, u64)>>,
}

impl DiskReserve {
    /// Keeps `percent` of the disk of `dir` free.
    pub(crate) fn new(dir: &Path, percent: u8) -> Self {
        Self {
            dir: dir.to_owned(),
            percent: u64::from(percent),
            seen: Mutex::new(None),
        }
    }

    /// `DiskFull` while less than the reserve is free.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let free = match *seen {
            Some((at, free)) if at.elapsed() < LOOK => free,
            _ => {
                let free = self.free_percent()?;
                *seen = Some((Instant::now(), free));
                free
            }
        };
        if free >= self.percent {
            return Ok(());
        }
        Err(Fault::new(
            Code::DiskFull,
            format!("{free} % of the disk is free, {} % is kept", self.percent),
        ))
    }

    fn free_percent(&self) -> Result<u64, Fault> {
        let disk = rustix::fs::statvfs(&self.dir)
            .map_err(|e| Fault::new(Code::StoreAway, format!("asking for free space: {e}")))?;
        Ok(disk
            .f_bavail
            .saturating_mul(100)
            .checked_div(disk.f_blocks)
            .unwrap_or(100))
    }
}
