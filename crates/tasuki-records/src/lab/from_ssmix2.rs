//! OML^O33 and OUL^R22. ORC stands before OBR in an order and after it in a result; which of the two a
//! specimen has decides where its panels begin.

use tasuki_wire::hl7::{Group, Segment};

use super::{Lab, Panel, Specimen};
use crate::ClinicalValue;
use crate::kinds::Source;
use crate::problem::RecordError;
use crate::v2::{
    Encounter, Line, Observation, OrderHead, Parent, Reader, Timing, coded, quantity, short,
};

pub(super) fn decode(
    reader: &mut Reader<'_, '_>,
    source: &Source<'_>,
) -> Result<ClinicalValue, RecordError> {
    let body = source.message.body();
    for segment in ["SPM", "OBR"] {
        body.first(segment)
            .ok_or(RecordError::NoSegment { segment })?;
    }
    // Exact capacities: nearly every report has one specimen and one panel.
    let mut specimens = Vec::with_capacity(body.all("SPM").count());
    specimens.extend(
        body.groups("SPM")
            .filter_map(|group| specimen(group, reader)),
    );
    let value = Lab {
        ordered_only: source.kind == tasuki_wire::ssmix2::DataKind::Oml01,
        encounter: Encounter::read(reader),
        comments: notes(body.before("SPM")),
        specimens,
    };
    reader.note_unread(&["SPM", "OBR", "ORC", "OBX", "NTE", "TQ1"], &[]);
    Ok(ClinicalValue::Lab(value))
}

fn notes(group: Group<'_, '_>) -> Vec<String> {
    group
        .all("NTE")
        .map(|segment| Line::new(segment).lines(3))
        .collect()
}

fn specimen(group: Group<'_, '_>, reader: &mut Reader<'_, '_>) -> Option<Specimen> {
    let spm = Line::new(group.first("SPM")?);
    spm.need(4, reader);
    let site = spm.coded(8);
    let amount = spm.field(12).rep(0);
    let ordered = group.before("OBR").first("ORC").is_some();
    let mut panels = Vec::with_capacity(group.all("OBR").count());
    for block in group.groups(if ordered { "ORC" } else { "OBR" }) {
        let orc = block.first("ORC");
        for run in block.groups("OBR") {
            panels.extend(panel(run, orc, block.first("TQ1"), reader));
        }
    }
    Some(Specimen {
        id: spm.text(2),
        material: spm.coded(4),
        site: if site.is_empty() { spm.coded(10) } else { site },
        amount: quantity(amount.comp(1).value(), coded(amount.comp(2).lowered())),
        collected: spm.time(17, reader),
        received: spm.time(18, reader),
        container: spm.coded(27),
        panels,
    })
}

fn panel(
    run: Group<'_, '_>,
    orc: Option<&Segment<'_>>,
    tq1: Option<&Segment<'_>>,
    reader: &mut Reader<'_, '_>,
) -> Option<Panel> {
    let obr = Line::new(run.first("OBR")?);
    obr.need(4, reader);
    let parent = obr.field(26).rep(0);
    Some(Panel {
        order: orc
            .map(|orc| Box::new(OrderHead::read(&Line::new(orc), reader)))
            .unwrap_or_default(),
        timing: tq1.map(|tq1| Timing::read(tq1, reader)).unwrap_or_default(),
        placer: obr.text(2),
        filler: obr.text(3),
        test: obr.coded(4),
        collected: obr.time(7, reader),
        clinical_information: obr.whole(13),
        requester: obr.staff(16),
        reported: obr.time(22, reader),
        section: obr.text(24),
        status: obr.text(25),
        parent: (!parent.is_empty()).then(|| {
            Box::new(Parent {
                item: coded(parent.comp(1).lowered()),
                sub_id: short(parent.comp(2).value()),
                text: short(parent.comp(3).whole()),
            })
        }),
        comments: notes(run.before("OBX")),
        results: Observation::read_all(
            run.segments()
                .iter()
                .skip_while(|segment| segment.name() != "OBX"),
            reader,
        ),
    })
}
