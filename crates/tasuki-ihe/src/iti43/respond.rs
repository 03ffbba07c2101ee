//! Resolve, decide, release, and only then read a content, or have one made.

mod made;

use crate::initiating::{self, Brought};
use crate::soap::{Answer, Enclosed, Exchange, Message, Reply, Stop};
use crate::xds::patient::subject;
use crate::xds::{Registry, XdsCode, XdsProblem, emergency};
use tasuki_core::audit::AuditedDocument;
use tasuki_core::policy::{Subject, decide_peer};
use tasuki_core::ports::Reading;
use tasuki_core::release::Stored;
use tasuki_core::{Code, Fault, Labelled};
use tasuki_model::xds::{ObjectType, RegistryObject};
use tasuki_model::{CommunityId, EntryUuid, PersonId, UniqueId};
use tasuki_wire::ebrim::names::{RS, XDS};
use tasuki_wire::ebrim::{DocumentRequest, RegistryResponse, ResponseStatus, RetrieveRequest};
use tasuki_wire::xml::{Writer, document};

/// A document that was found: which request asked for it, and what gives it.
type Place = (usize, Giving);

/// What gives a document.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Giving {
    /// The content of an entry.
    Stored(EntryUuid),
    /// Whoever has registered it on demand, and nobody here.
    Elsewhere,
    /// It is made now, of somebody whom the community calls so.
    Made(PersonId, String),
}

/// What is told of one request.
struct Given {
    asked: DocumentRequest,
    /// The id of what was made on demand.
    made: Option<String>,
    media_type: String,
    content: Stored,
}

