//! What is in a document.

use tasuki_model::Coding;
use tasuki_wire::cda::{self, CdaError, ClinicalDocument};
use tasuki_wire::charset::Charset;
use tasuki_wire::hl7::{Hl7Error, Limits, Text};
use tasuki_wire::ssmix2::KindFolder;

use super::Format;
use crate::exam::{Exam, report};
use crate::problem::{Problem, RecordError};
use crate::v2::Reader;

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its format by its bytes.
    pub format: Format,
    /// Its title: the CDA's own, else the folder's local or standard name.
    pub title: String,
    /// The standard document code (LOINC), where the folder has one.
    pub code: Option<Coding>,
    /// Size in bytes.
    pub size: usize,
    /// What could be read of it.
    pub content: Content,
}

/// The content of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A CDA document.
    Cda(Box<ClinicalDocument>),
    /// An observation report.
    Report(Box<Exam>),
    /// Plain text.
    Text(String),
    /// A PDF, an image, or something that is only stored.
    Binary,
}

/// Why a document cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// HL7 that cannot be read.
    #[error(transparent)]
    Hl7(#[from] Hl7Error),
    /// CDA that cannot be read.
    #[error(transparent)]
    Cda(#[from] CdaError),
    /// Too large, or a report without OBR.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl DocumentError {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Hl7(error) => error.code(),
            Self::Cda(error) => error.code(),
            Self::Record(error) => error.code(),
        }
    }
}

/// Reads a document of the extended storage. `folder` is its データ種別フォルダ.
pub fn read(folder: &str, bytes: &[u8]) -> Result<(Document, Vec<Problem>), DocumentError> {
    let format = Format::of(bytes);
    if bytes.len() > format.limit() {
        let error = RecordError::TooLarge {
            bytes: bytes.len(),
            limit: format.limit(),
        };
        return Err(error.into());
    }
    let mut problems = Vec::new();
    let content = match format {
        Format::Hl7 => hl7(bytes, &mut problems)?,
        Format::Cda => {
            let document = cda::read(bytes, &cda::Limits::default())?;
            problems.extend(document.problems.iter().map(|problem| Problem {
                code: problem.fault.code().into(),
                place: problem.place.clone(),
            }));
            Content::Cda(Box::new(document))
        }
        Format::Text | Format::Xml => match plain_text(bytes) {
            Some(text) => Content::Text(text),
            None => Content::Binary,
        },
        Format::Pdf | Format::Jpeg | Format::Png | Format::Gif | Format::Other => Content::Binary,
    };
    let folder = KindFolder::parse(folder).ok();
    let code = folder
        .as_ref()
        .map(KindFolder::standard)
        .filter(|(code, ..)| !code.is_empty());
    let own_title = match &content {
        Content::Cda(document) => document.title.clone(),
        _ => String::new(),
    };
    let title = match &folder {
        Some(folder) if own_title.is_empty() => folder.title().to_owned(),
        _ => own_title,
    };
    let code = code.map(|(code, text, system)| Coding {
        system: system.into(),
        version: None,
        code: code.into(),
        text: text.into(),
    });
    Ok((
        Document {
            format,
            title,
            code,
            size: bytes.len(),
            content,
        },
        problems,
    ))
}

fn hl7(bytes: &[u8], problems: &mut Vec<Problem>) -> Result<Content, DocumentError> {
    let limits = Limits::default();
    let text = Text::decode(bytes, &limits)?.lossless()?;
    let message = text.parse(&limits)?;
    let mut reader = Reader::new(&message);
    let exam = report(&message, &mut reader)?;
    problems.extend(reader.into_problems());
    Ok(Content::Report(Box::new(exam)))
}

/// Text without a declaration: UTF-8 if it is, else ISO 2022 if it is, else CP932 if it is.
pub(crate) fn plain_text(bytes: &[u8]) -> Option<String> {
    let seven_bit = bytes.is_ascii();
    let tried = if seven_bit {
        [Charset::Iso2022, Charset::Utf8]
    } else {
        [Charset::Utf8, Charset::ShiftJis]
    };
    tried
        .into_iter()
        .map(|charset| charset.decode(bytes))
        .find(|decoded| decoded.problems.losses() == 0)
        .map(|decoded| decoded.text.into_owned())
}

/// Which of the files of a content folder is the document itself: the one called `main_document`, else
/// the best by extension, else the first. The others are its attachments.
#[must_use]
pub fn main_file<'n>(names: &[&'n str]) -> Option<&'n str> {
    let rank = |name: &str| {
        let lower = name.to_ascii_lowercase();
        let (stem, extension) = lower.rsplit_once('.').unwrap_or((&lower, ""));
        let order = ["xml", "hl7", "pdf", "txt", "jpg", "jpeg", "png", "gif"];
        let place = order
            .iter()
            .position(|known| *known == extension)
            .unwrap_or(order.len());
        (!stem.ends_with("main_document"), name.contains('/'), place)
    };
    names.iter().copied().min_by_key(|name| (rank(name), *name))
}
