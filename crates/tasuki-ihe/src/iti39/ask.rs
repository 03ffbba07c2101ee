//! Documents are fetched from one community, and each is compared with what its entry says of it.

use super::RETRIEVE;
use crate::gateway::{Audited, Gateway, NoAnswer, Request, Visit};
use crate::iti38::RemoteEntry;
use crate::soap::Received;
use tasuki_core::audit::AuditedDocument;
use tasuki_core::directory::Community;
use tasuki_core::ports::Incoming;
use tasuki_core::release::hex;
use tasuki_core::{Code, Released};
use tasuki_wire::ebrim::{Carried, DocumentRequest, RetrieveRequest, RetrieveResponse};
use tasuki_wire::mtom::Content;

/// A document that is wanted.
pub type Wanted = RemoteEntry;

/// What became of one document.
#[derive(Debug)]
pub struct Fetched {
    /// Which was asked for.
    pub wanted: Wanted,
    /// Its media type and content, or why there is none. A large one lies in the store already.
    pub content: Result<(String, Incoming), NoAnswer>,
}

/// Fetches documents, as many in one request as are given; one result for each, in their order. What
/// was not asked for is not taken.
///
/// # Errors
/// [`NoAnswer`] where the request as a whole was not answered.
pub fn ask(
    gateway: &Gateway,
    to: &Community,
    wanted: Released<Vec<Wanted>>,
    visit: &Visit,
) -> Result<Vec<Fetched>, NoAnswer> {
    let all = wanted.view().clone();
    let home = &to.home_community_id;
    let documents = all.iter().map(|one| AuditedDocument {
        unique_id: one.entry.unique_id.clone().unwrap_or_default(),
        repository_id: one.entry.repository_id.clone().unwrap_or_default(),
        home: Some(home.clone()),
    });
    let request = Request {
        transaction: "ITI-39",
        action: RETRIEVE.0,
        mtom: true,
        audited: Audited {
            documents: documents.collect(),
            ..Audited::default()
        },
        body: wanted.map(|all| {
            let documents = all.iter().map(asked).collect();
            RetrieveRequest { documents }.encode()
        }),
    };
    let answer = gateway.ask(to, visit, request)?;
    sorted(answer, all)
}

fn asked(wanted: &Wanted) -> DocumentRequest {
    DocumentRequest {
        home: Some(format!("urn:oid:{}", wanted.home)),
        repository_id: wanted.entry.repository_id.clone().unwrap_or_default(),
        unique_id: wanted.entry.unique_id.clone().unwrap_or_default(),
    }
}

/// Gives each document that came to the one that was asked for.
fn sorted(mut answer: Received, all: Vec<Wanted>) -> Result<Vec<Fetched>, NoAnswer> {
    let response = RetrieveResponse::decode(&answer.envelope.body)?;
    let elements = contents(&answer)?;
    let mut came = Vec::new();
    for (document, element) in response.documents.into_iter().zip(elements) {
        let content = match document.content {
            Carried::Inline(bytes) => Incoming::Here(bytes),
            Carried::Include(_) => match answer.attachments.take(&element)? {
                Content::Part(part) => part,
                Content::Inline(bytes) => Incoming::Here(bytes),
            },
        };
        came.push((document.asked, document.mime_type, content));
    }
    answer.attachments.finish()?;
    let mut fetched = Vec::with_capacity(all.len());
    for wanted in all {
        let of = |said: &DocumentRequest| {
            Some(&said.unique_id) == wanted.entry.unique_id.as_ref()
                && Some(&said.repository_id) == wanted.entry.repository_id.as_ref()
                && same_home(said.home.as_deref(), &wanted)
        };
        let content = match came.iter().position(|(said, _, _)| of(said)) {
            Some(at) => {
                let (_, media_type, content) = came.remove(at);
                unaltered(&wanted, &content).map(|()| (media_type, content))
            }
            None => Err(NoAnswer::new(Code::DocumentNotGiven, "")),
        };
        fetched.push(Fetched { wanted, content });
    }
    // One answer, one exchange: with something foreign in it, nothing of it is believed.
    match came.is_empty() {
        true => Ok(fetched),
        false => Err(NoAnswer::new(Code::DocumentNotAskedFor, "")),
    }
}

/// The `Document` elements, in the order of the answer.
fn contents(answer: &Received) -> Result<Vec<tasuki_wire::xml::Element>, NoAnswer> {
    let body = &answer.envelope.body;
    let elements = body.all("DocumentResponse").map(|d| d.first("Document"));
    elements
        .map(|e| {
            e.cloned()
                .ok_or_else(|| NoAnswer::garbled("EBR: no Document"))
        })
        .collect()
}

fn same_home(said: Option<&str>, wanted: &Wanted) -> bool {
    said.is_some_and(|said| said.strip_prefix("urn:oid:").unwrap_or(said) == wanted.home.as_str())
}

/// Whether size and hash are those of the entry. Documents made on demand have neither.
fn unaltered(wanted: &Wanted, content: &Incoming) -> Result<(), NoAnswer> {
    let entry = &wanted.entry;
    let size = content.size().to_string();
    let right_size = entry.size.as_ref().is_none_or(|said| *said == size);
    let hash = hex(&content.sha1());
    let said = entry.hash.as_deref();
    let right_hash = said.is_none_or(|said| said.eq_ignore_ascii_case(&hash));
    match right_size && right_hash {
        true => Ok(()),
        false => Err(NoAnswer::new(Code::DocumentAltered, "")),
    }
}
