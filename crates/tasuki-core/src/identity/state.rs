//! The index as of an epoch of the lease, and how it is read back from the store.

use super::bytes::keys_from_bytes;
use super::cross_reference::{PAGE, said};
use super::index::{Index, Member, patient_number};
use super::weights::Weights;
use crate::Fault;
use crate::ports::Store;
use tasuki_model::{FacilityId, Instant, PatientKey};

/// By which lease the index is kept, and the numbers that its facilities have in it.
#[derive(Default)]
pub(super) struct Keeping {
    facilities: Vec<FacilityId>,
    /// The epoch of the lease under which the index was loaded.
    pub(super) epoch: Option<i64>,
    /// Until when the lease is this process's, unless it renews it.
    pub(super) held_until: Option<Instant>,
}

impl Keeping {
    /// The number of a facility in the index.
    pub(super) fn number(&mut self, facility: &FacilityId) -> u32 {
        let known = self.facilities.iter().position(|f| f == facility);
        let place = known.unwrap_or_else(|| {
            self.facilities.push(facility.clone());
            self.facilities.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// Reads the durable copy of the index, the persons, and what people have said.
    pub(super) fn load(&mut self, store: &dyn Store, weights: &Weights) -> Result<Index, Fault> {
        let mut index = Index::new(weights.clone());
        let mut after: Option<PatientKey> = None;
        loop {
            let rows = store.reading(|tx| tx.index_rows(after.as_ref(), PAGE))?;
            index.reserve(rows.len());
            for row in &rows {
                // Keys of another release's normalisation are made anew: the row is due.
                match keys_from_bytes(&row.keys) {
                    Some((keys, former)) => {
                        let facility = self.number(&row.facility);
                        index.put(&Member {
                            patient: patient_number(&row.patient)?,
                            facility,
                            shared: row.shared,
                            keys,
                            former,
                        })?;
                    }
                    None => store.writing(|tx| tx.mark_due(&row.patient))?,
                }
            }
            match rows.into_iter().next_back() {
                Some(row) => after = Some(row.patient),
                None => break,
            }
        }
        join_persons(&mut index, store)?;
        for (a, b, decision) in store.reading(|tx| tx.human_decisions())? {
            let (a, b) = (patient_number(&a)?, patient_number(&b)?);
            index.said(a, b, Some(said(decision)));
        }
        index.prepare();
        Ok(index)
    }
}

fn join_persons(index: &mut Index, store: &dyn Store) -> Result<(), Fault> {
    let mut after = None;
    let (mut of, mut members) = (None, Vec::new());
    loop {
        let rows = store.reading(|tx| {
            let after = after.as_ref().map(|(person, key)| (person, key));
            tx.projected(after, PAGE)
        })?;
        for (person, key) in &rows {
            if of.as_ref() != Some(person) {
                index.join_known(&members);
                members.clear();
                of = Some(person.clone());
            }
            members.push(patient_number(key)?);
        }
        match rows.into_iter().next_back() {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    index.join_known(&members);
    Ok(())
}
