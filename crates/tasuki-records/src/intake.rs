//! Whether a file may be registered: its bytes, its message, its patient, its path, its kind.
//!
//! All five are looked at and every reason is kept; the first is the one to act on. Bytes come first
//! because nothing else can be believed of a text with lost characters.

use tasuki_model::{Demographics, LocalPatientId};
use tasuki_wire::cda;
use tasuki_wire::hl7::{Hl7Error, Limits, Message, Segment, Text};
use tasuki_wire::ssmix2::{DataKind, SsmixError, StoragePath};

use crate::document::{self, Content, DocumentError, Format};
use crate::patient::demographics;
use crate::problem::{Problem, RecordError};
use crate::v2::{Line, Reader};
use crate::{ClinicalValue, Decoded, decode};

/// Why a file is not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Its bytes are not what they are declared to be; characters would be lost.
    #[error("{0}")]
    Bytes(Hl7Error),
    /// It is no readable message or document.
    #[error("{0}")]
    Unreadable(DocumentError),
    /// The patient in it is not the patient of the path, or none, or two.
    #[error("{0}")]
    Patient(RecordError),
    /// Its path or name is not one of SS-MIX2, or folder and name disagree.
    #[error("{0}")]
    Path(SsmixError),
    /// It is not a message of its kind, or lacks what the kind is about.
    #[error("{0}")]
    Kind(RecordError),
}

impl Reason {
    /// Stable code of the grammar or rule that refused it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Bytes(error) => error.code(),
            Self::Unreadable(error) => error.code(),
            Self::Patient(error) | Self::Kind(error) => error.code(),
            Self::Path(error) => error.code(),
        }
    }
}

/// What a message says of whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// PID-3 as the facility's ID.
    pub local_id: LocalPatientId,
    /// The rest of PID.
    pub demographics: Demographics,
    /// What of it could not be read.
    pub problems: Vec<Problem>,
}

/// A file that has been looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Examined<'p> {
    /// Its path.
    pub path: Result<StoragePath<'p>, SsmixError>,
    /// The format of its bytes.
    pub format: Format,
    /// Its value, if it may be registered.
    pub decoded: Option<Decoded>,
    /// Whom it is about, where it says so.
    pub patient: Option<Identified>,
    /// Why it may not be registered; empty if it may.
    pub reasons: Vec<Reason>,
}

/// Looks at a file of a storage. `path` is relative to the root, with `/` between parts.
#[must_use]
pub fn examine<'p>(path: &'p str, bytes: &[u8]) -> Examined<'p> {
    let mut found = Examined {
        path: StoragePath::parse(path),
        format: Format::of(bytes),
        decoded: None,
        patient: None,
        reasons: Vec::new(),
    };
    match &found.path {
        Ok(StoragePath::Extended(path)) => {
            let (folder, patient) = (path.kind.raw(), path.content.patient);
            found.document(folder, patient, bytes);
        }
        Ok(StoragePath::Standard(path)) => {
            let (kind, patient) = (path.name.kind, path.name.patient);
            found.message(Some((kind, patient)), bytes);
        }
        Err(error) => {
            let error = *error;
            found.message(None, bytes);
            found.reasons.push(Reason::Path(error));
        }
    }
    if !found.reasons.is_empty() {
        found.decoded = None;
    }
    found
}

