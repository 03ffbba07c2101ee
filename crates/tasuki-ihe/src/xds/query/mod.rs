//! Stored queries (ITI TF-2, 3.18.4.1.2.3.7), over what was submitted and what was imported alike.
//!
//! Everything found is [`Labelled`]; the policy takes away what the caller may not have, and only
//! then is anything counted, limited or written. So nobody learns more from an answer than that it
//! holds nothing: unknown, withheld and empty are the same success.

mod filter;
mod find;
mod found;
mod get;
mod imported;
mod kinds;
mod leaves;
mod lookup;
mod parameters;
mod population;
mod related;

pub use kinds::{QUERIES, StoredQuery};

use super::{Refused, Registry, XdsCode, XdsProblem, emergency, on_demand};
use found::{Finding, Found};
use parameters::Parameters;
use tasuki_core::policy::{PeerCaller, Refusal, decide_peer};
use tasuki_core::{Code, Fault, Released};
use tasuki_wire::ebrim::{self, AdhocQuery, QueryResponse, RegistryResponse, ReturnType};

/// The most objects of one answer with their metadata.
pub const LEAVES_MAX: usize = 5_000;
/// The most objects of one answer by id alone.
pub const REFERENCES_MAX: usize = 50_000;

/// An answer, and what the audit event says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The answer.
    pub response: Released<QueryResponse>,
    /// Our code, where the answer is an error.
    pub code: Option<Code>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// The caller may not ask.
    Refusal(Refusal),
    /// Something is broken here.
    Fault(Fault),
}

impl From<Fault> for NoAnswer {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<NoAnswer> for crate::soap::Stop {
    fn from(no: NoAnswer) -> Self {
        match no {
            NoAnswer::Refusal(refusal) => refusal.into(),
            NoAnswer::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<Refusal> for NoAnswer {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

/// Answers a stored query. Objects carry our home community id where `with_home` is said, as the
/// answers of a gateway must (ITI TF-2, 3.38.4.1.3).
///
/// # Errors
/// A refusal of the caller, or a fault of the store. What is wrong with the query is an answer.
pub fn answer(
    registry: &Registry,
    caller: &PeerCaller,
    query: &AdhocQuery,
    with_home: bool,
) -> Result<Answered, NoAnswer> {
    // Whoever may not ask at all hears so before anything is looked for.
    let nothing = decide_peer(caller, &[])?.release(Vec::<tasuki_core::Labelled<()>>::new());
    let found = match look(registry, query) {
        Ok(found) => found,
        Err(Refused::Fault(fault)) => return Err(fault.into()),
        Err(Refused::Problems(problems)) => {
            let code = problems.first().map(|p| p.code);
            let response = nothing.map(|_| failure(&problems));
            return Ok(Answered { response, code });
        }
    };
    let ends = found.ends();
    let grant = decide_peer(caller, &registry.opened_to(caller, found.subjects))?;
    let owners = found.owners;
    let asked = found.asked;
    let released = grant
        .release(found.objects)
        .map(|objects| on_demand::once(ends.without_the_withheld(objects)));
    let released = released.zip(grant.release(found.leaves));
    emergency::tell(registry, &grant, released.receipt())?;
    let (objects, leaves) = released.view();
    let ids = registry.patient_ids(objects, &owners, asked.as_ref(), with_home)?;
    let limit = match query.returns {
        ReturnType::LeafClass => LEAVES_MAX,
        ReturnType::ObjectRef => REFERENCES_MAX,
    };
    // References tell nothing of whose they are (ITI TF-2, 3.18.4.1.2.4): only leaves are of one.
    let single = found.single && query.returns == ReturnType::LeafClass;
    if let Some(problem) = too_much(objects.len() + leaves.len(), limit, single, &ids) {
        let code = Some(problem.code);
        let response = nothing.map(|_| failure(&[problem]));
        return Ok(Answered { response, code });
    }
    let home = with_home.then(|| registry.home_urn());
    let response = released.try_map(|(objects, leaves)| {
        let objects = found::complete(objects, &ids, home.as_deref());
        let mut response = success(objects, query.returns);
        let patient = asked.map(|cx| cx.to_string()).unwrap_or_default();
        leaves::tell(&mut response.found, leaves, query.returns, (home, patient))?;
        Ok::<_, Fault>(response)
    })?;
    Ok(Answered {
        response,
        code: None,
    })
}

fn look(registry: &Registry, query: &AdhocQuery) -> Result<Found, Refused> {
    let kind = kinds::of(&query.id).ok_or_else(|| {
        let context = format!(
            "AdhocQuery id {} is not a stored query that is known",
            query.id
        );
        XdsProblem::new(XdsCode::UnknownQuery, Code::XdsQueryUnknown, context)
    })?;
    let parameters = Parameters::of(kind, query)?;
    // A problem is told by what the closure leaves behind: only a fault ends a transaction.
    let mut refused = None;
    let found = registry.store.reading(|tx| {
        let finding = Finding::new(registry, tx);
        match kind.run(finding, &parameters) {
            Ok(found) => Ok(Some(found)),
            Err(Refused::Fault(fault)) => Err(fault),
            Err(other) => {
                refused = Some(other);
                Ok(None)
            }
        }
    })?;
    match (found, refused) {
        (Some(found), _) => Ok(found),
        (None, Some(refused)) => Err(refused),
        (None, None) => Err(Fault::new(Code::InternalFault, "a query without an end").into()),
    }
}

fn too_much(
    count: usize,
    limit: usize,
    single: bool,
    ids: &found::PatientIds,
) -> Option<XdsProblem> {
    if count > limit {
        let context = format!("more than {limit} objects: ask for a shorter time, or by ObjectRef");
        let code = Code::XdsTooManyResults;
        return Some(XdsProblem::new(XdsCode::TooManyResults, code, context));
    }
    if single && ids.several() {
        let context = "the objects belong to several patients: ask for those of one";
        let code = Code::XdsQueryParameter;
        return Some(XdsProblem::new(XdsCode::NotSinglePatient, code, context));
    }
    None
}

fn success(objects: Vec<tasuki_model::xds::RegistryObject>, returns: ReturnType) -> QueryResponse {
    let found = match returns {
        ReturnType::LeafClass => ebrim::Found {
            objects,
            ..ebrim::Found::default()
        },
        ReturnType::ObjectRef => ebrim::Found {
            references: objects
                .into_iter()
                .map(|mut object| {
                    let header = object.header_mut();
                    (std::mem::take(&mut header.id), header.home.take())
                })
                .collect(),
            ..ebrim::Found::default()
        },
    };
    QueryResponse {
        response: RegistryResponse::success(Vec::new()),
        found,
    }
}

fn failure(problems: &[XdsProblem]) -> QueryResponse {
    QueryResponse {
        response: RegistryResponse::failure(problems.iter().map(XdsProblem::encode).collect()),
        found: ebrim::Found::default(),
    }
}
