//! The keys a process holds: wrapping keys from the folder, data keys as they are met.
//!
//! A data key is looked up by its id, which is random, so a key whose row was rolled back after it
//! came in here is never found again and does no harm.

use super::{KeyFolder, Place, SealKey, random};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};

/// How many chunks one process seals under one data key.
const SEALED_MAX: u64 = 1 << 28;

/// A data key in use.
pub(crate) struct DataKey {
    /// Seals and opens.
    pub(crate) key: SealKey,
    sealed: AtomicU64,
}

impl DataKey {
    /// Counts chunks to be sealed; false when the key has done its share in this process.
    pub(crate) fn may_seal(&self, chunks: u64) -> bool {
        self.sealed.fetch_add(chunks, Ordering::Relaxed) + chunks <= SEALED_MAX
    }
}

/// A data key as it lies in the database.
#[derive(Debug, Clone)]
pub(crate) struct WrappedKey {
    pub(crate) key_id: String,
    pub(crate) facility: String,
    pub(crate) month: String,
    pub(crate) wrapped_by: String,
    pub(crate) wrapped: Vec<u8>,
}

impl WrappedKey {
    fn place(&self) -> Place<'_> {
        Place {
            what: "data-key",
            community: &self.facility,
            repository: &self.month,
            id: &self.key_id,
        }
    }
}

/// The keys a process holds.
pub(crate) struct KeyRing {
    folder: KeyFolder,
    wrapping: RwLock<BTreeMap<String, Arc<SealKey>>>,
    data: RwLock<HashMap<String, Arc<DataKey>>>,
}

impl KeyRing {
    /// Loads the folder's wrapping keys.
    pub(crate) fn load(folder: KeyFolder) -> Result<Self, Fault> {
        let ring = Self {
            folder,
            wrapping: RwLock::default(),
            data: RwLock::default(),
        };
        ring.reload()?;
        Ok(ring)
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &KeyFolder {
        &self.folder
    }

    fn reload(&self) -> Result<(), Fault> {
        let keys = self.folder.wrapping_keys()?;
        *self
            .wrapping
            .write()
            .unwrap_or_else(PoisonError::into_inner) = keys
            .into_iter()
            .map(|(id, key)| (id, Arc::new(key)))
            .collect();
        Ok(())
    }

    /// A wrapping key. Looks into the folder again if it is new: another process may have rotated.
    pub(crate) fn wrapping(&self, id: &str) -> Result<Arc<SealKey>, Fault> {
        let known = || {
            let keys = self.wrapping.read().unwrap_or_else(PoisonError::into_inner);
            keys.get(id).cloned()
        };
        if let Some(key) = known() {
            return Ok(key);
        }
        self.reload()?;
        known().ok_or_else(|| Fault::new(Code::KeyMissing, format!("wrapping key {id} is missing")))
    }

    /// A data key that was met before.
    pub(crate) fn met(&self, key_id: &str) -> Option<Arc<DataKey>> {
        let keys = self.data.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(key_id).cloned()
    }

    /// Unwraps a data key and keeps it.
    pub(crate) fn meet(&self, wrapped: &WrappedKey) -> Result<Arc<DataKey>, Fault> {
        let bytes = self.unwrap(wrapped)?;
        let key = Arc::new(DataKey {
            key: SealKey::new(&bytes)?,
            sealed: AtomicU64::new(0),
        });
        let mut keys = self.data.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(
            keys.entry(wrapped.key_id.clone()).or_insert(key),
        ))
    }

    fn unwrap(&self, wrapped: &WrappedKey) -> Result<[u8; 32], Fault> {
        let wrapping = self.wrapping(&wrapped.wrapped_by)?;
        let opened = wrapping.open(&wrapped.place(), &wrapped.wrapped)?;
        opened
            .try_into()
            .map_err(|_| Fault::new(Code::ContentForged, "a data key has another length"))
    }

    /// Wraps a data key anew under another wrapping key.
    pub(crate) fn rewrap(&self, old: &WrappedKey, wrapped_by: &str) -> Result<Vec<u8>, Fault> {
        let bytes = self.unwrap(old)?;
        self.wrapping(wrapped_by)?.seal(&old.place(), &bytes)
    }
}

/// A new data key for a facility and a month.
pub(crate) fn fresh_data_key(
    ring: &KeyRing,
    facility: &str,
    month: &str,
    wrapped_by: &str,
) -> Result<WrappedKey, Fault> {
    let mut fresh = WrappedKey {
        key_id: hex(&random::<8>()?),
        facility: facility.to_owned(),
        month: month.to_owned(),
        wrapped_by: wrapped_by.to_owned(),
        wrapped: Vec::new(),
    };
    let bytes = random::<32>()?;
    fresh.wrapped = ring.wrapping(wrapped_by)?.seal(&fresh.place(), &bytes)?;
    Ok(fresh)
}
