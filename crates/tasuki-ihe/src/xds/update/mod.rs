//! Metadata Update (ITI TF-2, 3.57) and Restricted Metadata Update (3.92): new versions of entries
//! and folders, changes of status, associations of their own. All of it or nothing.
//!
//! A version that is superseded stays, deprecated. What a new version says of the document's
//! confidentiality holds for its content from then on, wherever that lies. A patient id changes only
//! between registrations of one facility that the submitter feeds, and only for what relates to
//! nothing else (3.57.4.1.3.3.1.7); under restriction it never changes.

mod operations;
mod patient;
mod relation;
mod relink;
mod status;
mod version;

pub use relink::{Relink, Relinked};

use super::submit::Submitter;
use super::validate::validate;
use super::{Refused, Registry, XdsCode, XdsProblem};
use operations::Operation;
use std::collections::HashMap;
use tasuki_core::ports::{NewObject, Reading, Writing};
use tasuki_core::{Code, Fault, Labelled};
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::{RegistryObject, Submission};
use tasuki_model::{AvailabilityStatus, Category, EntryUuid, PatientKey};
use tasuki_wire::ebrim::Read;

/// Everything that an update will do.
#[derive(Debug, Default)]
pub struct Plan {
    objects: Vec<NewObject>,
    superseded: Vec<EntryUuid>,
    statuses: Vec<(EntryUuid, AvailabilityStatus)>,
    /// What the message calls its objects, and the ids they have now.
    named: HashMap<String, String>,
    /// Entries by their logicalID whose document goes over to another registration.
    moved: Vec<(EntryUuid, PatientKey)>,
    /// New versions of entries, whose documents are labelled anew.
    entries: Vec<RegistryObject>,
    /// Folders that stay what they are, and were changed now.
    changed: Vec<RegistryObject>,
}

/// An object that is there, off its label for comparison.
#[derive(Debug, Clone)]
struct There {
    object: RegistryObject,
    patient_key: PatientKey,
    category: Category,
    confidentiality: Confidentiality,
}

impl There {
    fn of(found: Labelled<RegistryObject>) -> Option<Self> {
        let mut there = None;
        let _ = found.map(|labels, object| {
            there = Some(Self {
                object,
                patient_key: labels.patient_key.clone(),
                category: labels.category,
                confidentiality: labels.confidentiality,
            });
        });
        there
    }

    fn status(&self) -> AvailabilityStatus {
        let status = self.object.header().status;
        status.unwrap_or(AvailabilityStatus::Approved)
    }

    fn version(&self) -> u64 {
        let version = self.object.header().version.as_deref();
        version.and_then(|v| v.parse().ok()).unwrap_or(1)
    }
}

/// What every step of the planning needs.
struct Planning<'a> {
    registry: &'a Registry,
    tx: &'a dyn Reading,
    from: &'a Submitter<'a>,
    restricted: bool,
    plan: Plan,
}

fn refused(xds: XdsCode, context: impl Into<String>) -> Refused {
    XdsProblem::new(xds, Code::XdsUpdateRefused, context).into()
}

impl Plan {
    /// Looks at an update: what it would do, or what is wrong with it.
    ///
    /// # Errors
    /// What is wrong with it, or a fault of the store.
    pub fn of(
        registry: &Registry,
        tx: &dyn Reading,
        from: &Submitter<'_>,
        read: &Read,
        restricted: bool,
    ) -> Result<Self, Refused> {
        let operations = operations::of(read)?;
        let problems = validate(read, from.submitting, &registry.affinity);
        if !problems.is_empty() {
            return Err(Refused::Problems(problems));
        }
        let mut planning = Planning {
            registry,
            tx,
            from,
            restricted,
            plan: Self::default(),
        };
        planning.set(&read.submission)?;
        for operation in &operations {
            match operation {
                Operation::Version {
                    id,
                    previous,
                    propagate,
                } => {
                    planning.version(&read.submission, id, *previous, *propagate)?;
                }
                Operation::Status { target, from, to } => planning.status(target, *from, *to)?,
                Operation::Relation(association) => planning.relation(association)?,
            }
        }
        Ok(planning.plan)
    }

