//! 連携登録, from both desks: asked, approved, sent back, taken back.
//!
//! The patient's agreement is taken by the facility that asks (the rule of 2020-03-31: the inquiring
//! institution takes it); the facility that is asked decides, ties the IDs and sets its own disclosure flag,
//! for the facility that asked and nobody else. Whoever agreed to more before keeps that.

pub mod across;

use crate::policy::{Restriction, Terms, Viewer};
use crate::ports::{
    Consent, LinkDecision, LinkEvent, LinkRequest, LinkSide, PatientRecord, RequestEnd,
    RequestState, Signer, Writing,
};
use crate::{Code, Fault};
use std::collections::BTreeSet;
use tasuki_model::{ConsentId, FacilityId, Instant, RequestId, UserId};

/// After so many days a request that waits is reminded of.
pub const REMIND_AFTER_DAYS: i64 = 3;

/// Who acts, where and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clerk {
    /// The user.
    pub user: UserId,
    /// Their facility.
    pub facility: FacilityId,
    /// Now.
    pub at: Instant,
}

/// Makes a request. The registration of who asks takes part in the matching from now on: its patient has
/// agreed to that.
///
/// # Errors
/// Those of the store.
pub fn ask(tx: &dyn Writing, request: &LinkRequest) -> Result<(), Fault> {
    tx.set_disclosed(&request.patient, true)?;
    tx.put_link_request(request)
}

/// Makes a request to a facility that is asked on paper. Nothing of the registration is disclosed by it.
///
/// # Errors
/// Those of the store; `LNK-005` where it does not name the facility.
pub fn ask_on_paper(tx: &dyn Writing, request: &LinkRequest) -> Result<(), Fault> {
    let named = request.beyond.as_deref().map(str::trim);
    if named.is_none_or(str::is_empty) || request.to != request.from {
        return Err(Fault::new(Code::RequestForm, "whom to ask on paper"));
    }
    tx.put_link_request(request)
}

/// Writes down that a facility asked on paper has tied the IDs: the patient is linked there.
///
/// # Errors
/// As [`approve`].
pub fn answered(tx: &dyn Writing, id: &RequestId, clerk: &Clerk) -> Result<(), Fault> {
    let paper = |r: &LinkRequest| r.from == clerk.facility && r.on_paper();
    let request = waiting(tx, id, paper)?;
    let end = RequestEnd {
        by: clerk.user.clone(),
        at: clerk.at,
        reason: String::new(),
        tied: None,
    };
    ended(tx, request, RequestState::Approved, end)
}

/// A request that still waits, for one of its two facilities.
fn waiting(
    tx: &dyn Writing,
    id: &RequestId,
    at: impl Fn(&LinkRequest) -> bool,
) -> Result<LinkRequest, Fault> {
    let found = tx.link_request(id)?.filter(|request| at(request));
    let unknown = || Fault::new(Code::RequestUnknown, "no such request here");
    let request = found.ok_or_else(unknown)?;
    if request.state != RequestState::Asked {
        return Err(Fault::new(Code::RequestEnded, "the request waits no more"));
    }
    Ok(request)
}

fn ended(
    tx: &dyn Writing,
    request: LinkRequest,
    state: RequestState,
    end: RequestEnd,
) -> Result<(), Fault> {
    tx.put_link_request(&LinkRequest {
        state,
        end: Some(end),
        ..request
    })
}

