//! The file of a backup, form 1: `tasuki-backup-1`, a random id, then sealed chunks of 256 KiB as
//! contents have them (see [`crate::seal`]), bound to that id, to their number, and to being the last.
//! Within are files one after the other, each with its name and size; a name of no length ends them.
//! So a chunk that is changed, left out or put elsewhere, and an end that is cut off, do not open.

use crate::seal::{CHUNK, Chunks, Place, SEALED_CHUNK, SealKey, random};
use ring::digest::{Context, SHA256};
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};

const MAGIC: &[u8] = b"tasuki-backup-1\n";
/// Characters of a name; ours have at most 60.
const NAME_MAX: usize = 200;

fn place(id: &str) -> Place<'_> {
    Place {
        what: "backup",
        community: "",
        repository: "",
        id,
    }
}

pub(super) fn broken(why: impl std::fmt::Display) -> Fault {
    Fault::new(Code::BackupUnreadable, why.to_string())
}

fn away(error: &std::io::Error) -> Fault {
    let code = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Code::DiskFull,
        _ => Code::StoreAway,
    };
    Fault::new(code, format!("a backup: {error}"))
}

/// A backup that is being written.
pub(super) struct Writing {
    out: File,
    key: SealKey,
    id: String,
    chunks: Chunks,
    digest: Context,
}

impl Writing {
    pub fn begin(mut out: File, key: SealKey) -> Result<Self, Fault> {
        let id = random::<16>()?;
        out.write_all(MAGIC).map_err(|e| away(&e))?;
        out.write_all(&id).map_err(|e| away(&e))?;
        Ok(Self {
            out,
            key,
            id: hex(&id),
            chunks: Chunks::new(),
            digest: Context::new(&SHA256),
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.digest.update(bytes);
        let (out, key, place) = (&mut self.out, &self.key, place(&self.id));
        self.chunks.write(bytes, |chunk| {
            let sealed = chunk.seal(key, &place)?;
            out.write_all(&sealed).map_err(|e| away(&e))
        })
    }

    fn head(&mut self, name: &str, size: u64) -> Result<(), Fault> {
        let length = u32::try_from(name.len()).map_err(broken)?;
        self.write(&length.to_be_bytes())?;
        self.write(name.as_bytes())?;
        self.write(&size.to_be_bytes())
    }

    /// A file in memory.
    pub fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        self.head(name, bytes.len() as u64)?;
        self.write(bytes)
    }

    /// A file of the disk, which nobody changes meanwhile.
    pub fn file(&mut self, name: &str, mut file: File) -> Result<(), Fault> {
        let size = file.metadata().map_err(|e| away(&e))?.len();
        self.head(name, size)?;
        let mut piece = vec![0; CHUNK];
        let mut left = size;
        while left > 0 {
            let read = file.read(&mut piece).map_err(|e| away(&e))?;
            if read == 0 {
                return Err(broken(format!("{name} became shorter while it was read")));
            }
            let read = read.min(usize::try_from(left).unwrap_or(read));
            self.write(piece.get(..read).unwrap_or_default())?;
            left -= read as u64;
        }
        Ok(())
    }

    /// Ends it; durable on return. The SHA-256 of everything in it.
    pub fn finish(mut self) -> Result<Vec<u8>, Fault> {
        self.head("", 0)?;
        let sealed = self.chunks.last().seal(&self.key, &place(&self.id))?;
        self.out.write_all(&sealed).map_err(|e| away(&e))?;
        self.out.sync_all().map_err(|e| away(&e))?;
        Ok(self.digest.finish().as_ref().to_vec())
    }
}

/// A backup that is being read.
pub(super) struct Reading<'k> {
    input: File,
    key: &'k SealKey,
    id: String,
    /// Opened and not taken yet.
    open: Vec<u8>,
    taken: usize,
    /// Sealed bytes of the next chunk; it is the last one where nothing follows them.
    next: Vec<u8>,
    number: u64,
    digest: Context,
}

