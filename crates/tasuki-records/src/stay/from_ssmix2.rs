//! ADT messages of admission, leave, transfer and discharge to events of a stay.

use tasuki_model::JstTime;
use tasuki_wire::ssmix2::DataKind;

use super::{StayChange, StayEvent};
use crate::ClinicalValue;
use crate::kinds::Source;
use crate::problem::{MISSING, RecordError};
use crate::v2::{Encounter, Line, RECORD_COPY, Reader};

pub(super) fn decode(
    reader: &mut Reader<'_, '_>,
    source: &Source<'_>,
) -> Result<ClinicalValue, RecordError> {
    let pv1 = reader
        .first("PV1")
        .ok_or(RecordError::NoSegment { segment: "PV1" })?;
    pv1.need(3, reader);
    let evn = reader.first("EVN");
    let pv2 = reader.first("PV2");
    let in_pv2 = |n, reader: &mut Reader<'_, '_>| pv2.as_ref().and_then(|pv2| pv2.time(n, reader));
    let mut event = StayEvent {
        change: change(source.kind),
        cancelled: source.output.cancels,
        at: None,
        encounter: Encounter::read(reader),
        from: pv1.location(6),
        planned: pv2.as_ref().and_then(|pv2| pv2.location(1)),
        admitting: pv1.staff(17),
        outcome: pv1.text(36),
        admitted: pv1.time(44, reader),
        discharged: pv1.time(45, reader),
        expected_admission: in_pv2(8, reader),
        expected_discharge: in_pv2(9, reader),
        expected_return: in_pv2(47, reader),
        recorded: evn.as_ref().and_then(|evn| evn.time(2, reader)),
        reason: evn.as_ref().map(|evn| evn.text(4)).unwrap_or_default(),
    };
    let occurred = evn.as_ref().and_then(|evn| evn.time(6, reader));
    event.at = time_of(&event, source.output.trigger, occurred);
    if event.at.is_none() {
        note_missing_time(source.output.trigger, reader, &pv1);
    }
    reader.note_unread(&["OBX", "PDA", "PR1"], RECORD_COPY);
    Ok(ClinicalValue::Stay(Box::new(event)))
}

const fn change(kind: DataKind) -> StayChange {
    match kind {
        DataKind::Adt21 => StayChange::AdmissionPlanned,
        DataKind::Adt31 => StayChange::LeaveStarted,
        DataKind::Adt32 => StayChange::LeaveEnded,
        DataKind::Adt41 => StayChange::TransferPlanned,
        DataKind::Adt42 => StayChange::Transferred,
        DataKind::Adt51 => StayChange::DischargePlanned,
        DataKind::Adt52 => StayChange::Discharged,
        // The registry of kinds sends nothing else here than ADT-22.
        _ => StayChange::Admitted,
    }
}

/// The field that holds the time of each trigger; for those of the 診療日 table the very field.
fn time_of(event: &StayEvent, trigger: &str, occurred: Option<JstTime>) -> Option<JstTime> {
    match trigger {
        "A01" | "A11" => event.admitted.clone().or(occurred),
        "A03" | "A13" => event.discharged.clone().or(occurred),
        "A14" | "A27" | "A15" | "A26" => event.expected_admission.clone().or(occurred),
        "A16" | "A25" => event.expected_discharge.clone().or(occurred),
        "A53" => event.expected_return.clone().or(occurred),
        _ => occurred,
    }
}

fn note_missing_time(trigger: &str, reader: &mut Reader<'_, '_>, pv1: &Line<'_, '_>) {
    let (name, field) = match trigger {
        "A01" | "A11" => ("PV1", 44),
        "A03" | "A13" => ("PV1", 45),
        "A14" | "A27" | "A15" | "A26" => ("PV2", 8),
        "A16" | "A25" => ("PV2", 9),
        "A53" => ("PV2", 47),
        _ => ("EVN", 6),
    };
    let line = reader.first(name);
    let (segment, field) = line
        .as_ref()
        .map_or((pv1.segment, 0), |line| (line.segment, field));
    reader.note(MISSING, segment, field);
}
