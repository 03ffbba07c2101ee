//! ADT^A08 and ADT^A23 to a patient record; PID to demographics.

use tasuki_model::person::Insurance;
use tasuki_model::{Demographics, JstDay, Sex};

use super::{Coverage, Disability, PatientRecord, Relative};
use crate::ClinicalValue;
use crate::allergy::Allergy;
use crate::kinds::Source;
use crate::problem::{CODE, RecordError, TIME};
use crate::v2::{Encounter, Line, Observation, Reader, address, person_name, phone};

pub(super) fn decode(
    reader: &mut Reader<'_, '_>,
    source: &Source<'_>,
) -> Result<ClinicalValue, RecordError> {
    let pid = reader
        .first("PID")
        .ok_or(RecordError::NoSegment { segment: "PID" })?;
    let mut demographics = demographics(&pid, reader);
    let updated = pid.time(33, reader);
    let death = pid.time(29, reader);
    let body = source.message.body();
    let coverages: Vec<_> = body
        .all("IN1")
        .map(|segment| coverage(segment, reader))
        .collect();
    demographics.insurances = coverages
        .iter()
        .map(|found| found.insurance.clone())
        .collect();
    let record = PatientRecord {
        demographics,
        relatives: body
            .all("NK1")
            .map(|segment| relative(&Line::new(segment)))
            .collect(),
        coverages,
        observations: Observation::read_all(source.message.segments(), reader),
        allergies: body
            .all("AL1")
            .map(|segment| Allergy::of_al1(&Line::new(segment)))
            .collect(),
        disabilities: body
            .all("DB1")
            .map(Line::new)
            .map(|db1| Disability {
                person: db1.text(2),
                present: db1.text(4),
            })
            .collect(),
        encounter: Encounter::read(reader),
        updated: updated.or_else(|| reader.first("EVN")?.time(2, reader)),
        died: (pid.field(30).raw() == "Y" || death.is_some()).then_some(death),
        deleted: source.output.cancels,
    };
    reader.note_unread(&["NK1", "IN1", "OBX", "NTE", "AL1", "DB1"], &[]);
    Ok(ClinicalValue::Patient(Box::new(record)))
}

/// What PID says, insurances aside.
pub(crate) fn demographics(pid: &Line<'_, '_>, reader: &mut Reader<'_, '_>) -> Demographics {
    for required in [5, 7, 8] {
        pid.need(required, reader);
    }
    let birth_text = pid.text(7);
    // Only a whole day identifies; a year or month is kept as sent.
    let birth = birth_text
        .trim()
        .get(..8)
        .and_then(|day| JstDay::parse_basic(day).ok());
    if birth.is_none() && !birth_text.is_empty() {
        reader.note(TIME, pid.segment, 7);
    }
    let sex = pid.field(8).raw().trim();
    if !matches!(sex, "" | "\"\"" | "M" | "F" | "O" | "U" | "A" | "N") {
        reader.note(CODE, pid.segment, 8);
    }
    let phones = [13, 14]
        .into_iter()
        .flat_map(|n| pid.field(n).reps())
        .filter_map(phone);
    Demographics {
        name: person_name(pid.field(5)),
        birth,
        birth_text: birth_text.into(),
        sex: Sex::from_code(sex),
        addresses: pid.field(11).reps().filter_map(address).collect(),
        phones: phones.collect(),
        insurances: Vec::new(),
    }
}

fn relative(nk1: &Line<'_, '_>) -> Relative {
    let phones = [5, 6]
        .into_iter()
        .flat_map(|n| nk1.field(n).reps())
        .filter_map(phone);
    Relative {
        name: person_name(nk1.field(2)),
        relationship: nk1.coded(3),
        addresses: nk1.field(4).reps().filter_map(address).collect(),
        phones: phones.collect(),
        organisation: nk1.text(13),
    }
}

fn coverage(segment: &tasuki_wire::hl7::Segment<'_>, reader: &mut Reader<'_, '_>) -> Coverage {
    let in1 = Line::new(segment);
    Coverage {
        insurance: Insurance {
            kind: in1.coded(2),
            insurer: in1.text(3).into(),
            symbol: in1.text(10).into(),
            number: in1.text(11).into(),
            branch: None,
        },
        insurer_name: in1.text(4),
        from: in1.time(12, reader),
        to: in1.time(13, reader),
        relationship: in1.coded(17),
    }
}
