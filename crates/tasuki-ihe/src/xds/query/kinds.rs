//! The stored queries, and which parameters each needs.

use super::found::{Finding, Found};
use super::parameters::Parameters;
use super::{Refused, find, get, population, related};

/// How one query is answered.
type Run = fn(&mut Finding<'_>, &Parameters<'_>) -> Result<(), Refused>;

/// A stored query.
#[derive(Debug, Clone, Copy)]
pub struct StoredQuery {
    /// Its name in the standard.
    pub name: &'static str,
    /// Its id, with `urn:uuid:`.
    pub id: &'static str,
    /// Parameters that have to be there. Of those parted by `|` exactly one.
    pub required: &'static [&'static str],
    run: Run,
}

impl StoredQuery {
    pub(super) fn run(
        &self,
        mut finding: Finding<'_>,
        parameters: &Parameters<'_>,
    ) -> Result<Found, Refused> {
        (self.run)(&mut finding, parameters)?;
        Ok(finding.done())
    }
}

macro_rules! query {
    ($name:literal, $id:literal, [$($required:literal),*], $run:path) => {
        StoredQuery {
            name: $name,
            id: concat!("urn:uuid:", $id),
            required: &[$($required),*],
            run: $run,
        }
    };
}

/// Every stored query that is answered (ITI TF-2, table 3.18.4.1.2.4-1, and ITI-51).
pub const QUERIES: &[StoredQuery] = &[
    query!(
        "FindDocuments",
        "14d4debf-8f97-4251-9a74-a90016b0af0d",
        ["$XDSDocumentEntryPatientId", "$XDSDocumentEntryStatus"],
        find::documents
    ),
    query!(
        "FindDocumentsByReferenceId",
        "12941a89-e02e-4be5-967c-ce4bfc8fe492",
        [
            "$XDSDocumentEntryPatientId",
            "$XDSDocumentEntryStatus",
            "$XDSDocumentEntryReferenceIdList"
        ],
        find::documents
    ),
    query!(
        "FindSubmissionSets",
        "f26abbcb-ac74-4422-8a30-edb644bbc1a9",
        ["$XDSSubmissionSetPatientId", "$XDSSubmissionSetStatus"],
        find::sets
    ),
    query!(
        "FindFolders",
        "958f3006-baad-4929-a4de-ff1114824431",
        ["$XDSFolderPatientId", "$XDSFolderStatus"],
        find::folders
    ),
    query!(
        "GetAll",
        "10b545ea-725c-446d-9b95-8aeb444eddf3",
        [
            "$patientId",
            "$XDSDocumentEntryStatus",
            "$XDSSubmissionSetStatus",
            "$XDSFolderStatus"
        ],
        find::all
    ),
    query!(
        "FindDocumentsForMultiplePatients",
        "3d1bdb10-39a2-11de-89c2-2f44d94eaa9f",
        ["$XDSDocumentEntryStatus"],
        population::documents
    ),
    query!(
        "FindFoldersForMultiplePatients",
        "50d3f5ac-39a2-11de-a1ca-b366239e58df",
        ["$XDSFolderPatientId", "$XDSFolderStatus"],
        find::folders_of_many
    ),
    query!(
        "GetDocuments",
        "5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4",
        ["$XDSDocumentEntryEntryUUID|$XDSDocumentEntryUniqueId|$XDSDocumentEntryLogicalID"],
        get::documents
    ),
    query!(
        "GetFolders",
        "5737b14c-8a1a-4539-b659-e03a34a5e1e4",
        ["$XDSFolderEntryUUID|$XDSFolderUniqueId|$XDSFolderLogicalID"],
        get::folders
    ),
    query!(
        "GetAssociations",
        "a7ae438b-4bc2-4642-93e9-be891f7bb155",
        ["$uuid"],
        get::associations
    ),
    query!(
        "GetDocumentsAndAssociations",
        "bab9529a-4a10-40b3-a01f-f68a615d247a",
        ["$XDSDocumentEntryEntryUUID|$XDSDocumentEntryUniqueId"],
        get::documents_and_associations
    ),
    query!(
        "GetSubmissionSets",
        "51224314-5390-4169-9b91-b1980040715a",
        ["$uuid"],
        related::sets
    ),
    query!(
        "GetSubmissionSetAndContents",
        "e8e3cb2c-e39c-46b9-99e4-c12f57260b83",
        ["$XDSSubmissionSetEntryUUID|$XDSSubmissionSetUniqueId"],
        related::set_and_contents
    ),
    query!(
        "GetFolderAndContents",
        "b909a503-523d-4517-8acf-8e5834dfc4c7",
        ["$XDSFolderEntryUUID|$XDSFolderUniqueId"],
        related::folder_and_contents
    ),
    query!(
        "GetFoldersForDocument",
        "10cae35a-c7f9-4cf5-b61e-fc3278ffb578",
        ["$XDSDocumentEntryEntryUUID|$XDSDocumentEntryUniqueId"],
        related::folders_for_document
    ),
    query!(
        "GetRelatedDocuments",
        "d90e5407-b356-4d91-a89f-873917b4b0e6",
        [
            "$XDSDocumentEntryEntryUUID|$XDSDocumentEntryUniqueId",
            "$AssociationTypes"
        ],
        related::related_documents
    ),
];

pub(super) fn of(id: &str) -> Option<&'static StoredQuery> {
    QUERIES.iter().find(|query| query.id == id)
}
