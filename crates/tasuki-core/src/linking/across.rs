//! The same between communities: what a clerk asks of a facility elsewhere, and what becomes of it there. Each side
//! keeps its own line; they learn of each other by statements.

use super::{Agreed, Clerk, disclose, ended};
use crate::policy::Viewer;
use crate::ports::{
    Across, ForeignRequest, LinkRequest, LinkSide, LinkWaiting, PatientRecord, RequestEnd,
    RequestState, Writing,
};
use crate::{Code, Fault};
use tasuki_model::facility::Part;
use tasuki_model::{
    CommunityId, ConsentId, Facility, FacilityCode, Instant, PatientKey, Registration, RequestId,
    UserId,
};

/// Requests of one community that may wait here: more than its clerks could make.
pub const WAITING_MAX: u32 = 2_000;

/// How a request ended elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Tied to this ID of that community.
    Tied(Registration),
    /// Sent back, with a reason.
    Returned(String),
    /// There is no such facility, or it discloses nothing.
    Nowhere,
}

/// The id here of a request of another community: nobody can choose one that is taken.
///
/// # Errors
/// None in practice: a digest is an id.
pub fn id_here(community: &CommunityId, named: &RequestId) -> Result<RequestId, Fault> {
    let text = format!("{community}\n{named}");
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let hex: String = crate::release::hex(digest.as_ref())
        .chars()
        .take(32)
        .collect();
    RequestId::new(&hex).map_err(|e| Fault::new(Code::InternalFault, e.to_string()))
}

/// Makes a request to a facility of another community. As between members, the patient is named from now on.
///
/// # Errors
/// Those of the store; `LNK-005` where it does not say whom it asks.
pub fn ask(tx: &dyn Writing, request: &LinkRequest) -> Result<(), Fault> {
    let (Some(across), Some(_)) = (&request.across, &request.beyond) else {
        return Err(Fault::new(Code::RequestForm, "whom to ask elsewhere"));
    };
    tx.set_disclosed(&request.patient, true)?;
    tx.put_link_request(request)?;
    wait(
        tx,
        &across.community,
        &request.id,
        LinkSide::Own,
        request.at,
    )
}

pub(super) fn wait(
    tx: &dyn Writing,
    peer: &CommunityId,
    request: &RequestId,
    side: LinkSide,
    at: Instant,
) -> Result<(), Fault> {
    tx.put_link_waiting(&LinkWaiting {
        peer: peer.clone(),
        request: request.clone(),
        side,
        at,
    })
}

/// The facility of ours that a code of another community's request names: one that discloses.
///
/// # Errors
/// Those of the store.
pub fn asked_here(tx: &dyn Writing, code: &FacilityCode) -> Result<Option<Facility>, Fault> {
    let discloses = |f: &Facility| f.code == *code && f.part == Part::Disclosing;
    Ok(tx.facilities()?.into_iter().find(discloses))
}

/// Takes a request of another community; one that came before stays as it is.
///
/// # Errors
/// Those of the store; `LNK-008` where too many of that community wait.
pub fn take(tx: &dyn Writing, request: &ForeignRequest) -> Result<(), Fault> {
    if tx.foreign_request(&request.id)?.is_some() {
        return Ok(());
    }
    if tx.foreign_requests_full(&request.community, WAITING_MAX)? {
        return Err(Fault::new(Code::RequestsFull, "too many requests wait"));
    }
    tx.put_foreign_request(request)
}

/// Takes note that who asked has taken it back.
///
/// # Errors
/// Those of the store.
pub fn taken_back(
    tx: &dyn Writing,
    community: &CommunityId,
    named: &RequestId,
    at: Instant,
) -> Result<(), Fault> {
    let found = tx.foreign_request(&id_here(community, named)?)?;
    let waits = |r: &ForeignRequest| r.community == *community && r.state == RequestState::Asked;
    let Some(request) = found.filter(waits) else {
        return Ok(());
    };
    let end = end(&elsewhere()?, at, "", None);
    foreign_ended(tx, request, RequestState::Withdrawn, end, false)
}

/// Who ends a request of ours at another community.
fn elsewhere() -> Result<UserId, Fault> {
    UserId::new("elsewhere").map_err(|e| Fault::new(Code::InternalFault, e.to_string()))
}

