//! Names by number, with how often each stands as family and as given name.
//!
//! Counts run along while registrations come and go; scoring reads them as of the last
//! [`settled`](Names::settled), so that a pair weighs the same whenever it is looked at in between.
//! They count every registration, disclosed or not: an aggregate that tells nothing of anyone.

use super::row::Row;
use super::row::hash64;
use hashbrown::HashTable;

/// A name's number in the dictionary; 0 = not known.
pub type NameId = u32;

/// How often a name stands in one field: now, and as scoring sees it.
#[derive(Debug, Clone, Copy, Default)]
struct Often {
    now: u32,
    settled: u32,
}

/// One dictionary: of readings or of writings.
#[derive(Debug, Default)]
pub struct Names {
    numbers: HashTable<NameId>,
    texts: Vec<Box<[u8]>>,
    family: Vec<Often>,
    given: Vec<Often>,
}

/// The place of a number in the lists.
fn place(id: NameId) -> Option<usize> {
    (id as usize).checked_sub(1)
}

impl Names {
    /// The number of a name; a new one gets the next. A name that nobody has any more keeps its
    /// number until the index is loaded again.
    pub fn number(&mut self, text: &[u8]) -> NameId {
        if text.is_empty() {
            return 0;
        }
        let (texts, hash) = (&self.texts, hash64(text));
        let of = |id: &NameId| place(*id).and_then(|i| texts.get(i)).map_or(&[][..], |t| t);
        if let Some(&id) = self.numbers.find(hash, |id| of(id) == text) {
            return id;
        }
        let id = self.texts.len() as NameId + 1;
        self.numbers.insert_unique(hash, id, |id| hash64(of(id)));
        self.texts.push(text.into());
        self.family.push(Often::default());
        self.given.push(Often::default());
        id
    }

    /// The text of a number.
    #[must_use]
    pub fn text(&self, id: NameId) -> &[u8] {
        place(id).and_then(|i| self.texts.get(i)).map_or(&[], |t| t)
    }

    fn often(list: &[Often], id: NameId) -> u32 {
        place(id).and_then(|i| list.get(i)).map_or(0, |o| o.settled)
    }

    /// How often a name stands as a family name.
    #[must_use]
    pub fn as_family(&self, id: NameId) -> u32 {
        Self::often(&self.family, id)
    }

    /// How often a name stands as a given name.
    #[must_use]
    pub fn as_given(&self, id: NameId) -> u32 {
        Self::often(&self.given, id)
    }

    /// Counts a registration's two names, or takes them off.
    pub fn count(&mut self, family: NameId, given: NameId, comes: bool) {
        for (list, id) in [(&mut self.family, family), (&mut self.given, given)] {
            if let Some(often) = place(id).and_then(|i| list.get_mut(i)) {
                often.now = if comes {
                    often.now.saturating_add(1)
                } else {
                    often.now.saturating_sub(1)
                };
            }
        }
    }

    /// From now on scoring sees the counts as they are now.
    pub fn settled(&mut self) {
        for often in self.family.iter_mut().chain(&mut self.given) {
            often.settled = often.now;
        }
    }

    /// Bytes in use, for the printed figure: 16 for the allocator's own of each text.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let texts: usize = self.texts.iter().map(|t| t.len() + 16).sum();
        texts
            + self.texts.capacity() * size_of::<Box<[u8]>>()
            + (self.family.capacity() + self.given.capacity()) * size_of::<Often>()
            + self.numbers.allocation_size()
    }
}

/// The names of every registration.
#[derive(Debug, Default)]
pub struct Dictionary {
    /// Readings.
    pub kana: Names,
    /// Writings.
    pub kanji: Names,
}

impl Dictionary {
    /// Counts a registration's names, or takes them off.
    pub fn count(&mut self, row: &Row, comes: bool) {
        self.kana.count(row.family_kana, row.given_kana, comes);
        self.kanji.count(row.family, row.given, comes);
    }

    /// From now on scoring sees the counts as they are now.
    pub fn settled(&mut self) {
        self.kana.settled();
        self.kanji.settled();
    }

    /// Bytes in use.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.kana.bytes() + self.kanji.bytes()
    }
}
