//! Contents on their way in, before anybody knows which document they are.
//!
//! A message with attachments brings contents of any size. Small ones stay in memory; a larger one
//! goes to the store piece by piece, sealed, and becomes a document's when the message's metadata
//! is written. One that nobody takes is gone again.

use crate::Fault;
use sha1::{Digest, Sha1};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A content that is being written to the store.
pub trait Spooling: Send {
    /// Adds bytes.
    ///
    /// # Errors
    /// Those of the store, `STO-…`.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault>;

    /// Makes what was written durable.
    ///
    /// # Errors
    /// Those of the store.
    fn finish(self: Box<Self>) -> Result<Spooled, Fault>;
}

/// Removes the object of a name.
type Forget = Box<dyn FnOnce(&str) + Send + Sync>;

/// Says that a content has become a document's.
#[derive(Debug, Clone, Default)]
pub struct Claim(Arc<AtomicBool>);

impl Claim {
    /// The document is durable: the content stays.
    pub fn keep(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// A content in the store that belongs to no document yet. Dropped untaken, it is removed.
pub struct Spooled {
    object: String,
    key_id: String,
    size: u64,
    sha1: [u8; 20],
    claim: Claim,
    forget: Option<Forget>,
}

impl Spooled {
    /// Made by a store; `forget` removes the object of this name.
    pub fn new(
        object: String,
        key_id: String,
        size: u64,
        sha1: [u8; 20],
        forget: impl FnOnce(&str) + Send + Sync + 'static,
    ) -> Self {
        Self {
            object,
            key_id,
            size,
            sha1,
            claim: Claim::default(),
            forget: Some(Box::new(forget)),
        }
    }

    /// The name of the object.
    #[must_use]
    pub fn object(&self) -> &str {
        &self.object
    }

    /// The data key that sealed it.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// SHA-1 of what was written.
    #[must_use]
    pub const fn sha1(&self) -> [u8; 20] {
        self.sha1
    }

    /// What a store keeps until the transaction is durable that makes it a document's.
    #[must_use]
    pub fn claim(&self) -> Claim {
        self.claim.clone()
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        if let Some(forget) = self.forget.take()
            && !self.claim.0.load(Ordering::Acquire)
        {
            forget(&self.object);
        }
    }
}

impl fmt::Debug for Spooled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Spooled({} bytes)", self.size)
    }
}

/// A content as a message brought it.
#[derive(Debug)]
pub enum Incoming {
    /// In memory.
    Here(Vec<u8>),
    /// In the store.
    Spooled(Spooled),
}

impl Incoming {
    /// Its bytes in number.
    #[must_use]
    pub fn size(&self) -> u64 {
        match self {
            Self::Here(bytes) => bytes.len() as u64,
            Self::Spooled(spooled) => spooled.size,
        }
    }

    /// SHA-1, as `DocumentEntry.hash` has it (ITI TF-3 4.2.3.2.10).
    #[must_use]
    pub fn sha1(&self) -> [u8; 20] {
        match self {
            Self::Here(bytes) => Sha1::digest(bytes).into(),
            Self::Spooled(spooled) => spooled.sha1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn a_content_that_no_document_takes_is_forgotten() {
        let gone = Arc::new(Mutex::new(Vec::new()));
        let spooled = || {
            let gone = Arc::clone(&gone);
            let forget = move |name: &str| gone.lock().unwrap().push(name.to_owned());
            Spooled::new("o".to_owned(), "k".to_owned(), 3, [1; 20], forget)
        };
        let kept = spooled();
        kept.claim().keep();
        drop(kept);
        assert!(gone.lock().unwrap().is_empty());
        let content = Incoming::Spooled(spooled());
        assert_eq!((content.size(), content.sha1()), (3, [1; 20]));
        drop(content);
        assert_eq!(*gone.lock().unwrap(), ["o"]);
        // FIPS 180-4: the digest of nothing.
        assert_eq!(
            Incoming::Here(Vec::new()).sha1()[..4],
            [0xda, 0x39, 0xa3, 0xee]
        );
    }
}
