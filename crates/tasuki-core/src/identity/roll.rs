//! The registrations of an index: their numbers, whose they are, and where each stands.

use super::dictionary::Dictionary;
use super::index::Member;
use super::postings::{Entry, SLOTS_MAX};
use super::row::{HOLDERS_FEW, LIVE, Row, SHARED};
use hashbrown::HashTable;

/// Registrations by place. A place left is taken again by the next that comes.
#[derive(Debug, Default)]
pub struct Roll {
    /// Rows; a place that nobody has holds an empty one.
    pub rows: Vec<Row>,
    /// Names of all.
    pub names: Dictionary,
    patients: Vec<u128>,
    facilities: Vec<u32>,
    slots: HashTable<u32>,
    free: Vec<u32>,
}

/// Patient numbers are random, but for their first bits, which are a time.
fn hash(patient: u128) -> u64 {
    ((patient >> 64) as u64 ^ patient as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Roll {
    /// How many registrations there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Makes room for so many more.
    pub fn reserve(&mut self, more: usize) {
        self.rows.reserve(more);
        self.patients.reserve(more);
        self.facilities.reserve(more);
        let patients = &self.patients;
        self.slots.reserve(more, |s| {
            hash(patients.get(*s as usize).copied().unwrap_or(0))
        });
    }

    /// Where a registration stands.
    #[must_use]
    pub fn slot(&self, patient: u128) -> Option<u32> {
        self.slots
            .find(hash(patient), |s| self.patient(*s) == patient)
            .copied()
    }

    /// Whose place it is.
    #[must_use]
    pub fn patient(&self, slot: u32) -> u128 {
        self.patients.get(slot as usize).copied().unwrap_or(0)
    }

    /// The row at a place.
    #[must_use]
    pub fn row(&self, slot: u32) -> Option<&Row> {
        self.rows.get(slot as usize)
    }

    /// Whether a place is taken.
    #[must_use]
    pub fn is_live(&self, slot: u32) -> bool {
        self.row(slot).is_some_and(|row| row.has(LIVE))
    }

    /// Places that are taken.
    pub fn live(&self) -> impl Iterator<Item = u32> {
        (0u32..)
            .zip(&self.rows)
            .filter(|(_, row)| row.has(LIVE))
            .map(|(slot, _)| slot)
    }

    /// Whether both may be compared: registrations of one facility, or both disclosed.
    #[must_use]
    pub fn comparable(&self, a: u32, b: u32) -> bool {
        self.both_shared(a, b) || self.facilities.get(a as usize) == self.facilities.get(b as usize)
    }

    /// Whether both are disclosed by their facilities.
    #[must_use]
    pub fn both_shared(&self, a: u32, b: u32) -> bool {
        let shared = |s| self.row(s).is_some_and(|r| r.has(SHARED));
        shared(a) && shared(b)
    }

    /// Takes a place for a patient who has none yet; nothing if the index is full.
    pub fn take(&mut self, patient: u128) -> Option<u32> {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None if self.rows.len() < SLOTS_MAX => {
                self.rows.push(Row::default());
                self.patients.push(0);
                self.facilities.push(0);
                self.rows.len() as u32 - 1
            }
            None => return None,
        };
        *self.patients.get_mut(slot as usize)? = patient;
        let patients = &self.patients;
        self.slots.insert_unique(hash(patient), slot, |s| {
            hash(patients.get(*s as usize).copied().unwrap_or(0))
        });
        Some(slot)
    }

    /// Writes what a registration says at its place.
    pub fn write(&mut self, slot: u32, member: &Member, general: bool) {
        let mut row = Row::of(&member.keys, member.former, &mut self.names);
        if general {
            super::general::sketch(&mut row, &member.keys);
        }
        row.flags |= LIVE | if member.shared { SHARED } else { 0 };
        self.names.count(&row, true);
        if let (Some(place), Some(facility)) = (
            self.rows.get_mut(slot as usize),
            self.facilities.get_mut(slot as usize),
        ) {
            (*place, *facility) = (row, member.facility);
        }
    }

    /// Empties a row; its place stays the patient's until [`leave`](Self::leave).
    pub fn blank(&mut self, slot: u32) {
        if let Some(row) = self.rows.get_mut(slot as usize) {
            let gone = std::mem::take(row);
            self.names.count(&gone, false);
        }
    }

    /// Gives a place up.
    pub fn leave(&mut self, slot: u32) {
        let patient = self.patient(slot);
        if let Ok(found) = self.slots.find_entry(hash(patient), |s| *s == slot) {
            found.remove();
            self.free.push(slot);
        }
    }

    /// Notes how many hold each value of household, given everyone in the order of its values.
    pub fn count_holders(&mut self, home: usize, keyed: &[(u64, Entry)]) {
        for entries in keyed.chunk_by(|a, b| a.0 == b.0) {
            let holders = (entries.len().max(2) as f32).log2() * 8.0;
            for (_, entry) in entries {
                let row = self.rows.get_mut(entry.slot() as usize);
                if let Some([now, before]) = row.and_then(|r| r.holders.get_mut(home)) {
                    *(if entry.former() { before } else { now }) = holders.round() as u8;
                }
            }
        }
    }

    /// How many held a value of household when the index was settled, if this registration has it.
    #[must_use]
    pub fn holders(&self, slot: u32, home: usize, value: u64) -> Option<u8> {
        let row = self.row(slot)?;
        let values = row.homes();
        let at = values.get(home)?.iter().position(|v| *v == value)?;
        row.holders.get(home)?.get(at).copied()
    }

    /// Sets how many hold a registration's values: as others beside it know, else few.
    pub fn set_holders(&mut self, slot: u32, known: [[Option<u8>; 2]; 3]) {
        if let Some(row) = self.rows.get_mut(slot as usize) {
            row.holders = known.map(|pair| pair.map(|h| h.unwrap_or(HOLDERS_FEW)));
        }
    }

    /// Bytes in use.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.capacity() * size_of::<Row>()
            + self.patients.capacity() * 16
            + (self.facilities.capacity() + self.free.capacity()) * 4
            + self.slots.allocation_size()
            + self.names.bytes()
    }
}
