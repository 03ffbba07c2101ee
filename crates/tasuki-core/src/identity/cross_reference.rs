//! The cross-reference of a community: the index in memory, and the links, lines and persons in the
//! store that follow it.
//!
//! Feeds, desk and console write registrations, disclosures and decisions, and mark whom that
//! concerns as due in the same transaction. One process at a time — it holds a fenced lease —
//! takes up what is due, settles its index, and writes what changed: links as events, lines of the
//! queue, its own copy of the index. Whatever breaks off in between is still due and is done again
//! with the same result.

use super::explain::Explanation;
use super::index::{Index, Member, Said, patient_key, patient_number};
use super::outcome::Outcome;
use super::settlement::Settlement;
use super::state::Keeping;
use super::stated::keys_of;
use super::weights::Weights;
use super::{bytes, row::Former};
use crate::audit::{Action, AuditEvent};
use crate::ports::{Due, IndexRow, LinkDecision, Store};
use crate::{Clock, Code, Fault};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tasuki_model::{Instant, JstDay, PatientKey};

/// How long the lease stays with a process that does not renew it, in seconds.
pub const LEASE_SECONDS: i64 = 60;
/// Registrations read from the store at once.
pub(super) const PAGE: u32 = 5_000;
/// Clusters written in one transaction.
const GROUPS: usize = 200;

/// The cross-reference.
///
/// Two locks, always taken in this order. Whoever settles holds `keeping` for the whole of it, store
/// and all; `index` is held to compute and never while the store is asked. So a reader of the index
/// may be in a transaction: nobody who has the index waits for one.
pub struct CrossReference {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    weights: Weights,
    ready: AtomicBool,
    keeping: Mutex<Keeping>,
    index: Mutex<Index>,
}

/// What one round of settling did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// Registrations taken up.
    pub registrations: u64,
    /// Links made.
    pub linked: u64,
    /// Links that no longer hold.
    pub parted: u64,
    /// Lines put into the queue.
    pub asked: u64,
}

/// What is known of the index in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexFigures {
    /// Registrations in it.
    pub registrations: usize,
    /// Bytes in use, all in.
    pub bytes: usize,
}