pub(super) fn respond(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Answer, Stop> {
    respond_as(exchange, message, false)
}

/// ITI-39: every document is asked for in our community, or it is not given.
pub(crate) fn respond_as_gateway(
    exchange: &Exchange<'_>,
    message: &mut Message<'_>,
) -> Result<Answer, Stop> {
    respond_as(exchange, message, true)
}

fn respond_as(
    exchange: &Exchange<'_>,
    message: &mut Message<'_>,
    gateway: bool,
) -> Result<Answer, Stop> {
    let mut request = RetrieveRequest::decode(message.body)?;
    tell(message, &request);
    let registry = Registry::of(exchange.network)?;
    let mut strayed = Vec::new();
    if gateway {
        request
            .documents
            .retain(|asked| match registry.not_ours(asked.home.as_deref()) {
                Some(problem) => {
                    strayed.push(problem);
                    false
                }
                None => true,
            });
    }
    let caller = exchange.caller.caller();
    let none = decide_peer(caller, &[])?.release(Vec::<Labelled<()>>::new());
    let others = match initiating::of(exchange)?.filter(|_| !gateway) {
        Some(across) => across.retrieve(&mut request.documents)?,
        None => none.map(|_| Brought::default()),
    };
    let (found, subjects) = registry.store.reading(|tx| look(&registry, tx, &request))?;
    let grant = decide_peer(caller, &registry.opened_to(caller, subjects))?;
    let found = grant.release(found);
    let (made, unmade) = made::made(&registry, caller, found.view(), &request)?;
    let found = match made {
        Some(made) => found.zip(made),
        None => found.map(|places| (places, Vec::new())),
    };
    emergency::tell(&registry, &grant, found.receipt())?;
    let released = found.zip(others);
    let mut code = None;
    let reply = released.try_map(|((places, made), others)| {
        let (mut given, mut problems) = given(&registry, &request, &places, (made, unmade))?;
        problems.extend(strayed);
        code = problems.first().map(|p| p.code).or_else(|| others.code());
        let response = summary(&given, &problems, &others);
        let response = match gateway {
            true => registry.located(response),
            false => response,
        };
        given.extend(others.documents.into_iter().map(|one| Given {
            asked: one.asked,
            made: one.made,
            media_type: one.media_type,
            content: one.content,
        }));
        written(exchange, given, &response)
    })?;
    Ok(Answer { reply, code })
}

fn tell(message: &mut Message<'_>, request: &RetrieveRequest) {
    let home = |urn: &String| CommunityId::new(urn.strip_prefix("urn:oid:").unwrap_or(urn)).ok();
    let documents = request.documents.iter().map(|asked| AuditedDocument {
        unique_id: asked.unique_id.clone(),
        repository_id: asked.repository_id.clone(),
        home: asked.home.as_ref().and_then(home),
    });
    message.audited.documents = documents.collect();
}

/// Where each document is that is asked of our repository.
fn look(
    registry: &Registry,
    tx: &dyn Reading,
    request: &RetrieveRequest,
) -> Result<(Vec<Labelled<Place>>, Vec<Subject>), Fault> {
    let mut found = Vec::new();
    let mut subjects = Vec::new();
    for (number, asked) in request.documents.iter().enumerate() {
        if asked.repository_id != registry.repository.as_str() {
            continue;
        }
        let Some(place) = content_of(tx, &asked.unique_id)? else {
            let (places, of) = made::places(registry, tx, number, &asked.unique_id)?;
            found.extend(places);
            subjects.extend(of);
            continue;
        };
        let key = place.labels().patient_key.clone();
        if let Some(record) = tx.registration(&key)? {
            subjects.push(subject(&record, registry.clock.now()));
            found.push(place.map(|_, giving| (number, giving)));
        }
    }
    Ok((found, subjects))
}

/// The content of a uniqueId: of the first entry that has one here. Metadata that were updated hold
/// for every version: the strictest says to whom it may be given. Of an entry on demand there is none.
fn content_of(tx: &dyn Reading, unique: &str) -> Result<Option<Labelled<Giving>>, Fault> {
    let mut content = None;
    let mut newest = None;
    let mut on_demand = false;
    for object in tx.find_objects_named(unique)? {
        let entry = object.labels().document.clone();
        let mut stable = false;
        let object = object.map(|_, object| {
            if let RegistryObject::Entry(entry) = &object {
                stable = entry.object_type == ObjectType::Stable;
                on_demand |= !stable;
            }
        });
        if let Some(entry) = entry.filter(|_| stable)
            && content.is_none()
            && tx.locate(&entry)?.is_some()
        {
            content = Some(entry);
        }
        let stricter =
            |kept: &Labelled<()>| kept.labels().confidentiality > object.labels().confidentiality;
        if !newest.as_ref().is_some_and(stricter) {
            newest = Some(object);
        }
    }
    if let Some(newest) = newest.filter(|_| content.is_some() || on_demand) {
        let giving = content.map_or(Giving::Elsewhere, Giving::Stored);
        return Ok(Some(newest.map(|_, ()| giving)));
    }
    let Ok(id) = UniqueId::new(unique) else {
        return Ok(None);
    };
    let row = tx.find_unique(&id)?;
    Ok(row.map(|row| row.map(|_, row| Giving::Stored(row.entry_uuid))))
}

/// The contents of what was released, and a problem for each request without one.
fn given(
    registry: &Registry,
    request: &RetrieveRequest,
    places: &[Place],
    (mut made, mut unmade): (made::Makings, made::Unmade),
) -> Result<(Vec<Given>, Vec<XdsProblem>), Fault> {
    let mut given = Vec::new();
    let mut problems = Vec::new();
    for (number, asked) in request.documents.iter().enumerate() {
        let place = places.iter().find(|(n, _)| *n == number);
        let Some((_, giving)) = place else {
            problems.push(absent(registry, asked));
            continue;
        };
        let entry = match giving {
            Giving::Stored(entry) => entry,
            Giving::Elsewhere => {
                problems.push(not_made(asked));
                continue;
            }
            Giving::Made(..) => {
                match (
                    taken(&mut made, number).flatten(),
                    taken(&mut unmade, number),
                ) {
                    (Some(one), _) => given.push(one.given(asked)),
                    (None, Some(problem)) => problems.push(problem),
                    (None, None) => problems.push(absent(registry, asked)),
                }
                continue;
            }
        };
        let ids = std::slice::from_ref(entry);
        let contents = registry.store.reading(|tx| tx.open_contents(ids))?;
        for content in contents {
            given.push(Given {
                asked: asked.clone(),
                made: None,
                media_type: content.mime_type.to_string(),
                content: content.content,
            });
        }
    }
    Ok((given, problems))
}

/// What there is under a number, taken out.
fn taken<T>(of: &mut Vec<(usize, T)>, number: usize) -> Option<T> {
    let at = of.iter().position(|(n, _)| *n == number)?;
    Some(of.swap_remove(at).1)
}

/// What an on-demand entry promises nobody here can make (ITI TF-2, 3.43.4.1.3).
fn not_made(asked: &DocumentRequest) -> XdsProblem {
    let context = format!(
        "{} is made on demand by whoever registered it: this repository makes none",
        asked.unique_id
    );
    XdsProblem::new(XdsCode::DocumentUniqueId, Code::XdsNotMade, context)
}

fn absent(registry: &Registry, asked: &DocumentRequest) -> XdsProblem {
    let (xds, what) = if asked.repository_id == registry.repository.as_str() {
        (XdsCode::DocumentUniqueId, "is not here, or not disclosed")
    } else {
        (
            XdsCode::UnknownRepository,
            "is of a repository that is not here",
        )
    };
    let context = format!("{} {what}", asked.unique_id);
    XdsProblem::new(xds, Code::XdsNotThere, context)
}

fn summary(given: &[Given], problems: &[XdsProblem], others: &Brought) -> RegistryResponse {
    let nothing = given.is_empty() && others.documents.is_empty();
    let errors = problems.iter().map(XdsProblem::encode);
    let errors: Vec<_> = errors.chain(others.errors.iter().cloned()).collect();
    RegistryResponse {
        status: match (nothing, errors.is_empty()) {
            (_, true) => ResponseStatus::Success,
            (false, false) => ResponseStatus::PartialSuccess,
            (true, false) => ResponseStatus::Failure,
        },
        errors,
    }
}

fn written(
    exchange: &Exchange<'_>,
    given: Vec<Given>,
    response: &RegistryResponse,
) -> Result<Reply, Fault> {
    let mut done = Ok(());
    let body = document(XDS, "RetrieveDocumentSetResponse", |start| {
        start.declare(RS).content(|inside| {
            response.write(inside);
            done = given.iter().enumerate().try_for_each(|(n, one)| {
                let element = inside.element(XDS, "DocumentResponse");
                element.content(|words| one_document(exchange, words, n + 1, one))
            });
        });
    });
    done?;
    let enclosed = given.into_iter().map(|one| Enclosed {
        media_type: one.media_type,
        content: one.content,
    });
    Ok(Reply {
        body,
        enclosed: enclosed.collect(),
    })
}

fn one_document(
    exchange: &Exchange<'_>,
    words: &mut Writer,
    number: usize,
    one: &Given,
) -> Result<(), Fault> {
    one.asked.write_ids(words);
    if let Some(made) = &one.made {
        words.element(XDS, "NewDocumentUniqueId").text(made);
    }
    words.element(XDS, "mimeType").text(&one.media_type);
    let element = words.element(XDS, "Document");
    element.content(|bytes| exchange.enclosing.write(bytes, number, &one.content))
}
