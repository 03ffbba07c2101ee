//! RDE^O11 and RAS^O17 of injections.

use tasuki_wire::hl7::{Group, Segment};
use tasuki_wire::ssmix2::Phase;

use super::{Ingredient, Injection, Mixture, Role};
use crate::ClinicalValue;
use crate::kinds::Source;
use crate::prescription::administrations;
use crate::problem::{CODE, RecordError};
use crate::v2::{Encounter, Line, OrderHead, Reader, Timing};

pub(super) fn decode(
    reader: &mut Reader<'_, '_>,
    source: &Source<'_>,
) -> Result<ClinicalValue, RecordError> {
    let body = source.message.body();
    let orc = body
        .first("ORC")
        .ok_or(RecordError::NoSegment { segment: "ORC" })?;
    let mut value = Injection {
        order: OrderHead::read(&Line::new(orc), reader),
        encounter: Encounter::read(reader),
        ..Injection::default()
    };
    if source.output.phase == Phase::Order {
        body.first("RXE")
            .ok_or(RecordError::NoSegment { segment: "RXE" })?;
        value.groups = body
            .groups("ORC")
            .filter_map(|group| mixture(group, reader))
            .collect();
        reader.note_unread(&["ORC", "RXE", "TQ1", "RXR", "RXC", "NTE"], &[]);
    } else {
        body.first("RXA")
            .ok_or(RecordError::NoSegment { segment: "RXA" })?;
        value.given = administrations(body, reader);
        reader.note_unread(&["ORC", "RXA", "RXR"], &[]);
    }
    Ok(ClinicalValue::Injection(value))
}

fn mixture(group: Group<'_, '_>, reader: &mut Reader<'_, '_>) -> Option<Mixture> {
    let orc = Line::new(group.first("ORC")?);
    let rxe = Line::new(group.first("RXE")?);
    rxe.need(2, reader);
    let rxr = group.first("RXR").map(Line::new);
    let of_rxr = |n| rxr.as_ref().map(|rxr| rxr.coded(n)).unwrap_or_default();
    Some(Mixture {
        number: orc.text(4),
        control: orc.text(1),
        kind: rxe.coded(2),
        volume: rxe.quantity(3, 5),
        form: rxe.coded(6),
        instructions: rxe.codeds(7),
        prescription_number: rxe.text(15),
        settings: rxe.codeds(21),
        rate_per: rxe.text(22),
        rate: rxe.quantity(23, 24),
        timing: group
            .first("TQ1")
            .map(|tq1| Timing::read(tq1, reader))
            .unwrap_or_default(),
        route: of_rxr(1),
        site: of_rxr(2),
        device: of_rxr(3),
        method: of_rxr(4),
        ingredients: group
            .all("RXC")
            .map(|segment| ingredient(segment, reader))
            .collect(),
        comments: group
            .all("NTE")
            .map(|segment| Line::new(segment).lines(3))
            .collect(),
    })
}

fn ingredient(segment: &Segment<'_>, reader: &mut Reader<'_, '_>) -> Ingredient {
    let rxc = Line::new(segment);
    rxc.need(2, reader);
    let role = match rxc.field(1).raw() {
        "B" => Role::Base,
        "A" => Role::Additive,
        _ => {
            reader.note(CODE, segment, 1);
            Role::Unknown
        }
    };
    Ingredient {
        role,
        drug: rxc.coded(2),
        amount: rxc.quantity(3, 4),
        strength: rxc.quantity(5, 6),
    }
}
