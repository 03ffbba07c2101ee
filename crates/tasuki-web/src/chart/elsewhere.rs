//! A chart asks the other communities: one gathering for the pages of a visit, begun where there is
//! none or the last one is too old. Pages show what has come so far and say who is still awaited.

use crate::visit::{Stop, Visit};
use ring::rand::{SecureRandom, SystemRandom};
use std::time::Duration;
use tasuki_core::audit::{Action, Actor, AuditEvent};
use tasuki_core::elsewhere::{Behalf, Errand, Gathering, Named, OtherCommunities, Shelf};
use tasuki_core::policy::AssertedUser;
use tasuki_core::ports::PatientRecord;
use tasuki_core::release::hex;
use tasuki_core::{Code, Fault, Grant};
use tasuki_model::{GatherId, Registration};

/// Without scripts nobody fetches what comes later: a page waits so long for it.
const WITHOUT_SCRIPT: Duration = Duration::from_secs(2);
/// The cookie by which the island says that it runs.
const SCRIPT_COOKIE: &str = "tasuki-script";
/// Asking again is possible after so many seconds.
const AGAIN_SECONDS: i64 = 2;

/// The gathering that a page shows; nothing where nobody is to be asked.
pub(super) fn gathering(
    visit: &Visit<'_>,
    grant: &Grant,
    own: &PatientRecord,
) -> Result<Option<Gathering>, Stop> {
    let Some(others) = &visit.portal.others else {
        return Ok(None);
    };
    let store = &visit.portal.store;
    let session = &visit.who()?.session.secret_sha256;
    let newest = store.reading(|tx| tx.newest_gathering(session, grant.person()))?;
    let shelf = shelf(grant, own);
    if let Some(newest) = newest
        && newest.shelf == shelf
        && !is_due(visit, &**others, &newest)
    {
        return Ok(Some(newest));
    }
    if others.members().is_empty() {
        return Ok(None);
    }
    let gathering = Gathering {
        id: fresh_id()?,
        session: session.clone(),
        person: grant.person().clone(),
        shelf,
        begun: visit.now,
        deadline: visit.now.plus_seconds(seconds(others.deadline())),
    };
    let Some(errand) = errand(visit, grant, own, &gathering)? else {
        return Ok(None);
    };
    others.begin(errand)?;
    if visit.ask.cookie(SCRIPT_COOKIE).is_none() {
        others.settled(&gathering.id, WITHOUT_SCRIPT);
    }
    Ok(Some(gathering))
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

/// Whether a page begins anew. A part of a page belongs to the page that it is swapped into.
fn is_due(visit: &Visit<'_>, others: &dyn OtherCommunities, newest: &Gathering) -> bool {
    if visit.ask.part || visit.ask.live {
        return false;
    }
    let age = visit.now.seconds_since(newest.begun);
    let again = visit.ask.query("ask") == Some("again") && age >= AGAIN_SECONDS;
    again || age >= seconds(others.fresh())
}

fn shelf(grant: &Grant, own: &PatientRecord) -> Shelf {
    Shelf {
        patient: own.patient_key.clone(),
        facility: own.facility.clone(),
        role: grant.caller().role,
    }
}

fn fresh_id() -> Result<GatherId, Fault> {
    let mut bytes = [0u8; 16];
    let broken = |what: &str| Fault::new(Code::InternalFault, what);
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| broken("no randomness"))?;
    GatherId::new(&hex(&bytes)).map_err(|e| broken(&e.to_string()))
}

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
        user: AssertedUser {
            name_id: who.account.id.as_str().into(),
            name: who.account.name.as_str().into(),
            organisation: who.facility.name.as_str().into(),
            organisation_id: format!("urn:oid:{}", who.facility.authority).into(),
            role: caller.role,
        },
        purpose: caller.purpose,
        signed_in: who.session.started,
    };
    Ok(named.map(|named| Errand {
        gathering: gathering.clone(),
        behalf,
        named,
        event,
    }))
}