impl<'k> Reading<'k> {
    pub fn begin(mut input: File, key: &'k SealKey) -> Result<Self, Fault> {
        let mut head = [0; MAGIC.len() + 16];
        let other = |_| broken("not a backup of Tasuki, or of a newer release");
        input.read_exact(&mut head).map_err(other)?;
        let id = head.strip_prefix(MAGIC);
        let id = id.ok_or_else(|| broken("not a backup of Tasuki, or of a newer release"))?;
        let id = hex(id);
        let next = chunk(&mut input)?;
        Ok(Self {
            input,
            key,
            id,
            open: Vec::new(),
            taken: 0,
            next,
            number: 0,
            digest: Context::new(&SHA256),
        })
    }

    /// Opens the next chunk; false where there is none.
    fn refill(&mut self) -> Result<bool, Fault> {
        if self.next.is_empty() {
            return Ok(false);
        }
        let following = chunk(&mut self.input)?;
        let sealed = std::mem::replace(&mut self.next, following);
        let last = self.next.is_empty();
        let place = place(&self.id);
        let opened = self.key.open_chunk(&place, self.number, last, &sealed);
        self.open = opened.map_err(|_| broken(format!("chunk {} does not open", self.number)))?;
        self.digest.update(&self.open);
        self.taken = 0;
        self.number += 1;
        Ok(true)
    }

    /// At most so many of the next bytes; none at the end.
    fn some(&mut self, most: usize) -> Result<&[u8], Fault> {
        while self.taken == self.open.len() {
            if !self.refill()? {
                return Ok(&[]);
            }
        }
        let from = self.taken;
        self.taken = self.open.len().min(from.saturating_add(most));
        Ok(self.open.get(from..self.taken).unwrap_or_default())
    }

    fn exactly(&mut self, count: usize) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::with_capacity(count);
        while bytes.len() < count {
            let some = self.some(count - bytes.len())?;
            if some.is_empty() {
                return Err(broken("it ends in the middle of a file"));
            }
            bytes.extend_from_slice(some);
        }
        Ok(bytes)
    }

    /// Name and size of the next file; nothing at the end.
    pub fn file(&mut self) -> Result<Option<(String, u64)>, Fault> {
        let number = |bytes: Vec<u8>| bytes.iter().fold(0, |n: u64, b| (n << 8) | u64::from(*b));
        let length = usize::try_from(number(self.exactly(4)?)).map_err(broken)?;
        if length > NAME_MAX {
            return Err(broken("a name that is too long"));
        }
        let name = String::from_utf8(self.exactly(length)?).map_err(broken)?;
        let size = number(self.exactly(8)?);
        Ok((length > 0).then_some((name, size)))
    }

    /// Shows the bytes of the file that was named last, piece by piece.
    pub fn content(
        &mut self,
        mut left: u64,
        mut take: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<(), Fault> {
        while left > 0 {
            let some = self.some(usize::try_from(left).unwrap_or(usize::MAX))?;
            if some.is_empty() {
                return Err(broken("it ends in the middle of a file"));
            }
            take(some).map_err(|e| away(&e))?;
            left -= some.len() as u64;
        }
        Ok(())
    }

    /// Behind the last file there is nothing. The SHA-256 of everything in it.
    pub fn finish(mut self) -> Result<Vec<u8>, Fault> {
        match self.some(1)?.is_empty() {
            true => Ok(self.digest.finish().as_ref().to_vec()),
            false => Err(broken("something follows its end")),
        }
    }
}

/// The next sealed chunk, as much of it as there is.
fn chunk(input: &mut File) -> Result<Vec<u8>, Fault> {
    let mut sealed = Vec::with_capacity(SEALED_CHUNK);
    let mut most = input.take(SEALED_CHUNK as u64);
    most.read_to_end(&mut sealed).map_err(|e| away(&e))?;
    Ok(sealed)
}
