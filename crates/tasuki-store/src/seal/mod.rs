//! Sealed contents: AES-256-GCM (NIST SP 800-38D), in chunks of 256 KiB.
//!
//! Form, version 1: one byte `1`, then for each chunk a nonce of 12 bytes, the ciphertext and a tag
//! of 16 bytes. Every chunk is bound to its place by the additional data: what kind of thing it is,
//! community, repository, id, chunk number, and whether it is the last. So a bit that is flipped, a
//! chunk or a whole content that is swapped with another, and an end that is cut off do not open.
//!
//! Nonces are random, 96 bits. SP 800-38D, 8.3 allows 2^32 of them under one key. A data key serves
//! one facility for one month, and a process takes a new one after 2^28 chunks, so that sixteen
//! processes could write at full speed and stay below; a counter in the database would make every
//! write of a facility collide on one row instead. Every content carries its key's id.
//!
//! A content that is too large for memory is sealed as it comes, before it is known which document it
//! is: then its first byte is `2`, it is bound to the random name of its object, under a key of the
//! community and not of a facility, and the document's hash binds the two together.
//!
//! What this does not cover: metadata, audit, indexes, the write-ahead log and temporary files hold
//! patient data in the clear. Disk encryption is required beside it (SECURITY.md).

mod chunks;
mod keys;
mod ring;

pub(crate) use chunks::Chunks;
pub use keys::KeyFolder;
pub(crate) use ring::{DataKey, KeyRing, WrappedKey, fresh_data_key};

use ::ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ::ring::rand::{SecureRandom, SystemRandom};
use tasuki_core::{Code, Fault};

const VERSION: u8 = 1;
/// First byte of a content that came before it was known which document it is: the same form, but
/// bound to the name of its object.
pub(crate) const OWN_NAME: u8 = 2;
/// What sealing adds to a chunk.
pub(crate) const SEAL: usize = NONCE_LEN + TAG;
/// Bytes of content in one chunk.
pub(crate) const CHUNK: usize = 256 * 1024;
const TAG: usize = 16;
/// Bytes of a chunk that is full, sealed.
pub(crate) const SEALED_CHUNK: usize = NONCE_LEN + CHUNK + TAG;

/// What a sealed thing is and where it belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Kind of thing: a content is not a tombstone.
    pub(crate) what: &'static str,
    pub(crate) community: &'a str,
    pub(crate) repository: &'a str,
    pub(crate) id: &'a str,
}

impl Place<'_> {
    fn bound(&self, chunk: u64, last: bool) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(160);
        bytes.extend_from_slice(b"tasuki-sealed-1");
        for part in [self.what, self.community, self.repository, self.id] {
            bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes.extend_from_slice(&chunk.to_be_bytes());
        bytes.push(u8::from(last));
        bytes
    }
}

/// A key that seals and opens.
pub(crate) struct SealKey {
    key: LessSafeKey,
}

impl SealKey {
    /// A key by its 32 bytes.
    pub(crate) fn new(bytes: &[u8; 32]) -> Result<Self, Fault> {
        let key = UnboundKey::new(&AES_256_GCM, bytes)
            .map_err(|_| Fault::new(Code::KeyUnreadable, "a key is not of 32 bytes"))?;
        Ok(Self {
            key: LessSafeKey::new(key),
        })
    }

    /// Seals bytes.
    pub(crate) fn seal(&self, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        let chunks = plain.len().div_ceil(CHUNK).max(1);
        let mut sealed = Vec::with_capacity(1 + plain.len() + chunks * (NONCE_LEN + TAG));
        sealed.push(VERSION);
        for number in 0..chunks {
            let from = number * CHUNK;
            let part = plain
                .get(from..plain.len().min(from + CHUNK))
                .unwrap_or(&[]);
            let last = number + 1 == chunks;
            self.seal_chunk(place, number as u64, last, part, &mut sealed)?;
        }
        Ok(sealed)
    }

