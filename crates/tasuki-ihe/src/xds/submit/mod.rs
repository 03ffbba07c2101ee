//! What a submission does to the registry (ITI TF-2, 3.42.4.1.3; ITI TF-3, 4.2.2).
//!
//! [`Plan::of`] looks at everything and writes nothing; [`Plan::apply`] writes everything in the same
//! transaction. So a submission is there as a whole or not at all, and every rule can say what is
//! wrong before anything was done.

mod ahead;
mod assign;
mod documents;
mod folders;
mod labels;
mod patients;
mod relations;
mod unique;

pub(in crate::xds) use ahead::Ahead;
pub use documents::Documents;
pub(in crate::xds) use labels::day;

use super::validate::{Submitting, validate};
use super::{Refused, Registry, XdsProblem};
use patients::Patient;
use std::collections::BTreeSet;
use tasuki_core::Fault;
use tasuki_core::ports::{NewObject, Reading, Writing};
use tasuki_model::xds::{RegistryObject, Submission};
use tasuki_model::{AvailabilityStatus, DocumentEntry, EntryUuid, FacilityId, PatientKey};
use tasuki_wire::ebrim::Read;

/// Who submits, and by which transaction.
#[derive(Debug, Clone, Copy)]
pub struct Submitter<'a> {
    /// Facilities whose patients it may speak of; others are unknown to it.
    pub feeds: &'a BTreeSet<FacilityId>,
    /// The transaction.
    pub submitting: Submitting,
}

/// Everything that a submission will do.
#[derive(Debug, Default)]
pub struct Plan {
    /// Objects to be kept.
    objects: Vec<NewObject>,
    /// Documents of ours: the row of each, and where its bytes are among those that came.
    rows: Vec<(DocumentEntry, usize)>,
    /// Objects that are superseded.
    deprecated: Vec<EntryUuid>,
    /// Folders whose time changes.
    folders: Vec<RegistryObject>,
    /// What of the message was put right.
    warnings: Vec<XdsProblem>,
    /// The written forms of the objects, where they were made ahead.
    written: Vec<Option<Vec<u8>>>,
}

/// What a submission did, for the audit event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Submitted {
    /// The registrations it is about.
    pub patients: Vec<PatientKey>,
    /// How many documents came.
    pub documents: u64,
    /// The uniqueId of the submission set.
    pub set: String,
    /// What of it was put right.
    pub warnings: Vec<XdsProblem>,
}

impl Plan {
    /// Looks at a submission: what it would do, or all that is wrong with it.
    ///
    /// # Errors
    /// What is wrong with it, or a fault of the store.
    pub fn of(
        registry: &Registry,
        tx: &dyn Reading,
        from: &Submitter<'_>,
        read: &Read,
        documents: &Documents,
    ) -> Result<Self, Refused> {
        let (plan, _, _) = Self::looked(registry, tx, from, read, documents)?;
        Ok(plan)
    }

    /// The same with what it was looked at by: the submission with its ids, and its patient.
    fn looked(
        registry: &Registry,
        tx: &dyn Reading,
        from: &Submitter<'_>,
        read: &Read,
        documents: &Documents,
    ) -> Result<(Self, Submission, Patient), Refused> {
        // The repository looks first: what it knows of a document it says in words of its own.
        let mut submission = read.submission.clone();
        let places = documents.check(registry, &mut submission)?;
        let problems = validate(read, from.submitting, &registry.affinity);
        if !problems.is_empty() {
            return Err(Refused::Problems(problems));
        }
        let mut submission = assign::ids(tx, submission)?;
        let patient = patients::patient(registry, tx, from, &submission)?;
        let mut problems = unique::check(tx, &submission)?;
        let mut plan = Self::default();
        problems.extend(relations::check(tx, &submission, &patient, &mut plan)?);
        if !problems.is_empty() {
            return Err(Refused::Problems(problems));
        }
        folders::join(registry, tx, &mut submission, &mut plan)?;
        labels::fill(registry, &patient, &submission, &places, &mut plan);
        Ok((plan, submission, patient))
    }

    /// The one document entry of a submission that has one.
    pub(in crate::xds) fn entry(&self) -> Option<EntryUuid> {
        let mut entries = self.rows.iter().map(|(row, _)| row.entry_uuid.clone());
        entries.next().filter(|_| entries.next().is_none())
    }

    /// Makes the written forms.
    fn write(&mut self) {
        self.written = self.objects.iter().map(crate::xds::written).collect();
    }

    /// Does it, in the transaction in which it was looked at.
    ///
    /// # Errors
    /// Those of the store.
    pub fn apply(&self, tx: &dyn Writing, documents: &Documents) -> Result<Submitted, Fault> {
        let mut done = Submitted {
            warnings: self.warnings.clone(),
            ..Submitted::default()
        };
        for (entry, place) in &self.rows {
            documents.keep(tx, entry.clone(), *place)?;
        }
        for (n, new) in self.objects.iter().enumerate() {
            match self.written.get(n) {
                Some(written) => tx.put_object(new, written.as_deref())?,
                None => crate::xds::keep(tx, new)?,
            }
            if !done.patients.contains(&new.patient_key) {
                done.patients.push(new.patient_key.clone());
            }
            match &new.object {
                RegistryObject::Entry(_) => done.documents += 1,
                RegistryObject::Set(set) => {
                    done.set = set.unique_id.clone().unwrap_or_default();
                }
                RegistryObject::Folder(_) | RegistryObject::Association(_) => {}
            }
        }
        for id in &self.deprecated {
            tx.set_object_status(id, AvailabilityStatus::Deprecated)?;
        }
        for folder in &self.folders {
            tx.change_object(folder)?;
        }
        Ok(done)
    }
}

/// The id of an object whose id was checked or assigned.
fn uuid(urn: &str) -> Result<EntryUuid, Refused> {
    EntryUuid::from_urn(urn)
        .map_err(|_| XdsProblem::metadata(format!("{urn}: is not in this submission")).into())
}

/// The id of the one submission set.
fn set_id(submission: &Submission) -> &str {
    submission.sets.first().map_or("", |set| &set.header.id)
}
