//! The index of identities: every registration in memory, found by its keys, linked as it comes.
//!
//! The result is a function of the registrations, of what persons have said and of the frequencies
//! of names and shared values — not of the order in which anything arrived. Frequencies and the
//! size of the population are those of the last time everything was settled; when the population
//! has [`drifted`](Index::drifted) the caller settles all anew.
//!
//! Consent comes first: two registrations are compared only if one facility has both, or both are
//! disclosed; a cluster never holds two that may not be compared; and what is not disclosed changes
//! nothing between those that are. Frequencies of names count everyone: they are aggregates.

use super::block::{BLOCK_MAX, PAIRING};
use super::decide::{Decision, Guard, Outcome, conflict, decide};
use super::edges::{Edge, Edges, Tie};
use super::explain::Explanation;
use super::levels::{Levels, compare};
use super::normalise::Keys;
use super::partition::Partition;
use super::postings::Postings;
use super::roll::Roll;
use super::row::Former;
use super::score::{Bits, Population};
use super::weights::Weights;
use crate::{Code, Fault};
use hashbrown::HashMap;
use tasuki_model::PatientKey;

/// A registration in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its patient key as a number ([`patient_number`]).
    pub patient: u128,
    /// Its facility, as a number the caller gives.
    pub facility: u32,
    /// Whether the facility discloses the patient.
    pub shared: bool,
    /// What it says, normalised.
    pub keys: Keys,
    /// What it said before.
    pub former: Option<Former>,
}

/// What a person has said of two registrations. Stands above everything the engine finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Said {
    /// One person.
    Same,
    /// Two persons.
    NotSame,
}

/// The number of a patient key.
///
/// # Errors
/// `WEB-009` if the key is not one that a store of Tasuki has issued (a UUID).
pub fn patient_number(key: &PatientKey) -> Result<u128, Fault> {
    uuid::Uuid::try_parse(key.as_str())
        .map(|u| u.as_u128())
        .map_err(|_| Fault::new(Code::InternalFault, "a patient key that is no UUID"))
}

/// The patient key of a number.
///
/// # Errors
/// None for any number; the type of the key asks for it.
pub fn patient_key(number: u128) -> Result<PatientKey, Fault> {
    PatientKey::new(&uuid::Uuid::from_u128(number).simple().to_string())
        .map_err(|e| Fault::new(Code::InternalFault, e.to_string()))
}

/// The index.
#[derive(Debug)]
pub struct Index {
    pub(super) weights: Weights,
    pub(super) roll: Roll,
    pub(super) postings: Postings,
    pub(super) edges: Edges,
    /// Clusters before kin corroborate any: what kinship is judged by.
    pub(super) likely: Partition,
    /// The clusters.
    pub(super) persons: Partition,
    pub(super) said: HashMap<u128, Vec<(u128, Said)>>,
    /// Registrations whose pairs have to be compared.
    pub(super) unscored: Vec<u32>,
    /// Registrations whose surroundings have changed.
    pub(super) stirred: Vec<u32>,
    /// Registrations when everything was settled last.
    pub(super) population: u32,
    /// Whether the edges are those of the rows, but for the unscored.
    pub(super) prepared: bool,
}

impl Index {
    /// An empty index.
    #[must_use]
    pub fn new(weights: Weights) -> Self {
        Self {
            weights,
            roll: Roll::default(),
            postings: Postings::default(),
            edges: Edges::default(),
            likely: Partition::default(),
            persons: Partition::default(),
            said: HashMap::new(),
            unscored: Vec::new(),
            stirred: Vec::new(),
            population: 0,
            prepared: false,
        }
    }

    /// Makes room for so many more registrations: before a load, so that nothing is moved.
    pub fn reserve(&mut self, more: usize) {
        self.roll.reserve(more);
    }

