//! MLLP, the minimal lower layer protocol (HL7 v2.5 appendix C.4): `0x0B` message `0x1C 0x0D`.
//!
//! Sans-IO: bytes go in as they come, whole messages come out. The end block ends a message by
//! itself; the carriage return after it is swallowed when it comes, because some senders leave it
//! out. (`0x1C` stands in no text of a character set that we read.) Bytes between messages are
//! dropped and counted, up to a bound.
//!
//! Not here: what a message is, acknowledgements, time-outs.

const START: u8 = 0x0B;
const END: u8 = 0x1C;
const RETURN: u8 = 0x0D;

/// Why a connection cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MllpError {
    /// A message without end, or one beyond the limit.
    #[error("MLP-001: a frame of more than {limit} bytes")]
    FrameTooLarge {
        /// Bytes allowed.
        limit: usize,
    },
    /// The peer speaks something else.
    #[error("MLP-002: more than {limit} bytes outside any frame")]
    Garbage {
        /// Bytes allowed.
        limit: usize,
    },
}

impl MllpError {
    /// Stable code, as listed in [`crate::CODES`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::FrameTooLarge { .. } => "MLP-001",
            Self::Garbage { .. } => "MLP-002",
        }
    }
}

/// Takes messages out of a stream of bytes.
#[derive(Debug)]
pub struct Unframer {
    limit: usize,
    buffer: Vec<u8>,
    /// How much of `buffer` is known to hold no end block.
    scanned: usize,
    within: bool,
    dropped: usize,
}

/// Bytes outside frames that one connection may send before it is told to go.
const GARBAGE_MAX: usize = 64 * 1024;

impl Unframer {
    /// For messages of at most `limit` bytes.
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            buffer: Vec::new(),
            scanned: 0,
            within: false,
            dropped: 0,
        }
    }

    /// Takes what came. Holds at most the limit and one such piece.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message, or nothing yet.
    ///
    /// # Errors
    /// When the stream cannot become a message any more; the connection has to be closed.
    pub fn message(&mut self) -> Result<Option<Vec<u8>>, MllpError> {
        if !self.within {
            self.find_start()?;
        }
        if !self.within {
            return Ok(None);
        }
        let unseen = self.buffer.get(self.scanned..).unwrap_or_default();
        let end = memchr::memchr(END, unseen).map(|at| self.scanned + at);
        let length = end.unwrap_or(self.buffer.len());
        if length > self.limit {
            return Err(MllpError::FrameTooLarge { limit: self.limit });
        }
        let Some(end) = end else {
            self.scanned = length;
            return Ok(None);
        };
        let rest = self.buffer.split_off(end + 1);
        let mut message = std::mem::replace(&mut self.buffer, rest);
        message.pop();
        (self.within, self.scanned) = (false, 0);
        Ok(Some(message))
    }

    fn find_start(&mut self) -> Result<(), MllpError> {
        let start = memchr::memchr(START, &self.buffer);
        let before = start.unwrap_or(self.buffer.len());
        let garbage = self.buffer.iter().take(before);
        // The return that belongs to the end block, and line ends that some senders add.
        let garbage = garbage.filter(|byte| !matches!(**byte, RETURN | b'\n'));
        self.dropped += garbage.count();
        self.buffer.drain(..start.map_or(before, |at| at + 1));
        self.within = start.is_some();
        if self.dropped > GARBAGE_MAX {
            return Err(MllpError::Garbage { limit: GARBAGE_MAX });
        }
        Ok(())
    }

    /// How many bytes stood outside any frame so far.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }

    /// True while a message has begun and not ended.
    pub const fn within(&self) -> bool {
        self.within
    }
}

/// A message with its start and end block.
pub fn frame(message: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(message.len() + 3);
    framed.push(START);
    framed.extend_from_slice(message);
    framed.extend_from_slice(&[END, RETURN]);
    framed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(unframer: &mut Unframer) -> Vec<Vec<u8>> {
        std::iter::from_fn(|| unframer.message().unwrap()).collect()
    }

    #[test]
    fn messages_come_out_whole_however_they_are_cut() {
        let mut stream = frame(b"MSH|one\r");
        stream.extend(frame(b"MSH|two\r"));
        for size in 1..stream.len() {
            let mut unframer = Unframer::new(100);
            let mut found = Vec::new();
            for piece in stream.chunks(size) {
                unframer.push(piece);
                found.extend(all(&mut unframer));
            }
            assert_eq!(found, [b"MSH|one\r".to_vec(), b"MSH|two\r".to_vec()]);
            assert_eq!((unframer.dropped(), unframer.within()), (0, false));
        }
    }

    #[test]
    fn a_missing_return_after_the_end_block_is_tolerated() {
        let mut unframer = Unframer::new(100);
        unframer.push(b"\x0Ba\x1C\x0Bb\x1C\r\n\x0Bc\x1C\r");
        assert_eq!(all(&mut unframer), [b"a", b"b", b"c"]);
        assert_eq!(unframer.dropped(), 0);
    }

    #[test]
    fn what_stands_between_messages_is_dropped_and_counted_to_a_bound() {
        let mut unframer = Unframer::new(100);
        unframer.push(b"GET / HTTP/1.1\r\n\r\n\x0BMSH\x1C\r");
        assert_eq!(all(&mut unframer), [b"MSH"]);
        assert_eq!(unframer.dropped(), 14);
        let endless = vec![b'x'; 4096];
        let error = (0..100).find_map(|_| {
            unframer.push(&endless);
            unframer.message().err()
        });
        assert_eq!(error.map(MllpError::code), Some("MLP-002"));
        assert!(unframer.buffer.len() <= 4096);
    }

    #[test]
    fn an_endless_frame_is_an_error_and_not_memory() {
        let mut unframer = Unframer::new(1_000);
        unframer.push(&[START]);
        let error = (0..100).find_map(|_| {
            unframer.push(&[b'x'; 64]);
            unframer.message().err()
        });
        assert_eq!(error, Some(MllpError::FrameTooLarge { limit: 1_000 }));
        assert!(unframer.buffer.len() < 1_100);
    }
}
