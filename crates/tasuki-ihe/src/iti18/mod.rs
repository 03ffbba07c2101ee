//! ITI-18 Registry Stored Query (ITI TF-2, 3.18) and ITI-51 Multi-Patient Stored Query: the same
//! message and the same answer, the queries of the one for a patient, of the other for several.

use crate::initiating;
use crate::soap::{Answer, Exchange, Handler, Message, Stop, Transaction};
use crate::xds::Registry;
use crate::xds::query;
use tasuki_core::audit::{Action, AuditedQuery};
use tasuki_model::CommunityId;
use tasuki_wire::ebrim::AdhocQuery;

/// Bytes of one message.
const BYTES_MAX: usize = 1024 * 1024;

/// The transaction.
pub const TRANSACTION: Transaction = Transaction {
    id: "ITI-18",
    title: "Registry Stored Query",
    actions: &[(
        "urn:ihe:iti:2007:RegistryStoredQuery",
        "urn:ihe:iti:2007:RegistryStoredQueryResponse",
    )],
    bytes_max: BYTES_MAX,
    attachments_max: 0,
    audit: Action::DocumentView,
    handler: Handler::Query(respond),
};

/// The transaction for several patients.
pub const MULTI_PATIENT: Transaction = Transaction {
    id: "ITI-51",
    title: "Multi-Patient Stored Query",
    actions: &[(
        "urn:ihe:iti:2009:MultiPatientStoredQuery",
        "urn:ihe:iti:2009:MultiPatientStoredQueryResponse",
    )],
    ..TRANSACTION
};

fn respond(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Answer, Stop> {
    let asked = AdhocQuery::decode(message.body)?;
    tell(message, &asked);
    // Queries over several patients stay in their community (ITI TF-1 18.1).
    if exchange.transaction.id == TRANSACTION.id
        && let Some(across) = initiating::of(exchange)?
    {
        return across.query(&asked);
    }
    let mut registry = Registry::of(exchange.network)?;
    let system = exchange.caller.system();
    registry.population = system.is_some_and(|system| system.population);
    let answered = query::answer(&registry, exchange.caller.caller(), &asked, false)?;
    Ok(Answer {
        reply: answered.response.map(|response| response.encode().into()),
        code: answered.code,
    })
}

/// What the auditor is told: the query as it came, and the patients it names.
pub(crate) fn tell(message: &mut Message<'_>, asked: &AdhocQuery) {
    let named =
        |p: &&tasuki_wire::ebrim::Parameter| p.name.to_ascii_lowercase().ends_with("patientid");
    let patients = asked.parameters.iter().filter(named);
    let patients = patients.flat_map(|p| p.values.iter().map(|v| v.as_str().to_owned()));
    message.audited.patients = patients.collect();
    let home = asked
        .home
        .as_deref()
        .map(|urn| urn.strip_prefix("urn:oid:").unwrap_or(urn));
    message.audited.query = Some(AuditedQuery {
        id: asked.id.clone(),
        home: home.and_then(|home| CommunityId::new(home).ok()),
        text: asked.encode().as_str().to_owned(),
    });
}
