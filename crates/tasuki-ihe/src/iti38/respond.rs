//! Another community asks what we hold of a patient: as ITI-18, with our home community id in
//! every object and in every error.

use crate::iti18::tell;
use crate::soap::{Answer, Exchange, Message, Stop};
use crate::xds::Registry;
use crate::xds::query::answer;
use tasuki_wire::ebrim::{AdhocQuery, Found, QueryResponse, RegistryResponse};

pub(super) fn respond(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Answer, Stop> {
    let asked = AdhocQuery::decode(message.body)?;
    tell(message, &asked);
    let registry = Registry::of(exchange.network)?;
    // The community may be left out where the patient says it: the ID is one of ours then.
    let of_a_patient = !message.audited.patients.is_empty();
    let named = asked.home.is_some() || !of_a_patient;
    let problem = named
        .then(|| registry.not_ours(asked.home.as_deref()))
        .flatten();
    if let Some(problem) = problem {
        let response = RegistryResponse::failure(vec![problem.encode()]);
        let refused = QueryResponse {
            response: registry.located(response),
            found: Found::default(),
        };
        return Err(Stop::Refused {
            body: refused.encode(),
            code: problem.code,
        });
    }
    let answered = answer(&registry, exchange.caller.caller(), &asked, true)?;
    Ok(Answer {
        reply: answered.response.map(|answer| {
            let response = registry.located(answer.response);
            QueryResponse { response, ..answer }.encode().into()
        }),
        code: answered.code,
    })
}