impl Examined<'_> {
    fn message(&mut self, expected: Option<(DataKind, &str)>, bytes: &[u8]) {
        if !matches!(self.format, Format::Hl7 | Format::Text) {
            // A PDF or image has no charset to be wrong in.
            if expected.is_some() {
                self.refuse(Reason::Unreadable(Hl7Error::NoHeader.into()));
            }
            return;
        }
        let limits = Limits::default();
        let text = match Text::decode(bytes, &limits).and_then(Text::lossless) {
            Ok(text) => text,
            Err(error @ Hl7Error::Characters { .. }) => return self.refuse(Reason::Bytes(error)),
            Err(error) => return self.refuse(Reason::Unreadable(error.into())),
        };
        let message = match text.parse(&limits) {
            Ok(message) => message,
            Err(error) => return self.refuse(Reason::Unreadable(error.into())),
        };
        self.patient = patient_in(&message).ok();
        let Some((kind, patient)) = expected else {
            return;
        };
        if let Err(error) = compare(&message, patient) {
            self.refuse(Reason::Patient(error));
        }
        match decode(kind, &message) {
            Ok(mut decoded) => {
                let repaired = text.problems().kept().iter().map(|problem| Problem {
                    code: problem.fault.code().into(),
                    place: format!("byte {}", problem.offset),
                });
                decoded.problems.extend(repaired);
                self.decoded = Some(decoded);
            }
            Err(error) => self.refuse(Reason::Kind(error)),
        }
    }

    fn document(&mut self, folder: &str, patient: &str, bytes: &[u8]) {
        let (document, problems) = match document::read(folder, bytes) {
            Ok(read) => read,
            Err(DocumentError::Hl7(error @ Hl7Error::Characters { .. })) => {
                return self.refuse(Reason::Bytes(error));
            }
            Err(DocumentError::Record(error)) => return self.refuse(Reason::Kind(error)),
            Err(error) => return self.refuse(Reason::Unreadable(error)),
        };
        match &document.content {
            Content::Cda(cda) => {
                if let Err(error) = compare_document(cda, patient) {
                    self.refuse(Reason::Patient(error));
                }
            }
            Content::Report(_) => self.report_patient(patient, bytes),
            // Nothing inside says whom it is about; the path alone does.
            Content::Text(_) | Content::Binary => {}
        }
        let written = match &document.content {
            Content::Cda(cda) => cda.effective.clone(),
            _ => None,
        };
        let value = ClinicalValue::Document(Box::new(document));
        self.decoded = Some(Decoded {
            value,
            problems,
            written,
        });
    }

    fn report_patient(&mut self, patient: &str, bytes: &[u8]) {
        let limits = Limits::default();
        let Ok(text) = Text::decode(bytes, &limits) else {
            return;
        };
        let Ok(message) = text.parse(&limits) else {
            return;
        };
        self.patient = patient_in(&message).ok();
        if let Err(error) = compare(&message, patient) {
            self.refuse(Reason::Patient(error));
        }
    }

    fn refuse(&mut self, reason: Reason) {
        self.reasons.push(reason);
    }
}

/// Whom a message is about, by its first PID.
pub fn patient_in(message: &Message<'_>) -> Result<Identified, RecordError> {
    let mut reader = Reader::new(message);
    let pid = reader.first("PID").ok_or(RecordError::NoPatient)?;
    let id = first_id(&pid).ok_or(RecordError::NoPatient)?;
    let local_id = LocalPatientId::new(&id).map_err(|_| RecordError::NoPatient)?;
    let demographics = demographics(&pid, &mut reader);
    Ok(Identified {
        local_id,
        demographics,
        problems: reader.into_problems(),
    })
}

fn first_id(pid: &Line<'_, '_>) -> Option<String> {
    pid.field(3)
        .reps()
        .find_map(|rep| rep.value().text())
        .map(|id| id.trim().to_owned())
}

/// Compares every PID with the patient of the path, letter by letter: leading zeros tell patients
/// apart in some hospitals. A PID without id says nothing; the first must have one.
pub fn compare(message: &Message<'_>, patient: &str) -> Result<(), RecordError> {
    let ids = |segment: &Segment<'_>| {
        let reps = segment.field(3).reps();
        let ids = reps.filter_map(|rep| rep.value().text());
        ids.map(|id| id.trim() == patient).collect()
    };
    all_of(message.body().all("PID").map(ids))
}

pub(crate) fn compare_document(
    document: &cda::ClinicalDocument,
    patient: &str,
) -> Result<(), RecordError> {
    let ids = |target: &cda::Patient| {
        let ids = target.ids.iter();
        ids.map(|id| id.extension == patient).collect()
    };
    all_of(document.patients.iter().map(ids))
}

/// Whether whoever is named is the patient: of each, which of its IDs are the patient's. One without an ID says
/// nothing; the first that has some decides between nobody known and two.
fn all_of(named: impl Iterator<Item = Vec<bool>>) -> Result<(), RecordError> {
    let mut known = false;
    for ids in named.filter(|ids| !ids.is_empty()) {
        match (ids.contains(&true), known) {
            (true, _) => known = true,
            (false, false) => return Err(RecordError::OtherPatient),
            (false, true) => return Err(RecordError::TwoPatients),
        }
    }
    match known {
        true => Ok(()),
        false => Err(RecordError::NoPatient),
    }
}
