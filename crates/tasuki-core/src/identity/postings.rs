//! Who stands under which key: one hash table for all kinds, and chains through the registrations.
//!
//! The table holds the newest entry of each key; the key itself is computed again from the row, so
//! that an entry takes five bytes and a link of a chain four.

use super::block::{self, KINDS};
use super::row::Row;
use hashbrown::HashTable;
use std::collections::HashMap;

/// Registrations an index can hold: an entry keeps 27 bits for them.
pub const SLOTS_MAX: usize = 1 << 27;
/// The end of a chain.
const END: u32 = u32::MAX;

/// A place in a chain: which registration, whether by a former value, and the kind of key.
#[derive(Clone, Copy)]
struct Entry(u32);

impl Entry {
    fn new(slot: u32, former: bool, kind: usize) -> Self {
        Self(slot << 5 | u32::from(former) << 4 | kind as u32)
    }

    fn slot(self) -> u32 {
        self.0 >> 5
    }

    fn former(self) -> bool {
        self.0 & 16 != 0
    }

    fn kind(self) -> usize {
        (self.0 & 15) as usize
    }

    fn key(self, rows: &[Row]) -> u64 {
        rows.get(self.slot() as usize)
            .map_or(0, |row| block::key(row, self.kind(), self.former()))
    }
}

/// The postings of an index.
#[derive(Debug, Default)]
pub struct Postings {
    heads: HashTable<u32>,
    next: Vec<[u32; KINDS]>,
    /// Links of the few that have former values.
    next_former: HashMap<u32, [u32; KINDS]>,
}

impl Postings {
    /// Makes room for so many more registrations.
    pub fn reserve(&mut self, rows: &[Row], more: usize) {
        self.next.reserve(more);
        // About half of the keys of a registration are its alone or the first of their kind.
        self.heads
            .reserve(more * KINDS / 2, |e| Entry(*e).key(rows));
    }

    fn link(&self, entry: Entry) -> u32 {
        let links = if entry.former() {
            self.next_former.get(&entry.slot())
        } else {
            self.next.get(entry.slot() as usize)
        };
        links
            .and_then(|l| l.get(entry.kind()))
            .copied()
            .unwrap_or(END)
    }

    fn link_mut(&mut self, entry: Entry) -> Option<&mut u32> {
        let links = if entry.former() {
            self.next_former.entry(entry.slot()).or_insert([END; KINDS])
        } else {
            self.next.get_mut(entry.slot() as usize)?
        };
        links.get_mut(entry.kind())
    }

    fn keys(row: &Row) -> impl Iterator<Item = (usize, bool, u64)> {
        let row = *row;
        let former = row.former != super::row::Former::default();
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
            let entry = Entry::new(slot, former, kind);
            let before = match self.heads.find_mut(key, |e| {
                Entry(*e).kind() == kind && Entry(*e).key(rows) == key
            }) {
                Some(head) => std::mem::replace(head, entry.0),
                None => {
                    self.heads
                        .insert_unique(key, entry.0, |e| Entry(*e).key(rows));
                    END
                }
            };
            if let Some(link) = self.link_mut(entry) {
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
            let entry = Entry::new(slot, former, kind);
            let after = self.link(entry);
            let same = |e: &u32| Entry(*e).kind() == kind && Entry(*e).key(rows) == key;
            let Ok(mut head) = self.heads.find_entry(key, same) else {
                continue;
            };
            let first = *head.get();
            if first == entry.0 && after == END {
                head.remove();
            } else if first == entry.0 {
                *head.get_mut() = after;
            } else {
                self.skip(Entry(first), entry, after);
            }
        }
        self.next_former.remove(&slot);
    }

    /// Takes an entry out of the middle of its chain.
    fn skip(&mut self, first: Entry, gone: Entry, after: u32) {
        let mut at = first;
        loop {
            let next = self.link(at);
            if next == END {
                return;
            }
            if next == gone.0 {
                if let Some(link) = self.link_mut(at) {
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
        let same = |e: &u32| Entry(*e).kind() == kind && Entry(*e).key(rows) == key;
        let mut at = self.heads.find(key, same).copied().unwrap_or(END);
        while at != END {
            if out.len() - start >= limit {
                out.truncate(start);
                return false;
            }
            let entry = Entry(at);
            out.push(entry.slot());
            at = self.link(entry);
        }
        true
    }

    /// Somebody who holds a value of household, now or formerly.
    #[must_use]
    pub fn first_with(&self, rows: &[Row], home: usize, value: u64) -> Option<u32> {
        let kind = block::ALONE + home;
        let key = block::key_of(kind, [value, 1]);
        let same = |e: &u32| Entry(*e).kind() == kind && Entry(*e).key(rows) == key;
        self.heads.find(key, same).map(|e| Entry(*e).slot())
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
        self.heads.allocation_size()
            + self.next.capacity() * size_of::<[u32; KINDS]>()
            + self.next_former.capacity() * (size_of::<[u32; KINDS]>() + 5)
    }
}
