//! CDA R2 documents to a plain typed tree (HL7 CDA Release 2; JAHIS 診療文書構造化記述規約 共通編).
//!
//! Read: the header as far as a viewer needs it, narrative blocks of every section, embedded media,
//! and the non-XML body. Whoever renders a document does it from these types; markup of the sender
//! never reaches a page. What the reader passes over (an unknown element in a narrative, a time that
//! is none) is named in `problems`; its text is kept.
//!
//! Not here: the coded `entry` parts. What a physician may rely on is the narrative, by the standard.

mod body;
mod document;
mod error;
mod header;
mod media;
mod narrative;
#[cfg(test)]
mod tests;
mod values;

pub use document::{
    Author, Body, ClinicalDocument, InstanceId, Media, Organization, Patient, Payload, Period,
    Section, ServiceEvent,
};
pub use error::{CdaError, CdaFault, CdaProblem};
pub use narrative::{Block, Cell, Inline, Item, List, Row, Style, Table};

use crate::xml;

/// Namespace of HL7 v3.
pub const NAMESPACE: &str = "urn:hl7-org:v3";

/// What a document may cost us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The XML itself.
    pub xml: xml::Limits,
    /// Bytes of all embedded media together, after decoding. What is beyond is left out and said.
    pub payload: usize,
    /// Sections within sections.
    pub sections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            xml: xml::Limits::default(),
            payload: 24 * 1024 * 1024,
            sections: 16,
        }
    }
}

/// Reads a document.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<ClinicalDocument, CdaError> {
    let root = xml::read(bytes, &limits.xml)?;
    if &*root.name != "ClinicalDocument" || &*root.namespace != NAMESPACE {
        return Err(CdaError::NotCda);
    }
    let mut reading = Reading {
        limits,
        payload_left: limits.payload,
        problems: Vec::new(),
    };
    let mut document = header::read(&root, &mut reading);
    document.body = body::read(&root, &mut reading)?;
    document.problems = reading.problems;
    Ok(document)
}

/// How many problems are kept of one document.
const KEPT_PROBLEMS: usize = 64;

/// What is carried along while reading one document.
struct Reading<'l> {
    limits: &'l Limits,
    payload_left: usize,
    problems: Vec<CdaProblem>,
}

impl Reading<'_> {
    fn note(&mut self, fault: CdaFault, place: &str) {
        if self.problems.len() < KEPT_PROBLEMS {
            self.problems.push(CdaProblem {
                fault,
                place: place.chars().take(64).collect(),
            });
        }
    }
}
