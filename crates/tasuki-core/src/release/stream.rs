//! A body that is read from the store while it leaves: documents that are too large for memory.
//!
//! Nothing here opens the gate: a [`Stream`] leaves only inside a [`Released`](super::Released).

use crate::Fault;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A content that can be read piece by piece, each of them checked as it is read.
pub trait Pieces: Send + Sync {
    /// Bytes in all.
    fn size(&self) -> u64;

    /// Piece `n`, counted from 0, of at most 1 MiB; nothing after the last one.
    ///
    /// # Errors
    /// Those of the store; the content is then not whole, and what has left must not look whole.
    fn piece(&self, n: u64) -> Result<Option<Vec<u8>>, Fault>;
}

/// A content of the store.
#[derive(Clone)]
pub struct Stored(Arc<dyn Pieces>);

impl Stored {
    /// A content by its reader.
    pub fn new(pieces: impl Pieces + 'static) -> Self {
        Self(Arc::new(pieces))
    }

    /// Bytes in all.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.size()
    }

    /// Piece `n`, counted from 0; nothing after the last one.
    ///
    /// # Errors
    /// As [`Pieces::piece`].
    pub fn piece(&self, n: u64) -> Result<Option<Vec<u8>>, Fault> {
        self.0.piece(n)
    }

    /// The whole content, where it is known to be small.
    ///
    /// # Errors
    /// As [`Pieces::piece`].
    pub fn whole(&self) -> Result<Vec<u8>, Fault> {
        let mut whole = Vec::new();
        let mut n = 0;
        while let Some(piece) = self.piece(n)? {
            whole.extend_from_slice(&piece);
            n += 1;
        }
        Ok(whole)
    }
}

/// Bytes in memory are a content of one piece.
impl Pieces for Vec<u8> {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn piece(&self, n: u64) -> Result<Option<Vec<u8>>, Fault> {
        Ok((n == 0).then(|| self.clone()))
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stored({} bytes)", self.size())
    }
}

/// Two are the same where they are one reader.
impl PartialEq for Stored {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Stored {}

/// A part of a [`Stream`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Bytes at hand.
    Bytes(Cow<'static, [u8]>),
    /// A content that is read as it leaves.
    Stored(Stored),
}

/// Pieces and their media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// `Content-Type`.
    pub media_type: String,
    /// The pieces in order.
    pub pieces: Vec<Piece>,
}

impl Stream {
    /// Bytes in all.
    #[must_use]
    pub fn size(&self) -> u64 {
        let sizes = self.pieces.iter().map(|piece| match piece {
            Piece::Bytes(bytes) => bytes.len() as u64,
            Piece::Stored(stored) => stored.size(),
        });
        sizes.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_knows_its_size_before_it_is_read() {
        let content = Stored::new(vec![7; 1_000]);
        assert_eq!(content.whole().unwrap(), vec![7; 1_000]);
        assert!(content.piece(1).unwrap().is_none());
        let stream = Stream {
            media_type: "text/plain".to_owned(),
            pieces: vec![
                Piece::Bytes(Cow::Borrowed(b"head")),
                Piece::Stored(content.clone()),
            ],
        };
        assert_eq!(stream.size(), 1_004);
        assert_eq!(content, content.clone());
        assert_ne!(content, Stored::new(vec![7; 1_000]));
    }
}
