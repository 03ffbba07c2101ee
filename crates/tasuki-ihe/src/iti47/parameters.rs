//! The parameters of a query (ITI TF-2 3.47.4.1.2) as those of ITI-21.

use crate::iti21::PdqQuery as Meant;
use crate::v2::{Place, Problem};
use crate::v3::authority;
use tasuki_core::Code;
use tasuki_wire::hl7v3::PdqQuery;

/// What is meant.
///
/// # Errors
/// A problem for a parameter that is not offered, or where none is given: who fits nothing at all is
/// everybody.
pub(super) fn meant(query: &PdqQuery) -> Result<Meant, Problem> {
    let place = Place::segment("QPD");
    if !query.unknown.is_empty() {
        return Err(Problem::error(Code::QueryParameterNotOffered, place));
    }
    let mut parameters: Vec<(String, String)> = Vec::new();
    let mut say = |field: &str, value: &str| {
        if !value.is_empty() {
            parameters.push((field.to_owned(), value.to_owned()));
        }
    };
    for id in &query.ids {
        say("@PID.3.1", &id.extension);
        let authority = authority(id);
        say("@PID.3.4.1", &authority.namespace);
        say("@PID.3.4.2", &authority.universal);
        say("@PID.3.4.3", &authority.kind);
    }
    if let Some(name) = &query.name {
        say("@PID.5.1", &name.family);
        say("@PID.5.2", &name.given);
    }
    say("@PID.7", query.birth.as_deref().unwrap_or_default());
    say("@PID.8", query.gender.as_deref().unwrap_or_default());
    if let Some(address) = &query.address {
        say("@PID.11", &address.text);
        say("@PID.11.5", &address.postal);
    }
    say("@PID.13", query.phone.as_deref().unwrap_or_default());
    if parameters.is_empty() {
        return Err(Problem::error(Code::Hl7FieldMissing, place));
    }
    Ok(Meant {
        tag: query.query_id.extension.clone(),
        parameters,
        domains: query.scopes.iter().map(authority).collect(),
        quantity: query.quantity,
        continuation: None,
    })
}
