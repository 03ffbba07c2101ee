//! The account of an import. Every file that was seen is in exactly one of its counts.

use std::collections::BTreeMap;
use tasuki_core::{Code, Fault};

/// What became of the files of a storage:
/// `read = registered + replaced + unchanged + noted + quarantined + waiting`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files seen.
    pub read: u64,
    /// Files that became a document: a new one, or a superseded version not known before.
    pub registered: u64,
    /// Files that took the place of an earlier version.
    pub replaced: u64,
    /// Files that are as they were, or hold what is there already.
    pub unchanged: u64,
    /// Files that led to no document of their own: deletions, and what was deleted.
    pub noted: u64,
    /// Files that lie in quarantine after this run.
    pub quarantined: u64,
    /// Files still being written; the next run takes them.
    pub waiting: u64,
    /// Documents deleted (condition flag 0), every version counted. Not a count of files.
    pub deleted: u64,
    /// Why files are in quarantine or waiting, by stable code.
    pub reasons: BTreeMap<Code, u64>,
    /// Transactions of this process meanwhile, each made durable by a sync of the database.
    pub commits: u64,
    /// What stopped the import before its end. What was counted until then is safe, and a second
    /// run goes on from there.
    pub stopped: Option<Fault>,
}

impl Summary {
    /// Counts one file into quarantine.
    pub(crate) fn quarantine(&mut self, code: Code) {
        self.quarantined += 1;
        *self.reasons.entry(code).or_default() += 1;
    }

    /// Counts one file that is still being written.
    pub(crate) fn wait(&mut self) {
        self.waiting += 1;
        *self.reasons.entry(Code::FileGrowing).or_default() += 1;
    }

    /// Whether every file seen is accounted for.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.read
            == self.registered
                + self.replaced
                + self.unchanged
                + self.noted
                + self.quarantined
                + self.waiting
    }

    /// Only what is still being written: what a second look at a folder counts of the files that
    /// need nothing, for the first look has counted the others.
    pub(crate) fn only_waiting(&self) -> Self {
        let mut rest = Self::default();
        (0..self.waiting).for_each(|_| rest.wait());
        rest
    }

    /// Puts a second look in the place of what was waiting.
    pub(crate) fn look_again(&mut self, second: &Self) {
        self.waiting = 0;
        self.reasons.remove(&Code::FileGrowing);
        self.add(second);
        self.read = self.registered
            + self.replaced
            + self.unchanged
            + self.noted
            + self.quarantined
            + self.waiting;
    }

    /// Adds another account to this one.
    pub(crate) fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.registered += other.registered;
        self.replaced += other.replaced;
        self.unchanged += other.unchanged;
        self.noted += other.noted;
        self.quarantined += other.quarantined;
        self.waiting += other.waiting;
        self.deleted += other.deleted;
        for (code, count) in &other.reasons {
            *self.reasons.entry(*code).or_default() += count;
        }
    }
}

impl serde::Serialize for Summary {
    /// The form of `tasuki import --json`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let reasons: BTreeMap<&str, u64> = self.reasons.iter().map(|(c, n)| (c.id(), *n)).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("version", &1)?;
        map.serialize_entry("read", &self.read)?;
        map.serialize_entry("registered", &self.registered)?;
        map.serialize_entry("replaced", &self.replaced)?;
        map.serialize_entry("deleted", &self.deleted)?;
        map.serialize_entry("unchanged", &self.unchanged)?;
        map.serialize_entry("noted", &self.noted)?;
        map.serialize_entry("quarantined", &self.quarantined)?;
        map.serialize_entry("waiting", &self.waiting)?;
        map.serialize_entry("reasons", &reasons)?;
        map.serialize_entry("commits", &self.commits)?;
        if let Some(fault) = &self.stopped {
            map.serialize_entry("stopped", fault.code.id())?;
        }
        map.end()
    }
}
