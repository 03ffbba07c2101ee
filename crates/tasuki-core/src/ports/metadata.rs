//! XDS metadata as submitted: the objects of the registry beside the rows of its documents (ITI
//! TF-1, 10.1.1.3), and the ids under which the community exchanges its patients.

use crate::{Fault, Labelled};
use tasuki_model::label::Confidentiality;
use tasuki_model::xds::{DocumentEntry, RegistryObject};
use tasuki_model::{
    AvailabilityStatus, Category, EntryUuid, Instant, JstDay, PatientKey, PersonId, XadPid,
};

/// The kinds of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// Submission set.
    Set,
    /// Document entry.
    Entry,
    /// Folder.
    Folder,
    /// Association.
    Association,
}

impl ObjectKind {
    /// The kind of an object.
    #[must_use]
    pub const fn of(object: &RegistryObject) -> Self {
        match object {
            RegistryObject::Set(_) => Self::Set,
            RegistryObject::Entry(_) => Self::Entry,
            RegistryObject::Folder(_) => Self::Folder,
            RegistryObject::Association(_) => Self::Association,
        }
    }
}

/// An object to be kept, with what the policy must know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewObject {
    /// The registration it belongs to.
    pub patient_key: PatientKey,
    /// Its category: of a set, folder or association that of the documents in it.
    pub category: Category,
    /// The strictest of the documents in it.
    pub confidentiality: Confidentiality,
    /// Day of service in Japan, where it has one.
    pub day: Option<JstDay>,
    /// The object; its id, and the ends of an association, are `urn:uuid:`.
    pub object: RegistryObject,
}

/// A document entry as a query of a patient finds it: what decides whether it is told, beside its
/// labels, and the form in which it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its `entryUUID`.
    pub entry: EntryUuid,
    /// The id of its first version.
    pub logical_id: Option<EntryUuid>,
    /// Its status now.
    pub status: AvailabilityStatus,
    /// The form that [`MetadataWrite::put_object`] was given; nothing where there was none, or where
    /// the object has changed since.
    pub written: Option<Vec<u8>>,
}

/// Reading metadata.
pub trait Metadata {
    /// The document entries of some registrations without their objects, oldest first; at most
    /// `limit` and one more.
    fn find_leaves(
        &self,
        patients: &[PatientKey],
        limit: u32,
    ) -> Result<Vec<Labelled<Leaf>>, Fault>;

    /// Objects of one kind of some registrations, oldest first; at most `limit` and one more.
    fn find_objects(
        &self,
        patients: &[PatientKey],
        kind: ObjectKind,
        limit: u32,
    ) -> Result<Vec<Labelled<RegistryObject>>, Fault>;

    /// One object by its `entryUUID`.
    fn find_object(&self, id: &EntryUuid) -> Result<Option<Labelled<RegistryObject>>, Fault>;

    /// Objects with a `uniqueId`, oldest first: a document that was submitted twice is there twice.
    fn find_objects_named(&self, unique_id: &str) -> Result<Vec<Labelled<RegistryObject>>, Fault>;

    /// The versions of an object, oldest first.
    fn find_object_versions(
        &self,
        logical_id: &EntryUuid,
    ) -> Result<Vec<Labelled<RegistryObject>>, Fault>;

    /// Associations that begin or end at an object, oldest first.
    fn find_associations(&self, end: &EntryUuid) -> Result<Vec<Labelled<RegistryObject>>, Fault>;

    /// The id under which the community exchanges a person, where one was issued.
    fn xad_pid(&self, person: &PersonId) -> Result<Option<XadPid>, Fault>;

    /// The person that an id was issued for; that person may have no registrations any more.
    fn person_of_xad_pid(&self, id: &XadPid) -> Result<Option<PersonId>, Fault>;
}

/// Writing metadata.
pub trait MetadataWrite {
    /// Keeps a new object. `written` is the form in which a document entry is told, where it has one;
    /// what is in it only who gave it knows.
    ///
    /// # Errors
    /// [`crate::Code::InternalFault`] where there is one of this id already.
    fn put_object(&self, new: &NewObject, written: Option<&[u8]>) -> Result<(), Fault>;

    /// Changes what an object says; its id, registration and labels stay.
    fn change_object(&self, object: &RegistryObject) -> Result<(), Fault>;

    /// Changes the status of an entry, folder or association, and of the row of a document.
    fn set_object_status(&self, id: &EntryUuid, status: AvailabilityStatus) -> Result<(), Fault>;

    /// An object is superseded by a newer version: deprecated, while its document's row stays what
    /// it is.
    fn supersede_object(&self, id: &EntryUuid) -> Result<(), Fault>;

    /// What the newest version of an entry says of the document that every version has: the labels,
    /// codes and status of its row. Does nothing where the document is not here.
    fn relabel_document(
        &self,
        entry: &DocumentEntry,
        category: Category,
        confidentiality: Confidentiality,
    ) -> Result<(), Fault>;

    /// The document that every version of an entry has goes over to another registration of the same
    /// facility, with its content. Does nothing where the document is not here.
    fn move_document(&self, logical_id: &EntryUuid, to: &PatientKey) -> Result<(), Fault>;

    /// Takes the row and the content of a document away and leaves a sealed tombstone; does nothing
    /// for an object that has none. Its metadata stay (ITI-86).
    fn remove_content(&self, id: &EntryUuid, at: Instant) -> Result<(), Fault>;

    /// Removes an object (ITI-62).
    fn remove_metadata(&self, id: &EntryUuid) -> Result<(), Fault>;

    /// The id under which the community exchanges a person, issued now if there is none. Random,
    /// and never issued again to another.
    fn issue_xad_pid(&self, person: &PersonId) -> Result<XadPid, Fault>;
}
