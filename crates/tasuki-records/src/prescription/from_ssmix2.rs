//! RDE^O11 and RAS^O17 of prescriptions.

use tasuki_wire::hl7::Group;
use tasuki_wire::ssmix2::Phase;

use super::{Administration, Drug, Prescription, Rp};
use crate::ClinicalValue;
use crate::kinds::Source;
use crate::problem::RecordError;
use crate::v2::{Encounter, Line, OrderHead, Reader, Timing, coded, quantity};

pub(super) fn decode(
    reader: &mut Reader<'_, '_>,
    source: &Source<'_>,
) -> Result<ClinicalValue, RecordError> {
    let body = source.message.body();
    let orc = body
        .first("ORC")
        .ok_or(RecordError::NoSegment { segment: "ORC" })?;
    let mut value = Prescription {
        order: OrderHead::read(&Line::new(orc), reader),
        encounter: Encounter::read(reader),
        ..Prescription::default()
    };
    if source.output.phase == Phase::Order {
        body.first("RXE")
            .ok_or(RecordError::NoSegment { segment: "RXE" })?;
        for group in body.groups("ORC") {
            if let Some((rp, drug)) = item(group, reader) {
                join(&mut value.groups, rp, drug);
            }
        }
        reader.note_unread(&["ORC", "RXE", "TQ1", "RXR", "NTE"], &[]);
    } else {
        body.first("RXA")
            .ok_or(RecordError::NoSegment { segment: "RXA" })?;
        value.given = administrations(body, reader);
        reader.note_unread(&["ORC", "RXA", "RXR"], &[]);
    }
    Ok(ClinicalValue::Prescription(value))
}

/// One ORC group of an order: a drug and the RP as this group describes it.
fn item(group: Group<'_, '_>, reader: &mut Reader<'_, '_>) -> Option<(Rp, Drug)> {
    let orc = Line::new(group.first("ORC")?);
    let rxe = Line::new(group.first("RXE")?);
    rxe.need(2, reader);
    let daily = rxe.field(19).rep(0);
    let drug = Drug {
        drug: rxe.coded(2),
        dose: rxe.quantity(3, 5),
        dose_max: rxe.text(4),
        daily: quantity(daily.comp(1).value(), coded(daily.comp(2).lowered())),
        total: rxe.quantity(10, 11),
        form: rxe.coded(6),
        instructions: rxe.codeds(7),
        substitution: rxe.text(9),
        control: orc.text(1),
        comments: group
            .all("NTE")
            .map(|segment| Line::new(segment).lines(3))
            .collect(),
    };
    let rxr = group.first("RXR").map(Line::new);
    let rp = Rp {
        number: rp_number(&orc.text(4)).into(),
        timing: group
            .first("TQ1")
            .map(|tq1| Timing::read(tq1, reader))
            .unwrap_or_default(),
        route: rxr.as_ref().map(|rxr| rxr.coded(1)).unwrap_or_default(),
        site: rxr.as_ref().map(|rxr| rxr.coded(2)).unwrap_or_default(),
        settings: rxe.codeds(21),
        prescription_number: rxe.text(15),
        drugs: Vec::new(),
    };
    Some((rp, drug))
}

/// ORC-4 is `order_RP_item` (the guideline), or just the RP number.
fn rp_number(group: &str) -> &str {
    let mut parts = group.rsplitn(3, '_');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(rp), Some(_)) => rp,
        _ => group,
    }
}

/// Adds a drug to the last RP if it has the same number and usage. An equal number with another
/// usage is another RP: how to take a drug outranks how it was numbered.
fn join(groups: &mut Vec<Rp>, rp: Rp, drug: Drug) {
    match groups.last_mut() {
        Some(last)
            if last.number == rp.number
                && last.timing == rp.timing
                && last.route == rp.route
                && last.site == rp.site =>
        {
            if last.prescription_number.is_empty() {
                last.prescription_number = rp.prescription_number;
            }
            last.drugs.push(drug);
        }
        _ => groups.push(Rp {
            drugs: vec![drug],
            ..rp
        }),
    }
}

/// The RXA of a message, each with the RXR that ends its group.
pub(crate) fn administrations(
    body: Group<'_, '_>,
    reader: &mut Reader<'_, '_>,
) -> Vec<Administration> {
    let mut given = Vec::new();
    for group in body.groups("ORC") {
        let number = group
            .first("ORC")
            .map(|orc| Line::new(orc).text(4))
            .unwrap_or_default();
        let rxr = group.first("RXR").map(Line::new);
        let of_rxr = |n| rxr.as_ref().map(|rxr| rxr.coded(n)).unwrap_or_default();
        for segment in group.all("RXA") {
            let rxa = Line::new(segment);
            rxa.need(5, reader);
            if rxa.field(3).is_empty() && rxa.field(5).is_empty() {
                continue; // Noted above; nothing was given at no time.
            }
            given.push(Administration {
                start: rxa.time(3, reader),
                end: rxa.time(4, reader),
                drug: rxa.coded(5),
                amount: rxa.quantity(6, 7),
                notes: rxa.codeds(9),
                by: rxa.staff(10),
                location: rxa.location(11),
                rate: rxa.whole(12),
                lot: rxa.text(15),
                refusal: rxa.coded(18),
                status: rxa.text(20),
                route: of_rxr(1),
                site: of_rxr(2),
                device: of_rxr(3),
                group: number.clone(),
            });
        }
    }
    given
}
