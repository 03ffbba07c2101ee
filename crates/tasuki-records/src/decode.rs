//! From a message to a clinical value: look up the kind, let it read, collect what went wrong.

use tasuki_model::label::Confidentiality;
use tasuki_model::{JstTime, Provenance};
use tasuki_wire::hl7::Message;
use tasuki_wire::ssmix2::DataKind;

use crate::kinds::{Kind, Source};
use crate::problem::{Problem, RecordError};
use crate::v2::Reader;
use crate::view::{Sheet, Summary};
use crate::{allergy, doctor, document, exam, injection, lab, meal, patient, prescription};
use crate::{problem_list, stay, visit};

/// A clinical value of any kind.
#[derive(Debug, Clone, PartialEq)]
pub enum ClinicalValue {
    /// 患者基本情報.
    Patient(Box<patient::PatientRecord>),
    /// 担当医.
    Doctor(doctor::AttendingChange),
    /// 外来受付.
    Visit(visit::Visit),
    /// 入退院, 外泊, 転科転棟.
    Stay(Box<stay::StayEvent>),
    /// アレルギー.
    Allergies(allergy::AllergyList),
    /// 病名.
    Problems(problem_list::ProblemList),
    /// 処方.
    Prescription(prescription::Prescription),
    /// 注射.
    Injection(injection::Injection),
    /// 検体検査.
    Lab(lab::Lab),
    /// 放射線, 内視鏡, 生理検査.
    Exam(exam::Exam),
    /// 食事.
    Meal(meal::MealOrder),
    /// A document of the extended storage.
    Document(Box<document::Document>),
}

/// A value and what could not be read of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The value.
    pub value: ClinicalValue,
    /// What could not be read, in the order of the message.
    pub problems: Vec<Problem>,
    /// MSH-7: when the source wrote the message.
    pub written: Option<JstTime>,
}

/// A value with where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced<T> {
    /// Community, facility, document, author, times.
    pub provenance: Provenance,
    /// The value.
    pub value: T,
}

/// Decodes a message that is stored under a data kind.
pub fn decode(kind: DataKind, message: &Message<'_>) -> Result<Decoded, RecordError> {
    let event = message.kind();
    let wrong = || RecordError::WrongMessage {
        kind: kind.code(),
        found: format!("{}^{}", event.code, event.trigger)
            .chars()
            .take(16)
            .collect(),
    };
    let output = kind.output(event.code, event.trigger).ok_or_else(wrong)?;
    let decoder = Kind::of(kind)
        .and_then(|kind| kind.decode)
        .ok_or_else(wrong)?;
    let mut reader = Reader::new(message);
    let value = decoder(
        &mut reader,
        &Source {
            kind,
            output,
            message,
        },
    )?;
    let written = reader.first("MSH").and_then(|msh| msh.time(7, &mut reader));
    let mut problems = reader.into_problems();
    problems.extend(message.problems().iter().map(|problem| Problem {
        code: problem.what.code().into(),
        place: format!("line {}", problem.line + 1),
    }));
    Ok(Decoded {
        value,
        problems,
        written,
    })
}

macro_rules! each {
    ($self:ident, $value:ident => $body:expr) => {
        match $self {
            ClinicalValue::Patient($value) => $body,
            ClinicalValue::Doctor($value) => $body,
            ClinicalValue::Visit($value) => $body,
            ClinicalValue::Stay($value) => $body,
            ClinicalValue::Allergies($value) => $body,
            ClinicalValue::Problems($value) => $body,
            ClinicalValue::Prescription($value) => $body,
            ClinicalValue::Injection($value) => $body,
            ClinicalValue::Lab($value) => $body,
            ClinicalValue::Exam($value) => $body,
            ClinicalValue::Meal($value) => $body,
            ClinicalValue::Document($value) => $body,
        }
    };
}

impl ClinicalValue {
    /// One line of a day drawer, in parts.
    #[must_use]
    pub fn summary(&self) -> Summary {
        each!(self, value => value.summary())
    }

    /// The plain detail page.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        each!(self, value => value.sheet())
    }

    /// How many facts it holds: drugs, results, diseases …
    #[must_use]
    pub fn items(&self) -> u32 {
        u32::try_from(each!(self, value => value.items())).unwrap_or(u32::MAX)
    }

    /// Who wrote, ordered or did it, as sent.
    #[must_use]
    pub fn author(&self) -> Option<String> {
        each!(self, value => value.author()).filter(|author| !author.is_empty())
    }

    /// How far the source itself restricts it (PRB-25, HL7 table 0177); the strictest part decides.
    #[must_use]
    pub fn confidentiality(&self) -> Confidentiality {
        match self {
            Self::Problems(value) => value.confidentiality(),
            Self::Document(value) => value.confidentiality(),
            _ => Confidentiality::Normal,
        }
    }

    /// When it was done or is due, where the kind has such a time.
    #[must_use]
    pub fn service_time(&self) -> Option<JstTime> {
        each!(self, value => value.service_time())
    }
}
