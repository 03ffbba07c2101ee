//! Checkpoints beside the writer: what stands in the write-ahead log goes into the database on a thread
//! and a connection of its own, so that those who write do not wait for it (`PASSIVE`: it waits for
//! nobody either). Only the writer begins the log anew, when all of it is in the database: its own
//! checkpoint, at a longer log, finds little left to do.

use super::Param;
use rusqlite::Connection;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// After about so many bytes the log is worked off.
const EVERY: usize = 16 * 1024 * 1024;
/// What a statement writes beside its values, about: the pages of its indexes.
const STATEMENT: usize = 4 * 1024;

/// The thread of one writer. It ends with it.
pub(super) struct Checkpoints {
    tell: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    written: usize,
}

impl Checkpoints {
    /// Begins on a connection of its own. Without a thread the writer's own checkpoints do it all.
    pub fn begin(conn: Connection) -> Self {
        // One that is due while one is under way is all that has to be known.
        let (tell, due) = sync_channel(1);
        let thread = std::thread::Builder::new().name("checkpoint".to_owned());
        let thread = thread.spawn(move || run(&conn, &due));
        Self {
            tell: thread.is_ok().then_some(tell),
            thread: thread.ok(),
            written: 0,
        }
    }

    /// A statement has written this.
    pub fn wrote(&mut self, params: &[Param<'_>]) {
        let bytes = params.iter().map(|param| match param {
            Param::Text(text) => text.len(),
            Param::Bytes(bytes) => bytes.len(),
            Param::Int(_) | Param::Null => 8,
        });
        self.written += STATEMENT + bytes.sum::<usize>();
    }

    /// A transaction is durable.
    pub fn committed(&mut self) {
        if self.written < EVERY {
            return;
        }
        self.written = 0;
        if let Some(tell) = &self.tell {
            // Full where one is due already.
            let _ = tell.try_send(());
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.tell = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(conn: &Connection, due: &Receiver<()>) {
    while due.recv().is_ok() {
        let done = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        if let Err(error) = done {
            // What is not done now is done by the writer, which says so where it cannot.
            tracing::warn!("checkpoint: {error}");
        }
    }
}