fn end(by: &UserId, at: Instant, reason: &str, tied: Option<PatientKey>) -> RequestEnd {
    RequestEnd {
        by: by.clone(),
        at,
        reason: reason.chars().take(500).collect(),
        tied,
    }
}

/// A request of another community that still waits for this facility.
fn waiting(tx: &dyn Writing, id: &RequestId, clerk: &Clerk) -> Result<ForeignRequest, Fault> {
    let found = tx.foreign_request(id)?;
    let unknown = || Fault::new(Code::RequestUnknown, "no such request here");
    let request = found
        .filter(|request| request.to == clerk.facility)
        .ok_or_else(unknown)?;
    match request.state {
        RequestState::Asked => Ok(request),
        _ => Err(Fault::new(Code::RequestEnded, "the request waits no more")),
    }
}

fn foreign_ended(
    tx: &dyn Writing,
    request: ForeignRequest,
    state: RequestState,
    end: RequestEnd,
    tell: bool,
) -> Result<(), Fault> {
    let at = end.at;
    let ended = ForeignRequest {
        state,
        end: Some(end),
        ..request
    };
    tx.put_foreign_request(&ended)?;
    match tell {
        true => wait(tx, &ended.community, &ended.id, LinkSide::Foreign, at),
        false => Ok(()),
    }
}

/// Ties the IDs, notes the consent for that community, and discloses the patient to it.
///
/// # Errors
/// As [`super::approve`].
pub fn approve(
    tx: &dyn Writing,
    id: &RequestId,
    own: &PatientRecord,
    consent: ConsentId,
    clerk: &Clerk,
) -> Result<(), Fault> {
    let request = waiting(tx, id, clerk)?;
    let agreed = Agreed {
        consent,
        viewer: Viewer::Community(request.community.clone()),
        signer: request.signer.clone(),
        place: request.facility.clone(),
    };
    disclose(tx, own, agreed, clerk)?;
    let tied = Some(own.patient_key.clone());
    let end = end(&clerk.user, clerk.at, "", tied);
    foreign_ended(tx, request, RequestState::Approved, end, true)
}

/// Sends a request of another community back with a reason.
///
/// # Errors
/// As [`super::send_back`].
pub fn send_back(
    tx: &dyn Writing,
    id: &RequestId,
    reason: &str,
    clerk: &Clerk,
) -> Result<(), Fault> {
    let request = waiting(tx, id, clerk)?;
    if reason.trim().is_empty() {
        let fault = Fault::new(Code::ReasonMissing, "sent back without a reason");
        return Err(fault);
    }
    let end = end(&clerk.user, clerk.at, reason, None);
    foreign_ended(tx, request, RequestState::Returned, end, true)
}

/// A community has answered a request of ours. An answer to what was not asked of it, or has ended, changes
/// nothing. Gives the registration that it is about.
///
/// # Errors
/// Those of the store.
pub fn answered(
    tx: &dyn Writing,
    from: &CommunityId,
    id: &RequestId,
    answer: &Answer,
    at: Instant,
) -> Result<Option<PatientKey>, Fault> {
    let asked = |r: &LinkRequest| {
        let across = r.across.as_ref().is_some_and(|a| a.community == *from);
        across && r.state == RequestState::Asked
    };
    let Some(request) = tx.link_request(id)?.filter(asked) else {
        return Ok(None);
    };
    let (state, reason) = match answer {
        Answer::Tied(with) => {
            tx.put_tie(&request.patient, with, at)?;
            (RequestState::Approved, String::new())
        }
        Answer::Returned(reason) => (RequestState::Returned, reason.clone()),
        Answer::Nowhere => {
            let code = Code::RequestNowhere;
            let reason = format!("{} ({})", code.outside_ja(), code.id());
            (RequestState::Returned, reason)
        }
    };
    let patient = request.patient.clone();
    let end = end(&elsewhere()?, at, &reason, None);
    ended(tx, request, state, end)?;
    Ok(Some(patient))
}

/// A community has taken a request of ours: it waits for its clerks from now on.
///
/// # Errors
/// Those of the store.
pub fn delivered(tx: &dyn Writing, request: LinkRequest, at: Instant) -> Result<(), Fault> {
    let Some(across) = request.across.clone() else {
        return Ok(());
    };
    tx.put_link_request(&LinkRequest {
        across: Some(Across {
            taken: Some(at),
            ..across
        }),
        ..request
    })
}
