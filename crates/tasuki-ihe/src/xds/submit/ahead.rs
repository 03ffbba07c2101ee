//! A submission that speaks of nothing but itself is looked at before its transaction begins, in which
//! everybody else would wait for it. In the transaction it is looked at again as far as it may have
//! changed meanwhile: whose patient it is, and whether its uniqueIds are still free.
//!
//! What names objects that are there already, or brings ids and folders of its own, depends on more
//! than that and is looked at in the transaction as a whole. So is what was found wrong here: only the
//! transaction refuses.

use super::documents::Documents;
use super::patients::{self, Patient};
use super::{Plan, Submitter, unique};
use crate::xds::{Refused, Registry};
use std::collections::HashSet;
use tasuki_core::Fault;
use tasuki_core::ports::Reading;
use tasuki_model::xds::Submission;
use tasuki_wire::ebrim::Read;

/// What a submission will do if what it was looked at by still holds.
pub(in crate::xds) struct Ahead {
    plan: Plan,
    submission: Submission,
    patient: Patient,
}

impl Ahead {
    /// Looks at a submission ahead; nothing where that has to be done in the transaction.
    ///
    /// # Errors
    /// A fault of the store.
    pub(in crate::xds) fn of(
        registry: &Registry,
        from: &Submitter<'_>,
        read: &Read,
        documents: &Documents,
    ) -> Result<Option<Self>, Fault> {
        if !is_alone(&read.submission) {
            return Ok(None);
        }
        let mut looked = None;
        registry.store.reading(|tx| {
            looked = Some(Plan::looked(registry, tx, from, read, documents));
            Ok(())
        })?;
        match looked {
            Some(Ok((mut plan, submission, patient))) => {
                plan.write();
                Ok(Some(Self {
                    plan,
                    submission,
                    patient,
                }))
            }
            Some(Err(Refused::Fault(fault))) => Err(fault),
            Some(Err(Refused::Problems(_))) | None => Ok(None),
        }
    }

    /// What it will do, if that still holds in the transaction.
    ///
    /// # Errors
    /// A fault of the store.
    pub(in crate::xds) fn plan(
        &self,
        registry: &Registry,
        tx: &dyn Reading,
        from: &Submitter<'_>,
    ) -> Result<Option<&Plan>, Fault> {
        let patient = match patients::patient(registry, tx, from, &self.submission) {
            Ok(patient) => patient,
            Err(Refused::Fault(fault)) => return Err(fault),
            Err(Refused::Problems(_)) => return Ok(None),
        };
        let holds = patient == self.patient && unique::check(tx, &self.submission)?.is_empty();
        Ok(holds.then_some(&self.plan))
    }
}

/// Whether a submission has symbolic ids, no folders, and associations only among its own objects.
fn is_alone(submission: &Submission) -> bool {
    let sets = submission.sets.iter().map(|s| &s.header.id);
    let entries = submission.entries.iter().map(|e| &e.header.id);
    let own: HashSet<&String> = sets.chain(entries).collect();
    let associations = &submission.associations;
    let within = |id: &String| own.contains(id);
    let given = |id: &&String| id.starts_with("urn:uuid:");
    let names = associations.iter().map(|a| &a.header.id);
    submission.folders.is_empty()
        && !own.iter().copied().chain(names).any(|id| given(&id))
        && associations
            .iter()
            .all(|a| within(&a.source) && within(&a.target))
}
