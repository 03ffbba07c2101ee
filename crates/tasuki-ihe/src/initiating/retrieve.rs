//! ITI-43 of a system of ours: documents of other communities beside our own.
//!
//! A retrieve names no patient. So each community is first asked for the entries of its documents:
//! they say whose they are, and what their documents have to be like. Only documents of patients whom
//! we may ask about are fetched; the others are not there.

use super::part::Part;
use super::route::Route;
use super::{Across, forward, gap};
use crate::gateway::{NoAnswer, Visit};
use crate::iti38::RemoteEntry;
use crate::iti39::{self, Fetched};
use crate::soap::Stop;
use std::collections::BTreeMap;
use std::sync::Arc;
use tasuki_core::directory::Community;
use tasuki_core::ports::Incoming;
use tasuki_core::release::Stored;
use tasuki_core::{Code, Released};
use tasuki_model::CommunityId;
use tasuki_model::xds::RegistryObject;
use tasuki_wire::ebrim::{
    AdhocQuery, DocumentRequest, Parameter, RegistryError, ReturnType, Value,
};
use tasuki_wire::mtom::Limits;

const GET_DOCUMENTS: &str = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4";

/// So many bytes are no reason to wait longer for a community.
const SOON: u64 = 4 * 1024 * 1024;

/// One document of another community.
pub(crate) struct BroughtDocument {
    pub asked: DocumentRequest,
    /// The id of what was made on demand.
    pub made: Option<String>,
    pub media_type: String,
    pub content: Stored,
}

/// What other communities gave.
#[derive(Default)]
pub(crate) struct Brought {
    /// Documents, each as it was asked for.
    pub documents: Vec<BroughtDocument>,
    /// What is missing, each with the community that it is missing from.
    pub errors: Vec<RegistryError>,
}

impl Brought {
    /// Our code of what is missing first, for the audit trail.
    pub fn code(&self) -> Option<Code> {
        self.errors.first().and_then(gap::stable)
    }
}

/// Documents of one community.
struct Errand {
    to: Community,
    asked: Vec<DocumentRequest>,
    entries: Released<Vec<RemoteEntry>>,
    /// It did not say; that is told once and not for each document.
    away: bool,
}

impl Errand {
    const fn new(
        to: Community,
        asked: Vec<DocumentRequest>,
        entries: Released<Vec<RemoteEntry>>,
        away: bool,
    ) -> Self {
        Self {
            to,
            asked,
            entries,
            away,
        }
    }
}

