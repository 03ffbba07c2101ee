//! Asking another community whether it knows somebody: the question, and what the answer means.

use crate::gateway::{Audited, Gateway, NoAnswer, Request, Visit};
use crate::v3::{asking_id, between};
use tasuki_core::Released;
use tasuki_core::audit::AuditedQuery;
use tasuki_core::directory::Community;
use tasuki_core::elsewhere::Named;
use tasuki_model::{CommunityId, Demographics, LocalPatientId, Oid, Registration};
use tasuki_wire::hl7v3::{Ii, PdqQuery, QueryAnswer, Reply, V3Error};
use tasuki_wire::xml::{Document, Element};

/// What an answer means. Whatever it is, it is 未確認の同定: for this visit, and never a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Discovered {
    /// One person fits, under this ID of the community.
    One(Registration),
    /// Nobody, or more than one: nobody in particular.
    Nobody,
    /// An answer of another community than the one asked, or an ID of an authority that is not its
    /// own: not believed.
    Strange,
    /// The community could not answer; in its own words.
    Failed(String),
}

/// Asks another community whether it knows a patient of ours, by what is said of the patient.
///
/// # Errors
/// [`NoAnswer`] where it did not answer, or with something that cannot be read.
pub fn ask(
    gateway: &Gateway,
    to: &Community,
    named: &Released<Named>,
    visit: &Visit,
) -> Result<Discovered, NoAnswer> {
    let (own, other) = between(gateway, to);
    let (id, query_id) = (asking_id(), asking_id());
    let reply = Reply {
        id: &id,
        at: gateway.network().clock.now(),
        sender: &own,
        receiver: &other,
    };
    let body = named
        .clone()
        .map(|named| question(&reply, &query_id, &named.demographics, &named.own));
    let patient = &named.view().own;
    let request = Request {
        transaction: "ITI-55",
        action: super::ACTION.0,
        mtom: false,
        coming: 0,
        audited: Audited {
            patients: vec![Ii::new(patient.authority.as_str(), patient.local_id.as_str()).cx()],
            query: Some(AuditedQuery {
                id: query_id.clone(),
                text: body.view().as_str().to_owned(),
                home: Some(to.home_community_id.clone()),
            }),
            documents: Vec::new(),
        },
        body,
    };
    let answer = gateway.ask(to, visit, request)?;
    let (home, authority) = (&to.home_community_id, &to.patient_authority);
    Ok(decode(&answer.envelope.body, home, authority)?)
}

/// The question for somebody of ours, whom `own` stands for here.
#[must_use]
pub fn question(
    reply: &Reply<'_>,
    query_id: &str,
    said: &Demographics,
    own: &Registration,
) -> Document {
    let own = Ii::new(own.authority.as_str(), own.local_id.as_str());
    PdqQuery::encode(reply, &Ii::new(query_id, ""), said, Some(&own))
}

/// Reads the answer of `asked`, whose patient IDs are of `authority`.
///
/// # Errors
/// [`V3Error`] where it is no answer to such a question.
pub fn decode(body: &Element, asked: &CommunityId, authority: &Oid) -> Result<Discovered, V3Error> {
    let answer = QueryAnswer::decode(body)?;
    match answer.response.as_str() {
        "OK" | "NF" => {}
        _ => {
            let details = answer.acknowledgement.details.iter();
            let words: Vec<String> = details.map(|d| format!("{} {}", d.code, d.text)).collect();
            let words = words.join("; ").chars().take(400).collect();
            return Ok(Discovered::Failed(words));
        }
    }
    let ([patient], [home]) = (&answer.patients[..], &answer.custodians[..]) else {
        return Ok(Discovered::Nobody);
    };
    // With or without urn:oid:, as communities write it.
    let home = home.strip_prefix("urn:oid:").unwrap_or(home);
    let mut ids = patient
        .ids
        .iter()
        .filter(|id| id.root == authority.as_str());
    let one = ids.next().filter(|_| ids.next().is_none());
    let local_id = one.and_then(|id| LocalPatientId::new(&id.extension).ok());
    Ok(match local_id {
        Some(local_id) if home == asked.as_str() => Discovered::One(Registration {
            authority: authority.clone(),
            local_id,
        }),
        _ => Discovered::Strange,
    })
}
