//! Messages for unit tests: a header of the right event, a synthetic patient, and the lines given.

use tasuki_wire::hl7::{Limits, Message};
use tasuki_wire::ssmix2::DataKind;

use crate::{ClinicalValue, Decoded, RecordError, decode};

const PATIENT: &str =
    "PID|0001||0000012345^^^^PI||東京^花子^^^^^L^I~トウキョウ^ハナコ^^^^^L^P||19470312|F";

fn try_decoded(kind: DataKind, event: &str, lines: &[&str]) -> Result<Decoded, RecordError> {
    let header = format!("MSH|^~\\&|EMR|1311234567|GW|TSG|20260601103015.120||{event}|1|P|2.5");
    let text = [
        &[
            header.as_str(),
            "EVN||202606011030||||202606011000",
            PATIENT,
        ],
        lines,
    ]
    .concat()
    .join("\r");
    let message = Message::parse(&text, &Limits::default()).unwrap();
    decode(kind, &message)
}

pub(crate) fn decoded(kind: DataKind, event: &str, lines: &[&str]) -> Decoded {
    try_decoded(kind, event, lines).unwrap()
}

/// The value of a message that holds no problem.
pub(crate) fn clean(kind: DataKind, event: &str, lines: &[&str]) -> ClinicalValue {
    let decoded = decoded(kind, event, lines);
    assert_eq!(decoded.problems, []);
    decoded.value
}

pub(crate) fn refused(kind: DataKind, event: &str, lines: &[&str]) -> String {
    try_decoded(kind, event, lines).unwrap_err().to_string()
}

/// The problems of a message as text.
pub(crate) fn problems(kind: DataKind, event: &str, lines: &[&str]) -> Vec<String> {
    decoded(kind, event, lines)
        .problems
        .iter()
        .map(ToString::to_string)
        .collect()
}
