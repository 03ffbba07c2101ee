//! From a file that has been examined to the entry it will have: the XDS attributes that do not
//! depend on the store (the code set proposed for Japan in docs/conformance.md).

use crate::group::Member;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use tasuki_core::ports::DemographicsSource;
use tasuki_core::release::hex;
use tasuki_model::document::SourceKey;
use tasuki_model::label::Confidentiality;
use tasuki_model::{
    AvailabilityStatus, Category, Coding, Demographics, DocumentEntry, EntryUuid, FacilityId,
    Instant, JstTime, PatientKey, RepositoryId, UniqueId,
};
use tasuki_records::dictionary::{Counted, seen};
use tasuki_records::document::{Document, category_of};
use tasuki_records::{ClinicalValue, Decoded, Examined, Kind};
use tasuki_wire::ssmix2::{DataKind, KindFolder, StoragePath, sent_time};

/// The coding scheme of SS-MIX2 data kinds, as classCode and typeCode name it.
const KIND_SCHEME: &str = "SS-MIX2";
/// The code table of departments (SS-MIX2 診療科コード表).
const DEPARTMENTS: &str = "1.2.392.200250.2.2.2";
/// IHE format codes.
const FORMATS: &str = "1.3.6.1.4.1.19376.1.2.3";

/// An entry without what only the store can give.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) status: AvailabilityStatus,
    key: SourceKey,
    class_code: Coding,
    type_code: Coding,
    format_code: Coding,
    practice_setting: Option<Coding>,
    confidentiality: Confidentiality,
    category: Category,
    mime_type: &'static str,
    title: Option<String>,
    author: Option<String>,
    creation_time: Option<JstTime>,
    service_start: Option<JstTime>,
    size_bytes: u64,
    hash: Box<str>,
    items: u32,
    problems: u32,
    codes: Vec<Counted>,
}

/// What the store and the batch add to a draft.
pub(crate) struct Place<'a> {
    pub(crate) entry_uuid: EntryUuid,
    pub(crate) unique_id: UniqueId,
    pub(crate) patient_key: &'a PatientKey,
    pub(crate) facility: &'a FacilityId,
    pub(crate) repository: &'a RepositoryId,
    pub(crate) received: Instant,
}

/// What a file says of its patient.
#[derive(Debug, Clone)]
pub(crate) struct Stated {
    pub(crate) demographics: Demographics,
    pub(crate) at: JstTime,
    pub(crate) source: DemographicsSource,
}

impl Draft {
    /// The draft of a file that may be registered.
    pub(crate) fn new(member: &Member<'_>, examined: &Examined<'_>, bytes: &[u8]) -> Option<Self> {
        let decoded = examined.decoded.as_ref()?;
        let shape = Shape::of(member, examined, decoded)?;
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes);
        Some(Self {
            status: AvailabilityStatus::Approved,
            key: member.key(),
            class_code: shape.class_code.clone(),
            type_code: shape.type_code.unwrap_or(shape.class_code),
            format_code: shape.format_code,
            practice_setting: member.department.map(|code| Coding {
                system: DEPARTMENTS.into(),
                version: None,
                code: code.into(),
                text: "".into(),
            }),
            confidentiality: decoded.value.confidentiality(),
            category: shape.category,
            mime_type: examined.format.media_type(),
            title: shape.title,
            author: decoded.value.author(),
            creation_time: decoded.written.clone().or_else(|| sent_time(member.sent)),
            service_start: decoded
                .value
                .service_time()
                .filter(|time| Some(time.day()) == member.day)
                .or_else(|| member.day.map(JstTime::from_day)),
            size_bytes: bytes.len() as u64,
            hash: hex(hash.as_ref()).into(),
            items: if member.attachment.is_some() {
                0
            } else {
                decoded.value.items()
            },
            problems: u32::try_from(decoded.problems.len()).unwrap_or(u32::MAX),
            codes: seen(&decoded.value),
        })
    }

    /// The laboratory items and medicines that it names.
    pub(crate) fn codes(&self) -> &[Counted] {
        &self.codes
    }

    /// How far its source restricts it.
    pub(crate) fn confidentiality(&self) -> Confidentiality {
        self.confidentiality
    }

    /// Restricts it at least as far as what it belongs to.
    pub(crate) fn restrict(&mut self, level: Confidentiality) {
        self.confidentiality = self.confidentiality.max(level);
    }

    /// The entry.
    pub(crate) fn entry(&self, place: Place<'_>) -> DocumentEntry {
        DocumentEntry {
            logical_id: place.entry_uuid.clone(),
            entry_uuid: place.entry_uuid,
            unique_id: place.unique_id,
            patient_key: place.patient_key.clone(),
            facility: place.facility.clone(),
            repository_id: place.repository.clone(),
            status: self.status,
            class_code: self.class_code.clone(),
            type_code: self.type_code.clone(),
            format_code: self.format_code.clone(),
            practice_setting: self.practice_setting.clone(),
            confidentiality: self.confidentiality,
            category: self.category,
            mime_type: self.mime_type.into(),
            title: self.title.clone(),
            author: self.author.clone(),
            creation_time: self.creation_time.clone(),
            service_start: self.service_start.clone(),
            received: place.received,
            size_bytes: self.size_bytes,
            hash: self.hash.clone(),
            items: self.items,
            problems: self.problems,
            source_key: self.key.clone(),
        }
    }
}

