//! A document that another community gave: whether it can be read, and whose it says that it is.
//!
//! Its metadata name a patient; so does the document itself, where it is a message or a CDA document.
//! The two are compared letter by letter, as a file is with its path. What cannot be read is told
//! with its reason and never hidden; what names another patient is never shown.

use crate::dictionary;
use crate::document::{self, Content, DocumentError, Format, category_of};
use crate::intake::{compare, compare_document};
use crate::kinds::Kind;
use crate::problem::RecordError;
use crate::{ClinicalValue, decode};
use tasuki_core::ports::LocalItem;
use tasuki_model::Category;
use tasuki_wire::hl7::{Hl7Error, Limits, Text};
use tasuki_wire::ssmix2::DataKind;

/// The coding scheme of classes that are folders of the extended storage.
const EXTENDED: &str = "SS-MIX2 extended";

/// Items of one document that a dictionary is told of.
const LOCAL_MAX: usize = 500;

/// Items without a standard code, and how often each is there.
pub type LocalItems = Vec<(LocalItem, u64)>;

/// Why a document of another community is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotRead {
    /// It names another patient than its metadata, or two.
    OtherPatient,
    /// It cannot be read, for the reason of this code.
    Unreadable(&'static str),
}

impl From<RecordError> for NotRead {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::OtherPatient | RecordError::TwoPatients => Self::OtherPatient,
            error => Self::Unreadable(error.code()),
        }
    }
}

impl From<Hl7Error> for NotRead {
    fn from(error: Hl7Error) -> Self {
        Self::Unreadable(error.code())
    }
}

impl From<DocumentError> for NotRead {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Record(error) => error.into(),
            error => Self::Unreadable(error.code()),
        }
    }
}

/// Looks into a document of a class; returns how many facts it holds, and its laboratory items and medicines
/// without a standard code (for the dictionary of whoever sent it). `patient` is the ID that its
/// metadata say its source has for the patient (`sourcePatientId`, CX-1); where they say none, there
/// is nothing to compare with.
///
/// # Errors
/// [`NotRead`].
pub fn received(
    class_code: &str,
    bytes: &[u8],
    patient: Option<&str>,
) -> Result<(u32, LocalItems), NotRead> {
    let value = match DataKind::parse(class_code) {
        Some(kind) => message(kind, bytes, patient)?,
        None => other(class_code, bytes, patient)?,
    };
    let seen = dictionary::seen(&value).into_iter();
    let local = seen.filter(|(_, system, _)| system.is_empty());
    let local = local.map(|(item, _, times)| (item, times));
    Ok((value.items(), local.take(LOCAL_MAX).collect()))
}

/// The category of a document by its class, where the class is one that ours have too: a data kind,
/// or a folder of the extended storage.
#[must_use]
pub fn received_category(system: &str, class_code: &str, mime_type: &str) -> Option<Category> {
    if let Some(kind) = DataKind::parse(class_code) {
        return Kind::of(kind).map(|kind| kind.category);
    }
    let format = match mime_type {
        "image/jpeg" => Format::Jpeg,
        "image/png" => Format::Png,
        "image/gif" => Format::Gif,
        _ => Format::Other,
    };
    (system == EXTENDED).then(|| category_of(class_code, format))
}

fn message(kind: DataKind, bytes: &[u8], patient: Option<&str>) -> Result<ClinicalValue, NotRead> {
    let limits = Limits::default();
    let text = Text::decode(bytes, &limits)?;
    let message = text.parse(&limits)?;
    patient.map_or(Ok(()), |patient| compare(&message, patient))?;
    Ok(decode(kind, &message)?.value)
}

