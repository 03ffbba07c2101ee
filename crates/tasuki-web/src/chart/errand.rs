//! What is asked of other communities, and on whose behalf.

use crate::visit::{SignedIn, Stop, Visit};
use tasuki_core::Grant;
use tasuki_core::audit::{Action, Actor, AuditEvent};
use tasuki_core::elsewhere::{Behalf, Errand, Gathering, Named};
use tasuki_core::policy::AssertedUser;
use tasuki_core::ports::PatientRecord;
use tasuki_model::Registration;

/// What is asked on behalf of the reader; nothing while the reader's own facility does not disclose
/// the patient: then nobody outside is told that it knows the patient at all.
pub(crate) fn errand(
    visit: &Visit<'_>,
    grant: &Grant,
    own: &PatientRecord,
    gathering: &Gathering,
) -> Result<Option<Errand>, Stop> {
    let who = visit.who()?;
    let named = grant.name(Named {
        person: grant.person().clone(),
        patient: own.patient_key.clone(),
        own: Registration {
            authority: who.facility.authority.clone(),
            local_id: own.local_id.clone(),
        },
        demographics: own.demographics.clone(),
    });
    let caller = grant.caller();
    let actor = Actor::User {
        user: caller.user.clone(),
        role: caller.role,
        facility: caller.facility.clone(),
    };
    let event = AuditEvent {
        actor,
        purpose: Some(caller.purpose),
        person: Some(grant.person().clone()),
        request: visit.ask.request_id.clone(),
        ..AuditEvent::of_process(visit.now, Action::ChartView, "portal", "gathering")
    };
    let behalf = Behalf {
        purpose: caller.purpose,
        ..behalf(who)
    };
    Ok(named.map(|named| Errand {
        gathering: gathering.clone(),
        behalf,
        named,
        known: visit
            .emergency
            .get()
            .and_then(|e| e.elsewhere.as_ref())
            .map(|found| found.ids.clone()),
        event,
    }))
}

/// On whose behalf others are asked.
pub(crate) fn behalf(who: &SignedIn) -> Behalf {
    let caller = who.caller();
    Behalf {
        user: AssertedUser {
            name_id: who.account.id.as_str().into(),
            name: who.account.name.as_str().into(),
            organisation: who.facility.name.as_str().into(),
            organisation_id: format!("urn:oid:{}", who.facility.authority).into(),
            role: caller.role,
        },
        purpose: caller.purpose,
        signed_in: who.session.started,
    }
}
