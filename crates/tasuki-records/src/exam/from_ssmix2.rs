//! OMG^O19, OMI^Z23 and ORU^R01/R30.

use tasuki_model::Quantity;
use tasuki_wire::hl7::{Group, Message, Segment};
use tasuki_wire::ssmix2::{DataKind, Phase};

use super::{Discipline, Exam, Exposure, Request, Step, Study};
use crate::ClinicalValue;
use crate::kinds::Source;
use crate::problem::RecordError;
use crate::v2::{Encounter, Line, Observation, OrderHead, Reader, Timing, coded, quantity};

pub(super) fn decode(
    reader: &mut Reader<'_, '_>,
    source: &Source<'_>,
) -> Result<ClinicalValue, RecordError> {
    let mut exam = report(source.message, reader)?;
    exam.ordered_only = source.output.phase == Phase::Order;
    exam.discipline = match source.kind {
        DataKind::Omg01 | DataKind::Omg11 => Discipline::Radiology,
        DataKind::Omg02 | DataKind::Omg12 => Discipline::Endoscopy,
        _ => Discipline::Physiology,
    };
    Ok(ClinicalValue::Exam(exam))
}

/// Any message of OBR groups.
pub(crate) fn report(
    message: &Message<'_>,
    reader: &mut Reader<'_, '_>,
) -> Result<Exam, RecordError> {
    let body = message.body();
    body.first("OBR")
        .ok_or(RecordError::NoSegment { segment: "OBR" })?;
    // ORU^R01 may leave ORC out; where it is there, it opens the group.
    let opener = if body.before("OBR").first("ORC").is_some() {
        "ORC"
    } else {
        "OBR"
    };
    let mut requests = Vec::new();
    for block in body.groups(opener) {
        let (orc, tq1) = (block.first("ORC"), block.first("TQ1"));
        for run in block.groups("OBR") {
            requests.extend(request(run, orc, tq1, reader));
        }
    }
    let encounter = Encounter::read(reader);
    reader.note_unread(
        &["ORC", "TQ1", "OBR", "OBX", "NTE", "ZE1", "ZE2", "IPC"],
        &[],
    );
    Ok(Exam {
        encounter,
        requests,
        ..Exam::default()
    })
}

fn request(
    run: Group<'_, '_>,
    orc: Option<&Segment<'_>>,
    tq1: Option<&Segment<'_>>,
    reader: &mut Reader<'_, '_>,
) -> Option<Request> {
    let obr = Line::new(run.first("OBR")?);
    obr.need(4, reader);
    let findings = run.before("ZE1");
    Some(Request {
        order: orc
            .map(|orc| OrderHead::read(&Line::new(orc), reader))
            .unwrap_or_default(),
        timing: tq1.map(|tq1| Timing::read(tq1, reader)).unwrap_or_default(),
        placer: obr.text(2),
        test: obr.coded(4),
        at: obr.time(7, reader),
        until: obr.time(8, reader),
        clinical_information: obr.lines(13).into(),
        requester: obr.staff(16),
        reported: obr.time(22, reader),
        status: obr.text(25),
        parent: obr.text(29),
        reasons: obr.codeds(31),
        comments: findings
            .before("OBX")
            .all("NTE")
            .map(|segment| Line::new(segment).lines(3))
            .collect(),
        observations: Observation::read_all(
            findings
                .segments()
                .iter()
                .skip_while(|segment| segment.name() != "OBX"),
            reader,
        ),
        steps: run
            .groups("ZE1")
            .filter_map(|group| step(group, reader))
            .collect(),
        studies: run.all("IPC").map(study).collect(),
    })
}

fn step(group: Group<'_, '_>, reader: &mut Reader<'_, '_>) -> Option<Step> {
    let ze1 = Line::new(group.first("ZE1")?);
    Some(Step {
        kind: ze1.text(2),
        procedure: ze1.coded(3),
        profession: ze1.coded(6),
        by: ze1.staff(7),
        observations: Observation::read_all(group.segments(), reader),
        exposures: group.all("ZE2").map(exposure).collect(),
    })
}

fn exposure(segment: &Segment<'_>) -> Exposure {
    let ze2 = Line::new(segment);
    // CQ: quantity and its unit as subcomponents.
    let amount = |n| -> Option<Quantity> {
        let rep = ze2.field(n).rep(0);
        quantity(rep.comp(1).value(), coded(rep.comp(2).lowered()))
    };
    Exposure {
        voltage: amount(2),
        current: amount(3),
        distance: amount(4),
        time: amount(5),
        count: ze2.text(6),
        field: ze2.whole(7),
    }
}

fn study(segment: &Segment<'_>) -> Study {
    let ipc = Line::new(segment);
    Study {
        accession: ipc.text(1),
        procedure: ipc.text(2),
        uid: ipc.text(3),
        modality: ipc.coded(5),
    }
}