fn other(class_code: &str, bytes: &[u8], patient: Option<&str>) -> Result<ClinicalValue, NotRead> {
    let (document, _) = document::read(class_code, bytes)?;
    if let Some(patient) = patient {
        match &document.content {
            Content::Cda(cda) => match compare_document(cda, patient) {
                // Without an id in it there is nothing to compare with either.
                Ok(()) | Err(RecordError::NoPatient) => {}
                Err(error) => return Err(error.into()),
            },
            Content::Report(_) => {
                let limits = Limits::default();
                let text = Text::decode(bytes, &limits)?;
                compare(&text.parse(&limits)?, patient)?;
            }
            Content::Text(_) | Content::Binary => {}
        }
    }
    Ok(ClinicalValue::Document(Box::new(document)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(class: &str, bytes: &[u8], patient: Option<&str>) -> Result<u32, NotRead> {
        super::received(class, bytes, patient).map(|(items, _)| items)
    }

    const LAB: &str = "MSH|^~\\&|E|1|G|T|20260601103015||OUL^R22^OUL_R22|1|P|2.5||||||UNICODE UTF-8\r\
        PID|0001||77^^^^PI||試験^花子^^^^^L^I||19470312|F\r\
        SPM|1|1||023^血清^JC10|||||||||||||202606030915\r\
        OBR|1|1|1|E002^生化学的検査^99O03|||202606030915\r\
        ORC|SC|1|1||CM||||20260603130500\r\
        OBX|1|ST|3A010000002327101^総蛋白^JC10||7.1|g/dL^g/dL^ISO+|||||F|||202606030915\r";

    #[test]
    fn a_message_is_of_the_patient_that_its_metadata_name() {
        assert_eq!(received("OML-11", LAB.as_bytes(), Some("77")), Ok(1));
        assert_eq!(received("OML-11", LAB.as_bytes(), None), Ok(1));
        for other in ["78", "077", ""] {
            let read = received("OML-11", LAB.as_bytes(), Some(other));
            assert_eq!(read, Err(NotRead::OtherPatient), "{other}");
        }
        let twice = LAB.replace("SPM|", "PID|0001||78^^^^PI||\rSPM|");
        let read = received("OML-11", twice.as_bytes(), Some("77"));
        assert_eq!(read, Err(NotRead::OtherPatient));
    }

    #[test]
    fn items_without_a_standard_code_are_told_of() {
        let (_, none) = super::received("OML-11", LAB.as_bytes(), Some("77")).unwrap();
        assert!(none.is_empty(), "{none:?}");
        let own = LAB.replace("3A010000002327101^総蛋白^JC10", "TP01^総蛋白^99LAB");
        let (_, one) = super::received("OML-11", own.as_bytes(), Some("77")).unwrap();
        let [(item, times)] = one.as_slice() else {
            panic!("{one:?}");
        };
        assert_eq!(
            (item.code.as_str(), item.name.as_str(), *times),
            ("TP01", "総蛋白", 1)
        );
    }

    #[test]
    fn a_class_of_ours_has_its_category() {
        let of = |system, code| received_category(system, code, "text/plain");
        assert_eq!(of("SS-MIX2", "OML-11"), Some(Category::Lab));
        assert_eq!(of("SS-MIX2", "PPR-01"), Some(Category::Problem));
        let folder = "11506-3^経過記録^LN^N1^経過記録^L";
        assert_eq!(of("SS-MIX2 extended", folder), Some(Category::Record));
        assert_eq!(of("2.16.840.1.113883.6.1", "34133-9"), None);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let cut = LAB.split("SPM").next().unwrap();
        for (class, bytes) in [
            ("OML-11", cut.as_bytes()),
            ("OML-11", b"%PDF-1.4".as_slice()),
            ("PPR-01", LAB.as_bytes()),
            (
                "34133-9",
                b"<?xml version='1.0'?><ClinicalDocument".as_slice(),
            ),
        ] {
            let read = received(class, bytes, Some("77"));
            assert!(
                matches!(read, Err(NotRead::Unreadable(_))),
                "{class}: {read:?}"
            );
        }
        assert_eq!(received("57133-1", b"%PDF-1.4", Some("77")), Ok(1));
    }
}
