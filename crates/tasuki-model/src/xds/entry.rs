//! A document entry with every attribute of ITI TF-3, table 4.2.3.2-1.

use super::{Author, Header, Text};
use crate::Coding;
use serde::{Deserialize, Serialize};

/// `objectType` (ITI TF-3, 4.2.3.2.30): whether the document is there already or made when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ObjectType {
    /// The document is stored.
    #[default]
    Stable,
    /// The document is made when it is retrieved.
    OnDemand,
}

impl ObjectType {
    /// The UUID of ebRIM, with `urn:uuid:`.
    #[must_use]
    pub const fn urn(self) -> &'static str {
        match self {
            Self::Stable => "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1",
            Self::OnDemand => "urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248",
        }
    }

    /// The type of a UUID.
    #[must_use]
    pub fn from_urn(urn: &str) -> Option<Self> {
        [Self::Stable, Self::OnDemand]
            .into_iter()
            .find(|kind| kind.urn() == urn)
    }
}

/// The metadata of one document. Times are `YYYY[MM[DD[hh[mm[ss]]]]]` in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DocumentEntry {
    /// Ids, version, status, extra slots.
    pub header: Header,
    /// Stable or on-demand.
    #[serde(default)]
    pub object_type: ObjectType,
    /// `uniqueId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
    /// `patientId` (CX).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<String>,
    /// `mimeType`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mime_type: String,
    /// `title`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<Text>,
    /// `comments`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Text>,
    /// `author`, each with its institutions, roles and specialties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Author>,
    /// `legalAuthenticator` (XCN).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_authenticator: Option<String>,
    /// `classCode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_code: Option<Coding>,
    /// `typeCode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_code: Option<Coding>,
    /// `formatCode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format_code: Option<Coding>,
    /// `healthcareFacilityTypeCode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility_type: Option<Coding>,
    /// `practiceSettingCode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practice_setting: Option<Coding>,
    /// `confidentialityCode`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confidentiality: Vec<Coding>,
    /// `eventCodeList`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_codes: Vec<Coding>,
    /// `creationTime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_time: Option<String>,
    /// `serviceStartTime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_start: Option<String>,
    /// `serviceStopTime`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_stop: Option<String>,
    /// `languageCode` (RFC 3066).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// `size` in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// `hash`: SHA-1 in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// `URI`, its pieces joined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// `repositoryUniqueId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository_id: Option<String>,
    /// `documentAvailability`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<String>,
    /// `sourcePatientId` (CX).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_patient_id: Option<String>,
    /// `sourcePatientInfo`: lines such as `PID-5|山田^花子`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_patient_info: Vec<String>,
    /// `referenceIdList` (CXi).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference_ids: Vec<String>,
    /// `limitedMetadata`: marked as not complete (ITI TF-3, 4.2.3.2.32).
    #[serde(default)]
    pub limited: bool,
}