    /// Does it, in the transaction in which it was looked at.
    ///
    /// # Errors
    /// Those of the store.
    pub fn apply(self, tx: &dyn Writing) -> Result<Vec<PatientKey>, Fault> {
        let mut patients = Vec::new();
        for id in &self.superseded {
            tx.supersede_object(id)?;
        }
        for new in &self.objects {
            crate::xds::keep(tx, new)?;
            if !patients.contains(&new.patient_key) {
                patients.push(new.patient_key.clone());
            }
        }
        for (logical, to) in &self.moved {
            tx.move_document(logical, to)?;
        }
        for folder in &self.changed {
            tx.change_object(folder)?;
        }
        for (id, status) in &self.statuses {
            tx.set_object_status(id, *status)?;
        }
        for object in &self.entries {
            let new = self.objects.iter().find(|new| new.object == *object);
            if let (RegistryObject::Entry(entry), Some(new)) = (object, new) {
                tx.relabel_document(entry, new.category, new.confidentiality)?;
            }
        }
        Ok(patients)
    }
}

impl Planning<'_> {
    /// The submission set of the update, kept like any other.
    fn set(&mut self, submission: &Submission) -> Result<(), Refused> {
        let Some(set) = submission.sets.first() else {
            return Err(refused(
                XdsCode::UpdateOperation,
                "no SubmissionSet: send one",
            ));
        };
        let unique = set.unique_id.as_deref().unwrap_or_default();
        if !self.tx.find_objects_named(unique)?.is_empty() {
            let context = format!("SubmissionSet: uniqueId {unique} is there already");
            let code = Code::XdsUniqueIdUsed;
            return Err(XdsProblem::new(XdsCode::DuplicateUniqueId, code, context).into());
        }
        let known = self.known(set.patient_id.as_deref())?;
        let mut set = set.clone();
        set.header.id = self.fresh(&set.header.id)?;
        set.header.status = Some(AvailabilityStatus::Approved);
        set.header.logical_id = None;
        set.header.home = None;
        self.plan.objects.push(NewObject {
            patient_key: known,
            category: Category::File,
            confidentiality: Confidentiality::Normal,
            day: None,
            object: RegistryObject::Set(Box::new(set)),
        });
        Ok(())
    }

    /// The id of a new object: as sent where that is a UUID that nothing has, else one of ours.
    fn fresh(&self, sent: &str) -> Result<String, Refused> {
        match EntryUuid::from_urn(sent) {
            Ok(id) if self.tx.find_object(&id)?.is_none() => Ok(id.urn()),
            Ok(_) => {
                let context = format!("{sent}: an object with this entryUUID is there already");
                Err(refused(XdsCode::Update, context))
            }
            Err(_) => Ok(self.tx.new_entry_uuid()?.0.urn()),
        }
    }

    /// The registration of the update's patient.
    fn known(&self, cx: Option<&str>) -> Result<PatientKey, Refused> {
        let sent = cx.unwrap_or_default();
        let unknown = || {
            let context = format!("patientId {sent} is not known here");
            XdsProblem::new(XdsCode::UnknownPatient, Code::XdsPatientUnknown, context)
        };
        let cx = super::patient::PatientCx::parse(sent).ok_or_else(unknown)?;
        let known = self.registry.known(self.tx, cx)?.registrations.into_iter();
        let mut own = known.filter(|r| self.from.feeds.contains(&r.facility));
        Ok(own.next().ok_or_else(unknown)?.patient_key)
    }

    /// An object that is there, of a facility that the submitter may speak of.
    fn there(&self, id: &EntryUuid) -> Result<Option<There>, Refused> {
        let found = self.tx.find_object(id)?;
        let own = found.filter(|f| self.from.feeds.contains(&f.labels().facility));
        Ok(own.and_then(There::of))
    }
}
