//! Asking another community's PIX manager: the question and what the answer means.

use tasuki_model::{LocalPatientId, Oid, Registration};
use tasuki_wire::hl7v3::{Ii, PixQuery, QueryAnswer, Reply, V3Error};
use tasuki_wire::xml::{Document, Element};

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PixAnswer {
    /// The IDs that the wanted authorities have for the person.
    Known(Vec<Registration>),
    /// The person has no ID there, or the ID that was sent is unknown: the two are one to whoever
    /// asks, as a community does not tell which it is.
    Unknown,
    /// The manager does not know a wanted authority, or could not answer; in its own words.
    Failed(String),
}

/// The question for the IDs that `wanted` issued to whoever `known` stands for.
#[must_use]
pub fn question(
    reply: &Reply<'_>,
    query_id: &str,
    known: &Registration,
    wanted: &[Oid],
) -> Document {
    let patient = Ii::new(known.authority.as_str(), known.local_id.as_str());
    let sources: Vec<Ii> = wanted.iter().map(|oid| Ii::new(oid.as_str(), "")).collect();
    PixQuery::encode(reply, &Ii::new(query_id, ""), &patient, &sources)
}

/// Reads the answer. IDs of authorities that were not asked for are passed over.
///
/// # Errors
/// [`V3Error`] where it is no answer to such a question.
pub fn decode(body: &Element, wanted: &[Oid]) -> Result<PixAnswer, V3Error> {
    let answer = QueryAnswer::decode(body)?;
    let said = &answer.acknowledgement;
    match answer.response.as_str() {
        "OK" => {
            let patients = answer.patients.iter();
            let ids = patients.flat_map(|patient| patient.ids.iter().chain(&patient.others));
            let mut known: Vec<Registration> = Vec::new();
            for id in ids.filter_map(|id| registration(id, wanted)) {
                if !known.contains(&id) {
                    known.push(id);
                }
            }
            Ok(match known.is_empty() {
                true => PixAnswer::Unknown,
                false => PixAnswer::Known(known),
            })
        }
        "NF" => Ok(PixAnswer::Unknown),
        // The ID that was sent is unknown: an error in HL7, and no more than that here.
        _ if (said.details.iter()).any(|d| d.location.contains("atientIdentifier")) => {
            Ok(PixAnswer::Unknown)
        }
        _ => {
            let details = said
                .details
                .iter()
                .map(|d| format!("{} {}", d.code, d.text));
            let words: String = details.collect::<Vec<_>>().join("; ");
            Ok(PixAnswer::Failed(words.chars().take(400).collect()))
        }
    }
}

fn registration(id: &Ii, wanted: &[Oid]) -> Option<Registration> {
    let authority = wanted.iter().find(|oid| oid.as_str() == id.root)?;
    Some(Registration {
        authority: authority.clone(),
        local_id: LocalPatientId::new(&id.extension).ok()?,
    })
}
