//! The coded attributes that many entries share, stored once and named by their hash.
//!
//! A hospital has a few dozen kinds and departments, so a few hundred rows stand for millions of
//! entries, whose own rows stay lean. A row never changes, so a process may keep what it has read.

use super::{Tx, from_json, to_json};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault};
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, Coding, DocumentEntry, RepositoryId};

/// How many sets a process keeps in memory. More are read again when needed.
const KEPT_MAX: usize = 50_000;

/// The attributes, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct EntryCodes {
    pub(super) class_code: Coding,
    pub(super) type_code: Coding,
    pub(super) format_code: Coding,
    pub(super) practice_setting: Option<Coding>,
    pub(super) confidentiality: Confidentiality,
    pub(super) category: Category,
    pub(super) mime_type: Box<str>,
    pub(super) repository_id: RepositoryId,
}

impl EntryCodes {
    fn of(entry: &DocumentEntry) -> Self {
        Self {
            class_code: entry.class_code.clone(),
            type_code: entry.type_code.clone(),
            format_code: entry.format_code.clone(),
            practice_setting: entry.practice_setting.clone(),
            confidentiality: entry.confidentiality,
            category: entry.category,
            mime_type: entry.mime_type.clone(),
            repository_id: entry.repository_id.clone(),
        }
    }
}

/// Sets that this process has read or written.
#[derive(Default)]
pub(crate) struct CodesCache {
    by_id: RwLock<HashMap<String, Arc<EntryCodes>>>,
}

/// Sets that the work at hand has made sure of.
#[derive(Default)]
pub(super) struct Seen {
    ids: HashMap<EntryCodes, String>,
    stored: HashSet<String>,
}

impl CodesCache {
    fn get(&self, id: &str) -> Option<Arc<EntryCodes>> {
        let kept = self.by_id.read().unwrap_or_else(PoisonError::into_inner);
        kept.get(id).cloned()
    }

    fn keep(&self, id: &str, codes: &Arc<EntryCodes>) {
        let mut kept = self.by_id.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(id.to_owned(), Arc::clone(codes));
    }
}

impl Tx<'_> {
    /// The name of an entry's set, whose row is there when this returns.
    pub(super) fn codes_id(&self, entry: &DocumentEntry) -> Result<String, Fault> {
        let codes = EntryCodes::of(entry);
        if let Some(id) = self.memo.borrow().codes.ids.get(&codes) {
            return Ok(id.clone());
        }
        let body = to_json(&codes)?;
        let hash = digest(&SHA256, body.as_bytes());
        let id = hex(hash.as_ref().get(..12).unwrap_or(&[]));
        let fresh = self.memo.borrow_mut().codes.stored.insert(id.clone());
        if fresh {
            self.execute(
                "INSERT INTO entry_codes (codes_id, category, body) VALUES ($1, $2, $3)
                 ON CONFLICT (codes_id) DO NOTHING",
                &[
                    id.as_str().into(),
                    codes.category.code().into(),
                    body.as_str().into(),
                ],
            )?;
        }
        self.memo.borrow_mut().codes.ids.insert(codes, id.clone());
        Ok(id)
    }

    /// The set of a name.
    pub(super) fn codes(&self, id: &str) -> Result<Arc<EntryCodes>, Fault> {
        if let Some(codes) = self.shared.codes.get(id) {
            return Ok(codes);
        }
        let found = self.first(
            "SELECT body FROM entry_codes WHERE codes_id = $1",
            &[id.into()],
            |row| from_json("entry codes", row.text(0)?),
        )?;
        let codes: Arc<EntryCodes> = Arc::new(found.ok_or_else(|| {
            Fault::new(Code::StoreBroken, format!("entry codes {id} are missing"))
        })?);
        self.shared.codes.keep(id, &codes);
        Ok(codes)
    }
}
