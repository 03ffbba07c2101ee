//! Documents are fetched from one community, and each is compared with what its entry says of it.

use super::RETRIEVE;
use crate::dialect::{self, Dialect};
use crate::gateway::{Audited, Gateway, NoAnswer, Request, Visit};
use crate::iti38::RemoteEntry;
use crate::soap::Received;
use tasuki_core::audit::AuditedDocument;
use tasuki_core::directory::Community;
use tasuki_core::ports::Incoming;
use tasuki_core::release::hex;
use tasuki_core::{Code, Released};
use tasuki_wire::ebrim::{Carried, DocumentRequest, RetrieveRequest, RetrieveResponse};
use tasuki_wire::mtom::{Content, Limits};

/// A document of more bytes is asked for by itself: whatever becomes of it, the others are there.
const LARGE: u64 = 4 * 1024 * 1024;

/// A document that is wanted.
pub type Wanted = RemoteEntry;

/// What became of one document.
#[derive(Debug)]
pub struct Fetched {
    /// Which was asked for.
    pub wanted: Wanted,
    /// The id of what was made on demand.
    pub made: Option<String>,
    /// Its media type and content, or why there is none. A large one lies in the store already.
    pub content: Result<(String, Incoming), NoAnswer>,
}

/// Fetches documents: one result for each, in their order. What was not asked for is not taken.
///
/// # Errors
/// [`NoAnswer`] where no request was answered; where some were, the documents of the others say it.
pub fn ask(
    gateway: &Gateway,
    to: &Community,
    wanted: Released<Vec<Wanted>>,
    visit: &Visit,
) -> Result<Vec<Fetched>, NoAnswer> {
    let parts = parts(to, &wanted)?.into_iter();
    together(parts.map(|part| {
        let wanted: Vec<Wanted> = Vec::clone(part.view());
        (wanted, one(gateway, to, part, visit))
    }))
}

/// What is wanted, in their order, in as many requests as the dialect of a community and their sizes
/// have it.
pub(crate) fn parts(
    to: &Community,
    wanted: &Released<Vec<Wanted>>,
) -> Result<Vec<Released<Vec<Wanted>>>, NoAnswer> {
    let documents = dialect::of(&to.dialect)?.asks.documents;
    let most = documents.unwrap_or(usize::MAX).max(1);
    // How many are in each; before one that is large and behind it, another one begins.
    let mut counts: Vec<usize> = Vec::new();
    let mut open = false;
    for one in wanted.view() {
        let large = size(one) > LARGE;
        match counts
            .last_mut()
            .filter(|count| open && !large && **count < most)
        {
            Some(count) => *count += 1,
            None => counts.push(1),
        }
        open = !large;
    }
    let mut start = 0;
    let part = |count| {
        let from = start;
        start += count;
        let all = wanted.clone();
        all.map(|all| all.into_iter().skip(from).take(count).collect())
    };
    Ok(counts.into_iter().map(part).collect())
}

/// Bytes of a document, as its entry has it, and no more than a message may have; nothing of one that is
/// made on demand.
pub(crate) fn size(wanted: &Wanted) -> u64 {
    let said = wanted.entry.size.as_deref();
    let said: u64 = said.and_then(|said| said.parse().ok()).unwrap_or_default();
    said.min(Limits::default().bytes)
}

/// The documents of all requests; where none was answered, why.
pub(crate) fn together(
    parts: impl IntoIterator<Item = (Vec<Wanted>, Result<Vec<Fetched>, NoAnswer>)>,
) -> Result<Vec<Fetched>, NoAnswer> {
    let mut fetched = Vec::new();
    let mut answered = false;
    let mut last = None;
    for (wanted, came) in parts {
        match came {
            Ok(some) => {
                answered = true;
                fetched.extend(some);
            }
            Err(no) => {
                fetched.extend(wanted.into_iter().map(|wanted| Fetched {
                    wanted,
                    made: None,
                    content: Err(no.clone()),
                }));
                last = Some(no);
            }
        }
    }
    match last {
        Some(no) if !answered => Err(no),
        _ => Ok(fetched),
    }
}

/// One request.
pub(crate) fn one(
    gateway: &Gateway,
    to: &Community,
    wanted: Released<Vec<Wanted>>,
    visit: &Visit,
) -> Result<Vec<Fetched>, NoAnswer> {
    let dialect = dialect::of(&to.dialect)?;
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
        mtom: dialect.asks.mtom.unwrap_or(true),
        coming: all.iter().map(size).fold(0, u64::saturating_add),
        audited: Audited {
            documents: documents.collect(),
            ..Audited::default()
        },
        body: wanted.map(|all| {
            let documents = all.iter().map(|one| asked(one, dialect)).collect();
            RetrieveRequest { documents }.encode()
        }),
    };
    let answer = gateway.ask(to, visit, request)?;
    sorted(answer, all, dialect)
}

fn asked(wanted: &Wanted, dialect: &Dialect) -> DocumentRequest {
    DocumentRequest {
        home: Some(dialect.home(&wanted.home)),
        repository_id: wanted.entry.repository_id.clone().unwrap_or_default(),
        unique_id: wanted.entry.unique_id.clone().unwrap_or_default(),
    }
}

/// Gives each document that came to the one that was asked for.
fn sorted(
    mut answer: Received,
    all: Vec<Wanted>,
    dialect: &Dialect,
) -> Result<Vec<Fetched>, NoAnswer> {
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
        let made = document.stored_as.map(|(_, id)| id);
        came.push((document.asked, made, (document.mime_type, content)));
    }
    answer.attachments.finish()?;
    let mut fetched = Vec::with_capacity(all.len());
    for wanted in all {
        let of = |said: &DocumentRequest| {
            Some(&said.unique_id) == wanted.entry.unique_id.as_ref()
                && Some(&said.repository_id) == wanted.entry.repository_id.as_ref()
                && same_home(said.home.as_deref(), &wanted)
        };
        let (made, content) = match came.iter().position(|(said, _, _)| of(said)) {
            Some(at) => {
                let (_, made, (media_type, content)) = came.remove(at);
                let unaltered = unaltered(&wanted, &content, dialect);
                (made, unaltered.map(|()| (media_type, content)))
            }
            None => (None, Err(NoAnswer::new(Code::DocumentNotGiven, ""))),
        };
        fetched.push(Fetched {
            wanted,
            made,
            content,
        });
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
fn unaltered(wanted: &Wanted, content: &Incoming, dialect: &Dialect) -> Result<(), NoAnswer> {
    let entry = &wanted.entry;
    if dialect.cannot_compare(entry) {
        return Err(NoAnswer::new(Code::DocumentUnverifiable, ""));
    }
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