    /// Adds a registration, or replaces what it said. Linked at the next [`settle`](Self::settle).
    ///
    /// # Errors
    /// `WEB-008` if the index holds as many as it can (about two thousand million).
    pub fn put(&mut self, member: &Member) -> Result<(), Fault> {
        let slot = match self.roll.slot(member.patient) {
            Some(slot) => {
                self.withdraw(slot);
                slot
            }
            None => self
                .roll
                .take(member.patient)
                .ok_or_else(|| Fault::new(Code::Overloaded, "the index of identities is full"))?,
        };
        self.roll
            .write(slot, member, self.weights.general.is_some());
        self.likely.grow(self.roll.rows.len());
        self.persons.grow(self.roll.rows.len());
        if self.prepared {
            self.learn_holders(slot);
            self.postings.enter(&self.roll.rows, slot);
            self.unscored.push(slot);
            self.stir_crowded(slot);
        }
        Ok(())
    }

    /// Takes a registration out; its cluster falls back to what the others give.
    pub fn remove(&mut self, patient: u128) {
        let Some(slot) = self.roll.slot(patient) else {
            return;
        };
        self.withdraw(slot);
        self.stirred.extend(self.likely.take_out(slot));
        self.stirred.extend(self.persons.take_out(slot));
        self.roll.leave(slot);
    }

    /// Takes out what a place says, and notes whom that may concern.
    fn withdraw(&mut self, slot: u32) {
        if self.prepared {
            self.stir_crowded(slot);
            let kin = super::kin::beside(self, slot);
            self.stirred.extend(kin);
            self.stirred.extend(self.edges.remove_at(slot));
            self.postings.leave(&self.roll.rows, slot);
        }
        self.roll.blank(slot);
    }

    /// Whoever stands under a key that has just become too common, or is about to be no longer, has
    /// to be compared anew.
    fn stir_crowded(&mut self, slot: u32) {
        let (rows, unscored) = (&self.roll.rows, &mut self.unscored);
        self.postings
            .beside(rows, slot, 0..PAIRING, BLOCK_MAX + 1, |list| {
                if list.len() == BLOCK_MAX + 1 {
                    unscored.extend(list);
                }
            });
    }

    /// A person's standing decision on two registrations; none takes back the one before.
    pub fn said(&mut self, a: u128, b: u128, said: Option<Said>) {
        for (one, other) in [(a, b), (b, a)] {
            let list = self.said.entry(one).or_default();
            list.retain(|(patient, _)| *patient != other);
            list.extend(said.map(|s| (other, s)));
            if list.is_empty() {
                self.said.remove(&one);
            }
            self.unscored.extend(self.roll.slot(one));
        }
    }

    /// What a person has said of two registrations.
    pub(super) fn what_was_said(&self, a: u128, b: u128) -> Option<Said> {
        let list = self.said.get(&a)?;
        list.iter().find(|(p, _)| *p == b).map(|(_, said)| *said)
    }

    /// Loads a cluster as it is projected, without judging it: for the start, before
    /// [`prepare`](Self::prepare).
    pub fn join_known(&mut self, patients: &[u128]) {
        let mut slots: Vec<u32> = patients.iter().filter_map(|p| self.roll.slot(*p)).collect();
        slots.sort_unstable();
        slots.dedup();
        slots.retain(|s| self.persons.members(*s).nth(1).is_none());
        self.persons.set(&slots);
    }

