//! The parameters of a query (ITI TF-2 table 3.21.4.1.2.2-1) as what the store looks for.

use super::message::PdqQuery;
use crate::peers::{Authority, Domains};
use crate::v2::{Place, Problem};
use tasuki_core::Code;
use tasuki_core::ports::{DemographicsQuery, Pattern};

/// What the parameters ask for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub query: DemographicsQuery,
    /// Fields of PV1 and what they have to hold (ITI-22), by field and component.
    pub visit: Vec<(u8, usize, Pattern)>,
    /// Something is asked for that nobody here has on record: an account number.
    pub nobody: bool,
}

/// Characters of one value.
const VALUE_MAX: usize = 256;

/// Reads the parameters. `visits` says whether those of PV1 are offered.
pub(super) fn read(query: &PdqQuery, domains: &Domains, visits: bool) -> Result<Wanted, Problem> {
    let mut wanted = Wanted::default();
    let mut ids: Vec<(usize, String, Authority)> = Vec::new();
    for (n, (field, value)) in query.parameters.iter().enumerate() {
        let place = Place::field("QPD", 3).repetition(n + 1);
        if value.is_empty() || value.chars().count() > VALUE_MAX {
            return Err(Problem::error(Code::Hl7FieldWrong, place.component(2)));
        }
        match field.as_str() {
            "@PID.3" | "@PID.3.1" => ids.push((n, value.clone(), Authority::default())),
            "@PID.3.4" | "@PID.3.4.1" | "@PID.3.4.2" | "@PID.3.4.3" => {
                let (_, _, authority) = ids
                    .last_mut()
                    .ok_or(Problem::error(Code::Hl7FieldMissing, place))?;
                match field.as_str() {
                    "@PID.3.4.2" => authority.universal.clone_from(value),
                    "@PID.3.4.3" => authority.kind.clone_from(value),
                    _ => authority.namespace.clone_from(value),
                }
            }
            // An account number is on nobody's record here; its authority says no more.
            "@PID.18" | "@PID.18.1" | "@PID.18.4.1" | "@PID.18.4.2" | "@PID.18.4.3" => {
                wanted.nobody = true;
            }
            _ => demographic(&mut wanted, field, value, visits, place)?,
        }
    }
    for (n, id, authority) in ids {
        let place = Place::field("QPD", 3).repetition(n + 1);
        let facility = if authority.is_empty() {
            None
        } else {
            let unknown = Problem::error(Code::UnknownAuthority, place.component(2));
            Some(domains.resolve(&authority).ok_or(unknown)?.facility.clone())
        };
        wanted.query.ids.push((facility, Pattern(id)));
    }
    Ok(wanted)
}

fn demographic(
    wanted: &mut Wanted,
    field: &str,
    value: &str,
    visits: bool,
    place: Place,
) -> Result<(), Problem> {
    let query = &mut wanted.query;
    let pattern = Pattern(value.to_owned());
    match field {
        "@PID.5.1" | "@PID.5.1.1" => query.family = Some(pattern),
        "@PID.5.2" => query.given = Some(pattern),
        "@PID.7" | "@PID.7.1" => query.birth = Some(birth(value, place)?),
        "@PID.8" => query.sex = Some(value.to_owned()),
        "@PID.11" | "@PID.11.1" | "@PID.11.1.1" | "@PID.11.2" | "@PID.11.3" | "@PID.11.4"
        | "@PID.11.8" => query.address.push(pattern),
        "@PID.11.5" => query.postal = Some(pattern),
        // Addresses here are Japanese and do not say so; a foreign one names its country.
        "@PID.11.6" if matches!(value, "JPN" | "JP" | "JAPAN") => {}
        "@PID.11.6" => query.address.push(pattern),
        "@PID.13" | "@PID.13.1" | "@PID.13.7" | "@PID.13.12" => query.phone = Some(pattern),
        _ => match visit_field(field).filter(|_| visits) {
            Some((number, component)) => wanted.visit.push((number, component, pattern)),
            None => {
                let place = place.component(1);
                return Err(Problem::error(Code::QueryParameterNotOffered, place));
            }
        },
    }
    Ok(())
}

/// The fields of PV1 by which visits are found (ITI TF-2 table 3.22.4.1.2.2-1).
fn visit_field(field: &str) -> Option<(u8, usize)> {
    let mut parts = field.strip_prefix("@PV1.")?.split('.');
    let number = parts.next()?.parse().ok()?;
    let component = parts.next().map_or(Ok(1), str::parse).ok()?;
    matches!(number, 2 | 3 | 7 | 8 | 9 | 10 | 17 | 19).then_some((number, component))
}

/// The digits of a day, a month or a year; a time of day says nothing of a birth.
fn birth(value: &str, place: Place) -> Result<String, Problem> {
    let digits = value.trim().trim_end_matches('*');
    let day = digits.get(..8).unwrap_or(digits);
    let well = matches!(day.len(), 4 | 6 | 8) && day.bytes().all(|b| b.is_ascii_digit());
    if well {
        Ok(day.to_owned())
    } else {
        Err(Problem::error(Code::Hl7FieldWrong, place.component(2)))
    }
}
