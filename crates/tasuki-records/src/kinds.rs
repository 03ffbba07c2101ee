//! The registry of clinical kinds, and what each SS-MIX2 data kind is to a reader.
//!
//! One folder per kind; this list is the only place that names them all. Calendar rows, tabs,
//! consent categories and coverage tests are derived from it.

use tasuki_model::Category;
use tasuki_wire::hl7::Message;
use tasuki_wire::ssmix2::{DataKind, Output, Phase};

use crate::problem::RecordError;
use crate::v2::Reader;
use crate::{ClinicalValue, allergy, contraindication, doctor, document, exam, health_check};
use crate::{infection, injection, lab, meal, patient, prescription, problem_list, stay, visit};

/// Where a kind stands in the calendar of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the row of its category.
    Row,
    /// As part of the band of stays.
    Band,
    /// In the drawer of its day only.
    Day,
    /// Outside the grid: it has no day.
    Undated,
}

/// Reads a message of one of the kind's data kinds.
pub(crate) type Decoder =
    fn(&mut Reader<'_, '_>, &Source<'_>) -> Result<ClinicalValue, RecordError>;

/// What is being decoded.
pub(crate) struct Source<'m> {
    /// Data kind of the path.
    pub(crate) kind: DataKind,
    /// The output that the message's event is.
    pub(crate) output: &'static Output,
    /// The message.
    pub(crate) message: &'m Message<'m>,
}

/// A clinical kind.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Stable id; also the name of its folder here.
    pub id: &'static str,
    /// Key of its title in the message catalogue.
    pub title_key: &'static str,
    /// SS-MIX2 data kinds that hold it; none for documents of the extended storage.
    pub codes: &'static [DataKind],
    /// The category that consent and policy use. Documents have one each instead.
    pub category: Category,
    /// Its place in the calendar.
    pub place: Place,
    pub(crate) decode: Option<Decoder>,
}

/// Every clinical kind.
pub const KINDS: &[Kind] = &[
    patient::KIND,
    doctor::KIND,
    visit::KIND,
    stay::KIND,
    allergy::KIND,
    contraindication::KIND,
    problem_list::KIND,
    prescription::KIND,
    injection::KIND,
    lab::KIND,
    infection::KIND,
    exam::KIND,
    meal::KIND,
    health_check::KIND,
    document::KIND,
];

impl Kind {
    /// The kind that holds a data kind. Every one of the 26 has one (tested).
    #[must_use]
    pub fn of(code: DataKind) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.codes.contains(&code))
    }
}

/// Whether a data kind holds orders or plans, whose outcome is another kind.
#[must_use]
pub fn is_order(kind: &str) -> bool {
    DataKind::parse(kind).is_some_and(|kind| {
        kind.outputs()
            .any(|output| matches!(output.phase, Phase::Order | Phase::Plan))
    })
}
