//! One community is asked for every document of a patient.
//!
//! Where it finds more than it gives, the time is halved until each part is given: by the time a
//! document was made, which every stored one has; those made on demand have none and are asked for
//! by themselves. Requests are bounded; what is then still refused is said to be missing.

use super::QUERY;
use super::check::{RemoteEntry, checked};
use super::query::{Part, query};
use crate::dialect;
use crate::gateway::{Audited, Gateway, NoAnswer, Request, Visit};
use tasuki_core::audit::AuditedQuery;
use tasuki_core::directory::Community;
use tasuki_core::gather::PartialReason;
use tasuki_core::{Code, Released};
use tasuki_model::time::Instant;
use tasuki_model::xds::RegistryObject;
use tasuki_wire::ebrim::{QueryResponse, ResponseStatus};

/// Requests to one community for one patient.
const REQUESTS_MAX: usize = 64;
/// Nothing is older (1900-01-01).
const BEGINNING: Instant = Instant::from_micros(-2_208_988_800_000_000);
/// How far ahead of ours a clock may be, in seconds.
const AHEAD_SECONDS: i64 = 86_400;

/// What a community has of a patient.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Documents {
    /// The entries, each once, in the order they came.
    pub entries: Vec<RemoteEntry>,
    /// Why there may be more.
    pub partial: Option<PartialReason>,
}

/// What one request brought.
enum Given {
    Entries(Vec<RemoteEntry>, Option<PartialReason>),
    TooMany,
}

/// Asks for every document of a patient. `patient` is an ID of the community that is asked (CX),
/// in the assigning authority that the directory names for it; never one of ours.
///
/// # Errors
/// [`NoAnswer`] where not even the first request was answered.
pub fn ask(
    gateway: &Gateway,
    to: &Community,
    patient: &Released<String>,
    visit: &Visit,
) -> Result<Documents, NoAnswer> {
    let mut documents = Documents::default();
    match one(gateway, to, patient, visit, Part::All)? {
        Given::Entries(entries, partial) => documents.add(entries, partial),
        Given::TooMany => {
            let end = gateway.network().clock.now().plus_seconds(AHEAD_SECONDS);
            let parts = vec![Part::Made(BEGINNING, end), Part::OnDemand];
            in_parts(gateway, to, patient, visit, parts, &mut documents);
        }
    }
    Ok(documents)
}

fn in_parts(
    gateway: &Gateway,
    to: &Community,
    patient: &Released<String>,
    visit: &Visit,
    mut parts: Vec<Part>,
    documents: &mut Documents,
) {
    for _ in 1..REQUESTS_MAX {
        let Some(part) = parts.pop() else {
            return;
        };
        match one(gateway, to, patient, visit, part) {
            Ok(Given::Entries(entries, partial)) => documents.add(entries, partial),
            Ok(Given::TooMany) => match part.halves() {
                // The newer half is asked for first.
                Some(halves) => parts.extend(halves),
                None => documents.lack(PartialReason::TooMany),
            },
            Err(_) => return documents.lack(PartialReason::Incomplete),
        }
    }
    if !parts.is_empty() {
        documents.lack(PartialReason::TooMany);
    }
}

fn one(
    gateway: &Gateway,
    to: &Community,
    patient: &Released<String>,
    visit: &Visit,
    part: Part,
) -> Result<Given, NoAnswer> {
    let home = &to.home_community_id;
    let dialect = dialect::of(&to.dialect)?;
    let body = patient
        .clone()
        .map(|cx| query(dialect, home, &cx, part).encode());
    let request = Request {
        transaction: "ITI-38",
        action: QUERY.0,
        mtom: false,
        coming: 0,
        audited: Audited {
            patients: vec![patient.view().clone()],
            query: Some(AuditedQuery {
                id: query(dialect, home, "", part).id,
                text: body.view().as_str().to_owned(),
                home: Some(home.clone()),
            }),
            documents: Vec::new(),
        },
        body,
    };
    let answer = gateway.ask(to, visit, request)?;
    let (found, problems) = QueryResponse::decode(&answer.envelope.body)?;
    let errors = &found.response.errors;
    let says = |code: &str| errors.iter().any(|e| e.code == code);
    if says("XDSTooManyResults") {
        return Ok(Given::TooMany);
    }
    if found.response.status == ResponseStatus::Failure {
        // A patient that it does not know, or does not disclose to us: the same to us.
        if says("XDSUnknownPatientId") {
            return Ok(Given::Entries(Vec::new(), None));
        }
        let code = errors.first().map_or("", |e| e.code.as_str());
        let known = code.bytes().all(|b| b.is_ascii_alphanumeric());
        return Err(NoAnswer::new(
            Code::PeerFaults,
            if known { code } else { "" },
        ));
    }
    let asked = found.found.objects.len();
    let entries: Vec<RemoteEntry> = found
        .found
        .objects
        .into_iter()
        .filter_map(|object| match object {
            RegistryObject::Entry(entry) => {
                checked(dialect.understood(*entry), home, patient.view())
            }
            _ => None,
        })
        .collect();
    let foreign = u32::try_from(asked - entries.len()).unwrap_or(u32::MAX);
    let partial = match foreign {
        0 if found.response.status == ResponseStatus::Success && problems.is_empty() => None,
        0 => Some(PartialReason::Incomplete),
        n => Some(PartialReason::Foreign(n)),
    };
    Ok(Given::Entries(entries, partial))
}

impl Documents {
    fn add(&mut self, entries: Vec<RemoteEntry>, partial: Option<PartialReason>) {
        for entry in entries {
            let same = |known: &RemoteEntry| known.entry.unique_id == entry.entry.unique_id;
            if !self.entries.iter().any(same) {
                self.entries.push(entry);
            }
        }
        if let Some(reason) = partial {
            self.lack(reason);
        }
    }

    /// What was withheld as another's weighs more than what is missing: it stays said.
    fn lack(&mut self, reason: PartialReason) {
        self.partial = match (self.partial, reason) {
            (Some(PartialReason::Foreign(a)), PartialReason::Foreign(b)) => {
                Some(PartialReason::Foreign(a.saturating_add(b)))
            }
            (Some(known @ PartialReason::Foreign(_)), _) => Some(known),
            (_, reason) => Some(reason),
        };
    }
}
