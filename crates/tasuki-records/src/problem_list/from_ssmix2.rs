//! PPR^ZD1 to a list of diseases.

use tasuki_wire::hl7::Group;

use super::{Disease, ProblemList, Wording};
use crate::ClinicalValue;
use crate::kinds::Source;
use crate::problem::{CODE, RecordError};
use crate::v2::{Line, OrderHead, Reader};

pub(super) fn decode(
    reader: &mut Reader<'_, '_>,
    source: &Source<'_>,
) -> Result<ClinicalValue, RecordError> {
    let body = source.message.body();
    if body.first("PRB").is_none() {
        return Err(RecordError::NoSegment { segment: "PRB" });
    }
    let entries = body
        .groups("PRB")
        .filter_map(|group| disease(group, reader))
        .collect();
    reader.note_unread(&["PRB", "ZPR", "ZPD", "ZI1", "ORC", "NTE"], &[]);
    Ok(ClinicalValue::Problems(ProblemList { entries }))
}

fn disease(group: Group<'_, '_>, reader: &mut Reader<'_, '_>) -> Option<Disease> {
    let prb = Line::new(group.first("PRB")?);
    prb.need(3, reader);
    if !matches!(
        prb.field(1).raw(),
        "AD" | "CO" | "DE" | "LI" | "UC" | "UN" | "UP"
    ) {
        reader.note(CODE, prb.segment, 1);
    }
    let order = group.first("ORC").map(Line::new);
    Some(Disease {
        action: prb.text(1),
        action_time: prb.time(2, reader),
        disease: prb.coded(3),
        id: prb.text(4),
        diagnosed: prb.time(7, reader),
        resolved: prb.time(9, reader),
        classes: prb.codeds(10),
        confirmation: prb.coded(13),
        outcome: prb.coded(14),
        outcome_time: prb.time(15, reader),
        onset: prb.time(16, reader),
        onset_text: prb.whole(17),
        ranking: prb.coded(18),
        sensitivity: prb.coded(25),
        wording: group
            .first("ZPR")
            .map(|segment| wording(&Line::new(segment))),
        teeth: group
            .all("ZPD")
            .map(|segment| Line::new(segment).coded(2))
            .collect(),
        insurance: group
            .first("ZI1")
            .map(|zi1| Line::new(zi1).coded(2))
            .unwrap_or_default(),
        order: order
            .map(|orc| OrderHead::read(&orc, reader))
            .unwrap_or_default(),
        comments: group
            .all("NTE")
            .map(|segment| Line::new(segment).lines(3))
            .collect(),
    })
}

fn wording(zpr: &Line<'_, '_>) -> Wording {
    Wording {
        prefixes: zpr.codeds(1),
        body: zpr.coded(2),
        suffixes: zpr.codeds(3),
        exchange: [zpr.codeds(4), zpr.codeds(5), zpr.codeds(6)],
        comment: zpr.whole(7),
    }
}
