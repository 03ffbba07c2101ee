//! One person as PID, and PV1 where visits are told. Names in every writing that is on record
//! (PID-5: `I` kanji, `P` kana, `A` Latin letters); what the character set of the answer lacks is
//! left out, never spoilt.

use super::respond::Kind;
use crate::exchange::Exchange;
use crate::iti22::write_visit;
use tasuki_core::ports::{PatientRecord, PersonIdentifier, StatedVisit};
use tasuki_model::PersonName;
use tasuki_model::person::NameParts;
use tasuki_wire::hl7::people::{address_rep, name_field, patient_id_rep, phone_rep};
use tasuki_wire::hl7::{MessageBuilder, comps, reps};

/// One person of an answer.
pub(crate) struct Line {
    /// The registration that fits.
    pub record: PatientRecord,
    /// The person's IDs in the wanted domains.
    pub ids: Vec<PersonIdentifier>,
    /// The visit on record.
    pub visit: Option<StatedVisit>,
}

pub(super) fn write(
    message: &mut MessageBuilder,
    exchange: &Exchange<'_>,
    kind: &Kind,
    number: usize,
    line: &Line,
) {
    let says = |text: &str| exchange.reply.charset.says(text);
    let id = |id: &PersonIdentifier| {
        let domain = exchange.domains.of(&id.facility)?;
        let (local, oid) = (id.local_id.as_str(), domain.authority.as_str());
        Some(patient_id_rep(local, &domain.namespace, oid))
    };
    let said = &line.record.demographics;
    let name = sayable(&said.name, says);
    let addresses = said.addresses.iter().filter(|a| says(&a.text));
    let phones = said.phones.iter().filter(|p| says(p));
    let pid = message.segment("PID");
    pid.set(1, number.to_string())
        .set(3, reps(line.ids.iter().filter_map(id)))
        .set(7, said.birth_text.as_str())
        .set(8, said.sex.code())
        .set(11, reps(addresses.map(address_rep)))
        .set(13, reps(phones.map(|p| phone_rep(p))));
    if name == PersonName::default() {
        // PID-5 is required: unspecified, for what is on record cannot be said.
        pid.set(5, comps(["", "", "", "", "", "", "U"]));
    } else {
        pid.set(5, name_field(&name));
    }
    if kind.visits {
        write_visit(line.visit.as_ref(), message);
    }
    // QRI is required by HL7 v2.5 and optional in the profile. Every parameter fits: 100.
    message.segment("QRI").set(1, "100");
}

fn sayable(name: &PersonName, says: impl Fn(&str) -> bool) -> PersonName {
    let keep =
        |parts: &Option<NameParts>| parts.clone().filter(|p| says(&p.family) && says(&p.given));
    PersonName {
        ideographic: keep(&name.ideographic),
        phonetic: keep(&name.phonetic),
        alphabetic: keep(&name.alphabetic),
    }
}
