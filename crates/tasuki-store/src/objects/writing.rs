//! A file as its bytes come. A small one is written in one piece. A large one goes block by block past the
//! system's cache of pages, by a thread of its own: what is written here is sealed and seldom read again at once,
//! and copying it into fresh pages costs more processor than the disk's own work. Where the file system does not
//! offer that, the blocks are written as usual and given to the disk on the way, so that the last sync has little
//! to wait for.

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;
use std::fs::File;
use std::io::{Error, ErrorKind, Result, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Bytes of a block.
const BLOCK: usize = 1024 * 1024;
/// Blocks of one file: one being filled, the others on their way.
const BLOCKS: usize = 4;
/// What the beginning of a block in memory and in the file is a multiple of; no disk asks for more.
const ALIGNED: usize = 4096;
/// So many bytes are given to the disk at once where they go through the cache.
const AT_ONCE: usize = 16 * 1024 * 1024;

/// A file that is being written.
pub(super) struct Writing {
    file: File,
    block: Block,
    thread: Option<Thread>,
}

struct Thread {
    full: SyncSender<Block>,
    spare: Receiver<Block>,
    handle: JoinHandle<Result<()>>,
}

impl Writing {
    /// Into a file that is empty.
    pub(super) fn into(file: File) -> Self {
        Self {
            file,
            block: Block::new(),
            thread: None,
        }
    }

    /// More bytes.
    pub(super) fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            if self.block.room() == 0 {
                self.pass_on()?;
            }
            let now = bytes.len().min(self.block.room());
            let (now, rest) = bytes.split_at_checked(now).unwrap_or((bytes, &[]));
            self.block.bytes.extend_from_slice(now);
            bytes = rest;
        }
        Ok(())
    }

    /// Gives the full block to the thread and takes an empty one, waiting for the disk if there is none.
    fn pass_on(&mut self) -> Result<()> {
        let thread = match &self.thread {
            Some(thread) => thread,
            None => self.thread.insert(Thread::begin(self.file.try_clone()?)?),
        };
        let Ok(spare) = thread.spare.recv() else {
            return self.broken();
        };
        let full = std::mem::replace(&mut self.block, spare);
        match thread.full.send(full) {
            Ok(()) => Ok(()),
            Err(_) => self.broken(),
        }
    }

    /// The thread ends before its time only if it could not write.
    fn broken(&mut self) -> Result<()> {
        self.end()?;
        Err(Error::other(BROKEN))
    }

    /// Waits for the thread, and says what it could not write.
    fn end(&mut self) -> Result<()> {
        let Some(Thread { full, handle, .. }) = self.thread.take() else {
            return Ok(());
        };
        drop(full);
        let broken = |_| Err(Error::other(BROKEN));
        handle.join().unwrap_or_else(broken)
    }

    /// Writes what is left and makes all of it durable.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.end()?;
        self.file.write_all(self.block.filled())?;
        self.file.sync_all()
    }
}

impl Thread {
    fn begin(file: File) -> Result<Self> {
        let (full, to_write) = sync_channel::<Block>(BLOCKS);
        let (written, spare) = sync_channel(BLOCKS);
        for _ in 1..BLOCKS {
            // There is room for all of them.
            let _ = written.try_send(Block::new());
        }
        let work = move || {
            let mut out = Out::new(&file);
            for mut block in to_write {
                out.write(block.filled())?;
                block.clear();
                // Whoever fills them may have gone.
                let _ = written.try_send(block);
            }
            out.end()
        };
        let thread = std::thread::Builder::new().name("write".to_owned());
        Ok(Self {
            full,
            spare,
            handle: thread.spawn(work)?,
        })
    }
}

/// Where whole blocks go.
struct Out<'f> {
    file: &'f File,
    direct: bool,
    since: usize,
}

impl<'f> Out<'f> {
    fn new(file: &'f File) -> Self {
        let direct = direct(file, true).is_ok();
        let since = 0;
        Self {
            file,
            direct,
            since,
        }
    }

    fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            match self.file.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => {
                    bytes = bytes.get(count..).unwrap_or_default();
                    self.flush(count)?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // A file system may take the flag and then not the write.
                Err(error) if self.direct && error.raw_os_error() == Some(INVALID) => self.end()?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn flush(&mut self, count: usize) -> Result<()> {
        if self.direct {
            return Ok(());
        }
        self.since += count;
        if self.since >= AT_ONCE {
            self.since = 0;
            self.file.sync_data()?;
        }
        Ok(())
    }

    /// What follows goes through the cache again.
    fn end(&mut self) -> Result<()> {
        match std::mem::take(&mut self.direct) {
            true => Ok(direct(self.file, false)?),
            false => Ok(()),
        }
    }
}

const BROKEN: &str = "writing broke off";
const INVALID: i32 = Errno::INVAL.raw_os_error();

/// Whether writes pass by the cache.
fn direct(file: &File, on: bool) -> rustix::io::Result<()> {
    let mut flags = fcntl_getfl(file)?;
    flags.set(OFlags::DIRECT, on);
    fcntl_setfl(file, flags)
}

/// Memory that begins where a disk wants it to; it is taken as it is filled.
struct Block {
    bytes: Vec<u8>,
    from: usize,
}

impl Block {
    fn new() -> Self {
        let mut bytes = Vec::<u8>::with_capacity(BLOCK + ALIGNED);
        let from = bytes.as_ptr().align_offset(ALIGNED).min(ALIGNED);
        bytes.resize(from, 0);
        Self { bytes, from }
    }

    const fn room(&self) -> usize {
        (self.from + BLOCK).saturating_sub(self.bytes.len())
    }

    fn filled(&self) -> &[u8] {
        self.bytes.get(self.from..).unwrap_or_default()
    }

    fn clear(&mut self) {
        self.bytes.truncate(self.from);
    }
}

#[cfg(test)]
mod tests;
