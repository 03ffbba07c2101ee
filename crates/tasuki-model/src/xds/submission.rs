//! What is submitted and answered together.

use super::{Association, DocumentEntry, Folder, Header, SubmissionSet};
use serde::{Deserialize, Serialize};

/// One object of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegistryObject {
    /// A submission set.
    Set(Box<SubmissionSet>),
    /// A document entry.
    Entry(Box<DocumentEntry>),
    /// A folder.
    Folder(Box<Folder>),
    /// An association.
    Association(Box<Association>),
}

impl RegistryObject {
    /// What every object has.
    #[must_use]
    pub fn header(&self) -> &Header {
        match self {
            Self::Set(set) => &set.header,
            Self::Entry(entry) => &entry.header,
            Self::Folder(folder) => &folder.header,
            Self::Association(association) => &association.header,
        }
    }

    /// The same, to be changed.
    pub fn header_mut(&mut self) -> &mut Header {
        match self {
            Self::Set(set) => &mut set.header,
            Self::Entry(entry) => &mut entry.header,
            Self::Folder(folder) => &mut folder.header,
            Self::Association(association) => &mut association.header,
        }
    }

    /// `patientId`, of those that have one.
    #[must_use]
    pub fn patient_id(&self) -> Option<&str> {
        match self {
            Self::Set(set) => set.patient_id.as_deref(),
            Self::Entry(entry) => entry.patient_id.as_deref(),
            Self::Folder(folder) => folder.patient_id.as_deref(),
            Self::Association(_) => None,
        }
    }

    /// `uniqueId`, of those that have one.
    #[must_use]
    pub fn unique_id(&self) -> Option<&str> {
        match self {
            Self::Set(set) => set.unique_id.as_deref(),
            Self::Entry(entry) => entry.unique_id.as_deref(),
            Self::Folder(folder) => folder.unique_id.as_deref(),
            Self::Association(_) => None,
        }
    }

    /// The name of its kind in the standard.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Set(_) => "SubmissionSet",
            Self::Entry(_) => "DocumentEntry",
            Self::Folder(_) => "Folder",
            Self::Association(_) => "Association",
        }
    }
}

/// The objects of one message, each kind in the order sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Submission {
    /// Submission sets: exactly one in a submission that is right.
    pub sets: Vec<SubmissionSet>,
    /// Document entries.
    pub entries: Vec<DocumentEntry>,
    /// Folders.
    pub folders: Vec<Folder>,
    /// Associations.
    pub associations: Vec<Association>,
}

impl Submission {
    /// Adds an object.
    pub fn push(&mut self, object: RegistryObject) {
        match object {
            RegistryObject::Set(set) => self.sets.push(*set),
            RegistryObject::Entry(entry) => self.entries.push(*entry),
            RegistryObject::Folder(folder) => self.folders.push(*folder),
            RegistryObject::Association(association) => self.associations.push(*association),
        }
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sets.len() + self.entries.len() + self.folders.len() + self.associations.len()
    }

    /// Nothing is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every object: sets, entries, folders, associations.
    #[must_use]
    pub fn into_objects(self) -> Vec<RegistryObject> {
        let mut objects = Vec::with_capacity(self.len());
        objects.extend(self.sets.into_iter().map(Box::new).map(RegistryObject::Set));
        objects.extend(
            self.entries
                .into_iter()
                .map(Box::new)
                .map(RegistryObject::Entry),
        );
        objects.extend(
            self.folders
                .into_iter()
                .map(Box::new)
                .map(RegistryObject::Folder),
        );
        objects.extend(
            self.associations
                .into_iter()
                .map(Box::new)
                .map(RegistryObject::Association),
        );
        objects
    }
}
