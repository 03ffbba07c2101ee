//! PV1 read, kept, compared and written (HL7 v2.5 §3.4.3).

use tasuki_core::Fault;
use tasuki_core::ports::{Pattern, Reading, StatedVisit};
use tasuki_model::PatientKey;
use tasuki_wire::hl7::{MessageBuilder, Segment, comps};

/// The fields that are kept: class, location, doctors (attending, referring, consulting), service,
/// admitting doctor, visit number, admitted, discharged.
const FIELDS: &[u8] = &[2, 3, 7, 8, 9, 10, 17, 19, 44, 45];
/// Components of a field that are kept, and characters of each.
const COMPONENTS_MAX: usize = 16;
const TEXT_MAX: usize = 200;

/// What PV1 says; nothing where it only stands there because the message needs one.
pub(crate) fn visit_stated(pv1: &Segment<'_>) -> Option<StatedVisit> {
    let mut visit = StatedVisit::default();
    for &number in FIELDS {
        let rep = pv1.field(usize::from(number)).rep(0);
        let mut parts: Vec<String> = rep
            .comps()
            .take(COMPONENTS_MAX)
            .map(|comp| comp.value().into_string().chars().take(TEXT_MAX).collect())
            .collect();
        while parts.last().is_some_and(String::is_empty) {
            parts.pop();
        }
        if !parts.is_empty() {
            visit.0.insert(number, parts);
        }
    }
    let class = visit.0.get(&2).and_then(|parts| parts.first());
    let says_more = visit.0.len() > 1;
    (says_more || class.is_some_and(|class| class != "N")).then_some(visit)
}

/// Writes PV1; `N` where there is nothing to say (HL7 table 0004).
pub(crate) fn write_visit(visit: Option<&StatedVisit>, message: &mut MessageBuilder) {
    let pv1 = message.segment("PV1");
    let Some(StatedVisit(fields)) = visit else {
        pv1.set(2, "N");
        return;
    };
    if !fields.contains_key(&2) {
        // PV1-2 is required: unknown.
        pv1.set(2, "U");
    }
    for (number, parts) in fields {
        pv1.set(
            usize::from(*number),
            comps(parts.iter().map(String::as_str)),
        );
    }
}

/// Whether the visit on record holds what is asked for.
pub(crate) fn visit_fits(
    tx: &dyn Reading,
    patient: &PatientKey,
    wanted: &[(u8, usize, Pattern)],
) -> Result<bool, Fault> {
    if wanted.is_empty() {
        return Ok(true);
    }
    let Some(StatedVisit(fields)) = tx.stated_visit(patient)? else {
        return Ok(false);
    };
    Ok(wanted.iter().all(|(field, component, pattern)| {
        let parts = fields.get(field);
        let said = parts.and_then(|parts| parts.get(component.saturating_sub(1)));
        said.is_some_and(|said| pattern.fits(said))
    }))
}
