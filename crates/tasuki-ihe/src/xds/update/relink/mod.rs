//! What ITI-64 does to the registry (ITI TF-2 3.64.4.1.3.1): a new version of every current entry of
//! a hospital's ID, under the patient it belongs to from now on, in a submission set of its own.
//! Deprecated versions stay as and where they are (3.64.4.1.3.1.3), and so do those that they
//! replaced; the content goes over with its document.

mod folders;
mod relations;

use super::{Plan, Refused, There};
use crate::xds::patient::PatientCx;
use crate::xds::submit::day;
use crate::xds::{Registry, XdsCode, XdsProblem};
use std::collections::{BTreeMap, BTreeSet};
use tasuki_core::ports::{NewObject, ObjectKind, Reading};
use tasuki_core::{Code, Fault};
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::{
    Association, AssociationKind, DocumentEntry, Header, RegistryObject, SubmissionSet,
    SubmissionSetStatus,
};
use tasuki_model::{AvailabilityStatus, Category, Coding, EntryUuid, PatientKey};

/// Entries that one change may take over; more of one patient are nobody's daily work.
const ENTRIES_MAX: u32 = 10_000;

/// What goes over, and to whom.
#[derive(Debug, Clone)]
pub struct Relink {
    /// Registrations of the patient until now.
    pub from: Vec<PatientKey>,
    /// `sourcePatientId` of the entries that are meant.
    pub sources: Vec<PatientCx>,
    /// Their `sourcePatientId` from now on.
    pub local: PatientCx,
    /// Their `patientId` from now on.
    pub patient: PatientCx,
    /// Whether that is another than until now.
    pub moves: bool,
    /// The registration that they belong to from now on.
    pub to: PatientKey,
    /// The `sourceId` of the submission set.
    pub sender: String,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relinked {
    /// Entries that have a new version.
    pub entries: usize,
    /// Folders that have one.
    pub folders: usize,
    /// Relations that would lie between two patients, and are ended.
    pub ended: usize,
    /// `uniqueId` of the submission set; empty where nothing was to be done.
    pub set: String,
}

struct Relinking<'a> {
    registry: &'a Registry,
    tx: &'a dyn Reading,
    change: &'a Relink,
    plan: Plan,
    done: Relinked,
    /// The id of the submission set.
    set: String,
    /// Entries before and after.
    moved: BTreeMap<String, String>,
    /// Relations that were looked at.
    seen: BTreeSet<String>,
}

impl Plan {
    /// Looks at a link change: what it would do.
    ///
    /// # Errors
    /// More entries than one change may take over, or a fault of the store.
    pub fn relink(
        registry: &Registry,
        tx: &dyn Reading,
        change: &Relink,
    ) -> Result<(Self, Relinked), Refused> {
        let found = tx.find_objects(&change.from, ObjectKind::Entry, ENTRIES_MAX)?;
        if found.len() > ENTRIES_MAX as usize {
            let context = format!("more than {ENTRIES_MAX} entries of one patient");
            return Err(XdsProblem::new(XdsCode::Busy, Code::XdsTooManyResults, context).into());
        }
        let meant = found.into_iter().filter_map(There::of);
        let meant: Vec<There> = meant.filter(|there| change.means(there)).collect();
        let mut relinking = Relinking {
            registry,
            tx,
            change,
            plan: Self::default(),
            done: Relinked::default(),
            set: String::new(),
            moved: BTreeMap::new(),
            seen: BTreeSet::new(),
        };
        if !meant.is_empty() {
            relinking.set()?;
            for there in &meant {
                relinking.entry(there)?;
            }
            let folders = relinking.relations(&meant)?;
            relinking.folders(folders)?;
        }
        Ok((relinking.plan, relinking.done))
    }
}

impl Relink {
    /// Whether an entry is one that changes.
    fn means(&self, there: &There) -> bool {
        let RegistryObject::Entry(entry) = &there.object else {
            return false;
        };
        let source = entry.source_patient_id.as_deref();
        let source = source.and_then(PatientCx::parse);
        let meant = source.as_ref().is_some_and(|s| self.sources.contains(s));
        let changes = self.moves || source.as_ref() != Some(&self.local);
        there.status() == AvailabilityStatus::Approved && meant && changes
    }
}

impl Relinking<'_> {
    /// The submission set of the change (table 3.64.4.1.3.1.1-1): no author, no recipient.
    fn set(&mut self) -> Result<(), Refused> {
        let (id, unique) = self.tx.new_entry_uuid()?;
        self.set = id.urn();
        unique.as_str().clone_into(&mut self.done.set);
        let set = SubmissionSet {
            header: Header {
                id: self.set.clone(),
                status: Some(AvailabilityStatus::Approved),
                ..Header::default()
            },
            unique_id: Some(self.done.set.clone()),
            source_id: Some(self.change.sender.clone()),
            patient_id: Some(self.change.patient.to_string()),
            submission_time: Some(self.registry.now()),
            content_type: Some(Coding {
                system: "urn:tasuki:content-type".into(),
                code: "xad-pid-change".into(),
                text: "患者の紐づけの訂正".into(),
                version: None,
            }),
            ..SubmissionSet::default()
        };
        self.put(
            RegistryObject::Set(Box::new(set)),
            (Category::File, Confidentiality::Normal),
        );
        Ok(())
    }

    fn put(&mut self, object: RegistryObject, labels: (Category, Confidentiality)) {
        let day = match &object {
            RegistryObject::Entry(entry) => day(entry),
            _ => None,
        };
        self.plan.objects.push(NewObject {
            patient_key: self.change.to.clone(),
            category: labels.0,
            confidentiality: labels.1,
            day,
            object,
        });
    }

    /// The new version of an entry.
    fn entry(&mut self, there: &There) -> Result<(), Refused> {
        let RegistryObject::Entry(before) = &there.object else {
            return Ok(());
        };
        let mut entry: DocumentEntry = (**before).clone();
        entry.source_patient_id = Some(self.change.local.to_string());
        if self.change.moves {
            entry.patient_id = Some(self.change.patient.to_string());
        }
        let urn = self.next(&mut entry.header, there)?;
        let new = RegistryObject::Entry(Box::new(entry));
        self.plan.entries.push(new.clone());
        let logical = new.header().logical_id.as_deref().map(EntryUuid::from_urn);
        if let Some(Ok(logical)) = logical {
            self.plan.moved.push((logical, self.change.to.clone()));
        }
        self.put(new, (there.category, there.confidentiality));
        self.moved.insert(before.header.id.clone(), urn);
        self.done.entries += 1;
        Ok(())
    }

    /// Makes a header the next version's, and its membership in the set. Gives the id.
    fn next(&mut self, header: &mut Header, there: &There) -> Result<String, Fault> {
        let before = std::mem::replace(&mut header.id, self.tx.new_entry_uuid()?.0.urn());
        header.logical_id.get_or_insert_with(|| before.clone());
        header.version = Some((there.version() + 1).to_string());
        header.status = Some(AvailabilityStatus::Approved);
        self.plan
            .superseded
            .extend(EntryUuid::from_urn(&before).ok());
        let of_set = Association {
            set_status: Some(SubmissionSetStatus::Original),
            previous_version: Some(there.version().to_string()),
            ..self.association(AssociationKind::HasMember, &self.set, &header.id)?
        };
        let labels = (there.category, there.confidentiality);
        self.put(RegistryObject::Association(Box::new(of_set)), labels);
        Ok(header.id.clone())
    }
}