/// Ties the IDs, notes the consent, and discloses the patient.
///
/// # Errors
/// `LNK-001` for a request of others, `LNK-002` for one that has ended, `LNK-003` where the registration
/// is not one of this facility.
pub fn approve(
    tx: &dyn Writing,
    id: &RequestId,
    own: &PatientRecord,
    consent: ConsentId,
    clerk: &Clerk,
) -> Result<(), Fault> {
    let here = |r: &LinkRequest| r.to == clerk.facility && r.beyond.is_none();
    let request = waiting(tx, id, here)?;
    let agreed = Agreed {
        consent,
        viewer: Viewer::Facility(request.from.clone()),
        signer: request.signer.clone(),
        place: "".into(),
    };
    disclose(tx, own, agreed, clerk)?;
    let evidence = serde_json::json!({"version": 1, "by": "link request", "request": id.as_str()});
    tx.put_link(&LinkEvent {
        a: own.patient_key.clone(),
        b: request.patient.clone(),
        decision: LinkDecision::Same,
        by: Some(clerk.user.clone()),
        at: clerk.at,
        evidence: evidence.to_string(),
    })?;
    let end = RequestEnd {
        by: clerk.user.clone(),
        at: clerk.at,
        reason: String::new(),
        tied: Some(own.patient_key.clone()),
    };
    ended(tx, request, RequestState::Approved, end)
}

/// What a patient has agreed to where a request came from.
struct Agreed {
    consent: ConsentId,
    viewer: Viewer,
    signer: Signer,
    place: Box<str>,
}

/// Notes the consent, as far as more is agreed to than before, and discloses the registration, which has to be
/// one of the clerk's facility.
fn disclose(
    tx: &dyn Writing,
    own: &PatientRecord,
    agreed: Agreed,
    clerk: &Clerk,
) -> Result<(), Fault> {
    if own.facility != clerk.facility || own.survivor.is_some() {
        let fault = Fault::new(Code::RequestPatient, "not a registration of this facility");
        return Err(fault);
    }
    if let Some(terms) = terms(own, agreed.viewer) {
        tx.put_consent(&Consent {
            id: agreed.consent,
            patient: own.patient_key.clone(),
            terms,
            signer: agreed.signer,
            paper: None,
            taken: clerk.at,
            by: clerk.user.clone(),
            place: agreed.place,
            withdrawn: None,
        })?;
    }
    tx.set_disclosed(&own.patient_key, true)
}

/// The terms under which a registration is also open to a viewer; none where they are as they should be.
fn terms(own: &PatientRecord, viewer: Viewer) -> Option<Terms> {
    if !own.disclosed {
        // What was withdrawn or never agreed to is not taken up again by asking for one facility.
        let only = Restriction::OnlyTo(BTreeSet::from([viewer]));
        return Some(Terms::new(vec![only]));
    }
    let mut changed = false;
    let widened = own.terms.restrictions().iter().map(|line| match line {
        Restriction::OnlyTo(viewers) if !viewers.contains(&viewer) => {
            changed = true;
            let mut viewers = viewers.clone();
            viewers.insert(viewer.clone());
            Restriction::OnlyTo(viewers)
        }
        line => line.clone(),
    });
    let widened = Terms::new(widened.collect());
    changed.then_some(widened)
}

/// Sends a request back with a reason.
///
/// # Errors
/// As [`approve`]; `LNK-004` without a reason.
pub fn send_back(
    tx: &dyn Writing,
    id: &RequestId,
    reason: &str,
    clerk: &Clerk,
) -> Result<(), Fault> {
    let here = |r: &LinkRequest| r.to == clerk.facility && r.across.is_none();
    let request = waiting(tx, id, here)?;
    if reason.trim().is_empty() {
        return Err(Fault::new(
            Code::ReasonMissing,
            "sent back without a reason",
        ));
    }
    let end = RequestEnd {
        by: clerk.user.clone(),
        at: clerk.at,
        reason: reason.chars().take(500).collect(),
        tied: None,
    };
    ended(tx, request, RequestState::Returned, end)
}

/// Takes a request back, by the facility that made it.
///
/// # Errors
/// As [`approve`].
pub fn take_back(tx: &dyn Writing, id: &RequestId, clerk: &Clerk) -> Result<(), Fault> {
    let request = waiting(tx, id, |request| request.from == clerk.facility)?;
    let end = RequestEnd {
        by: clerk.user.clone(),
        at: clerk.at,
        reason: String::new(),
        tied: None,
    };
    if let Some(across) = &request.across {
        across::wait(tx, &across.community, id, LinkSide::Own, clerk.at)?;
    }
    ended(tx, request, RequestState::Withdrawn, end)
}
