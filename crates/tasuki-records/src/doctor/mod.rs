//! 担当医 (ADT-01): who is in charge of the patient from when on. ADT^A55 takes a change back.
//!
//! The file lies outside the days of service, so the time of the change is the one in EVN-6, else
//! EVN-2; what holds at discharge is not said and not guessed here.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use tasuki_model::{Category, JstTime};
use tasuki_wire::ssmix2::DataKind;

use crate::ClinicalValue;
use crate::kinds::{Kind, Place, Source};
use crate::problem::RecordError;
use crate::sheet::{Fields, part};
use crate::v2::{Encounter, RECORD_COPY, Reader, Staff};
use crate::view::{Label, Part, Sheet, Summary};

/// The kind.
pub const KIND: Kind = Kind {
    id: "doctor",
    title_key: "kind-doctor",
    codes: &[DataKind::Adt01],
    category: Category::Basic,
    place: Place::Undated,
    decode: Some(decode),
};

/// A change of the physician in charge.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AttendingChange {
    /// PV1: the physician after the change, and where.
    pub encounter: Encounter,
    /// EVN-6, else EVN-2.
    pub since: Option<JstTime>,
    /// True for ADT^A55.
    pub cancelled: bool,
}

fn decode(reader: &mut Reader<'_, '_>, source: &Source<'_>) -> Result<ClinicalValue, RecordError> {
    let pv1 = reader
        .first("PV1")
        .ok_or(RecordError::NoSegment { segment: "PV1" })?;
    pv1.need(7, reader);
    let since = reader
        .first("EVN")
        .and_then(|evn| evn.time(6, reader).or_else(|| evn.time(2, reader)));
    let encounter = Encounter::read(reader);
    reader.note_unread(&[], RECORD_COPY);
    let cancelled = source.output.cancels;
    Ok(ClinicalValue::Doctor(AttendingChange {
        encounter,
        since,
        cancelled,
    }))
}

impl AttendingChange {
    pub(crate) fn summary(&self) -> Summary {
        let physician = self
            .encounter
            .attending
            .as_ref()
            .map(Staff::display)
            .unwrap_or_default();
        let mut parts: Vec<_> = part(&physician).into_iter().collect();
        parts.extend(self.since.clone().map(Part::Time));
        parts.extend(self.cancelled.then_some(Part::Cancelled));
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        let mut fields = Fields::default();
        fields
            .encounter(&self.encounter)
            .time(Label::Start, self.since.as_ref());
        Sheet {
            blocks: fields.into_block().into_iter().collect(),
        }
    }

    pub(crate) const fn items(&self) -> usize {
        1
    }

    pub(crate) fn author(&self) -> Option<String> {
        self.encounter.attending.as_ref().map(Staff::display)
    }

    pub(crate) fn service_time(&self) -> Option<JstTime> {
        self.since.clone()
    }
}
