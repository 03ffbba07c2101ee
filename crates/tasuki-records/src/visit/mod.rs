//! 外来診察の受付 (ADT-12, ADT^A04): a patient has come to a clinic.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use tasuki_model::{Category, JstTime};
use tasuki_wire::ssmix2::DataKind;

use crate::ClinicalValue;
use crate::kinds::{Kind, Place, Source};
use crate::problem::RecordError;
use crate::sheet::{Fields, part};
use crate::v2::{Encounter, RECORD_COPY, Reader, Staff, department};
use crate::view::{Label, Part, Sheet, Summary};

/// The kind.
pub const KIND: Kind = Kind {
    id: "visit",
    title_key: "kind-visit",
    codes: &[DataKind::Adt12],
    category: Category::Visit,
    place: Place::Day,
    decode: Some(decode),
};

/// A visit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Visit {
    /// PV1.
    pub encounter: Encounter,
    /// PV1-44: time of reception.
    pub at: Option<JstTime>,
}

fn decode(reader: &mut Reader<'_, '_>, _: &Source<'_>) -> Result<ClinicalValue, RecordError> {
    let pv1 = reader
        .first("PV1")
        .ok_or(RecordError::NoSegment { segment: "PV1" })?;
    pv1.need(44, reader);
    let at = pv1.time(44, reader);
    let encounter = Encounter::read(reader);
    reader.note_unread(&[], RECORD_COPY);
    Ok(ClinicalValue::Visit(Visit { encounter, at }))
}

impl Visit {
    pub(crate) fn summary(&self) -> Summary {
        let mut parts: Vec<_> = self.at.clone().map(Part::Time).into_iter().collect();
        parts.extend(part(&department(&self.encounter.department)));
        parts.extend(self.author().as_deref().and_then(part));
        Summary { parts }
    }

    pub(crate) fn sheet(&self) -> Sheet {
        let mut fields = Fields::default();
        fields
            .time(Label::Start, self.at.as_ref())
            .encounter(&self.encounter);
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
        self.at.clone()
    }
}
