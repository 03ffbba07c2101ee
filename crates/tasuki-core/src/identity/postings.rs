//! Who stands under which key: one hash table for each kind of key, and chains through the
//! registrations.
//!
//! A table holds the newest entry of each key; the key itself is computed again from the row, so
//! that an entry takes five bytes and a link of a chain four.

use super::block::{self, KINDS};
use super::row::{Former, Row};
use hashbrown::{HashMap, HashTable};

/// Registrations an index can hold: an entry keeps 31 bits for them, and the last one ends chains.
pub const SLOTS_MAX: usize = (1 << 31) - 1;
/// The end of a chain.
const END: u32 = u32::MAX;

/// A place in a chain: which registration, and whether by a former value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry(u32);

impl Entry {
    /// The entry of a registration.
    #[must_use]
    pub fn new(slot: u32, former: bool) -> Self {
        Self(slot << 1 | u32::from(former))
    }

    /// Which registration.
    #[must_use]
    pub fn slot(self) -> u32 {
        self.0 >> 1
    }

    /// Whether by a former value.
    #[must_use]
    pub fn former(self) -> bool {
        self.0 & 1 != 0
    }

    fn key(self, kind: usize, rows: &[Row]) -> u64 {
        rows.get(self.slot() as usize)
            .map_or(0, |row| block::key(row, kind, self.former()))
    }
}

/// The postings of an index.
#[derive(Debug, Default)]
pub struct Postings {
    heads: [HashTable<u32>; KINDS],
    next: Vec<[u32; KINDS]>,
    /// Links of the few that have former values.
    next_former: HashMap<u32, [u32; KINDS]>,
}

impl Postings {
    /// Forgets all and makes room for so many registrations.
    pub fn clear(&mut self, slots: usize) {
        *self = Self::default();
        self.next.resize(slots, [END; KINDS]);
    }

    /// Enters everyone under the keys of one kind, given in the order of keys: much faster than one
    /// by one.
    pub fn fill(&mut self, rows: &[Row], kind: usize, keyed: &[(u64, Entry)]) {
        let keys = keyed.chunk_by(|a, b| a.0 == b.0);
        if let Some(heads) = self.heads.get_mut(kind) {
            heads.reserve(keys.clone().count(), |e| Entry(*e).key(kind, rows));
        }
        for entries in keys {
            let mut before = END;
            for (_, entry) in entries {
                if let Some(link) = self.link_mut(kind, *entry) {
                    *link = before;
                }
                before = entry.0;
            }
            if let (Some(heads), Some((key, _))) = (self.heads.get_mut(kind), entries.first()) {
                heads.insert_unique(*key, before, |e| Entry(*e).key(kind, rows));
            }
        }
    }

    fn link(&self, kind: usize, entry: Entry) -> u32 {
        let links = if entry.former() {
            self.next_former.get(&entry.slot())
        } else {
            self.next.get(entry.slot() as usize)
        };
        links.and_then(|l| l.get(kind)).copied().unwrap_or(END)
    }

    fn link_mut(&mut self, kind: usize, entry: Entry) -> Option<&mut u32> {
        let links = if entry.former() {
            self.next_former.entry(entry.slot()).or_insert([END; KINDS])
        } else {
            self.next.get_mut(entry.slot() as usize)?
        };
        links.get_mut(kind)
    }

    fn head(&self, rows: &[Row], kind: usize, key: u64) -> u32 {
        let heads = self.heads.get(kind);
        let head = heads.and_then(|h| h.find(key, |e| Entry(*e).key(kind, rows) == key));
        head.copied().unwrap_or(END)
    }

    fn keys(row: &Row) -> impl Iterator<Item = (usize, bool, u64)> {
        let row = *row;
        let former = row.former != Former::default();
        (0..KINDS)
            .flat_map(move |kind| [(kind, false), (kind, true)])
            .filter(move |(kind, old)| !old || (former && block::home_of(*kind).is_some()))
            .map(move |(kind, old)| (kind, old, block::key(&row, kind, old)))
            .filter(|(_, _, key)| *key != 0)
    }

