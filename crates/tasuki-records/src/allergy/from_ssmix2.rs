//! ADT^A60 to a list of allergies; AL1 to one allergy.

use super::{Allergy, AllergyList};
use crate::ClinicalValue;
use crate::kinds::Source;
use crate::problem::RecordError;
use crate::v2::{Encounter, Line, Reader};

pub(super) fn decode(
    reader: &mut Reader<'_, '_>,
    source: &Source<'_>,
) -> Result<ClinicalValue, RecordError> {
    // A60 without IAM takes the last allergy off the list; without EVN the message was cut.
    let evn = reader
        .first("EVN")
        .ok_or(RecordError::NoSegment { segment: "EVN" })?;
    let stated = evn.time(2, reader);
    let entries = source.message.body().all("IAM").map(|segment| {
        let iam = Line::new(segment);
        iam.need(3, reader);
        Allergy {
            onset: iam.time(11, reader),
            reported: iam.time(13, reader),
            reactions: reactions(&iam, 5),
            action: iam.coded(6),
            id: iam.text(7),
            group: iam.coded(10),
            onset_text: iam.whole(12),
            status: iam.coded(17),
            ..Allergy::of_al1(&iam)
        }
    });
    let entries = entries.collect();
    let encounter = Encounter::read(reader);
    reader.note_unread(&["IAM"], &[]);
    Ok(ClinicalValue::Allergies(AllergyList {
        entries,
        stated,
        encounter,
    }))
}

fn reactions(line: &Line<'_, '_>, field: usize) -> Vec<String> {
    line.field(field)
        .reps()
        .map(|rep| rep.whole().into_string())
        .filter(|t| !t.is_empty())
        .collect()
}

impl Allergy {
    /// AL1: IAM's first five fields.
    pub(crate) fn of_al1(al1: &Line<'_, '_>) -> Self {
        Self {
            kind: al1.coded(2),
            allergen: al1.coded(3),
            severity: al1.coded(4),
            reactions: reactions(al1, 5),
            ..Self::default()
        }
    }
}
