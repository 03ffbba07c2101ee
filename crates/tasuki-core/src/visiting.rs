//! The rule of 2020-03-31 (医政局総務課 事務連絡), where a network has agreed on it: what the facility that is visited has
//! been told by the patient stands for the consent at the facility that provides.
//!
//! Three things have to be there, and each is recorded: the explicit consent, taken at the visit by the facility
//! that asks; the purposes posted at the facility that provides; and that the patient has not objected there. It
//! is never an opt-out: without the visit nothing is disclosed, and it ends by itself.

use crate::Fault;
use crate::policy::{Restriction, Terms, Viewer};
use crate::ports::{
    Consent, LinkDecision, LinkEvent, LinkRequest, PatientRecord, PatientSearch, RequestEnd,
    RequestState, Writing,
};
use std::collections::BTreeSet;
use tasuki_model::{ConsentId, JstDay, LocalPatientId};

/// Registrations that are looked at.
const LOOKED_AT_MAX: u32 = 5;

/// Opens what a request asks for, where the rule allows it; false where its clerk has to decide. The request
/// has been made before, in the same transaction.
///
/// # Errors
/// Those of the store.
pub fn open(
    tx: &dyn Writing,
    request: &LinkRequest,
    consent: &ConsentId,
    days: i64,
) -> Result<bool, Fault> {
    let today = JstDay::at(request.at);
    let posted = tx.institution(&request.to)?.posted;
    // A consent of another day was not taken at this visit.
    if posted.is_none_or(|day| day > today) || request.agreed != today {
        return Ok(false);
    }
    let Some(own) = same_person(tx, request)? else {
        return Ok(false);
    };
    if own.disclosed || objects(tx, &own)? {
        return Ok(false);
    }
    let viewer = Viewer::Facility(request.from.clone());
    tx.put_consent(&Consent {
        id: consent.clone(),
        patient: own.patient_key.clone(),
        terms: Terms::new(vec![
            Restriction::AtVisit,
            Restriction::OnlyTo(BTreeSet::from([viewer])),
            Restriction::Until(today.plus_days(days.max(1)).starts()),
        ]),
        signer: request.signer.clone(),
        paper: None,
        taken: request.at,
        by: request.by.clone(),
        place: "".into(),
        withdrawn: None,
    })?;
    tx.set_disclosed(&own.patient_key, true)?;
    let evidence = serde_json::json!({"version": 1, "by": "visit", "request": request.id.as_str()});
    tx.put_link(&LinkEvent {
        a: own.patient_key.clone(),
        b: request.patient.clone(),
        decision: LinkDecision::Same,
        by: Some(request.by.clone()),
        at: request.at,
        evidence: evidence.to_string(),
    })?;
    tx.put_link_request(&LinkRequest {
        state: RequestState::Approved,
        end: Some(RequestEnd {
            by: request.by.clone(),
            at: request.at,
            reason: String::new(),
            tied: Some(own.patient_key),
        }),
        ..request.clone()
    })?;
    Ok(true)
}

/// Whether the patient has said no there: a consent withdrawn, an objection written down.
fn objects(tx: &dyn Writing, own: &PatientRecord) -> Result<bool, Fault> {
    let newest = tx.consents_of(&own.patient_key)?.into_iter().next();
    let withdrawn = newest.is_some_and(|consent| consent.withdrawn.is_some());
    let hidden = tx.hidden_of(&own.patient_key)?;
    Ok(withdrawn || hidden.restrictions().contains(&Restriction::Objects))
}

/// The one registration there that is the same in every item, and under the ID that was named if one was.
fn same_person(tx: &dyn Writing, request: &LinkRequest) -> Result<Option<PatientRecord>, Fault> {
    let Some(asked) = tx.registration(&request.patient)? else {
        return Ok(None);
    };
    let named = request.their_id.as_deref().map(LocalPatientId::new);
    let said = &asked.demographics;
    let search = PatientSearch {
        name: Some(said.name.kana()),
        birth: said.birth,
        ..PatientSearch::default()
    };
    let (hits, more) = tx.search_patients(&request.to, &search, LOOKED_AT_MAX)?;
    let plain = |name: String| name.replace([' ', '\u{3000}'], "");
    let mut same = hits.into_iter().map(|hit| hit.record).filter(|own| {
        let theirs = &own.demographics;
        own.survivor.is_none()
            && theirs.birth == said.birth
            && theirs.sex == said.sex
            && plain(theirs.name.kana()) == plain(said.name.kana())
    });
    let (Some(one), None, false) = (same.next(), same.next(), more) else {
        return Ok(None);
    };
    Ok(match named {
        None => Some(one),
        Some(Ok(id)) if id == one.local_id => Some(one),
        Some(_) => None,
    })
}