    /// Enters a registration under its keys.
    pub fn enter(&mut self, rows: &[Row], slot: u32) {
        let Some(row) = rows.get(slot as usize) else {
            return;
        };
        if self.next.len() <= slot as usize {
            self.next.resize(slot as usize + 1, [END; KINDS]);
        }
        for (kind, former, key) in Self::keys(row) {
            let (entry, hash) = (Entry::new(slot, former), |e: &u32| {
                Entry(*e).key(kind, rows)
            });
            let Some(heads) = self.heads.get_mut(kind) else {
                continue;
            };
            let before = match heads.find_mut(key, |e| hash(e) == key) {
                Some(head) => std::mem::replace(head, entry.0),
                None => {
                    heads.insert_unique(key, entry.0, hash);
                    END
                }
            };
            if let Some(link) = self.link_mut(kind, entry) {
                *link = before;
            }
        }
    }

    /// Takes a registration off. Its row must still be the one it was entered with.
    pub fn leave(&mut self, rows: &[Row], slot: u32) {
        let Some(row) = rows.get(slot as usize) else {
            return;
        };
        for (kind, former, key) in Self::keys(row) {
            let entry = Entry::new(slot, former);
            let after = self.link(kind, entry);
            let Some(heads) = self.heads.get_mut(kind) else {
                continue;
            };
            let Ok(mut head) = heads.find_entry(key, |e| Entry(*e).key(kind, rows) == key) else {
                continue;
            };
            let first = *head.get();
            if first == entry.0 && after == END {
                head.remove();
            } else if first == entry.0 {
                *head.get_mut() = after;
            } else {
                self.skip(kind, Entry(first), entry, after);
            }
        }
        self.next_former.remove(&slot);
    }

    /// Takes an entry out of the middle of its chain.
    fn skip(&mut self, kind: usize, first: Entry, gone: Entry, after: u32) {
        let mut at = first;
        loop {
            let next = self.link(kind, at);
            if next == END {
                return;
            }
            if next == gone.0 {
                if let Some(link) = self.link_mut(kind, at) {
                    *link = after;
                }
                return;
            }
            at = Entry(next);
        }
    }

    /// Appends to `out` who stands under a key, the newest first; false, and nothing appended, if
    /// they are more than `limit`.
    pub fn under(
        &self,
        rows: &[Row],
        kind: usize,
        key: u64,
        limit: usize,
        out: &mut Vec<u32>,
    ) -> bool {
        let start = out.len();
        let mut at = self.head(rows, kind, key);
        while at != END {
            if out.len() - start >= limit {
                out.truncate(start);
                return false;
            }
            let entry = Entry(at);
            out.push(entry.slot());
            at = self.link(kind, entry);
        }
        true
    }

    /// Somebody who holds a value of household, now or formerly.
    #[must_use]
    pub fn first_with(&self, rows: &[Row], home: usize, value: u64) -> Option<u32> {
        let kind = block::ALONE + home;
        let key = block::key_of(kind, [value, 1]);
        let head = self.head(rows, kind, key);
        (head != END).then_some(Entry(head).slot())
    }

    /// Who stands under each key of a registration, itself among them: one list a key, of the kinds
    /// asked for. Lists longer than `limit` are left out.
    pub fn beside(
        &self,
        rows: &[Row],
        slot: u32,
        kinds: std::ops::Range<usize>,
        limit: usize,
        mut found: impl FnMut(&[u32]),
    ) {
        let Some(row) = rows.get(slot as usize) else {
            return;
        };
        let mut list = Vec::new();
        for (kind, _, key) in Self::keys(row).filter(|(kind, _, _)| kinds.contains(kind)) {
            list.clear();
            if self.under(rows, kind, key, limit, &mut list) {
                found(&list);
            }
        }
    }

    /// Bytes in use.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let heads: usize = self.heads.iter().map(HashTable::allocation_size).sum();
        heads
            + self.next.capacity() * size_of::<[u32; KINDS]>()
            + self.next_former.capacity() * (size_of::<[u32; KINDS]>() + 5)
    }
}
