//! Bytes that come piece by piece, as chunks of one size: a whole one is held back until it is known whether it
//! is the last.

use super::{CHUNK, Place, SEALED_CHUNK, SealKey};
use tasuki_core::Fault;

/// What has come and is not in a chunk yet.
pub(crate) struct Chunks {
    waiting: Vec<u8>,
    number: u64,
}

/// One chunk, to be sealed.
pub(crate) struct Chunk<'a> {
    number: u64,
    last: bool,
    bytes: &'a [u8],
}

impl Chunk<'_> {
    /// Sealed for a place.
    pub fn seal(&self, key: &SealKey, place: &Place<'_>) -> Result<Vec<u8>, Fault> {
        let mut sealed = Vec::with_capacity(SEALED_CHUNK);
        key.seal_chunk(place, self.number, self.last, self.bytes, &mut sealed)?;
        Ok(sealed)
    }
}

impl Chunks {
    pub fn new() -> Self {
        Self {
            waiting: Vec::with_capacity(CHUNK),
            number: 0,
        }
    }

    /// More bytes: gives every chunk that they make full and that is not the last.
    pub fn write(
        &mut self,
        mut bytes: &[u8],
        mut give: impl FnMut(&Chunk<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        while !bytes.is_empty() {
            if self.waiting.len() == CHUNK {
                give(&self.chunk(false))?;
                self.number += 1;
                self.waiting.clear();
            }
            let room = (CHUNK - self.waiting.len()).min(bytes.len());
            let (now, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.waiting.extend_from_slice(now);
            bytes = rest;
        }
        Ok(())
    }

    /// The last one, which may be empty.
    pub fn last(&self) -> Chunk<'_> {
        self.chunk(true)
    }

    fn chunk(&self, last: bool) -> Chunk<'_> {
        Chunk {
            number: self.number,
            last,
            bytes: &self.waiting,
        }
    }
}
