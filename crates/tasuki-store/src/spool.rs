//! Large contents: sealed chunk by chunk as they come, opened chunk by chunk as they leave. Their SHA-1
//! (the hash of XDS) is by `sha1`, which uses the processor's instructions for it where `ring` does not.

use crate::objects::{NewObject, ObjectParts, Objects};
use crate::seal::{Chunks, DataKey, OWN_NAME, Place, SEAL, SEALED_CHUNK};
use crate::tx::Shared;
use sha1::{Digest, Sha1};
use std::sync::{Arc, Mutex, PoisonError};
use tasuki_core::ports::{Spooled, Spooling};
use tasuki_core::release::Pieces;
use tasuki_core::{Code, Fault};

/// What a content is bound as that is bound to the name of its object.
pub(crate) const OBJECT: &str = "object";

/// A content that is coming in.
pub(crate) struct Spool {
    objects: Arc<dyn Objects>,
    object: Box<dyn NewObject>,
    community: String,
    repository: String,
    key_id: String,
    key: Arc<DataKey>,
    chunks: Chunks,
    size: u64,
    sha1: Sha1,
}

impl Spool {
    pub(crate) fn begin(shared: &Shared, key_id: String, key: Arc<DataKey>) -> Result<Self, Fault> {
        let mut object = shared.objects.begin()?;
        object.write(&[OWN_NAME])?;
        Ok(Self {
            objects: Arc::clone(&shared.objects),
            object,
            community: shared.community.to_string(),
            repository: shared.repository.to_string(),
            key_id,
            key,
            chunks: Chunks::new(),
            size: 0,
            sha1: Sha1::new(),
        })
    }
}

/// Where a content of its own object is.
fn place<'a>(community: &'a str, repository: &'a str, id: &'a str) -> Place<'a> {
    Place {
        what: OBJECT,
        community,
        repository,
        id,
    }
}

impl Spooling for Spool {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.sha1.update(bytes);
        self.size += bytes.len() as u64;
        let (object, key) = (&mut self.object, &self.key);
        self.chunks.write(bytes, |chunk| {
            let place = place(&self.community, &self.repository, object.name());
            // Counted; a key that has done its share is exchanged for the next content.
            key.may_seal(1);
            let sealed = chunk.seal(&key.key, &place)?;
            object.write(&sealed)
        })
    }

    fn finish(mut self: Box<Self>) -> Result<Spooled, Fault> {
        let place = place(&self.community, &self.repository, self.object.name());
        self.key.may_seal(1);
        let sealed = self.chunks.last().seal(&self.key.key, &place)?;
        self.object.write(&sealed)?;
        self.object.finish()?;
        let sha1 = self.sha1.clone().finalize().into();
        let objects = Arc::clone(&self.objects);
        let forget = move |name: &str| {
            if let Err(fault) = objects.remove(&[name.to_owned()]) {
                // A file without a row: it is never read, and takes only room.
                tracing::warn!(code = fault.code.id(), "{}", fault.inside);
            }
        };
        let name = self.object.name().to_owned();
        let key_id = self.key_id.clone();
        Ok(Spooled::new(name, key_id, self.size, sha1, forget))
    }
}

/// A content that is read in pieces. Its hash is compared with the document's before its last piece
/// is given away.
pub(crate) struct ObjectReader {
    parts: Box<dyn ObjectParts>,
    key: Arc<DataKey>,
    what: &'static str,
    community: String,
    repository: String,
    id: String,
    hash: Vec<u8>,
    running: Mutex<(u64, Sha1)>,
}

impl ObjectReader {
    /// Of community and repository, entry and object.
    pub(crate) fn new(
        parts: Box<dyn ObjectParts>,
        key: Arc<DataKey>,
        [community, repository]: [&str; 2],
        [entry, object]: [&str; 2],
        hash: Vec<u8>,
    ) -> Result<Self, Fault> {
        let (what, id) = match parts.read(0, 1)?.first() {
            Some(&OWN_NAME) => (OBJECT, object),
            _ => ("content", entry),
        };
        Ok(Self {
            parts,
            key,
            what,
            community: community.to_owned(),
            repository: repository.to_owned(),
            id: id.to_owned(),
            hash,
            running: Mutex::new((0, Sha1::new())),
        })
    }

    fn chunks(&self) -> u64 {
        self.parts
            .size()
            .saturating_sub(1)
            .div_ceil(SEALED_CHUNK as u64)
    }

    /// The hash so far; at the end it has to be the document's.
    fn follow(&self, n: u64, plain: &[u8]) -> Result<(), Fault> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if n == 0 {
            *running = (0, Sha1::new());
        }
        let (next, context) = &mut *running;
        if *next != n {
            let what = "a content read out of its order";
            return Err(Fault::new(Code::InternalFault, what));
        }
        context.update(plain);
        *next += 1;
        if n + 1 == self.chunks() && context.clone().finalize().as_slice() != self.hash {
            let what = format!(
                "{} {} does not have the hash of its entry",
                self.what, self.id
            );
            return Err(Fault::new(Code::ContentForged, what));
        }
        Ok(())
    }
}

impl Pieces for ObjectReader {
    fn size(&self) -> u64 {
        let sealed = self.parts.size().saturating_sub(1);
        sealed.saturating_sub(self.chunks() * SEAL as u64)
    }

    fn piece(&self, n: u64) -> Result<Option<Vec<u8>>, Fault> {
        if n >= self.chunks() {
            return Ok(None);
        }
        let place = Place {
            what: self.what,
            community: &self.community,
            repository: &self.repository,
            id: &self.id,
        };
        let chunk = self.parts.read(1 + n * SEALED_CHUNK as u64, SEALED_CHUNK)?;
        let last = n + 1 == self.chunks();
        let plain = self.key.key.open_chunk(&place, n, last, &chunk)?;
        self.follow(n, &plain)?;
        Ok(Some(plain))
    }
}

/// A content that is passed on and not kept: gone when it is let go.
pub(crate) struct Passing {
    reader: ObjectReader,
    _spooled: Spooled,
}

impl Passing {
    pub(crate) fn begin(
        shared: &Shared,
        key: Arc<DataKey>,
        spooled: Spooled,
    ) -> Result<Self, Fault> {
        let name = spooled.object();
        let hash = spooled.sha1().to_vec();
        let reader = ObjectReader::new(
            shared.objects.reader(name)?,
            key,
            [shared.community.as_str(), shared.repository.as_str()],
            [name, name],
            hash,
        )?;
        Ok(Self {
            reader,
            _spooled: spooled,
        })
    }
}

impl Pieces for Passing {
    fn size(&self) -> u64 {
        self.reader.size()
    }

    fn piece(&self, n: u64) -> Result<Option<Vec<u8>>, Fault> {
        self.reader.piece(n)
    }
}
