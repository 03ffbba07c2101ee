//! The typed tree of a document.

use tasuki_model::{Coded, JstTime, PersonName, Sex};

use super::{Block, CdaProblem};

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClinicalDocument {
    /// `id`.
    pub id: Option<InstanceId>,
    /// `setId`: shared by the versions of one document.
    pub set_id: Option<InstanceId>,
    /// `versionNumber` as sent.
    pub version: Option<String>,
    /// `code`: what kind of document it is.
    pub code: Coded,
    /// `title`; may be empty.
    pub title: String,
    /// `effectiveTime`: when it was made.
    pub effective: Option<JstTime>,
    /// `confidentialityCode`.
    pub confidentiality: Option<String>,
    /// Everyone named as its patient. One, in practice.
    pub patients: Vec<Patient>,
    /// Authors, persons and devices.
    pub authors: Vec<Author>,
    /// The organization that keeps the original.
    pub custodian: Option<Organization>,
    /// What was done (`documentationOf`): an encounter (ENC), a stay (ACCM) …
    pub services: Vec<ServiceEvent>,
    /// `componentOf/encompassingEncounter`.
    pub encounter: Option<Period>,
    /// The content.
    pub body: Body,
    /// What was passed over; at most 64.
    pub problems: Vec<CdaProblem>,
}

/// An instance identifier (II).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct InstanceId {
    /// Root OID (or UUID) as sent.
    pub root: String,
    /// Extension; empty if none.
    pub extension: String,
}

/// `recordTarget/patientRole`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patient {
    /// Ids in the order sent.
    pub ids: Vec<InstanceId>,
    /// Names by their writing.
    pub name: PersonName,
    /// Date of birth.
    pub birth: Option<JstTime>,
    /// Sex; none if not sent.
    pub sex: Option<Sex>,
}

/// `author`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// When, or from when.
    pub time: Option<JstTime>,
    /// Ids of the author.
    pub ids: Vec<InstanceId>,
    /// The person; empty for a device.
    pub name: PersonName,
    /// `representedOrganization`.
    pub organization: Option<Organization>,
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Organization {
    /// Ids.
    pub ids: Vec<InstanceId>,
    /// Name; may be empty.
    pub name: String,
}

/// A time or an interval.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Period {
    /// `low`, or the single value.
    pub start: Option<JstTime>,
    /// `high`.
    pub end: Option<JstTime>,
}

/// `documentationOf/serviceEvent`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceEvent {
    /// `classCode`: `ENC` for an encounter, `ACCM` for a stay.
    pub class: String,
    /// `code`.
    pub code: Coded,
    /// When.
    pub period: Period,
}

/// The content of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Body {
    /// None was sent.
    #[default]
    Missing,
    /// Sections with narrative.
    Structured(Vec<Section>),
    /// Something else in an envelope: a PDF, an image, plain text.
    NonXml(Media),
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// `code`.
    pub code: Coded,
    /// `title`; may be empty.
    pub title: String,
    /// The narrative.
    pub blocks: Vec<Block>,
    /// Media that the narrative refers to by id.
    pub media: Vec<Media>,
    /// Sections inside.
    pub sections: Vec<Section>,
}

/// A picture or file inside a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Media {
    /// XML id by which `renderMultiMedia` refers to it; empty in a non-XML body.
    pub id: String,
    /// Media type as declared. To be checked against the bytes before anything is shown.
    pub media_type: String,
    /// What there is.
    pub payload: Payload,
}

/// The data of a [`Media`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Payload {
    /// None, or unreadable (said in the problems).
    #[default]
    Missing,
    /// Bytes, decoded from base64.
    Bytes(Vec<u8>),
    /// Text that stood in the document as such.
    Text(String),
    /// The name of a file beside the document, as sent. Not a path to be opened as it is.
    Reference(String),
}
