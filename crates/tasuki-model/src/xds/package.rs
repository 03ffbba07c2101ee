//! Submission sets and folders (ITI TF-3, tables 4.2.3.3-1 and 4.2.3.4-1).

use super::{Author, Header, Text};
use crate::Coding;
use serde::{Deserialize, Serialize};

/// One submission: who sent what when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SubmissionSet {
    /// Ids, status, extra slots.
    pub header: Header,
    /// `uniqueId`, an OID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
    /// `sourceId`, an OID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// `patientId` (CX).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<String>,
    /// `submissionTime` in UTC, as [`super::DocumentEntry::creation_time`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission_time: Option<String>,
    /// `contentTypeCode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<Coding>,
    /// `author`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Author>,
    /// `intendedRecipient` (XON|XCN|XTN).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<String>,
    /// `title`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<Text>,
    /// `comments`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Text>,
    /// `limitedMetadata`.
    #[serde(default)]
    pub limited: bool,
}

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Folder {
    /// Ids, version, status, extra slots.
    pub header: Header,
    /// `uniqueId`, an OID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
    /// `patientId` (CX).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<String>,
    /// `codeList`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<Coding>,
    /// `lastUpdateTime` in UTC: set by the registry, whatever was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_update: Option<String>,
    /// `title`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<Text>,
    /// `comments`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Text>,
    /// `limitedMetadata`.
    #[serde(default)]
    pub limited: bool,
}