    /// Seals one chunk behind what is sealed already.
    pub(crate) fn seal_chunk(
        &self,
        place: &Place<'_>,
        number: u64,
        last: bool,
        part: &[u8],
        sealed: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let nonce = random::<NONCE_LEN>()?;
        sealed.extend_from_slice(&nonce);
        let start = sealed.len();
        sealed.extend_from_slice(part);
        let body = sealed.get_mut(start..).unwrap_or(&mut []);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let bound = Aad::from(place.bound(number, last));
        let tag = self
            .key
            .seal_in_place_separate_tag(nonce, bound, body)
            .map_err(|_| Fault::new(Code::InternalFault, "sealing failed"))?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// Opens what was sealed for this place.
    pub(crate) fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        let body = match sealed.split_first() {
            Some((&(VERSION | OWN_NAME), body)) if !body.is_empty() => body,
            _ => return Err(forged(place)),
        };
        let chunks = body.len().div_ceil(SEALED_CHUNK);
        let mut plain = Vec::with_capacity(body.len());
        for (number, chunk) in body.chunks(SEALED_CHUNK).enumerate() {
            let last = number + 1 == chunks;
            plain.extend(self.open_chunk(place, number as u64, last, chunk)?);
        }
        Ok(plain)
    }

    /// Opens one chunk.
    pub(crate) fn open_chunk(
        &self,
        place: &Place<'_>,
        number: u64,
        last: bool,
        chunk: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        let forged = || forged(place);
        let (nonce, rest) = chunk.split_at_checked(NONCE_LEN).ok_or_else(forged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| forged())?;
        let mut part = rest.to_vec();
        let bound = Aad::from(place.bound(number, last));
        let opened = self.key.open_in_place(nonce, bound, &mut part);
        let size = opened.map_err(|_| forged())?.len();
        part.truncate(size);
        Ok(part)
    }
}

fn forged(place: &Place<'_>) -> Fault {
    let what = format!("{} {} does not open under its key", place.what, place.id);
    Fault::new(Code::ContentForged, what)
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Fault::new(Code::InternalFault, "the system gives no random bytes"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'_> = Place {
        what: "content",
        community: "1.2.3",
        repository: "1.2.3.1",
        id: "d1",
    };

    fn refused(key: &SealKey, place: &Place<'_>, sealed: &[u8]) {
        assert_eq!(
            key.open(place, sealed).map(|p| p.len()).unwrap_err().code,
            Code::ContentForged
        );
    }

    #[test]
    fn contents_of_every_size_open_again() {
        let key = SealKey::new(&[7; 32]).unwrap();
        for size in [0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let plain: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
            let sealed = key.seal(&HERE, &plain).unwrap();
            assert_eq!(key.open(&HERE, &sealed).unwrap(), plain, "{size}");
        }
    }

    #[test]
    fn flipped_swapped_and_cut_contents_do_not_open() {
        let key = SealKey::new(&[7; 32]).unwrap();
        let plain = vec![9u8; 2 * CHUNK + 10];
        let sealed = key.seal(&HERE, &plain).unwrap();
        for at in [0, 1, 13, 14, SEALED_CHUNK, sealed.len() - 1] {
            let mut flipped = sealed.clone();
            flipped[at] ^= 0x10;
            refused(&key, &HERE, &flipped);
        }
        for end in [
            0,
            1,
            20,
            1 + SEALED_CHUNK,
            1 + 2 * SEALED_CHUNK,
            sealed.len() - 1,
        ] {
            refused(&key, &HERE, &sealed[..end]);
        }
        let mut swapped = sealed.clone();
        let (first, second) = swapped[1..1 + 2 * SEALED_CHUNK].split_at_mut(SEALED_CHUNK);
        first.swap_with_slice(second);
        refused(&key, &HERE, &swapped);
        for other in [
            Place { id: "d2", ..HERE },
            Place {
                community: "1.2.4",
                ..HERE
            },
            Place {
                repository: "1.2.3.2",
                ..HERE
            },
            Place {
                what: "tombstone",
                ..HERE
            },
        ] {
            refused(&key, &other, &sealed);
        }
        refused(&SealKey::new(&[8; 32]).unwrap(), &HERE, &sealed);
    }
}
