//! `RegistryResponse`: success, or what went wrong (ITI TF-3, 4.2.4).

use super::names::RS;
use super::{EbrimError, OBJECTS_MAX};
use crate::xml::{Document, Element, Writer, document};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResponseStatus {
    /// All of it.
    Success,
    /// Some of it: a query or retrieve with answers and errors.
    PartialSuccess,
    /// None of it.
    Failure,
}

impl ResponseStatus {
    /// Every status.
    const ALL: [Self; 3] = [Self::Success, Self::PartialSuccess, Self::Failure];

    /// The URN that is exchanged.
    #[must_use]
    pub const fn urn(self) -> &'static str {
        match self {
            Self::Success => "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success",
            Self::PartialSuccess => "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess",
            Self::Failure => "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure",
        }
    }
}

/// How bad one error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Done all the same.
    Warning,
    /// Not done.
    Error,
}

impl Severity {
    /// The URN that is exchanged.
    #[must_use]
    pub const fn urn(self) -> &'static str {
        match self {
            Self::Warning => "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Warning",
            Self::Error => "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error",
        }
    }
}

/// One error or warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryError {
    /// `errorCode`, such as `XDSUnknownPatientId`.
    pub code: String,
    /// `codeContext`: what is wrong and what to change.
    pub context: String,
    /// `location`: where; for a gateway the home community it is about.
    pub location: Option<String>,
    /// How bad.
    pub severity: Severity,
}

/// The answer to a submission; the head of every other answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryResponse {
    /// How it ended.
    pub status: ResponseStatus,
    /// Errors and warnings.
    pub errors: Vec<RegistryError>,
}

impl RegistryResponse {
    /// All went well, but for these warnings.
    #[must_use]
    pub fn success(warnings: Vec<RegistryError>) -> Self {
        Self {
            status: ResponseStatus::Success,
            errors: warnings,
        }
    }

    /// Nothing was done.
    #[must_use]
    pub fn failure(errors: Vec<RegistryError>) -> Self {
        Self {
            status: ResponseStatus::Failure,
            errors,
        }
    }

    /// Reads an `rs:RegistryResponse`.
    ///
    /// # Errors
    /// Another element, no status or an unknown one, too many errors.
    pub fn decode(element: &Element) -> Result<Self, EbrimError> {
        if *element.name != *"RegistryResponse" || *element.namespace != *RS.uri {
            return Err(EbrimError::unexpected("rs:RegistryResponse", &element.name));
        }
        Self::decode_within(element)
    }

    /// Reads the status and errors of any answer.
    pub(super) fn decode_within(element: &Element) -> Result<Self, EbrimError> {
        let urn = element.attribute("status").ok_or(EbrimError::Missing {
            what: "the status of the answer",
        })?;
        // Gateways send PartialSuccess below the name of ebRS, where it is not defined.
        let word = urn.rsplit(':').next().unwrap_or_default();
        let status = ResponseStatus::ALL
            .into_iter()
            .find(|status| status.urn().rsplit(':').next() == Some(word))
            .ok_or_else(|| EbrimError::unexpected("a status of an answer", urn))?;
        let of_rs = |e: &&Element| *e.namespace == *RS.uri && *e.name == *"RegistryErrorList";
        let list = element.elements().find(of_rs);
        let mut errors = Vec::new();
        for error in list.iter().flat_map(|list| list.all("RegistryError")) {
            if errors.len() >= OBJECTS_MAX {
                return Err(EbrimError::TooMany {
                    what: "errors",
                    limit: OBJECTS_MAX,
                });
            }
            errors.push(read_error(error));
        }
        Ok(Self { status, errors })
    }

    /// As a document.
    #[must_use]
    pub fn encode(&self) -> Document {
        document(RS, "RegistryResponse", |start| {
            let start = start.attribute("status", self.status.urn());
            start.content(|inside| self.write_errors(inside));
        })
    }

    /// Writes it inside another answer.
    pub fn write(&self, writer: &mut Writer) {
        let start = writer.element(RS, "RegistryResponse");
        let start = start.attribute("status", self.status.urn());
        start.content(|inside| self.write_errors(inside));
    }

    pub(super) fn write_errors(&self, writer: &mut Writer) {
        let Some(worst) = self.errors.iter().map(|e| e.severity).max() else {
            return;
        };
        let list = writer.element(RS, "RegistryErrorList");
        let list = list.attribute("highestSeverity", worst.urn());
        list.content(|inside| {
            for error in &self.errors {
                let one = inside
                    .element(RS, "RegistryError")
                    .attribute("codeContext", &error.context)
                    .attribute("errorCode", &error.code)
                    .attribute_if("location", error.location.as_deref());
                drop(one.attribute("severity", error.severity.urn()));
            }
        });
    }
}

fn read_error(error: &Element) -> RegistryError {
    let text = |name| error.attribute(name).unwrap_or_default().to_owned();
    // Severities come with and without the URN before them; what is not a warning is an error.
    let severity = match error.attribute("severity") {
        Some(severity) if severity.ends_with("Warning") => Severity::Warning,
        _ => Severity::Error,
    };
    RegistryError {
        code: text("errorCode"),
        context: text("codeContext"),
        location: error.attribute("location").map(str::to_owned),
        severity,
    }
}
