//! Data keys in a transaction: the one to seal with now, and the one a content was sealed with.

use super::Tx;
use crate::engine::Row;
use crate::seal::{DataKey, Place, WrappedKey, fresh_data_key};
use std::sync::Arc;
use tasuki_core::{Code, Fault};
use tasuki_model::{FacilityId, Instant};

/// The data key that this transaction seals with.
pub(super) struct Sealing {
    facility: String,
    key_id: String,
    key: Arc<DataKey>,
}

/// The month in Japan, such as `2026-07`: the month of receipt, not of service, so that a key is
/// in use for a month and then only opens.
fn current_month(now: Instant) -> String {
    let day = tasuki_model::JstDay::at(now);
    format!("{:04}-{:02}", day.year(), day.month())
}

fn wrapped(row: &dyn Row) -> Result<WrappedKey, Fault> {
    Ok(WrappedKey {
        key_id: row.text(0)?.to_owned(),
        facility: row.text(1)?.to_owned(),
        month: row.text(2)?.to_owned(),
        wrapped_by: row.text(3)?.to_owned(),
        wrapped: row.bytes(4)?.to_vec(),
    })
}

impl Tx<'_> {
    /// Seals bytes of a facility; returns the key's id and what is to be stored.
    pub(super) fn seal(
        &self,
        facility: &FacilityId,
        what: &'static str,
        id: &str,
        plain: &[u8],
    ) -> Result<(String, Vec<u8>), Fault> {
        let chunks = plain.len().div_ceil(crate::seal::CHUNK).max(1) as u64;
        let (key_id, key) = self.sealing_key(facility, chunks)?;
        let sealed = key.key.seal(&self.place(what, id), plain)?;
        Ok((key_id, sealed))
    }

    /// Opens what was sealed.
    pub(super) fn unseal(
        &self,
        key_id: &str,
        what: &'static str,
        id: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        let key = self.opening_key(key_id)?;
        key.key.open(&self.place(what, id), sealed)
    }

    /// The key for contents that come before their facility is known.
    pub(crate) fn spooling_key(&self) -> Result<(String, Arc<DataKey>), Fault> {
        let whose = FacilityId::new("incoming").map_err(super::damaged)?;
        self.sealing_key(&whose, 1)
    }

    fn place<'p>(&'p self, what: &'static str, id: &'p str) -> Place<'p> {
        Place {
            what,
            community: self.shared.community.as_str(),
            repository: self.shared.repository.as_str(),
            id,
        }
    }

    fn sealing_key(
        &self,
        facility: &FacilityId,
        chunks: u64,
    ) -> Result<(String, Arc<DataKey>), Fault> {
        if let Some(sealing) = &self.memo.borrow().sealing
            && sealing.facility == facility.as_str()
            && sealing.key.may_seal(chunks)
        {
            return Ok((sealing.key_id.clone(), Arc::clone(&sealing.key)));
        }
        let month = current_month(self.shared.clock.now());
        let known = self.first(
            "SELECT key_id, facility_id, month, wrapped_by, wrapped FROM data_key
             WHERE facility_id = $1 AND month = $2 ORDER BY key_id DESC LIMIT 1",
            &[facility.as_str().into(), month.as_str().into()],
            wrapped,
        )?;
        let found = match known {
            Some(known) => {
                let key = self.meet(&known)?;
                key.may_seal(chunks).then_some((known.key_id, key))
            }
            None => None,
        };
        let (key_id, key) = match found {
            Some(found) => found,
            None => self.new_data_key(facility, &month, chunks)?,
        };
        self.memo.borrow_mut().sealing = Some(Sealing {
            facility: facility.as_str().to_owned(),
            key_id: key_id.clone(),
            key: Arc::clone(&key),
        });
        Ok((key_id, key))
    }

    fn new_data_key(
        &self,
        facility: &FacilityId,
        month: &str,
        chunks: u64,
    ) -> Result<(String, Arc<DataKey>), Fault> {
        let wrapped_by = self
            .setting("wrapping_key")?
            .ok_or_else(|| Fault::new(Code::KeyMissing, "no wrapping key is in force"))?;
        let fresh = fresh_data_key(&self.shared.keys, facility.as_str(), month, &wrapped_by)?;
        self.execute(
            "INSERT INTO data_key (key_id, facility_id, month, wrapped_by, wrapped)
             VALUES ($1, $2, $3, $4, $5)",
            &[
                fresh.key_id.as_str().into(),
                facility.as_str().into(),
                month.into(),
                fresh.wrapped_by.as_str().into(),
                fresh.wrapped.as_slice().into(),
            ],
        )?;
        let key = self.shared.keys.meet(&fresh)?;
        key.may_seal(chunks);
        Ok((fresh.key_id, key))
    }

    /// The key that something was sealed with.
    pub(crate) fn opening_key(&self, key_id: &str) -> Result<Arc<DataKey>, Fault> {
        if let Some(key) = self.shared.keys.met(key_id) {
            return Ok(key);
        }
        let found = self.first(
            "SELECT key_id, facility_id, month, wrapped_by, wrapped FROM data_key
             WHERE key_id = $1",
            &[key_id.into()],
            wrapped,
        )?;
        let found = found
            .ok_or_else(|| Fault::new(Code::KeyMissing, format!("data key {key_id} is missing")))?;
        self.shared.keys.meet(&found)
    }

    fn meet(&self, known: &WrappedKey) -> Result<Arc<DataKey>, Fault> {
        match self.shared.keys.met(&known.key_id) {
            Some(key) => Ok(key),
            None => self.shared.keys.meet(known),
        }
    }

    /// Every data key, for rotation.
    pub(crate) fn data_keys(&self) -> Result<Vec<WrappedKey>, Fault> {
        self.all(
            "SELECT key_id, facility_id, month, wrapped_by, wrapped FROM data_key ORDER BY key_id",
            &[],
            wrapped,
        )
    }

    /// Puts a data key's new wrapping in place.
    pub(crate) fn put_rewrapped(
        &self,
        key_id: &str,
        wrapped_by: &str,
        wrapped: &[u8],
    ) -> Result<(), Fault> {
        self.execute(
            "UPDATE data_key SET wrapped_by = $1, wrapped = $2 WHERE key_id = $3",
            &[wrapped_by.into(), wrapped.into(), key_id.into()],
        )
        .map(drop)
    }

    /// A setting of the database.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>, Fault> {
        self.first(
            "SELECT value FROM setting WHERE name = $1",
            &[name.into()],
            |row| row.text(0).map(str::to_owned),
        )
    }

    /// Changes a setting of the database.
    pub(crate) fn put_setting(&self, name: &str, value: &str) -> Result<(), Fault> {
        self.execute(
            "INSERT INTO setting (name, value) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            &[name.into(), value.into()],
        )
        .map(drop)
    }
}