    /// The weights it decides by.
    #[must_use]
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// How many registrations there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.roll.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes in use, all in.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.roll.bytes()
            + self.postings.bytes()
            + self.edges.bytes()
            + self.likely.bytes()
            + self.persons.bytes()
            + (self.unscored.capacity() + self.stirred.capacity()) * 4
            + self.said.capacity() * 64
    }

    /// Why two registrations are linked or not; nothing where one is unknown, or the two may not
    /// be compared. A pair that only kin corroborate is `Automatic` with the guard `NothingElse`.
    #[must_use]
    pub fn explain(&self, a: u128, b: u128) -> Option<Explanation> {
        let (i, j) = (self.roll.slot(a)?, self.roll.slot(b)?);
        if i == j || !self.roll.comparable(i, j) {
            return None;
        }
        let (levels, bits, mut decision) = self.weigh(i, j)?;
        match self.edges.at(i).find(|(_, e)| e.other(i) == j) {
            Some((_, e)) if e.tie == Tie::Kin => decision.outcome = Outcome::Automatic,
            Some((_, e)) if e.tie == Tie::Torn => {
                decision.outcome = Outcome::Review;
                decision.guards.push(Guard::FitsTwo);
            }
            _ => {}
        }
        let (weights, population) = (&self.weights, self.population);
        Some(Explanation::new(
            levels, bits, decision, weights, population,
        ))
    }

    /// Compares two registrations, the smaller patient number first.
    fn weigh(&self, i: u32, j: u32) -> Option<(Levels, Bits, Decision)> {
        let (i, j) = self.in_order(i, j);
        let (a, b) = (self.roll.row(i)?, self.roll.row(j)?);
        let levels = compare(&self.roll.names, a, b);
        let population = Population {
            names: &self.roll.names,
            registrations: self.population,
            weights: &self.weights,
        };
        if let Some(general) = &self.weights.general {
            let bits = population.general(general, a, b, &levels);
            let decision = Decision::by_score(&bits, &self.weights);
            return Some((levels, bits, decision));
        }
        let bits = population.bits(a, b, &levels);
        let decision = decide(a, b, &levels, &bits, &self.weights);
        Some((levels, bits, decision))
    }

    fn in_order(&self, i: u32, j: u32) -> (u32, u32) {
        if self.roll.patient(i) <= self.roll.patient(j) {
            (i, j)
        } else {
            (j, i)
        }
    }

    /// The edge between two registrations, if they may be one person.
    pub(super) fn judge(&self, i: u32, j: u32) -> Option<Edge> {
        if i == j || !self.roll.comparable(i, j) {
            return None;
        }
        let said = if self.said.is_empty() {
            None
        } else {
            self.what_was_said(self.roll.patient(i), self.roll.patient(j))
        };
        if said == Some(Said::NotSame) {
            return None;
        }
        let (_, bits, decision) = self.weigh(i, j)?;
        let shared = self.roll.both_shared(i, j);
        let tie = match decision.outcome {
            _ if said == Some(Said::Same) => Tie::Said,
            Outcome::Automatic => Tie::Automatic,
            // Kin of the undisclosed are nobody's evidence.
            Outcome::Review if shared && decision.guards == [Guard::NothingElse] => Tie::Lacking,
            Outcome::Review => Tie::Review,
            Outcome::No => return None,
        };
        let (first, second) = self.in_order(i, j);
        Some(Edge {
            ends: [first, second],
            bits: bits.total(),
            tie,
            shared,
        })
    }

    /// Whether two registrations may not stand in one cluster. What a person has said overrules
    /// the engine's own objections.
    pub(super) fn apart(&self, i: u32, j: u32, by_a_person: bool) -> bool {
        if !self.roll.comparable(i, j) || self.parted(i, j) {
            return true;
        }
        let (Some(a), Some(b)) = (self.roll.row(i), self.roll.row(j)) else {
            return true;
        };
        let judged = self.weights.general.is_none() && !by_a_person;
        judged && conflict(a, b, &compare(&self.roll.names, a, b))
    }

    /// Whether a person has said that they are two.
    pub(super) fn parted(&self, i: u32, j: u32) -> bool {
        !self.said.is_empty()
            && self.what_was_said(self.roll.patient(i), self.roll.patient(j)) == Some(Said::NotSame)
    }

    /// How many hold a newcomer's values, as of the last time everything was settled: the others
    /// who hold them know.
    fn learn_holders(&mut self, slot: u32) {
        let Some(row) = self.roll.row(slot) else {
            return;
        };
        let mut known = [[None; 2]; 3];
        for (home, (values, known)) in row.homes().into_iter().zip(&mut known).enumerate() {
            for (value, known) in values.into_iter().zip(known).filter(|(v, _)| *v != 0) {
                *known = self
                    .postings
                    .first_with(&self.roll.rows, home, value)
                    .and_then(|other| self.roll.holders(other, home, value));
            }
        }
        self.roll.set_holders(slot, known);
    }
}