impl CrossReference {
    /// A cross-reference on a store; empty until [`load`](Self::load).
    ///
    /// # Errors
    /// `WEB-009` if the shipped weights are broken.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        let weights = Weights::shipped()?;
        Ok(Self {
            store,
            clock,
            ready: AtomicBool::new(false),
            keeping: Mutex::default(),
            index: Mutex::new(Index::new(weights.clone())),
            weights,
        })
    }

    fn keeping(&self) -> MutexGuard<'_, Keeping> {
        self.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the index is loaded. Until then whoever needs it is told `busy` (`IDN-002`).
    #[must_use]
    pub fn ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Takes or renews the lease and brings everything that is due up to date.
    ///
    /// # Errors
    /// `IDN-001` while another process holds the lease; those of the store.
    pub fn settle(&self) -> Result<Settled, Fault> {
        let mut keeping = self.keeping();
        let epoch = self.hold(&mut keeping)?;
        if keeping.epoch != Some(epoch) {
            // Another process has written since, or none has loaded yet.
            self.load(&mut keeping)?;
            keeping.epoch = Some(epoch);
        }
        self.take_up(&mut keeping, epoch)
    }

    fn load(&self, keeping: &mut Keeping) -> Result<(), Fault> {
        self.ready.store(false, Ordering::Release);
        // Never two of them at once: they are large.
        *self.index() = Index::new(self.weights.clone());
        let loaded = keeping.load(self.store.as_ref(), &self.weights)?;
        *self.index() = loaded;
        self.ready.store(true, Ordering::Release);
        Ok(())
    }

    /// Loads the index to look at, without the lease: what another process settles is not seen.
    ///
    /// # Errors
    /// Those of the store.
    pub fn look(&self) -> Result<(), Fault> {
        self.load(&mut self.keeping())
    }

    /// Gives the lease back, so that another process need not wait for it to run out.
    ///
    /// # Errors
    /// Those of the store.
    pub fn close(&self) -> Result<(), Fault> {
        let mut keeping = self.keeping();
        keeping.held_until = None;
        match keeping.epoch.take() {
            Some(epoch) => self.store.writing(|tx| tx.give_identity_lease(epoch)),
            None => Ok(()),
        }
    }

    /// Why two registrations are linked or not; nothing where they may not be compared.
    ///
    /// # Errors
    /// `IDN-002` before the index is loaded.
    pub fn explain(&self, a: &PatientKey, b: &PatientKey) -> Result<Option<Explanation>, Fault> {
        let index = self.loaded()?;
        Ok(index.explain(patient_number(a)?, patient_number(b)?))
    }

    /// Registrations of other persons who might be taken for this one: the same name, or twins.
    ///
    /// # Errors
    /// `IDN-002` before the index is loaded.
    pub fn alike(&self, patient: &PatientKey) -> Result<Vec<PatientKey>, Fault> {
        let found = self.loaded()?.alike(patient_number(patient)?);
        found.into_iter().map(patient_key).collect()
    }

    /// Size of the index.
    #[must_use]
    pub fn figures(&self) -> IndexFigures {
        let index = self.index();
        IndexFigures {
            registrations: index.len(),
            bytes: index.bytes(),
        }
    }

    fn loaded(&self) -> Result<MutexGuard<'_, Index>, Fault> {
        if !self.ready() {
            return Err(Fault::new(
                Code::IdentityLoading,
                "the index is being loaded",
            ));
        }
        Ok(self.index())
    }

    /// Takes the lease, or renews it in the second half of its time.
    fn hold(&self, keeping: &mut Keeping) -> Result<i64, Fault> {
        let now = self.clock.now();
        let fresh = |until: Instant| until.seconds_since(now) > LEASE_SECONDS / 2;
        if let (Some(epoch), Some(until)) = (keeping.epoch, keeping.held_until)
            && fresh(until)
        {
            return Ok(epoch);
        }
        let until = now.plus_seconds(LEASE_SECONDS);
        let epoch = self
            .store
            .writing(|tx| tx.take_identity_lease(until))?
            .ok_or_else(|| Fault::new(Code::IdentityElsewhere, "the lease is taken"))?;
        keeping.held_until = Some(until);
        Ok(epoch)
    }

    /// Everything that is due, settled at once and written cluster by cluster. The durable copy of
    /// the index goes ahead: what is written of it twice is the same.
    fn take_up(&self, keeping: &mut Keeping, epoch: i64) -> Result<Settled, Fault> {
        let mut stamps: Vec<(PatientKey, i64)> = Vec::new();
        let mut touched = Vec::new();
        loop {
            let due = self.store.reading(|tx| {
                let after = stamps.last().map(|(key, stamp)| (*stamp, key));
                tx.identity_due(after, PAGE)
            })?;
            if due.is_empty() {
                break;
            }
            let mut rows = Vec::with_capacity(due.len());
            for one in &due {
                rows.push(self.put(keeping, one, &mut touched)?);
            }
            self.store.writing(|tx| {
                tx.check_identity_lease(epoch)?;
                rows.iter().try_for_each(|row| tx.put_index_row(row))
            })?;
            stamps.extend(due.into_iter().map(|d| (d.record.patient_key, d.stamp)));
        }
        if stamps.is_empty() {
            return Ok(Settled::default());
        }
        let settlement = {
            let mut index = self.index();
            if index.drifted() {
                index.settle_all()
            } else {
                index.settle(&touched)
            }
        };
        let settled = self.write(epoch, settlement, stamps.len())?;
        for part in stamps.chunks(PAGE as usize) {
            self.store.writing(|tx| {
                tx.check_identity_lease(epoch)?;
                tx.clear_due(part)
            })?;
        }
        Ok(settled)
    }

    /// Puts one registration into the index; returns its durable copy.
    fn put(
        &self,
        keeping: &mut Keeping,
        due: &Due,
        touched: &mut Vec<u128>,
    ) -> Result<IndexRow, Fault> {
        let member = self.member(keeping, due)?;
        let said_of = self.said_of(&due.record.patient_key)?;
        touched.push(member.patient);
        let mut index = self.index();
        index.put(&member)?;
        for (other, said) in said_of {
            index.said(member.patient, other, said);
        }
        drop(index);
        Ok(IndexRow {
            patient: due.record.patient_key.clone(),
            facility: due.record.facility.clone(),
            shared: member.shared,
            keys: bytes::keys_to_bytes(&member.keys, member.former.as_ref()),
        })
    }

    /// A registration as the index holds it. What it said of its home before is kept as former.
    fn member(&self, keeping: &mut Keeping, due: &Due) -> Result<Member, Fault> {
        let record = &due.record;
        let (keys, former) = keys_of(&record.demographics);
        let keys = keys.born_by(JstDay::at(self.clock.now()));
        let before = self
            .store
            .reading(|tx| tx.index_row(&record.patient_key))?
            .and_then(|row| bytes::keys_from_bytes(&row.keys));
        let moved = before.and_then(|(before, earlier)| Former::after(&before, earlier, &keys));
        Ok(Member {
            patient: patient_number(&record.patient_key)?,
            facility: keeping.number(&record.facility),
            shared: record.disclosed,
            keys,
            former: moved.or(former),
        })
    }

    /// What persons have said of a registration and others; nothing where it was taken back.
    fn said_of(&self, patient: &PatientKey) -> Result<BTreeMap<u128, Option<Said>>, Fault> {
        let mut standing = BTreeMap::new();
        let events = self.store.reading(|tx| tx.link_events(patient))?;
        for event in events.iter().filter(|e| e.is_human()) {
            let other = if event.a == *patient {
                &event.b
            } else {
                &event.a
            };
            let word = match event.decision {
                LinkDecision::Unlink => None,
                decision => Some(said(decision)),
            };
            standing.insert(patient_number(other)?, word);
        }
        Ok(standing)
    }

    fn write(
        &self,
        epoch: i64,
        settlement: Settlement,
        registrations: usize,
    ) -> Result<Settled, Fault> {
        let now = self.clock.now();
        let outcome = Outcome::of(settlement)?;
        let mut settled = Settled {
            registrations: registrations as u64,
            ..Settled::default()
        };
        for part in outcome.parts(GROUPS) {
            let did = self.store.writing(|tx| {
                tx.check_identity_lease(epoch)?;
                outcome.write(part.clone(), tx, now)
            })?;
            settled.linked += did.linked;
            settled.parted += did.parted;
            settled.asked += did.asked;
        }
        let event = AuditEvent {
            items: settled.linked + settled.parted,
            detail: Some(format!(
                "{} registrations, {} links, {} parted, {} to be asked; {}",
                settled.registrations,
                settled.linked,
                settled.parted,
                settled.asked,
                self.weights.version
            )),
            ..AuditEvent::of_process(now, Action::Identity, "identity", "settle")
        };
        self.store.writing(|tx| tx.append_audit(&event))?;
        Ok(settled)
    }
}

/// A standing decision as the index takes it. IDs that became one are one person.
pub(super) fn said(decision: LinkDecision) -> Said {
    if decision == LinkDecision::NotSame {
        Said::NotSame
    } else {
        Said::Same
    }
}
