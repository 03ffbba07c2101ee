//! What was acknowledged, and what came of asking.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

/// Whose: community and patient.
pub type Whose = (usize, usize);

#[derive(Default)]
pub struct Ledger {
    pub acknowledged: Mutex<BTreeMap<Whose, BTreeSet<String>>>,
    pub asked: AtomicU64,
    pub gaps: AtomicU64,
    pub fetched: AtomicU64,
}

impl Ledger {
    pub fn of(&self, whose: Whose) -> BTreeSet<String> {
        let all = self.acknowledged.lock().unwrap();
        all.get(&whose).cloned().unwrap_or_default()
    }
}

/// The unique id and the content of a document say whose it is.
pub fn unique((place, patient): Whose, n: usize) -> String {
    format!("2.25.7.{place}.{patient}.{n}")
}