/// What the kind of a file decides.
struct Shape {
    class_code: Coding,
    type_code: Option<Coding>,
    format_code: Coding,
    category: Category,
    title: Option<String>,
}

impl Shape {
    fn of(member: &Member<'_>, examined: &Examined<'_>, decoded: &Decoded) -> Option<Self> {
        match (&examined.path, &decoded.value) {
            (Ok(StoragePath::Standard(path)), _) => Some(Self::message(path.name.kind)),
            (Ok(StoragePath::Extended(path)), ClinicalValue::Document(document)) => {
                Some(Self::document(&path.kind, member, document))
            }
            _ => None,
        }
    }

    fn message(kind: DataKind) -> Self {
        Self {
            class_code: coding(KIND_SCHEME, kind.code(), kind.title()),
            type_code: None,
            format_code: coding(KIND_SCHEME, "HL7v2.5", ""),
            category: Kind::of(kind).map_or(Category::File, |k| k.category),
            title: None,
        }
    }

    fn document(folder: &KindFolder<'_>, member: &Member<'_>, document: &Document) -> Self {
        // The folder's whole name is the class: the page that shows a document needs all of it.
        let class_code = coding("SS-MIX2 extended", folder.raw(), folder.title());
        let title = match member.attachment {
            Some(name) => name.to_owned(),
            None => document.title.clone(),
        };
        Self {
            class_code,
            type_code: document.code.clone(),
            format_code: coding(FORMATS, "urn:ihe:iti:xds:2017:mimeTypeSufficient", ""),
            category: category_of(folder.raw(), document.format),
            title: Some(title).filter(|t| !t.is_empty()),
        }
    }
}

fn coding(system: &str, code: &str, text: &str) -> Coding {
    Coding {
        system: system.into(),
        version: None,
        code: code.into(),
        text: text.into(),
    }
}

/// What a current file says of its patient, if it says anything.
pub(crate) fn stated(member: &Member<'_>, examined: &Examined<'_>) -> Option<Stated> {
    let decoded = examined.decoded.as_ref()?;
    let written = || decoded.written.clone().or_else(|| sent_time(member.sent));
    if let ClinicalValue::Patient(record) = &decoded.value {
        if record.deleted {
            return None;
        }
        return Some(Stated {
            demographics: record.demographics.clone(),
            at: record.updated.clone().or_else(written)?,
            source: DemographicsSource::PatientRecord,
        });
    }
    let patient = examined.patient.as_ref()?;
    Some(Stated {
        demographics: patient.demographics.clone(),
        at: written()?,
        source: DemographicsSource::Message,
    })
}

impl Stated {
    /// Whether this says more than another: by source first, then by time.
    pub(crate) fn outranks(&self, other: &Self) -> bool {
        (self.source, self.at.start()) >= (other.source, other.at.start())
    }
}
