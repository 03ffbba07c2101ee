//! A large file goes to the disk while it is still being written, so that the last sync has little to
//! wait for. A thread of its own does it, from the first tens of megabytes on; a small file has none.

use std::fs::File;
use std::io::{Error, Result};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

/// So many bytes are given to the disk at once.
const AT_ONCE: usize = 16 * 1024 * 1024;

/// The flushing of one file.
#[derive(Default)]
pub(super) struct Flushing {
    since: usize,
    thread: Option<(SyncSender<()>, JoinHandle<Result<()>>)>,
}

impl Flushing {
    /// So many more bytes were written.
    pub(super) fn after(&mut self, file: &File, bytes: usize) -> Result<()> {
        self.since += bytes;
        if self.since < AT_ONCE {
            return Ok(());
        }
        self.since = 0;
        let (call, _) = match &mut self.thread {
            Some(thread) => thread,
            none => none.insert(begin(file.try_clone()?)?),
        };
        match call.try_send(()) {
            // It is at it, and will go on with these.
            Ok(()) | Err(TrySendError::Full(())) => Ok(()),
            Err(TrySendError::Disconnected(())) => self.end(),
        }
    }

    /// Waits for what is under way. What it could not write is told here, once: the system tells it
    /// nobody else.
    pub(super) fn end(&mut self) -> Result<()> {
        let Some((call, thread)) = self.thread.take() else {
            return Ok(());
        };
        drop(call);
        let joined = thread.join();
        joined.unwrap_or_else(|_| Err(Error::other("flushing broke off")))
    }
}

fn begin(file: File) -> Result<(SyncSender<()>, JoinHandle<Result<()>>)> {
    let (call, called) = sync_channel(1);
    let thread = std::thread::Builder::new().name("flush".to_owned());
    let work = move || {
        while called.recv().is_ok() {
            file.sync_data()?;
        }
        Ok(())
    };
    Ok((call, thread.spawn(work)?))
}