impl Across<'_> {
    /// Takes the documents of other communities out of a request, and fetches them.
    ///
    /// # Errors
    /// A refusal of the caller, or a fault of ours; what others do not give is in what is brought.
    pub(crate) fn retrieve(
        &self,
        documents: &mut Vec<DocumentRequest>,
    ) -> Result<Released<Brought>, Stop> {
        let mut brought = Brought::default();
        let mut of: BTreeMap<CommunityId, (Community, Vec<DocumentRequest>)> = BTreeMap::new();
        let mut own = Vec::new();
        for asked in documents.drain(..) {
            match self.route(asked.home.as_deref()) {
                Route::Unsaid | Route::Ours => own.push(asked),
                Route::Unknown => {
                    let home = asked.home.as_deref().unwrap_or_default();
                    brought.errors.push(gap::unknown(home));
                }
                Route::Other(to) => {
                    let id = to.home_community_id.clone();
                    of.entry(id).or_insert((*to, Vec::new())).1.push(asked);
                }
            }
        }
        *documents = own;
        let mut whole = self.nothing(brought)?;
        if of.is_empty() {
            return Ok(whole);
        }
        let visit = self.visit()?;
        let mut errands = Vec::new();
        for (to, asked) in of.into_values() {
            let (errand, errors) = self.entries(to, asked, &visit)?;
            whole = whole.map(|mut whole| {
                whole.errors.extend(errors);
                whole
            });
            errands.push(errand);
        }
        self.fetched(errands, visit, whole)
    }

    /// The entries of documents of one community, as far as they may be asked for.
    fn entries(
        &self,
        to: Community,
        asked: Vec<DocumentRequest>,
        visit: &Visit,
    ) -> Result<(Errand, Vec<RegistryError>), Stop> {
        let query = self.nothing(get_documents(&asked))?;
        let forwarded = match forward::ask(self.gateway(), &to, &query, None, visit) {
            Ok(forwarded) => forwarded,
            Err(no) => {
                let gap = gap::unanswered(&to, &no);
                let entries = self.nothing(Vec::new())?;
                return Ok((Errand::new(to, asked, entries, true), vec![gap]));
            }
        };
        let (parts, _) = self.of_whom(&to, forwarded.objects, visit)?;
        let mut errors = forwarded.errors;
        let entries = parts.map(|parts| {
            let mut whole = Part::default();
            parts.into_iter().for_each(|part| whole.join(part));
            errors.extend(whole.errors);
            let objects = whole.found.objects.into_iter();
            let entries = objects.filter_map(|object| wanted(&to, &asked, object));
            entries.collect()
        });
        let away = !forwarded.answered;
        Ok((Errand::new(to, asked, entries, away), errors))
    }

    /// Fetches what every community has listed, at once.
    fn fetched(
        &self,
        errands: Vec<Errand>,
        visit: Visit,
        mut whole: Released<Brought>,
    ) -> Result<Released<Brought>, Stop> {
        let initiating = Arc::clone(&self.initiating);
        let whom: Vec<(Community, Released<Vec<RemoteEntry>>)> = errands
            .iter()
            .map(|errand| (errand.to.clone(), errand.entries.clone()))
            .collect();
        let each = whom.iter().map(|(_, entries)| large(entries.view()));
        let coming = each.max().unwrap_or_default();
        let came = self.initiating.fan(whom, coming, move |(to, entries)| {
            if entries.view().is_empty() {
                return Ok(Vec::new());
            }
            initiating.retrieve(to, &entries, &visit)
        });
        for (errand, came) in errands.into_iter().zip(came) {
            let came = came.unwrap_or_else(|| Err(NoAnswer::new(Code::PeerLate, "")));
            let brought = self.brought(&errand, came)?;
            whole = whole.zip(errand.entries).map(|(mut whole, _)| {
                whole.documents.extend(brought.documents);
                whole.errors.extend(brought.errors);
                whole
            });
        }
        Ok(whole)
    }

    /// What came of the documents of one community, in the order in which they were asked for.
    fn brought(
        &self,
        errand: &Errand,
        came: Result<Vec<Fetched>, NoAnswer>,
    ) -> Result<Brought, Stop> {
        let mut brought = Brought::default();
        let mut came = match came {
            Ok(came) => came,
            Err(no) => {
                brought.errors.push(gap::unanswered(&errand.to, &no));
                return Ok(brought);
            }
        };
        for asked in errand.asked.iter().filter(|_| !errand.away) {
            let one = came.iter().position(|one| is(asked, &one.wanted));
            match one
                .map(|at| came.swap_remove(at))
                .map(|f| (f.made, f.content))
            {
                Some((made, Ok((media_type, content)))) => {
                    brought.documents.push(BroughtDocument {
                        asked: asked.clone(),
                        made,
                        media_type,
                        content: self.stored(content)?,
                    });
                }
                Some((_, Err(no))) => {
                    let gap = gap::document(&errand.to, &asked.unique_id, &no);
                    brought.errors.push(gap);
                }
                None => {
                    let no = NoAnswer::new(Code::XdsNotThere, "");
                    let gap = gap::document(&errand.to, &asked.unique_id, &no);
                    brought.errors.push(gap);
                }
            }
        }
        Ok(brought)
    }

    fn stored(&self, content: Incoming) -> Result<Stored, Stop> {
        Ok(match content {
            Incoming::Here(bytes) => Stored::new(bytes),
            Incoming::Spooled(spooled) => self.registry.store.reread(spooled)?,
        })
    }
}

/// Bytes that documents have beyond what comes within every deadline, and no more than a message may.
fn large(entries: &[RemoteEntry]) -> u64 {
    let sizes = entries.iter().map(iti39::size);
    let all = sizes.fold(0, u64::saturating_add);
    all.min(Limits::default().bytes).saturating_sub(SOON)
}

fn get_documents(asked: &[DocumentRequest]) -> AdhocQuery {
    let ids = asked.iter().map(|one| Value::Text(one.unique_id.clone()));
    AdhocQuery {
        id: GET_DOCUMENTS.to_owned(),
        home: None,
        returns: ReturnType::LeafClass,
        parameters: vec![Parameter {
            name: "$XDSDocumentEntryUniqueId".to_owned(),
            values: ids.collect(),
            list: true,
        }],
    }
}

/// The entry of a document that was asked for.
fn wanted(
    to: &Community,
    asked: &[DocumentRequest],
    object: RegistryObject,
) -> Option<RemoteEntry> {
    let RegistryObject::Entry(entry) = object else {
        return None;
    };
    let wanted = RemoteEntry {
        asked: to.home_community_id.clone(),
        home: to.home_community_id.clone(),
        entry: *entry,
    };
    asked.iter().any(|one| is(one, &wanted)).then_some(wanted)
}

fn is(asked: &DocumentRequest, wanted: &RemoteEntry) -> bool {
    let (unique, repository) = (&wanted.entry.unique_id, &wanted.entry.repository_id);
    unique.as_deref() == Some(&asked.unique_id)
        && repository.as_deref() == Some(&asked.repository_id)
}
